// Distributed under the Boost Software License, Version 1.0.
#include "conninfo/merge.hpp"

#include "conninfo/hosts.hpp"
#include "conninfo/model.hpp"
#include "conninfo/passfile.hpp"
#include "conninfo/service_file.hpp"

namespace tusk::conn {
namespace {

using source = conninfo::source;

void apply_environment(const environment& env, conninfo& out)
{
    if (!env.variable) return;
    for (std::size_t i = 0; i != parameters.size(); ++i) {
        if (parameters[i].variable.empty() || access::has(out, key(i))) continue;
        std::optional<std::string> value = env.variable(std::string(parameters[i].variable));
        if (!value) continue;
        access::put(out, key(i), *value, source::environment);
        if (parameters[i].is_secret()) wipe(*value);
    }
}

/// The defaults that are worked out: another value, or the world, decides.
void apply_computed_defaults(const environment& env, conninfo& out)
{
    // libpq too: an empty user or dbname counts as not given
    if (access::get(out, "user").empty() && env.user_name) {
        const std::string name = env.user_name();
        if (!name.empty()) access::put(out, "user", name, source::default_);
    }
    if (access::get(out, "dbname").empty() && access::has(out, "user"))
        access::put(out, "dbname", std::string(access::get(out, "user")), source::default_);
    if (!access::has(out, "host") && access::get(out, "hostaddr").empty())
        access::put(out, "host", default_socket_directory(env), source::default_);
    const bool asks_passfile = access::get(out, "password").empty();
    if (asks_passfile && access::get(out, "passfile").empty() && env.home_directory) {
        const std::string home = env.home_directory();
        if (!home.empty()) access::put(out, "passfile", home + "/.pgpass", source::default_);
    }
    // the system's certificates vouch for any name on earth, so the name must be checked
    if (access::get(out, "sslrootcert") == "system" && !access::has(out, "sslmode"))
        access::put(out, "sslmode", "verify-full", source::default_);
}

} // namespace

std::string variable_or_empty(const environment& env, const std::string& name)
{
    if (!env.variable) return {};
    return env.variable(name).value_or(std::string());
}

failure merge(const conninfo& info, const environment& env, conninfo& out)
{
    out = info;
    std::string service(access::get(info, "service"));
    if (!access::has(info, "service")) service = variable_or_empty(env, "PGSERVICE");
    if (!service.empty())
        if (failure why = apply_service(service, env, out)) return why;
    apply_environment(env, out);
    apply_computed_defaults(env, out);
    for (std::size_t i = 0; i != parameters.size(); ++i)
        if (!parameters[i].fallback.empty() && !access::has(out, key(i)))
            access::put(out, key(i), parameters[i].fallback, source::default_);
    return {};
}

failure merge_with_passfile(const conninfo& info, const environment& env, conninfo& out)
{
    if (failure why = merge(info, env, out)) return why;
    if (!access::get(out, "password").empty()) return {};
    std::vector<host_target> hosts;
    if (read_hosts(out, env, hosts)) return {}; // connecting will say what is wrong with them
    std::vector<std::string> warnings;
    apply_passfile(out, env, access::get(out, "user"), access::get(out, "dbname"), hosts, warnings);
    for (const host_target& target : hosts)
        if (target.password.empty() || !(target.password == hosts.front().password.view())) return {};
    access::put(out, "password", hosts.front().password, source::passfile);
    return {};
}

} // namespace tusk::conn
