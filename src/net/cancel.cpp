// Distributed under the Boost Software License, Version 1.0.
#include "net/cancel.hpp"

#include "net/deadline.hpp"
#include "net/gss_start.hpp"
#include "net/send_all.hpp"
#include "net/tls_start.hpp"
#include "wire/buffer.hpp"
#include "wire/frontend.hpp"
#include "wire/writer.hpp"

#include <tusk/error.hpp>

#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <array>

namespace tusk::net {

namespace {

/// Until the stream has taken it all, and the server has closed it. How it ends does not matter.
asio::awaitable<std::error_code> say(transport& stream, std::span<const std::byte> request)
{
    std::error_code ec = co_await send_all(stream, request);
    if (ec) co_return ec;
    std::array<std::byte, 256> nothing{};
    while (!ec) co_await stream.async_read_some(nothing, asio::redirect_error(asio::use_awaitable, ec));
    co_return std::error_code();
}

/// As the session is: the key is a secret.
asio::awaitable<std::error_code> encrypt(transport& stream, const cancel_route& to)
{
    using encryption = cancel_route::encryption;
    if (to.encrypted == encryption::gss) {
        const gss_started s = co_await start_gss(stream, to.gss);
        co_return s.ec;
    }
    if (to.encrypted == encryption::none) co_return std::error_code();
    tls_setup tls(to.tls, to.own_tls);
    const tls_started s = co_await start_tls(stream, tls, to.host);
    if (s.what == tls_started::result::encrypted) co_return std::error_code();
    co_return s.why.ec ? s.why.ec : make_error_code(errc::tls_not_offered);
}

asio::awaitable<std::error_code> ask(transport& stream, const cancel_route& to,
                                     std::span<const std::byte> request)
{
    std::error_code ec;
    stream.socket().open(to.address.protocol(), ec);
    if (!ec)
        co_await stream.socket().async_connect(to.address, asio::redirect_error(asio::use_awaitable, ec));
    if (ec) co_return ec;
    ec = co_await encrypt(stream, to);
    if (!ec) ec = co_await say(stream, request);
    co_return ec;
}

} // namespace

std::shared_ptr<const cancel_route> cancel_route_of(const conn::settings& where,
                                                    const conn::host_target& host, const endpoint& address,
                                                    const connection_options& options, const dialled& session)
{
    if (session.server.secret_key.empty()) return nullptr;
    auto route = std::make_shared<cancel_route>();
    route->address = address;
    if (session.stream.is_encrypted() && !session.stream.tls().used) {
        route->encrypted = cancel_route::encryption::gss;
        route->gss = gss_target_of(where, host);
        route->gss.delegate = false; // nothing is done in the user's name
    } else if (session.stream.is_encrypted()) {
        route->encrypted = cancel_route::encryption::tls;
        route->host = host.host;
        route->tls = where.tls;
        route->own_tls = options.tls;
    }
    route->process_id = session.server.process_id;
    route->key = session.server.secret_key;
    return route;
}

asio::awaitable<std::error_code> send_cancel(std::shared_ptr<const cancel_route> to,
                                             std::chrono::milliseconds limit)
{
    wire::buffer request;
    wire::writer out(request);
    write(out, wire::cancel_request{.pid = to->process_id, .key = to->key});
    if (out.error()) co_return out.error();
    const auto executor = co_await asio::this_coro::executor;
    transport stream(executor);
    deadline within(executor, limit);
    within.watch(&stream);
    const std::error_code ec = co_await ask(stream, *to, request.bytes());
    within.watch(nullptr);
    co_return within.expired() ? make_error_code(errc::cancel_timed_out) : ec;
}

} // namespace tusk::net
