// Distributed under the Boost Software License, Version 1.0.
#include "net/tls_errors.hpp"

#include "net/tls_stream.hpp"

#include <tusk/error.hpp>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

namespace tusk::net {

namespace {

[[nodiscard]] errc code_of(long verify_result) noexcept
{
    switch (verify_result) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
        return errc::certificate_expired;
    case X509_V_ERR_CERT_REVOKED:
        return errc::certificate_revoked;
    default:
        return errc::certificate_untrusted;
    }
}

[[nodiscard]] bool is_version_trouble(int reason) noexcept
{
    switch (reason) {
    case SSL_R_UNSUPPORTED_PROTOCOL:
    case SSL_R_VERSION_TOO_LOW:
    case SSL_R_VERSION_TOO_HIGH:
    case SSL_R_WRONG_SSL_VERSION:
    case SSL_R_NO_PROTOCOLS_AVAILABLE:
    case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
        return true;
    default:
        return false;
    }
}

} // namespace

std::string openssl_reason()
{
    const unsigned long first = ERR_get_error();
    ERR_clear_error();
    if (first == 0) return "no reason is known";
    if (ERR_SYSTEM_ERROR(first)) return std::system_category().message(ERR_GET_REASON(first));
    const char* text = ERR_reason_error_string(first);
    return text ? text : "OpenSSL's error " + std::to_string(first);
}

tls_failure handshake_failure(const ssl_st* ssl, const tls_notes& notes)
{
    const unsigned long first = ERR_peek_error();
    const int reason = ERR_GET_LIB(first) == ERR_LIB_SSL ? ERR_GET_REASON(first) : 0;
    const long verified = SSL_get_verify_result(ssl);
    if (reason == SSL_R_CERTIFICATE_VERIFY_FAILED && verified != X509_V_OK) {
        ERR_clear_error();
        std::string text = "the server's certificate is not accepted: ";
        text += X509_verify_cert_error_string(verified);
        if (!notes.rejected.empty()) text += " (" + notes.rejected + ")";
        return {code_of(verified), text};
    }
    std::string text = "the TLS handshake failed: " + openssl_reason();
    if (is_version_trouble(reason))
        text += "; ssl_min_protocol_version and ssl_max_protocol_version, and the server's bounds, leave no "
                "version";
    return {errc::tls_failed, text};
}

} // namespace tusk::net
