// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "auth/gss_client.hpp"
#include "net/secure_stream.hpp"

#include <memory>
#include <utility>
#include <vector>

namespace tusk::net {

/// GSSAPI encryption, whose context is complete: packets of Int32 length and so many encrypted bytes, together at most
/// 16 KiB.
class gss_stream final : public secure_stream {
public:
    explicit gss_stream(std::shared_ptr<auth::gss_client> context);

    [[nodiscard]] std::span<std::byte> room() noexcept override;
    void received(std::size_t n, std::error_code ec) noexcept override;
    [[nodiscard]] std::span<const std::byte> outgoing() noexcept override;
    void sent(std::size_t n) noexcept override { sent_ += n; }
    [[nodiscard]] bool readable() const noexcept override;
    [[nodiscard]] std::size_t read(std::span<std::byte> to, std::error_code& ec) noexcept override;
    void write(std::span<const std::byte> from, std::error_code& ec) override;
    [[nodiscard]] std::size_t take_written() noexcept override { return std::exchange(written_, 0); }
    [[nodiscard]] bool say_goodbye() noexcept override { return false; }
    [[nodiscard]] std::error_code error() const noexcept override { return error_; }
    [[nodiscard]] const std::string& reason() const noexcept override { return reason_; }
    [[nodiscard]] tls_info info() const override { return {}; }

private:
    [[nodiscard]] std::size_t packet_size() const noexcept;
    [[nodiscard]] bool unwrap_next();
    void fail(std::error_code ec, std::string reason);

    std::shared_ptr<auth::gss_client> context_;
    std::vector<std::byte> in_; // filled by the socket
    std::size_t begin_ = 0;     // of what is not decrypted yet
    std::size_t end_ = 0;
    std::vector<std::byte> plain_; // of one packet
    std::size_t taken_ = 0;        // of plain_
    std::vector<std::byte> sending_;
    std::size_t sent_ = 0;    // of sending_
    std::size_t written_ = 0; // plain bytes whose encrypted form is on its way
    std::size_t most_ = 0;    // plain bytes in a packet
    std::error_code error_;   // what read() ends with
    std::string reason_;
};

} // namespace tusk::net
