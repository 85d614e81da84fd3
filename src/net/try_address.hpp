// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/connect_steps.hpp"
#include "net/login.hpp"
#include "net/look_up.hpp"
#include "net/race.hpp"
#include "net/tls_setup.hpp"

#include <optional>

namespace tusk::net {

/// What the attempts of one async_connect share.
struct walk {
    const conn::settings& where;
    const connection_options& options;
    tls_setup& tls;
    connect_steps& steps;
    conn::session_kind wanted; ///< any in the second pass of prefer-standby
};

/// Tries one address, within connect_timeout: with TLS, without it, or both one after the other, as sslmode says. `connected`:
/// a socket for the first of the two that is connected already.
[[nodiscard]] asio::awaitable<attempt> try_address(const walk& w, const conn::host_target& host,
                                                   const endpoint& to,
                                                   std::optional<connected_socket> connected);

} // namespace tusk::net
