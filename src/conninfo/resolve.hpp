// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/auth_policy.hpp"
#include "conninfo/credentials.hpp"
#include "conninfo/environment.hpp"
#include "conninfo/secret.hpp"
#include "conninfo/tls_settings.hpp"

#include <tusk/conninfo.hpp>
#include <tusk/diagnostics.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace tusk::conn {

/// One place to try. The order of use: hostaddr when there is one, else the unix socket, else look up host.
struct host_target {
    std::string host; ///< name, numeric address, or directory of a unix socket; may be empty beside hostaddr
    std::string hostaddr;     ///< numeric address, checked; no look-up then, host only names the server
    std::string port;         ///< decimal, 1..65535, checked
    bool unix_socket = false; ///< never together with hostaddr
    std::string path; ///< of a unix socket: dir/.s.PGSQL.port; a leading '@' is Linux's abstract namespace
    secret password;  ///< from the password file; empty: settings::password counts

    /// "db1:5432", "/var/run/postgresql/.s.PGSQL.5432", or "db1 (10.0.0.1):5432": for error messages.
    [[nodiscard]] std::string display() const;
};

/// target_session_attrs.
enum class session_kind : std::uint8_t { any, read_write, read_only, primary, standby, prefer_standby };

/// Everything that a connection attempt needs, merged and checked.
struct settings {
    std::vector<host_target> hosts; ///< never empty
    std::string user;               ///< never empty
    std::string dbname;             ///< never empty
    secret password;                ///< empty: none given
    std::string application_name;   ///< application_name, else fallback_application_name; empty: do not send
    std::string options;            ///< empty: do not send
    std::string client_encoding;    ///< always "UTF8"
    std::string replication;        ///< the server checks it; empty: do not send

    std::chrono::milliseconds connect_timeout{0}; ///< per address, the whole start-up included; 0: none
    bool keepalives = true;                       ///< TCP only, as the next four
    int keepalives_idle = 0;                      ///< seconds; 0: the system's
    int keepalives_interval = 0;                  ///< seconds; 0: the system's
    int keepalives_count = 0;                     ///< probes; 0: the system's
    int tcp_user_timeout = 0;                     ///< milliseconds; 0: the system's

    auth_policy require_auth;
    std::string require_peer;  ///< who must run the server behind a unix socket; empty: anybody
    scram_key_pair scram_keys; ///< in place of the password
    oauth_settings oauth;
    /// datestyle, timezone, geqo, from PGDATESTYLE, PGTZ, PGGEQO.
    std::vector<std::pair<std::string, std::string>> startup_gucs;

    bool load_balance_random = false;        ///< shuffle hosts, and each host's addresses
    session_kind target = session_kind::any; ///< the sessions that will do
    tls_settings tls;                        ///< TCP only
    wish channel_binding = wish::allow;
    wish gss_encryption = wish::disable; ///< gssencmode: `allow` is `prefer`; TCP only
    std::string gss_service;             ///< krbsrvname; never empty
    bool gss_delegation = false;
    std::uint32_t min_protocol = 196608; ///< 3.0
    std::uint32_t max_protocol = 196608; ///< 196610 is 3.2

    /// What the user should learn if connecting fails, such as a password file that was ignored.
    std::vector<std::string> warnings;

    /// The password for this host: the password file's, else the one given.
    [[nodiscard]] const secret& password_for(const host_target& target) const noexcept
    {
        return target.password.empty() ? password : target.password;
    }
};

/// Merges (explicit > service file > environment > default), checks every value, and looks up passwords.
/// `diag` explains a failure in one sentence without any secret, as not sent.
///
/// Errors: errc::invalid_conninfo; errc::unsupported_parameter for what libpq can do and this build cannot
/// yet. `out` is only changed on success.
[[nodiscard]] std::error_code resolve(const conninfo& info, const environment& env, settings& out,
                                      diagnostics& diag);

} // namespace tusk::conn
