// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <memory>

struct ssl_ctx_st; // OpenSSL's SSL_CTX

namespace tusk {

/// An OpenSSL context of the user's own, for `connection_options::tls`.
///
/// It decides on trusted and own certificates, keys, revocations, ciphers: `sslrootcert`, `sslcrl`, `sslcrldir`,
/// `sslcert`, `sslkey`, `sslpassword` and `sslkeylogfile` are not looked at. `sslmode` stays in force: from
/// `verify-ca` on a certificate that the context does not accept ends the attempt, and `verify-full` checks the
/// host's name. `ssl_min_protocol_version` and `ssl_max_protocol_version` can only narrow what the context allows.
///
/// Lifetimes: shares the context; copies are cheap. Do not change the context while connections are being opened
/// by other threads.
/// \code
/// asio::ssl::context trust(asio::ssl::context::tls_client);
/// trust.load_verify_file("/etc/shop/ca.pem");
/// tusk::connection_options options;
/// options.tls = tusk::tls_context(trust);
/// \endcode
class tls_context {
public:
    /// None: the ssl parameters of the connection string say it all.
    tls_context() noexcept = default;
    explicit tls_context(ssl_ctx_st* context);
    /// An `asio::ssl::context`, or whatever else gives its SSL_CTX.
    template <class Context>
    requires requires(Context& c) { static_cast<ssl_ctx_st*>(c.native_handle()); }
    explicit tls_context(Context& context)
        : tls_context(static_cast<ssl_ctx_st*>(context.native_handle()))
    {
    }

    /// Null when there is none.
    [[nodiscard]] const std::shared_ptr<ssl_ctx_st>& shared() const noexcept { return context_; }

private:
    std::shared_ptr<ssl_ctx_st> context_;
};

} // namespace tusk
