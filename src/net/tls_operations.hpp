// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/tls_stream.hpp"

#include <asio/buffer.hpp>
#include <asio/post.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <system_error>
#include <utility>

namespace tusk::net {

/// Reading through TLS, for asio::async_compose: completes with at least one byte, or an error.
template <class Socket>
struct tls_read {
    tls_stream& tls;
    Socket& socket;
    std::span<std::byte> to;
    enum class step : std::uint8_t { begin, posted, received } at = step::begin;

    template <class Self>
    void operator()(Self& self, std::error_code ec = {}, std::size_t n = 0)
    {
        if (at == step::received) tls.received(n, ec);
        if (at == step::begin && tls.readable()) { // what the last read has left over
            at = step::posted;
            return asio::post(std::move(self));
        }
        if (at != step::begin) {
            std::error_code failed;
            const std::size_t got = tls.read(to, failed);
            if (got != 0 || failed) return self.complete(failed, got);
        }
        at = step::received;
        const auto room = tls.room();
        socket.async_read_some(asio::buffer(room.data(), room.size()), std::move(self));
    }
};

/// Writing through TLS: completes when all that was encrypted has been sent.
template <class Socket>
struct tls_write {
    tls_stream& tls;
    Socket& socket;
    std::span<const std::byte> from;
    enum class step : std::uint8_t { begin, failed, sending } at = step::begin;
    std::error_code why{};

    template <class Self>
    void operator()(Self& self, std::error_code ec = {}, std::size_t n = 0)
    {
        switch (at) {
        case step::begin:
            tls.write(from, why);
            at = why ? step::failed : step::sending;
            if (why) return asio::post(std::move(self));
            break;
        case step::failed:
            return self.complete(why, 0);
        case step::sending:
            tls.sent(n);
            if (ec) return self.complete(ec, 0);
            break;
        }
        const auto bytes = tls.outgoing();
        if (bytes.empty()) return self.complete({}, tls.take_written());
        socket.async_write_some(asio::buffer(bytes.data(), bytes.size()), std::move(self));
    }
};

} // namespace tusk::net
