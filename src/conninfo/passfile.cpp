// Distributed under the Boost Software License, Version 1.0.
#include "conninfo/passfile.hpp"

#include "conninfo/hosts.hpp"
#include "conninfo/model.hpp"

#include <algorithm>

namespace tusk::conn {
namespace {

/// Takes one field and its ':' off the line, if the field is '*' or spells `wanted`.
bool match(std::string_view& line, std::string_view wanted)
{
    if (line.starts_with("*:")) {
        line.remove_prefix(2);
        return true;
    }
    std::size_t i = 0, matched = 0;
    for (; i != line.size(); ++i) {
        if (line[i] == ':' && matched == wanted.size()) {
            line.remove_prefix(i + 1);
            return true;
        }
        if (line[i] == '\\' && ++i == line.size()) return false;
        if (matched == wanted.size() || line[i] != wanted[matched]) return false;
        ++matched;
    }
    return false;
}

/// What is left of the line, up to a bare ':', without escapes.
secret password_field(std::string_view line)
{
    std::string text;
    text.reserve(line.size());
    for (std::size_t i = 0; i != line.size() && line[i] != ':'; ++i) {
        if (line[i] == '\\' && i + 1 != line.size()) ++i;
        text += line[i];
    }
    secret out(text);
    wipe(text);
    return out;
}

/// The socket of the local server goes by the name localhost.
std::string_view name_in_passfile(const host_target& target)
{
    const std::string& name = target.host.empty() ? target.hostaddr : target.host;
    return name.empty() || is_default_socket_directory(name) ? std::string_view("localhost") : name;
}

std::string ignored(const std::string& path, const char* why)
{
    return "password file \"" + path + "\" was ignored: " + why;
}

} // namespace

secret find_password(std::string_view file, const passfile_query& query)
{
    while (!file.empty()) {
        const std::size_t end = file.find('\n');
        std::string_view line = file.substr(0, end);
        file.remove_prefix(end == std::string_view::npos ? file.size() : end + 1);
        while (line.ends_with('\r')) line.remove_suffix(1);
        if (line.starts_with('#')) continue;
        if (match(line, query.host) && match(line, query.port) && match(line, query.dbname) &&
            match(line, query.user))
            return password_field(line);
    }
    return {};
}

void apply_passfile(const conninfo& merged, const environment& env, std::string_view user,
                    std::string_view dbname, std::vector<host_target>& hosts,
                    std::vector<std::string>& warnings)
{
    std::string path(access::get(merged, "passfile"));
    if (path.empty() && env.home_directory) {
        path = env.home_directory();
        if (!path.empty()) path += "/.pgpass";
    }
    if (path.empty() || !env.read_file) return;

    file_content file = env.read_file(path);
    using state = file_content::state;
    if (file.status == state::unreadable) warnings.push_back(ignored(path, "it cannot be read"));
    if (file.status == state::not_regular) warnings.push_back(ignored(path, "it is not a regular file"));
    if (file.status == state::too_large) warnings.push_back(ignored(path, "it is too large"));
    if (file.status == state::read && (file.mode & 077U) != 0)
        warnings.push_back(ignored(path, "group or others may use it; its permissions must be 0600 or less"));
    else if (file.status == state::read)
        for (host_target& target : hosts)
            target.password = find_password(file.text, {name_in_passfile(target), target.port, dbname, user});
    wipe(file.text);
}

} // namespace tusk::conn
