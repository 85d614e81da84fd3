// Distributed under the Boost Software License, Version 1.0.
#include "conninfo/service_file.hpp"

#include "conninfo/merge.hpp"
#include "conninfo/model.hpp"
#include "conninfo/parse.hpp"

namespace tusk::conn {
namespace {

std::string_view trim(std::string_view line) noexcept
{
    while (!line.empty() && is_space(line.front())) line.remove_prefix(1);
    while (!line.empty() && is_space(line.back())) line.remove_suffix(1);
    return line;
}

/// keyword=value without blanks around '='.
failure setting(std::string_view line, const std::string& where, conninfo& out)
{
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) return failure::invalid("missing \"=\" in " + where);
    const std::string_view keyword = line.substr(0, equals);
    if (keyword == "service")
        return failure::invalid("a service cannot refer to another service, in " + where);
    const std::size_t index = find_parameter(keyword);
    if (index == no_parameter) return failure::invalid("unknown connection parameter in " + where);
    const std::string_view value = line.substr(equals + 1);
    if (value.find('\0') != std::string_view::npos) return failure::invalid("NUL byte in " + where);
    if (!access::has(out, key(index))) access::put(out, key(index), value, conninfo::source::service);
    return {};
}

failure read_file(const file_content& file, const std::string& path, std::string_view service, conninfo& out,
                  bool& found)
{
    const auto refuse = [&](const char* why) {
        return failure::invalid("service file \"" + path + "\" " + why);
    };
    switch (file.status) {
    case file_content::state::missing:
        return refuse("does not exist");
    case file_content::state::unreadable:
        return refuse("cannot be read");
    case file_content::state::not_regular:
        return refuse("is not a regular file");
    case file_content::state::too_large:
        return refuse("is too large");
    case file_content::state::read:
        break;
    }
    return read_service(file.text, path, service, out, found);
}

} // namespace

failure read_service(std::string_view text, const std::string& path, std::string_view service, conninfo& out,
                     bool& found)
{
    found = false;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        const std::string_view line = trim(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.empty() || line.front() == '#') continue;
        if (line.front() == '[') {
            if (found) return {};
            const std::string_view name = line.substr(1);
            found = name.starts_with(service) && name.substr(service.size()).starts_with(']');
        } else if (found) {
            const std::string where = "service file \"" + path + "\", line " + std::to_string(number);
            if (failure why = setting(line, where, out)) return why;
        }
    }
    return {};
}

failure apply_service(const std::string& service, const environment& env, conninfo& out)
{
    if (!env.read_file) return failure::invalid("no service file can be read here");
    const auto visit = [&](const std::string& path, bool must_exist, bool& found) {
        file_content file = env.read_file(path);
        failure why;
        if (must_exist || file.status != file_content::state::missing)
            why = read_file(file, path, service, out, found);
        wipe(file.text); // it may hold a password
        return why;
    };

    bool found = false;
    const std::string named = variable_or_empty(env, "PGSERVICEFILE");
    const std::string home = env.home_directory ? env.home_directory() : std::string();
    if (!named.empty() || !home.empty()) {
        const std::string path = named.empty() ? home + "/.pg_service.conf" : named;
        failure why = visit(path, !named.empty(), found);
        if (why || found) return why;
    }
    std::string directory = variable_or_empty(env, "PGSYSCONFDIR");
    if (directory.empty()) directory = "/etc/postgresql-common"; // where Debian's libpq looks
    failure why = visit(directory + "/pg_service.conf", false, found);
    if (why || found) return why;
    return failure::invalid("no service file defines the service \"" + service + "\"");
}

} // namespace tusk::conn
