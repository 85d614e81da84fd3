// Distributed under the Boost Software License, Version 1.0.
#include "net/send_all.hpp"

#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

namespace tusk::net {

asio::awaitable<std::error_code> send_all(transport& stream, std::span<const std::byte> bytes)
{
    std::error_code ec;
    while (!bytes.empty() && !ec) {
        const std::size_t n =
            co_await stream.async_write_some(bytes, asio::redirect_error(asio::use_awaitable, ec));
        bytes = bytes.subspan(n);
    }
    co_return ec;
}

} // namespace tusk::net
