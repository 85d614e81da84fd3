// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/secure_operations.hpp"
#include "net/secure_stream.hpp"
#include "wire/tracer.hpp"

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

/// The stream to the server: TCP, TLS or GSSAPI encryption over TCP, or a unix socket. Nothing above it knows which.
/// Without encryption each operation is the socket's own, behind one branch.
class transport {
public:
    using socket_type = asio::generic::stream_protocol::socket;

    explicit transport(const asio::any_io_executor& executor)
        : socket_(executor)
    {
    }

    [[nodiscard]] socket_type& socket() noexcept { return socket_; }

    /// Who is shown the messages until the session begins; null for nobody.
    [[nodiscard]] wire::tracer* tracer() const noexcept { return tracer_.get(); }
    void set_tracer(std::shared_ptr<wire::tracer> to) noexcept { tracer_ = std::move(to); }

    /// From now on all goes through TLS or GSSAPI, whose handshake is over.
    void encrypt(std::unique_ptr<secure_stream> by) noexcept { secure_ = std::move(by); }
    [[nodiscard]] bool is_encrypted() const noexcept { return secure_ != nullptr; }
    [[nodiscard]] tls_info tls() const { return secure_ ? secure_->info() : tls_info{}; }
    /// An error of this stream in words.
    [[nodiscard]] std::string explain(std::error_code ec) const
    {
        return secure_ && secure_->error() == ec && !secure_->reason().empty() ? secure_->reason()
                                                                               : ec.message();
    }

    template <class Token>
    auto async_read_some(std::span<std::byte> to, Token&& token)
    {
        if (secure_)
            return asio::async_compose<std::remove_reference_t<Token>, void(std::error_code, std::size_t)>(
                secure_read<socket_type>{*secure_, socket_, to}, token, socket_);
        return socket_.async_read_some(asio::buffer(to.data(), to.size()), std::forward<Token>(token));
    }

    template <class Token>
    auto async_write_some(std::span<const std::byte> from, Token&& token)
    {
        if (secure_)
            return asio::async_compose<std::remove_reference_t<Token>, void(std::error_code, std::size_t)>(
                secure_write<socket_type>{*secure_, socket_, from}, token, socket_);
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
        if (secure_) return write_some_encrypted(from, ec);
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
        if (secure_) say_goodbye();
        std::error_code ignored;
        socket_.shutdown(socket_type::shutdown_send, ignored);
    }

    void close() noexcept
    {
        if (secure_) say_goodbye();
        std::error_code ignored;
        socket_.close(ignored);
    }

private:
    [[nodiscard]] std::size_t write_some_encrypted(std::span<const std::byte> from, std::error_code& ec);
    void say_goodbye() noexcept;

    socket_type socket_;
    std::unique_ptr<secure_stream> secure_;
    std::shared_ptr<wire::tracer> tracer_;
};

} // namespace tusk::net
