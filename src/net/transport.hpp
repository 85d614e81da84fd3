// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/asio_compat.hpp>

#include <asio/buffer.hpp>
#include <asio/generic/stream_protocol.hpp>

#include <cstddef>
#include <span>
#include <utility>

namespace tusk::net {

/// The stream to the server: TCP or a unix socket, and the place where TLS will stand. Nothing above it knows
/// which.
class transport {
public:
    using socket_type = asio::generic::stream_protocol::socket;

    explicit transport(const asio::any_io_executor& executor)
        : socket_(executor)
    {
    }

    [[nodiscard]] socket_type& socket() noexcept { return socket_; }
    /// Whether what is sent cannot be overheard on a network.
    [[nodiscard]] bool is_private() const noexcept { return private_; }
    void set_private(bool on) noexcept { private_ = on; }

    template <class Token>
    auto async_read_some(std::span<std::byte> to, Token&& token)
    {
        return socket_.async_read_some(asio::buffer(to.data(), to.size()), std::forward<Token>(token));
    }

    template <class Token>
    auto async_write_some(std::span<const std::byte> from, Token&& token)
    {
        return socket_.async_write_some(asio::buffer(from.data(), from.size()), std::forward<Token>(token));
    }

    /// From now on write_some() takes only what goes at once.
    void set_non_blocking() noexcept
    {
        std::error_code ignored;
        socket_.non_blocking(true, ignored);
    }

    /// Hands over what the socket takes at once, perhaps nothing: asio::error::would_block.
    [[nodiscard]] std::size_t write_some(std::span<const std::byte> from, std::error_code& ec) noexcept
    {
        return socket_.write_some(asio::buffer(from.data(), from.size()), ec);
    }

    /// The system is to wake nobody before this many bytes have come. Reading takes what is there all the same.
    void set_receive_low_water(int bytes) noexcept
    {
        std::error_code ignored;
        socket_.set_option(asio::socket_base::receive_low_watermark(bytes), ignored);
    }

    /// Tells the peer that nothing more will come; reading goes on.
    void shutdown_send() noexcept
    {
        std::error_code ignored;
        socket_.shutdown(socket_type::shutdown_send, ignored);
    }

    void close() noexcept
    {
        std::error_code ignored;
        socket_.close(ignored);
    }

private:
    socket_type socket_;
    bool private_ = false;
};

} // namespace tusk::net
