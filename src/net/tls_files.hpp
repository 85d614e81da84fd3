// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/tls_settings.hpp"
#include "net/tls_errors.hpp"

#include <memory>
#include <string>

struct ssl_ctx_st; // OpenSSL's SSL_CTX

namespace tusk::net {

/// Protocol bounds by libpq's names: TLS1_2_VERSION for "tlsv1.2" in any case; 0 for the empty text.
[[nodiscard]] int tls_version(const std::string& name);

/// Loads what the server's certificate is checked by. `checks`: whether it is checked at all, which it is not where
/// there is no root file and sslmode does not ask for one.
[[nodiscard]] tls_failure load_roots(ssl_ctx_st* context, const conn::tls_settings& tls, bool& checks);

/// Loads the client's certificate and key, where there are any.
[[nodiscard]] tls_failure load_client_certificate(ssl_ctx_st* context, const conn::tls_settings& tls);

} // namespace tusk::net
