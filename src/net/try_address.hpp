// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/login.hpp"
#include "net/tls_setup.hpp"

namespace tusk::net {

using endpoint = asio::generic::stream_protocol::endpoint;

/// Tries one address, within connect_timeout: with TLS, without it, or both one after the other, as sslmode says.
[[nodiscard]] asio::awaitable<attempt> try_address(const conn::settings& where, const conn::host_target& host,
                                                   const endpoint& to, const connection_options& options,
                                                   tls_setup& tls);

} // namespace tusk::net
