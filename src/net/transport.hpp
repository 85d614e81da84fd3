// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/tls_operations.hpp"
#include "net/tls_stream.hpp"

#include <tusk/detail/asio_compat.hpp>
#include <tusk/tls_info.hpp>

#include <asio/buffer.hpp>
#include <asio/compose.hpp>
#include <asio/generic/stream_protocol.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

namespace tusk::net {

/// The stream to the server: TCP, TLS over TCP, or a unix socket. Nothing above it knows which. Without TLS each
/// operation is the socket's own, behind one branch.
class transport {
public:
    using socket_type = asio::generic::stream_protocol::socket;

    explicit transport(const asio::any_io_executor& executor)
        : socket_(executor)
    {
    }

    [[nodiscard]] socket_type& socket() noexcept { return socket_; }

    /// From now on all goes through TLS, whose handshake is over.
    void encrypt(std::unique_ptr<tls_stream> tls) noexcept { tls_ = std::move(tls); }
    [[nodiscard]] bool is_encrypted() const noexcept { return tls_ != nullptr; }
    [[nodiscard]] tls_info tls() const { return tls_ ? tls_->info() : tls_info{}; }
    /// An error of this stream in words.
    [[nodiscard]] std::string explain(std::error_code ec) const
    {
        return tls_ && tls_->error() == ec && !tls_->reason().empty() ? tls_->reason() : ec.message();
    }

    template <class Token>
    auto async_read_some(std::span<std::byte> to, Token&& token)
    {
        if (tls_)
            return asio::async_compose<std::remove_reference_t<Token>, void(std::error_code, std::size_t)>(
                tls_read<socket_type>{*tls_, socket_, to}, token, socket_);
        return socket_.async_read_some(asio::buffer(to.data(), to.size()), std::forward<Token>(token));
    }

    template <class Token>
    auto async_write_some(std::span<const std::byte> from, Token&& token)
    {
        if (tls_)
            return asio::async_compose<std::remove_reference_t<Token>, void(std::error_code, std::size_t)>(
                tls_write<socket_type>{*tls_, socket_, from}, token, socket_);
        return socket_.async_write_some(asio::buffer(from.data(), from.size()), std::forward<Token>(token));
    }

    /// From now on write_some() takes only what goes at once.
    void set_non_blocking() noexcept
    {
        std::error_code ignored;
        socket_.non_blocking(true, ignored);
    }

    /// Hands over what the socket takes at once, perhaps nothing: asio::error::would_block. Then the next write is of
    /// the same bytes.
    [[nodiscard]] std::size_t write_some(std::span<const std::byte> from, std::error_code& ec)
    {
        if (tls_) return write_some_encrypted(from, ec);
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
        if (tls_) say_goodbye();
        std::error_code ignored;
        socket_.shutdown(socket_type::shutdown_send, ignored);
    }

    void close() noexcept
    {
        if (tls_) say_goodbye();
        std::error_code ignored;
        socket_.close(ignored);
    }

private:
    [[nodiscard]] std::size_t write_some_encrypted(std::span<const std::byte> from, std::error_code& ec);
    void say_goodbye() noexcept;

    socket_type socket_;
    std::unique_ptr<tls_stream> tls_;
};

} // namespace tusk::net
