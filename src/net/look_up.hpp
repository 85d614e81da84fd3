// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/resolve.hpp"

#include <asio/awaitable.hpp>
#include <asio/generic/stream_protocol.hpp>

#include <chrono>
#include <string>
#include <system_error>
#include <vector>

namespace tusk::net {

using endpoint = asio::generic::stream_protocol::endpoint;

/// By a name that is no address already.
[[nodiscard]] bool is_looked_up(const conn::host_target& host);

/// The addresses of a host, in the order in which they are tried. A look-up ends with errc::connect_timeout after `limit`
/// (0: never), and at once when it is cancelled; the system's function, which cannot be interrupted, then goes on
/// in the thread that the execution context has for it, and what it finds is dropped.
[[nodiscard]] asio::awaitable<std::vector<endpoint>>
addresses_of(const conn::host_target& host, std::chrono::milliseconds limit, std::error_code& ec);

/// "127.0.0.1:5432" or "[::1]:5432".
[[nodiscard]] std::string spell_tcp(const endpoint& address);
/// "127.0.0.1:5432", "db1 (127.0.0.1:5432)", or the path of a unix socket.
[[nodiscard]] std::string spell(const conn::host_target& host, const endpoint& address);
/// The same without the name.
[[nodiscard]] std::string spell_numeric(const conn::host_target& host, const endpoint& address);

} // namespace tusk::net
