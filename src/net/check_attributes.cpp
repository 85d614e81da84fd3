// Distributed under the Boost Software License, Version 1.0.
#include "net/check_attributes.hpp"

#include "net/send_all.hpp"
#include "session/attributes.hpp"
#include "wire/frontend.hpp"
#include "wire/writer.hpp"

#include <tusk/error.hpp>

#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

#include <string>
#include <utility>

namespace tusk::net {

namespace {

using verdict = session::attributes::verdict;

/// Terminate, as far as it goes at once: nobody waits for a server that is of no use.
void take_leave(transport& stream)
{
    wire::buffer out;
    wire::writer to(out);
    write(to, wire::terminate{});
    if (auto* const tracer = stream.tracer()) tracer->sent(out.bytes());
    stream.set_non_blocking();
    std::error_code ignored;
    (void)stream.write_some(out.bytes(), ignored);
    stream.close();
}

[[nodiscard]] attempt lost(transport& stream, std::error_code ec)
{
    const bool ended = ec == asio::error::eof;
    return {{},
            ended ? make_error_code(errc::connection_lost) : ec,
            diagnostics::client("asking the server of what kind it is failed: " +
                                    (ended ? "the server closed the connection" : stream.explain(ec)),
                                outcome::not_sent)};
}

/// The next message, or verdict::more when there is none that is whole.
[[nodiscard]] verdict next(session::attributes& machine, dialled& session, bool& waiting,
                           std::error_code& broken)
{
    wire::frame f;
    switch (session.inbox.next(f)) {
    case wire::framing::message:
        if (auto* const tracer = session.stream.tracer()) tracer->received(f);
        return machine.feed(f);
    case wire::framing::need_more:
        waiting = true;
        return verdict::more;
    case wire::framing::violation:
        break;
    }
    broken = session.inbox.error();
    return verdict::failed;
}

} // namespace

asio::awaitable<void> check_attributes(attempt& a, conn::session_kind wanted)
{
    dialled& session = *a.open;
    session::attributes machine(wanted, session.server);
    wire::buffer out;
    verdict v = machine.start(out);
    if (auto* const tracer = session.stream.tracer()) tracer->sent(out.bytes());
    std::error_code ec = co_await send_all(session.stream, out.bytes());
    std::error_code broken;
    while (v == verdict::more && !ec) {
        bool waiting = false;
        v = next(machine, session, waiting, broken);
        if (!waiting) continue;
        const std::size_t n = co_await session.stream.async_read_some(
            session.inbox.prepare(), asio::redirect_error(asio::use_awaitable, ec));
        session.inbox.commit(n);
    }
    if (v == verdict::fits && !ec) co_return;
    attempt why;
    if (ec && v == verdict::more)
        why = lost(session.stream, ec);
    else if (broken)
        why = {{}, broken, session.inbox.diag().with_outcome(outcome::not_sent)};
    else
        why = {{}, machine.error(), machine.diag().with_outcome(outcome::not_sent)};
    if (v == verdict::differs) take_leave(session.stream);
    a = std::move(why);
}

} // namespace tusk::net
