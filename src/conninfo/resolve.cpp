// Distributed under the Boost Software License, Version 1.0.
#include "conninfo/resolve.hpp"

#include "conninfo/credentials.hpp"
#include "conninfo/failure.hpp"
#include "conninfo/hosts.hpp"
#include "conninfo/merge.hpp"
#include "conninfo/model.hpp"
#include "conninfo/passfile.hpp"
#include "conninfo/tls.hpp"
#include "conninfo/values.hpp"

#include <algorithm>
#include <array>

namespace tusk::conn {
namespace {

/// PostgreSQL compares names of encodings without case and without what is neither letter nor digit.
std::string bare_name(std::string_view text)
{
    std::string out;
    for (char c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
    }
    return out;
}

failure check_encoding(const conninfo& merged)
{
    const std::string_view value = access::get(merged, "client_encoding");
    const std::string name = bare_name(value);
    if (value.empty() || value == "auto" || name == "utf8" || name == "unicode") return {};
    return failure::unsupported(label(merged, "client_encoding") + ": \"" + std::string(value) +
                                "\" is not supported; tusk always speaks UTF8");
}

/// A weak sslmode does not go with what relies on TLS.
failure check_weak_tls(const conninfo& merged)
{
    const std::string_view mode = access::get(merged, "sslmode");
    const auto weak = [&](const char* with, const char* use) {
        return failure::invalid(label(merged, "sslmode") + ": \"" + std::string(mode) +
                                "\" is too weak for " + with + "; use " + use);
    };
    if (access::get(merged, "sslrootcert") == "system" && mode != "verify-full")
        return weak("sslrootcert=system", "verify-full");
    if (access::get(merged, "sslnegotiation") == "direct" && !mode.starts_with("verify-") &&
        mode != "require")
        return weak("sslnegotiation=direct", "require, verify-ca or verify-full");
    return {};
}

/// What this build cannot do for want of a library.
failure check_built(const conninfo& merged)
{
#ifndef TUSK_WITH_GSSAPI
    if (access::get(merged, "gssencmode") == "require")
        return failure::unsupported(label(merged, "gssencmode") +
                                    ": \"require\" needs GSSAPI, which this build of tusk does not have; "
                                    "the build option is TUSK_GSSAPI");
#else
    (void)merged;
#endif
    return {};
}

failure check_choices(const conninfo& merged)
{
    for (std::size_t i = 0; i != parameters.size(); ++i)
        if (failure why = check_choice(merged, key(i))) return why;
    if (failure why = check_weak_tls(merged)) return why;
    if (failure why = check_tls_versions(merged)) return why;
    return check_built(merged);
}

failure read_numbers(const conninfo& merged, settings& out)
{
    int keepalives = 1, timeout = 0;
    if (failure why = read_integer(merged, "connect_timeout", timeout)) return why;
    if (failure why = read_integer(merged, "keepalives", keepalives)) return why;
    if (failure why = read_integer(merged, "keepalives_idle", out.keepalives_idle)) return why;
    if (failure why = read_integer(merged, "keepalives_interval", out.keepalives_interval)) return why;
    if (failure why = read_integer(merged, "keepalives_count", out.keepalives_count)) return why;
    if (failure why = read_integer(merged, "tcp_user_timeout", out.tcp_user_timeout)) return why;
    out.connect_timeout = std::chrono::seconds(std::max(timeout, 0));
    out.keepalives = keepalives != 0;
    for (int* n :
         {&out.keepalives_idle, &out.keepalives_interval, &out.keepalives_count, &out.tcp_user_timeout})
        *n = std::max(*n, 0);
    return {};
}

/// The value has been checked.
session_kind session_kind_of(std::string_view text)
{
    if (text == "read-write") return session_kind::read_write;
    if (text == "read-only") return session_kind::read_only;
    if (text == "primary") return session_kind::primary;
    if (text == "standby") return session_kind::standby;
    if (text == "prefer-standby") return session_kind::prefer_standby;
    return session_kind::any;
}

void read_texts(const conninfo& merged, settings& out)
{
    out.user = access::get(merged, "user");
    out.dbname = access::get(merged, "dbname");
    out.password = secret(access::get(merged, "password"));
    out.application_name = access::get(merged, "application_name");
    if (out.application_name.empty()) out.application_name = access::get(merged, "fallback_application_name");
    out.options = access::get(merged, "options");
    out.client_encoding = "UTF8";
    out.replication = access::get(merged, "replication");
    out.load_balance_random = access::get(merged, "load_balance_hosts") == "random";
    out.require_peer = access::get(merged, "requirepeer");
    out.target = session_kind_of(access::get(merged, "target_session_attrs"));
    read_oauth(merged, out.oauth);
}

void read_gss(const conninfo& merged, settings& out)
{
    const std::string_view mode = access::get(merged, "gssencmode");
    out.gss_encryption = mode == "require" ? wish::require : mode == "prefer" ? wish::allow : wish::disable;
    out.gss_service = access::get(merged, "krbsrvname");
    if (out.gss_service.empty()) out.gss_service = "postgres";
    out.gss_delegation = access::get(merged, "gssdelegation").starts_with('1');
}

void read_startup_gucs(const environment& env, settings& out)
{
    static constexpr std::array<std::pair<const char*, const char*>, 3> known{{
        {"PGDATESTYLE", "datestyle"},
        {"PGTZ", "timezone"},
        {"PGGEQO", "geqo"},
    }};
    if (!env.variable) return;
    for (const auto& [variable, name] : known)
        if (std::optional<std::string> value = env.variable(variable);
            value && bare_name(*value) != "default")
            out.startup_gucs.emplace_back(name, std::move(*value));
}

failure resolve_all(const conninfo& info, const environment& env, settings& out)
{
    conninfo merged;
    if (failure why = merge(info, env, merged)) return why;
    if (failure why = read_hosts(merged, env, out.hosts)) return why;
    if (failure why = check_choices(merged)) return why;
    if (failure why = check_encoding(merged)) return why;
    if (failure why = read_numbers(merged, out)) return why;
    if (failure why = read_protocol_versions(merged, out.min_protocol, out.max_protocol)) return why;
    if (failure why = read_auth_policy(merged, out.require_auth)) return why;
    if (failure why = read_scram_keys(merged, out.scram_keys)) return why;
    read_texts(merged, out);
    read_tls(merged, env, out);
    read_gss(merged, out);
    if (out.user.empty())
        return failure::invalid("no user is given, and the operating system's user has no name");
    read_startup_gucs(env, out);
    if (out.password.empty()) apply_passfile(merged, env, out.user, out.dbname, out.hosts, out.warnings);
    return {};
}

} // namespace

std::error_code resolve(const conninfo& info, const environment& env, settings& out, diagnostics& diag)
{
    settings fresh;
    std::error_code ec;
    const failure why = resolve_all(info, env, fresh);
    why.report(ec, diag);
    if (!why) out = std::move(fresh);
    return ec;
}

} // namespace tusk::conn
