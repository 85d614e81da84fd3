// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "auth/certificate.hpp"
#include "net/tls_setup.hpp"
#include "net/transport.hpp"

#include <asio/awaitable.hpp>

namespace tusk::net {

/// What became of TLS on a stream that is connected.
struct tls_started {
    enum class result : std::uint8_t {
        encrypted, ///< the stream is
        declined,  ///< the server has no TLS, and waits for what else there is to say
        failed,    ///< no use can be made of the stream
    };
    result what = result::failed;
    tls_failure why;           ///< when declined or failed
    bool in_handshake = false; ///< it failed so late that sslmode=prefer tries again without TLS
    bool network =
        false; ///< the network, or who is no PostgreSQL server, is to blame: the next address may do
    std::string certificate_lack; ///< see tls_setup
    auth::end_point end_point;
};

/// Begins TLS, asked for by SSLRequest or at once, and checks who the server is.
[[nodiscard]] asio::awaitable<tls_started> start_tls(transport& stream, tls_setup& setup,
                                                     const std::string& host);

} // namespace tusk::net
