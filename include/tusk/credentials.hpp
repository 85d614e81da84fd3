// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <functional>
#include <string>
#include <system_error>

namespace tusk {

/// Who is asking a user's function for a password or a token, and where it will be sent.
struct credential_request {
    std::string host; ///< as the connection string names it; a directory for a unix socket
    std::string port;
    std::string user;
    std::string database;
    bool encrypted = false; ///< whether the connection is encrypted
};

/// Called once, on any thread, with the secret or with the reason why there is none. The text is wiped after use.
using credential_handler = std::function<void(std::error_code, std::string)>;

/// Gives the password of one physical connection, for credentials that rotate. It is called when a server asks for a
/// password, on the connection's executor; it must not block, and may answer later. `connect_timeout` and
/// cancellation end the waiting; an answer that comes after that is dropped.
/// \code
/// options.password_provider = [](const tusk::credential_request& who, tusk::credential_handler done) {
///     vault.fetch(who.user, [done](std::string secret) { done({}, std::move(secret)); });
/// };
/// \endcode
using password_provider = std::function<void(const credential_request&, credential_handler)>;

/// What a bearer token is wanted for (OAUTHBEARER, RFC 7628).
struct oauth_request : credential_request {
    std::string issuer; ///< oauth_issuer
    std::string client_id;
    std::string client_secret;
    std::string scope;         ///< oauth_scope
    std::string discovery_url; ///< of the issuer's configuration (OpenID Connect Discovery)
};

/// Gives the bearer token of one physical connection, as a `password_provider` gives a password.
using token_provider = std::function<void(const oauth_request&, credential_handler)>;

} // namespace tusk
