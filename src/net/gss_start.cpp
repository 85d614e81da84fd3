// Distributed under the Boost Software License, Version 1.0.
#include "net/gss_start.hpp"

#include "net/gss_call.hpp"
#include "net/gss_stream.hpp"
#include "net/send_all.hpp"
#include "wire/frontend.hpp"
#include "wire/writer.hpp"

#include <tusk/error.hpp>

#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

#include <array>

namespace tusk::net {

namespace {

/// The longest token that PostgreSQL sends or takes.
constexpr std::size_t longest_token = 65'536;

class handshake {
public:
    handshake(transport& stream, auth::gss_target to)
        : stream_(stream)
    {
        to.encrypt = true;
        client_ = std::make_shared<auth::gss_client>(std::move(to));
    }

    /// GSSENCRequest 'G' (Int32 length, token; Int32 length, token)*
    asio::awaitable<gss_started> run()
    {
        gss_called called = co_await call_gss(stream_.socket(), client_, {});
        if (called.interrupted) co_return lost("while GSSAPI was asked for a ticket", called.interrupted);
        if (called.answer.now == auth::gss_answer::step::failed) {
            gss_started s = failed(called.answer.ec, std::move(called.answer.reason));
            s.unencrypted_may_do = true;
            co_return s;
        }
        gss_started s = co_await ask();
        while (!s.ec) {
            const std::error_code ec = co_await send_token(called.answer.token);
            if (ec) co_return in_handshake(lost(when, ec));
            if (called.answer.now == auth::gss_answer::step::complete) break;
            s = co_await receive_token();
            if (s.ec) co_return in_handshake(std::move(s));
            called = co_await call_gss(stream_.socket(), client_, token_);
            if (called.interrupted) co_return lost(when, called.interrupted);
            if (called.answer.now == auth::gss_answer::step::failed)
                co_return in_handshake(failed(called.answer.ec, std::move(called.answer.reason)));
        }
        if (!s.ec) stream_.encrypt(std::make_unique<gss_stream>(client_));
        co_return s;
    }

private:
    static constexpr const char* when = "during the GSSAPI handshake";

    [[nodiscard]] static gss_started failed(std::error_code ec, std::string sentence)
    {
        gss_started s;
        s.ec = ec;
        s.sentence = std::move(sentence);
        return s;
    }

    /// As with TLS, what fails this late may work without.
    [[nodiscard]] static gss_started in_handshake(gss_started s)
    {
        s.unencrypted_may_do = true;
        return s;
    }

    [[nodiscard]] static gss_started lost(const char* doing, std::error_code ec)
    {
        const bool ended = ec == asio::error::eof;
        gss_started s =
            failed(ended ? make_error_code(errc::connection_lost) : ec,
                   std::string(ended ? "the server closed the connection " : "the connection failed ") +
                       doing + (ended ? std::string() : ": " + ec.message()));
        s.network = true;
        return s;
    }

    /// Exactly so many bytes: what comes behind them is not GSSAPI's yet.
    asio::awaitable<std::error_code> receive(std::span<std::byte> to)
    {
        std::error_code ec;
        while (!to.empty() && !ec) {
            const std::size_t n =
                co_await stream_.async_read_some(to, asio::redirect_error(asio::use_awaitable, ec));
            to = to.subspan(n);
        }
        co_return ec;
    }

    asio::awaitable<gss_started> ask()
    {
        static constexpr const char* early = "before it answered the request for GSSAPI encryption";
        wire::buffer request;
        wire::writer to(request);
        write(to, wire::gssenc_request{});
        if (auto* const tracer = stream_.tracer()) tracer->sent_untyped(request.bytes());
        std::error_code ec = co_await send_all(stream_, request.bytes());
        if (ec) co_return lost(early, ec);
        std::array<std::byte, 1> answer{};
        ec = co_await receive(answer);
        if (ec) co_return lost(early, ec);
        const char letter = std::to_integer<char>(answer.front());
        if (auto* const tracer = stream_.tracer()) tracer->received_answer("GSSENCResponse", letter);
        co_return judge(letter);
    }

    /// What the server's one byte says. No other byte is read: who is on the way could have put it there.
    [[nodiscard]] gss_started judge(char answer)
    {
        std::error_code ignored;
        switch (answer) {
        case 'G':
            if (stream_.socket().available(ignored) != 0)
                return failed(
                    errc::gssapi_failed,
                    "bytes came in clear behind the server's consent to GSSAPI encryption: somebody on "
                    "the way may have put them there");
            return {};
        case 'N': {
            gss_started s = failed(errc::gssapi_failed,
                                   "the server does not take GSSAPI encryption, which gssencmode demands");
            s.unencrypted_may_do = true;
            return s;
        }
        case 'E':
            return failed(
                errc::gssapi_failed,
                "the server answered the request for GSSAPI encryption with an error; it is not shown, "
                "since anybody on the way could have written it");
        default:
            gss_started s = failed(
                errc::not_postgresql,
                "what answered the request for GSSAPI encryption does not speak the PostgreSQL protocol");
            s.network = true;
            return s;
        }
    }

    asio::awaitable<std::error_code> send_token(const std::vector<std::byte>& token)
    {
        if (token.empty()) co_return std::error_code();
        if (token.size() > longest_token) co_return make_error_code(errc::request_too_large);
        wire::buffer framed;
        wire::writer to(framed);
        to.i32(static_cast<std::int32_t>(token.size()));
        to.bytes(token);
        const std::error_code ec = co_await send_all(stream_, framed.bytes());
        co_return ec;
    }

    /// Into token_.
    asio::awaitable<gss_started> receive_token()
    {
        std::array<std::byte, 4> head{};
        std::error_code ec = co_await receive(head);
        if (ec) co_return lost(when, ec);
        std::size_t size = 0;
        for (const std::byte b : head) size = size << 8 | std::to_integer<std::size_t>(b);
        if (head.front() == std::byte{'E'}) // an ErrorResponse, in clear
            co_return failed(
                errc::gssapi_failed,
                "the server answered the GSSAPI handshake with an error; it is not shown, since anybody "
                "on the way could have written it");
        if (size == 0 || size > longest_token)
            co_return failed(errc::gssapi_failed, "the server sent a GSSAPI token of " +
                                                      std::to_string(size) + " bytes, which is not allowed");
        token_.resize(size);
        ec = co_await receive(token_);
        if (ec) co_return lost(when, ec);
        co_return gss_started{};
    }

    transport& stream_;
    std::shared_ptr<auth::gss_client> client_;
    std::vector<std::byte> token_;
};

} // namespace

auth::gss_target gss_target_of(const conn::settings& where, const conn::host_target& host)
{
    auth::gss_target to;
    if (!host.unix_socket) to.host = host.host;
    to.service = where.gss_service;
    to.delegate = where.gss_delegation;
    return to;
}

asio::awaitable<gss_started> start_gss(transport& stream, const auth::gss_target& to)
{
    handshake h(stream, to);
    gss_started s = co_await h.run();
    co_return s;
}

} // namespace tusk::net
