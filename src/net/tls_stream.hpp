// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/secure_stream.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

struct bio_st;     // OpenSSL's BIO
struct ssl_st;     // SSL
struct ssl_ctx_st; // SSL_CTX
struct x509_st;    // X509

namespace tusk::net {

/// What the certificate check and the handshake leave behind, for the sentence that explains a failure.
struct tls_notes {
    std::string rejected;           ///< subject of the certificate that was not accepted
    std::string key_log;            ///< a file to append the session's keys to; empty: none
    bool certificate_asked = false; ///< the server asked for the client's certificate
    bool certificate_sent = false;  ///< and there was one
};

/// TLS without a socket.
///
/// OpenSSL's engine works on two buffers of this object. asio::ssl::stream would do it too, but sends each record of
/// 16 KiB by itself and knows no writing at once; here all that waits leaves as one write, a read takes two records,
/// and OpenSSL decrypts from the buffer that the socket has filled, into the caller's block.
class tls_stream final : public secure_stream {
public:
    /// Throws std::bad_alloc. `host` goes to the server as the name that is wanted (SNI), unless empty.
    tls_stream(ssl_ctx_st* context, const std::string& host);
    ~tls_stream() override;

    enum class step : std::uint8_t { done, wants_bytes, failed };

    /// Goes on with the handshake. In every case what outgoing() holds is to be sent.
    [[nodiscard]] step handshake();

    // --- secure_stream ---

    [[nodiscard]] std::span<std::byte> room() noexcept override { return in_; }
    void received(std::size_t n, std::error_code ec) noexcept override;
    [[nodiscard]] std::span<const std::byte> outgoing() noexcept override;
    void sent(std::size_t n) noexcept override { sent_ += n; }
    [[nodiscard]] bool readable() const noexcept override;
    [[nodiscard]] std::size_t read(std::span<std::byte> to, std::error_code& ec) noexcept override;
    void write(std::span<const std::byte> from, std::error_code& ec) override;
    [[nodiscard]] std::size_t take_written() noexcept override { return std::exchange(written_, 0); }
    /// The farewell is close_notify. It cannot be sent before the handshake is over, in the middle of a write, nor a
    /// second time.
    [[nodiscard]] bool say_goodbye() noexcept override;
    [[nodiscard]] std::error_code error() const noexcept override { return error_; }
    [[nodiscard]] const std::string& reason() const noexcept override { return reason_; }
    [[nodiscard]] tls_info info() const override;
    [[nodiscard]] bool writing() const noexcept { return written_ != 0; }

    // --- what came of it ---

    [[nodiscard]] const tls_notes& notes() const noexcept { return notes_; }
    [[nodiscard]] tls_notes& notes() noexcept { return notes_; }
    [[nodiscard]] ssl_st* native() noexcept { return ssl_.get(); }
    /// The object that this engine belongs to.
    [[nodiscard]] static tls_stream& of(const ssl_st* ssl) noexcept;
    /// The server's certificate; null before the handshake is over.
    [[nodiscard]] x509_st* peer() const noexcept;
    /// The protocol that the server chose (ALPN); empty: none.
    [[nodiscard]] std::string_view alpn() const noexcept;
    void set_verification(tls_verification v) noexcept { verification_ = v; }

    // --- for OpenSSL's BIO ---

    [[nodiscard]] std::size_t take(std::span<char> to) noexcept;
    [[nodiscard]] bool put(std::span<const char> from) noexcept;

private:
    struct free_ssl {
        void operator()(ssl_st* s) const noexcept;
    };

    void fail(int result);
    void fail_in_handshake();

    std::unique_ptr<ssl_st, free_ssl> ssl_;
    std::vector<std::byte> in_; // filled by the socket
    std::size_t begin_ = 0;     // of what OpenSSL has not taken yet
    std::size_t end_ = 0;
    std::vector<std::byte> out_;     // filled by OpenSSL
    std::vector<std::byte> sending_; // on its way to the socket
    std::size_t sent_ = 0;           // of sending_
    std::size_t written_ = 0;        // plain bytes whose encrypted form is on its way
    std::error_code error_;          // what read() ends with
    std::string reason_;
    tls_notes notes_;
    tls_verification verification_ = tls_verification::none;
    bool established_ = false;
    bool goodbye_said_ = false;
};

} // namespace tusk::net
