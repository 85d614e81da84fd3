// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <string>
#include <string_view>

struct x509_st; // OpenSSL's X509

namespace tusk::auth {

/// Whom a certificate is for.
struct host_match {
    bool matches = false;
    std::string names; ///< what was compared, for an error message: "a.example", "*.b.example" and 3 more
};

/// Whether the certificate is for this host, a name or a numeric address, by libpq's rules: the subjectAltNames of type
/// dNSName and iPAddress count, and the common name only where there is none of the host's kind. A wildcard stands
/// for the whole first label only. A name that holds a NUL byte matches nothing.
[[nodiscard]] host_match match_host(const x509_st* certificate, std::string_view host);

/// True for 127.0.0.1 and ::1, false for names.
[[nodiscard]] bool is_address(std::string_view host);

/// The channel binding tls-server-end-point (RFC 5929): the certificate's hash, by the hash function of its own
/// signature, MD5 and SHA-1 replaced by SHA-256.
struct end_point {
    std::string hash;    ///< empty: there is none
    std::string why_not; ///< then the reason
};
[[nodiscard]] end_point end_point_of(const x509_st* certificate);

/// A name of a certificate as RFC 2253 writes it, or what is fit to be shown of it.
[[nodiscard]] std::string subject_of(const x509_st* certificate);
[[nodiscard]] std::string issuer_of(const x509_st* certificate);

} // namespace tusk::auth
