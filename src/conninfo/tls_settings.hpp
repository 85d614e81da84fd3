// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/secret.hpp"

#include <cstdint>
#include <string>

namespace tusk::conn {

/// sslmode. The order is that of strength.
enum class tls_mode : std::uint8_t { disable, allow, prefer, require, verify_ca, verify_full };

/// sslcertmode and channel_binding: `allow` is `prefer` there.
enum class wish : std::uint8_t { disable, allow, require };

/// What the ssl parameters say. Files that are not named are libpq's in ~/.postgresql, which need not exist.
struct tls_settings {
    /// A file, and whether it was asked for by name.
    struct file {
        std::string path; ///< empty: none, and no home directory to look in
        bool named = false;
    };

    tls_mode mode = tls_mode::disable;
    bool direct = false;       ///< sslnegotiation=direct
    bool server_name = true;   ///< sslsni
    bool system_roots = false; ///< sslrootcert=system
    file root;                 ///< sslrootcert
    file crl;                  ///< sslcrl; empty beside crl_directory
    std::string crl_directory; ///< sslcrldir
    file certificate;          ///< sslcert
    file key;                  ///< sslkey
    secret key_password;       ///< sslpassword
    wish client_certificate = wish::allow;
    std::string lowest_version;  ///< ssl_min_protocol_version, in any case; empty: OpenSSL's
    std::string highest_version; ///< ssl_max_protocol_version
    std::string key_log;         ///< sslkeylogfile
};

} // namespace tusk::conn
