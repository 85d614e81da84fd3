// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/tls_info.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <system_error>

namespace tusk::net {

/// Encryption without a socket: encrypted bytes in and out, plain ones out and in. TLS, or GSSAPI's.
class secure_stream {
public:
    secure_stream() = default;
    secure_stream(const secure_stream&) = delete;
    secure_stream& operator=(const secure_stream&) = delete;
    virtual ~secure_stream() = default;

    // --- encrypted side ---

    /// Where the next bytes from the socket go; never empty. Only when readable() is false.
    [[nodiscard]] virtual std::span<std::byte> room() noexcept = 0;
    /// So many bytes have come into room(), or none ever will (asio::error::eof or another).
    virtual void received(std::size_t n, std::error_code ec) noexcept = 0;
    /// What is to be sent next; stays where it is until it was sent().
    [[nodiscard]] virtual std::span<const std::byte> outgoing() noexcept = 0;
    virtual void sent(std::size_t n) noexcept = 0;

    // --- plain side ---

    /// True when read() may give something without more bytes from the socket.
    [[nodiscard]] virtual bool readable() const noexcept = 0;
    /// Decrypts as much as is there and fits. 0 and no error: more bytes are needed.
    [[nodiscard]] virtual std::size_t read(std::span<std::byte> to, std::error_code& ec) noexcept = 0;

    /// Encrypts the beginning of `from` for outgoing(), unless what an earlier call has encrypted is still on its way:
    /// then `from` is the same as before.
    virtual void write(std::span<const std::byte> from, std::error_code& ec) = 0;
    /// All of outgoing() was sent: how many plain bytes that were.
    [[nodiscard]] virtual std::size_t take_written() noexcept = 0;

    /// Puts a farewell into outgoing(), if there is one and it can be sent. False: nothing was done.
    [[nodiscard]] virtual bool say_goodbye() noexcept = 0;

    // --- what came of it ---

    [[nodiscard]] virtual std::error_code error() const noexcept = 0;
    /// The failure in one sentence.
    [[nodiscard]] virtual const std::string& reason() const noexcept = 0;
    [[nodiscard]] virtual tls_info info() const = 0;
};

} // namespace tusk::net
