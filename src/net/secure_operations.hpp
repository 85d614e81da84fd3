// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/secure_stream.hpp"

#include <asio/buffer.hpp>
#include <asio/post.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <system_error>
#include <utility>

namespace tusk::net {

/// Reading through encryption, for asio::async_compose: completes with at least one byte, or an error.
template <class Socket>
struct secure_read {
    secure_stream& secure;
    Socket& socket;
    std::span<std::byte> to;
    enum class step : std::uint8_t { begin, posted, received } at = step::begin;

    template <class Self>
    void operator()(Self& self, std::error_code ec = {}, std::size_t n = 0)
    {
        if (at == step::received) secure.received(n, ec);
        if (at == step::begin && secure.readable()) { // what the last read has left over
            at = step::posted;
            return asio::post(std::move(self));
        }
        if (at != step::begin) {
            std::error_code failed;
            const std::size_t got = secure.read(to, failed);
            if (got != 0 || failed) return self.complete(failed, got);
        }
        at = step::received;
        const auto room = secure.room();
        socket.async_read_some(asio::buffer(room.data(), room.size()), std::move(self));
    }
};

/// Writing through encryption: completes when all that was encrypted has been sent.
template <class Socket>
struct secure_write {
    secure_stream& secure;
    Socket& socket;
    std::span<const std::byte> from;
    enum class step : std::uint8_t { begin, failed, sending } at = step::begin;
    std::error_code why{};

    template <class Self>
    void operator()(Self& self, std::error_code ec = {}, std::size_t n = 0)
    {
        switch (at) {
        case step::begin:
            secure.write(from, why);
            at = why ? step::failed : step::sending;
            if (why) return asio::post(std::move(self));
            break;
        case step::failed:
            return self.complete(why, 0);
        case step::sending:
            secure.sent(n);
            if (ec) return self.complete(ec, 0);
            break;
        }
        const auto bytes = secure.outgoing();
        if (bytes.empty()) return self.complete({}, secure.take_written());
        socket.async_write_some(asio::buffer(bytes.data(), bytes.size()), std::move(self));
    }
};

} // namespace tusk::net
