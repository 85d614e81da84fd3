// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace tusk {

/// What is known of the server's certificate.
enum class tls_verification : std::uint8_t {
    none,  ///< it was taken as it came
    chain, ///< somebody whom sslrootcert trusts vouches for it
    host,  ///< and it is for the host that was asked for
};

/// How a connection is encrypted, as `connection::tls()` tells it. A plain value.
/// \code
/// const tusk::tls_info tls = db.tls();
/// if (!tls) std::puts("not encrypted");
/// else std::printf("%s, %s, %d bits\n", tls.protocol.c_str(), tls.cipher.c_str(), tls.key_bits);
/// \endcode
struct tls_info {
    bool used = false;    ///< whether the connection is encrypted; without it the rest is empty
    std::string protocol; ///< "TLSv1.3"
    std::string cipher;   ///< OpenSSL's name, such as "TLS_AES_256_GCM_SHA384"
    int key_bits = 0;     ///< of the cipher
    std::string alpn;     ///< "postgresql", or empty when the server chose no protocol (before PostgreSQL 17)
    tls_verification verification = tls_verification::none;
    std::string peer_subject; ///< of the server's certificate, as RFC 2253 writes names
    std::string peer_issuer;
    std::vector<std::byte> peer_certificate; ///< the server's certificate, DER

    explicit operator bool() const noexcept { return used; }
};

} // namespace tusk
