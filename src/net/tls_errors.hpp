// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <string>
#include <system_error>

struct ssl_st; // OpenSSL's SSL

namespace tusk::net {

struct tls_notes;

/// A failure of TLS, in one sentence without secrets.
struct tls_failure {
    std::error_code ec;
    std::string sentence;

    explicit operator bool() const noexcept { return static_cast<bool>(ec); }
};

/// The first entry of OpenSSL's error queue of this thread, in words; the queue is emptied.
[[nodiscard]] std::string openssl_reason();

/// Why the handshake failed: which check of the certificate, which alert, which version.
[[nodiscard]] tls_failure handshake_failure(const ssl_st* ssl, const tls_notes& notes);

} // namespace tusk::net
