// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "integration/login_outcome.hpp"

#include <string>
#include <string_view>
#include <system_error>

/// What the tests of TLS share. They change how the server is set up, so only one of them runs at a time.
namespace tusk_test {

/// Connects to localhost at 127.0.0.1, asks pg_stat_ssl ("TLSv1.3 TLS_AES_256_GCM_SHA384 256", or "plain"), closes. `extra`: more keywords, as they stand; the last one counts.
login_outcome try_login(std::string_view user, std::string_view extra, tusk::connection_options options = {});

/// How it went, in a word: "tls", "plain", or "failed".
std::string way_of(const login_outcome& o);

/// A file of certificates.sh, for the client.
std::string tls_file(std::string_view name);

/// The server as it is set up for TLS for as long as this object lives.
class tls_server {
public:
    /// As the fixture set it up: TLS with the certificate "server".
    tls_server();
    tls_server(const tls_server&) = delete;
    tls_server& operator=(const tls_server&) = delete;
    ~tls_server();

    /// Another certificate.
    void present(std::string_view certificate);
    /// No TLS at all.
    void switch_off();
    /// Any other parameter of the server.
    void set(std::string_view parameter, std::string_view value);

private:
    void reset();
    int lock_;
    bool changed_ = false;
};

} // namespace tusk_test
