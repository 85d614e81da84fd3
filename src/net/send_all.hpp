// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/transport.hpp"

#include <asio/awaitable.hpp>

#include <cstddef>
#include <span>
#include <system_error>

namespace tusk::net {

/// Sends all of the bytes, which stay where they are until then.
[[nodiscard]] asio::awaitable<std::error_code> send_all(transport& stream, std::span<const std::byte> bytes);

} // namespace tusk::net
