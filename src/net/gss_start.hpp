// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "auth/gss_client.hpp"
#include "conninfo/resolve.hpp"
#include "net/transport.hpp"

#include <asio/awaitable.hpp>

#include <string>
#include <system_error>

namespace tusk::net {

/// What became of GSSAPI encryption on a stream that is connected.
struct gss_started {
    std::error_code ec; ///< none: the stream is encrypted
    std::string sentence;
    bool network =
        false; ///< the network, or who is no PostgreSQL server, is to blame: the next address may do
    bool unencrypted_may_do = false; ///< gssencmode=prefer goes on without
};

/// Whom GSSAPI is to talk to at a host that is not a unix socket.
[[nodiscard]] auth::gss_target gss_target_of(const conn::settings& where, const conn::host_target& host);

/// Asks the server for GSSAPI encryption and begins it. The library is asked for its first token before the server hears
/// anything.
[[nodiscard]] asio::awaitable<gss_started> start_gss(transport& stream, const auth::gss_target& to);

} // namespace tusk::net
