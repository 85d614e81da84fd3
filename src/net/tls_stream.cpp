// Distributed under the Boost Software License, Version 1.0.
#include "net/tls_stream.hpp"

#include "auth/certificate.hpp"
#include "net/tls_errors.hpp"

#include <tusk/error.hpp>

#include <asio/error.hpp>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

namespace tusk::net {

namespace {

/// Two records of the largest size.
constexpr std::size_t receive_room = 2 * (SSL3_RT_MAX_PLAIN_LENGTH + 512);
/// Plain bytes that are encrypted at a time, when a request is huge.
constexpr std::size_t write_piece = 128 * 1024;

[[nodiscard]] tls_stream& stream_of(BIO* bio) noexcept
{
    return *static_cast<tls_stream*>(BIO_get_data(bio));
}

int bio_read(BIO* bio, char* to, std::size_t size, std::size_t* got)
{
    BIO_clear_retry_flags(bio);
    *got = stream_of(bio).take({to, size});
    if (*got == 0) BIO_set_retry_read(bio);
    return *got != 0;
}

int bio_write(BIO* bio, const char* from, std::size_t size, std::size_t* put)
{
    BIO_clear_retry_flags(bio);
    *put = stream_of(bio).put({from, size}) ? size : 0;
    return *put != 0;
}

long bio_control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

/// How OpenSSL reaches the two buffers.
[[nodiscard]] const BIO_METHOD* buffers_method()
{
    static BIO_METHOD* const method = [] {
        BIO_METHOD* m = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "tusk");
        if (!m) throw std::bad_alloc();
        BIO_meth_set_read_ex(m, bio_read);
        BIO_meth_set_write_ex(m, bio_write);
        BIO_meth_set_ctrl(m, bio_control);
        return m;
    }();
    return method;
}

/// Where an SSL keeps its tls_stream: not at OpenSSL's "app data", which the user's context may use.
[[nodiscard]] int own_index()
{
    static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
    return index;
}

} // namespace

tls_stream& tls_stream::of(const ssl_st* ssl) noexcept
{
    return *static_cast<tls_stream*>(SSL_get_ex_data(ssl, own_index()));
}

void tls_stream::free_ssl::operator()(ssl_st* s) const noexcept { SSL_free(s); }

tls_stream::tls_stream(ssl_ctx_st* context, const std::string& host)
    : ssl_(SSL_new(context))
    , in_(receive_room)
{
    static constexpr unsigned char alpn[] = "\012postgresql";
    BIO* bio = ssl_ ? BIO_new(buffers_method()) : nullptr;
    if (!bio) throw std::bad_alloc();
    BIO_set_data(bio, this);
    BIO_set_init(bio, 1);
    SSL_set_bio(ssl_.get(), bio, bio); // owns it now
    if (SSL_set_ex_data(ssl_.get(), own_index(), this) != 1) throw std::bad_alloc();
    SSL_set_connect_state(ssl_.get());
    SSL_set_options(ssl_.get(), SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION);
    if (SSL_set_alpn_protos(ssl_.get(), alpn, sizeof alpn - 1) != 0) throw std::bad_alloc();
    if (!host.empty() && SSL_set_tlsext_host_name(ssl_.get(), host.c_str()) != 1) throw std::bad_alloc();
}

tls_stream::~tls_stream() = default;

std::size_t tls_stream::take(std::span<char> to) noexcept
{
    const std::size_t n = std::min(to.size(), end_ - begin_);
    if (n != 0) std::memcpy(to.data(), in_.data() + begin_, n);
    begin_ += n;
    return n;
}

bool tls_stream::put(std::span<const char> from) noexcept
try {
    const auto bytes = std::as_bytes(from);
    out_.insert(out_.end(), bytes.begin(), bytes.end());
    return true;
} catch (const std::bad_alloc&) {
    return false;
}

void tls_stream::received(std::size_t n, std::error_code ec) noexcept
{
    begin_ = 0;
    end_ = n;
    if (!ec || error_) return;
    const bool cut = ec == asio::error::eof && !(SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN);
    error_ = cut && established_ ? make_error_code(errc::tls_truncated) : ec;
}

std::span<const std::byte> tls_stream::outgoing() noexcept
{
    if (sent_ == sending_.size()) {
        sending_.clear();
        sent_ = 0;
        sending_.swap(out_);
    }
    return std::span<const std::byte>(sending_).subspan(sent_);
}

tls_stream::step tls_stream::handshake()
{
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) {
        established_ = true;
        return step::done;
    }
    if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ) return step::wants_bytes;
    fail_in_handshake();
    return step::failed;
}

bool tls_stream::readable() const noexcept { return begin_ != end_ || error_ || SSL_pending(ssl_.get()) > 0; }

std::size_t tls_stream::read(std::span<std::byte> to, std::error_code& ec) noexcept
{
    std::size_t all = 0;
    ERR_clear_error();
    while (all < to.size()) {
        std::size_t n = 0;
        const int result = SSL_read_ex(ssl_.get(), to.data() + all, to.size() - all, &n);
        all += n;
        if (result == 1) continue;
        if (SSL_get_error(ssl_.get(), result) != SSL_ERROR_WANT_READ && !error_) fail(result);
        break;
    }
    if (all == 0) ec = error_;
    return all;
}

void tls_stream::write(std::span<const std::byte> from, std::error_code& ec)
{
    if (written_ != 0) return;
    ERR_clear_error();
    std::size_t n = 0;
    const int result = SSL_write_ex(ssl_.get(), from.data(), std::min(from.size(), write_piece), &n);
    if (result != 1) {
        if (!error_) fail(result);
        ec = error_;
    }
    written_ = n;
}

bool tls_stream::say_goodbye() noexcept
{
    if (!established_ || goodbye_said_ || writing() || sent_ != sending_.size()) return false;
    goodbye_said_ = true;
    ERR_clear_error();
    (void)SSL_shutdown(ssl_.get());
    ERR_clear_error();
    return true;
}

/// OpenSSL has refused to go on.
void tls_stream::fail(int result)
{
    if (SSL_get_error(ssl_.get(), result) == SSL_ERROR_ZERO_RETURN) {
        error_ = asio::error::eof; // close_notify: a farewell in good order
        return;
    }
    reason_ = "TLS failed: " + openssl_reason();
    error_ = errc::tls_failed;
}

void tls_stream::fail_in_handshake()
{
    const tls_failure f = handshake_failure(ssl_.get(), notes_);
    error_ = f.ec;
    reason_ = f.sentence;
}

x509_st* tls_stream::peer() const noexcept { return SSL_get0_peer_certificate(ssl_.get()); }

std::string_view tls_stream::alpn() const noexcept
{
    const unsigned char* name = nullptr;
    unsigned int size = 0;
    SSL_get0_alpn_selected(ssl_.get(), &name, &size);
    return name ? std::string_view(reinterpret_cast<const char*>(name), size) : std::string_view();
}

tls_info tls_stream::info() const
{
    tls_info info;
    const SSL* s = ssl_.get();
    info.used = true;
    info.protocol = SSL_get_version(s);
    if (const SSL_CIPHER* cipher = SSL_get_current_cipher(s)) {
        info.cipher = SSL_CIPHER_get_name(cipher);
        info.key_bits = SSL_CIPHER_get_bits(cipher, nullptr);
    }
    info.alpn = alpn();
    info.verification = verification_;
    if (X509* certificate = peer()) {
        info.peer_subject = auth::subject_of(certificate);
        info.peer_issuer = auth::issuer_of(certificate);
        unsigned char* der = nullptr;
        const int length = i2d_X509(certificate, &der);
        if (length > 0) {
            const auto* bytes = reinterpret_cast<const std::byte*>(der);
            info.peer_certificate.assign(bytes, bytes + length);
            OPENSSL_free(der);
        }
    }
    return info;
}

} // namespace tusk::net
