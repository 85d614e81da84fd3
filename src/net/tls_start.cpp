// Distributed under the Boost Software License, Version 1.0.
#include "net/tls_start.hpp"

#include "net/send_all.hpp"
#include "net/tls_stream.hpp"
#include "wire/frontend.hpp"
#include "wire/writer.hpp"

#include <tusk/error.hpp>

#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

#include <array>

namespace tusk::net {

namespace {

using result = tls_started::result;

[[nodiscard]] tls_started failed(std::error_code ec, std::string sentence)
{
    tls_started s;
    s.why = {ec, std::move(sentence)};
    return s;
}

/// The socket failed, or ended.
[[nodiscard]] tls_started lost(const char* when, std::error_code ec, bool in_handshake)
{
    const bool ended = ec == asio::error::eof;
    tls_started s =
        failed(ended ? make_error_code(errc::connection_lost) : ec,
               std::string(ended ? "the server closed the connection " : "the connection failed ") + when +
                   (ended ? std::string() : ": " + ec.message()));
    s.network = true;
    s.in_handshake = in_handshake;
    return s;
}

/// What the server's one byte says. No other byte is read: who is on the way could have put it there.
[[nodiscard]] tls_started judge(char answer, transport::socket_type& socket)
{
    tls_started s;
    std::error_code ec;
    switch (answer) {
    case 'S':
        if (socket.available(ec) != 0)
            return failed(errc::tls_negotiation,
                          "bytes came in clear behind the server's consent to TLS: somebody on "
                          "the way may have put them there");
        s.what = result::encrypted;
        return s;
    case 'N':
        s.what = result::declined;
        s.why = {errc::tls_not_offered, "the server does not take TLS, which sslmode demands"};
        return s;
    case 'E':
        return failed(errc::tls_negotiation,
                      "the server answered the request for TLS with an error; it is not shown, "
                      "since anybody on the way could have written it");
    default:
        s = failed(errc::not_postgresql,
                   "what answered the request for TLS does not speak the PostgreSQL protocol");
        s.network = true;
        return s;
    }
}

asio::awaitable<tls_started> ask(transport& stream)
{
    wire::buffer request;
    wire::writer to(request);
    write(to, wire::ssl_request{});
    if (auto* const tracer = stream.tracer()) tracer->sent_untyped(request.bytes());
    if (const std::error_code ec = co_await send_all(stream, request.bytes()))
        co_return lost("before it answered the request for TLS", ec, false);
    std::array<char, 1> answer{};
    std::error_code ec;
    co_await stream.socket().async_read_some(asio::buffer(answer),
                                             asio::redirect_error(asio::use_awaitable, ec));
    if (ec) co_return lost("before it answered the request for TLS", ec, false);
    if (auto* const tracer = stream.tracer()) tracer->received_answer("SSLResponse", answer.front());
    co_return judge(answer.front(), stream.socket());
}

asio::awaitable<tls_started> shake_hands(transport& stream, tls_stream& tls)
{
    for (;;) {
        const auto step = tls.handshake();
        std::error_code ec;
        for (auto bytes = tls.outgoing(); !bytes.empty() && !ec; bytes = tls.outgoing()) {
            ec = co_await send_all(stream, bytes);
            tls.sent(bytes.size());
        }
        if (step == tls_stream::step::failed) { // the alert was sent, if it could be
            tls_started s = failed(tls.error(), tls.reason());
            s.in_handshake = true;
            co_return s;
        }
        if (ec) co_return lost("during the TLS handshake", ec, true);
        if (step == tls_stream::step::done) break;
        const auto room = tls.room();
        const std::size_t n =
            co_await stream.async_read_some(room, asio::redirect_error(asio::use_awaitable, ec));
        if (ec) co_return lost("during the TLS handshake", ec, true);
        tls.received(n, {});
    }
    tls_started s;
    s.what = result::encrypted;
    co_return s;
}

} // namespace

asio::awaitable<tls_started> start_tls(transport& stream, tls_setup& setup, const std::string& host)
{
    tls_started s;
    if (!setup.settings().direct) {
        s = co_await ask(stream);
        if (s.what != result::encrypted) co_return s;
    }
    std::unique_ptr<tls_stream> tls;
    s.why = setup.make_stream(host, tls);
    if (!s.why) {
        s = co_await shake_hands(stream, *tls);
        if (setup.settings().direct && (s.network || s.why.ec == errc::tls_failed))
            s.why.sentence += "; sslnegotiation=direct needs PostgreSQL 17 or newer";
        if (s.why) co_return s;
        s.why = setup.check_peer(*tls, host);
    }
    if (s.why) {
        s.what = result::failed;
        s.in_handshake = true;
        co_return s;
    }
    s.certificate_lack = setup.certificate_lack(*tls);
    if (x509_st* certificate = tls->peer())
        s.end_point = auth::end_point_of(certificate);
    else
        s.end_point.why_not = "the server has no certificate";
    stream.encrypt(std::move(tls));
    co_return s;
}

} // namespace tusk::net
