// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/failure.hpp"
#include "conninfo/secret.hpp"

#include <tusk/conninfo.hpp>

#include <string>

namespace tusk::conn {

/// scram_client_key and scram_server_key: what SCRAM derives from a password, 32 bytes each; empty: not given.
struct scram_key_pair {
    secret client;
    secret server;

    [[nodiscard]] bool given() const noexcept { return !client.empty() || !server.empty(); }
};

/// What a bearer token is asked for with.
struct oauth_settings {
    std::string issuer;
    std::string client_id;
    secret client_secret;
    std::string scope;
    std::string discovery_url; ///< of the issuer; oauth_issuer may name it itself
};

/// Both are base64 of 32 bytes, as libpq wants them.
failure read_scram_keys(const conninfo& merged, scram_key_pair& out);

void read_oauth(const conninfo& merged, oauth_settings& out);

} // namespace tusk::conn
