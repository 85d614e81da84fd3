// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/tls_info.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
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

/// TLS without a socket: encrypted bytes in and out, plain ones out and in.
///
/// OpenSSL's engine works on two buffers of this object. asio::ssl::stream would do it too, but sends each record of
/// 16 KiB by itself and knows no writing at once; here all that waits leaves as one write, a read takes two records,
/// and OpenSSL decrypts from the buffer that the socket has filled, into the caller's block.
class tls_stream {
public:
    /// Throws std::bad_alloc. `host` goes to the server as the name that is wanted (SNI), unless empty.
    tls_stream(ssl_ctx_st* context, const std::string& host);
    tls_stream(const tls_stream&) = delete;
    tls_stream& operator=(const tls_stream&) = delete;
    ~tls_stream();

    enum class step : std::uint8_t { done, wants_bytes, failed };

    /// Goes on with the handshake. In every case what outgoing() holds is to be sent.
    [[nodiscard]] step handshake();

    // --- encrypted side ---

    /// Where the next bytes from the socket go. Only when readable() is false.
    [[nodiscard]] std::span<std::byte> room() noexcept { return in_; }
    /// So many bytes have come into room(), or none ever will (asio::error::eof or another).
    void received(std::size_t n, std::error_code ec) noexcept;
    /// What is to be sent next; stays where it is until it was sent().
    [[nodiscard]] std::span<const std::byte> outgoing() noexcept;
    void sent(std::size_t n) noexcept { sent_ += n; }

    // --- plain side ---

    /// True when read() may give something without more bytes from the socket.
    [[nodiscard]] bool readable() const noexcept;
    /// Decrypts as much as is there and fits. 0 and no error: more bytes are needed.
    [[nodiscard]] std::size_t read(std::span<std::byte> to, std::error_code& ec) noexcept;

    /// Encrypts the beginning of `from` for outgoing(), unless what an earlier call has encrypted is still on its way:
    /// then `from` is the same as before.
    void write(std::span<const std::byte> from, std::error_code& ec);
    /// All of outgoing() was sent: how many plain bytes that were.
    [[nodiscard]] std::size_t take_written() noexcept { return std::exchange(written_, 0); }
    [[nodiscard]] bool writing() const noexcept { return written_ != 0; }

    /// Puts the farewell (close_notify) into outgoing(). False, and nothing is done, when it cannot be sent: before the
    /// handshake is over, in the middle of a write, a second time.
    [[nodiscard]] bool say_goodbye() noexcept;

    // --- what came of it ---

    [[nodiscard]] std::error_code error() const noexcept { return error_; }
    /// The failure in one sentence.
    [[nodiscard]] const std::string& reason() const noexcept { return reason_; }
    [[nodiscard]] const tls_notes& notes() const noexcept { return notes_; }
    [[nodiscard]] tls_notes& notes() noexcept { return notes_; }
    [[nodiscard]] ssl_st* native() noexcept { return ssl_.get(); }
    /// The object that this engine belongs to.
    [[nodiscard]] static tls_stream& of(const ssl_st* ssl) noexcept;
    /// The server's certificate; null before the handshake is over.
    [[nodiscard]] x509_st* peer() const noexcept;
    void set_verification(tls_verification v) noexcept { verification_ = v; }
    [[nodiscard]] tls_info info() const;

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
