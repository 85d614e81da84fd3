// Distributed under the Boost Software License, Version 1.0.
#include "conninfo/tls.hpp"

#include "conninfo/model.hpp"

#include <array>

namespace tusk::conn {
namespace {

[[nodiscard]] tls_mode mode_of(std::string_view name)
{
    static constexpr std::array<std::string_view, 6> names{"disable", "allow",     "prefer",
                                                           "require", "verify-ca", "verify-full"};
    for (std::size_t i = 0; i != names.size(); ++i)
        if (names[i] == name) return static_cast<tls_mode>(i);
    return tls_mode::prefer; // not reached: the name was checked
}

[[nodiscard]] wish wish_of(std::string_view name)
{
    if (name == "require") return wish::require;
    return name == "disable" ? wish::disable : wish::allow;
}

/// The named file, else the one of this name in ~/.postgresql.
[[nodiscard]] tls_settings::file file_of(const conninfo& merged, key which, const environment& env,
                                         const char* usual)
{
    const std::string_view named = access::get(merged, which);
    if (!named.empty()) return {std::string(named), true};
    const std::string home = env.home_directory ? env.home_directory() : std::string();
    return {home.empty() ? std::string() : home + "/.postgresql/" + usual, false};
}

} // namespace

void read_tls(const conninfo& merged, const environment& env, settings& out)
{
    tls_settings& tls = out.tls;
    tls.mode = mode_of(access::get(merged, "sslmode"));
    tls.direct = access::get(merged, "sslnegotiation") == "direct";
    tls.server_name = access::get(merged, "sslsni").starts_with('1');
    tls.root = file_of(merged, "sslrootcert", env, "root.crt");
    tls.system_roots = tls.root.named && tls.root.path == "system";
    tls.crl_directory = access::get(merged, "sslcrldir");
    tls.crl = file_of(merged, "sslcrl", env, "root.crl");
    if (!tls.crl_directory.empty() && !tls.crl.named)
        tls.crl = {}; // the usual file is no addition to a directory
    tls.certificate = file_of(merged, "sslcert", env, "postgresql.crt");
    tls.key = file_of(merged, "sslkey", env, "postgresql.key");
    tls.key_password = secret(access::get(merged, "sslpassword"));
    tls.client_certificate = wish_of(access::get(merged, "sslcertmode"));
    tls.lowest_version = access::get(merged, "ssl_min_protocol_version");
    tls.highest_version = access::get(merged, "ssl_max_protocol_version");
    tls.key_log = access::get(merged, "sslkeylogfile");
    out.channel_binding = wish_of(access::get(merged, "channel_binding"));
}

} // namespace tusk::conn
