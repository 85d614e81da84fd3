// Distributed under the Boost Software License, Version 1.0.
#include "scripted/client.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <optional>

using namespace scripted;
using tusk::errc;
using tusk::outcome;

namespace {

constexpr auto terminal = asio::cancellation_type::terminal;

} // namespace

TEST(cancel, queued_request_is_never_seen_by_the_server)
{
    tusk::connection_options one_at_a_time;
    one_at_a_time.max_in_flight = 1;
    client c(one_at_a_time);
    gate asked;
    scripted_server server(scripted_server::session([&](peer& p) {
        EXPECT_NE(p.expect("PDBES")[0].body.find("select 1"), std::string::npos);
        asked.pass();
        p.send(first_answer(1));
        EXPECT_NE(p.expect("PDBES")[0].body.find("select 3"), std::string::npos);
        p.send(first_answer(3));
        p.expect("X");
        p.expect_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    asio::cancellation_signal stop;
    const number first = c.ask("select 1"), second = ask(c, "select 2", stop), third = c.ask("select 3");
    stop.emit(terminal);
    EXPECT_EQ(second.calls(), 0); // never from within the call
    c.wait(second);
    expect_failure(second, aborted, outcome::not_sent);
    EXPECT_EQ(first.calls() + third.calls(), 0);
    asked.open();
    c.wait(first, third);
    expect_number(first, 1);
    expect_number(third, 3);
    EXPECT_EQ(c.db.statistics().requests, 2U);
    EXPECT_FALSE(c.close().ec());
    EXPECT_EQ(second.calls(), 1);
}

TEST(cancel, sent_request_is_abandoned_and_its_answer_dropped)
{
    client c;
    gate cancelled;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        p.expect("PDBES");
        cancelled.pass();
        p.send(first_answer(1));
        p.send(first_answer(2));
        p.expect("BES"); // the abandoned request's statement was prepared all the same
        p.send(cached_answer(3));
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    asio::cancellation_signal stop;
    const number first = ask(c, "select 1", stop), second = c.ask("select 2");
    stop.emit(terminal);
    c.wait(first);
    expect_failure(first, aborted, outcome::unknown);
    EXPECT_EQ(second.calls(), 0);
    cancelled.open();
    c.wait(second);
    expect_number(second, 2);
    const number third = c.ask("select 1");
    c.wait(third);
    expect_number(third, 3);
    EXPECT_EQ(first.calls(), 1);
    c.drop();
}

TEST(cancel, in_the_middle_of_an_answer)
{
    client c;
    for (std::size_t sent = 1; sent < first_answer(1).size(); ++sent) {
        SCOPED_TRACE(sent);
        gate cancelled;
        scripted_server server(scripted_server::session([&](peer& p) {
            const auto answer = first_answer(1);
            const auto middle = answer.begin() + static_cast<std::ptrdiff_t>(sent);
            p.expect("PDBES");
            p.expect("PDBES");
            p.send(joined({answer.begin(), middle}) + notification(1, "middle", ""));
            cancelled.pass();
            p.send(joined({middle, answer.end()}));
            p.send(first_answer(2));
            p.wait_for_end();
        }));
        bool middle = false;
        c.db.on_notification([&](auto&&...) { middle = true; });
        ASSERT_TRUE(c.open(server.where()));
        asio::cancellation_signal stop;
        const number first = ask(c, "select 1", stop), second = c.ask("select 2");
        run_until(c.ctx, [&] { return middle; });
        stop.emit(terminal);
        c.wait(first);
        expect_failure(first, aborted, outcome::unknown);
        cancelled.open();
        c.wait(second);
        expect_number(second, 2);
        c.drop();
    }
}

TEST(cancel, all_types_do_the_same_and_after_the_end_nothing)
{
    client c;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBESBESBES");
        p.send(first_answer(1));
        p.send(cached_answer(2));
        p.send(cached_answer(3));
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    asio::cancellation_signal partial, total, late;
    const number first = ask(c, "select n", partial), second = ask(c, "select n", total),
                 third = ask(c, "select n", late);
    partial.emit(asio::cancellation_type::partial);
    total.emit(asio::cancellation_type::total);
    c.wait(first, second, third);
    expect_failure(first, aborted, outcome::unknown);
    expect_failure(second, aborted, outcome::unknown);
    expect_number(third, 3);
    late.emit(terminal); // it has completed
    run_ready(c.ctx);
    EXPECT_EQ(third.calls(), 1);
    EXPECT_TRUE(c.db.is_open());
    c.drop();
}

TEST(cancel, awaited_request_that_loses_against_a_timer)
{
    using namespace asio::experimental::awaitable_operators;
    client c;
    gate cancelled;
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        p.expect("PDBES");
        {
            peer asking = s.accept();
            asking.expect_cancel_request();
            cancelled.pass();
            p.send(first_answer(1));
        } // behind the answer, so that it is not asked for again
        p.expect("BES");
        p.send(cached_answer(2));
        p.wait_for_end();
    });
    ASSERT_TRUE(c.open(server.where()));
    std::optional<std::size_t> winner;
    std::int32_t afterwards = 0;
    const auto task = [&]() -> asio::awaitable<void> {
        asio::steady_timer soon(c.ctx, std::chrono::milliseconds(1));
        auto either =
            co_await (c.db.async_query_one<std::int32_t>("select n", tusk::throwing(asio::use_awaitable)) ||
                      soon.async_wait(asio::use_awaitable));
        winner = either.index();
        cancelled.open();
        afterwards = co_await c.db.async_query_one<std::int32_t>("select n");
    };
    asio::co_spawn(c.ctx, task, [](const std::exception_ptr& e) { EXPECT_FALSE(e); });
    run_until(c.ctx, [&] { return afterwards != 0; });
    EXPECT_EQ(winner, 1U);
    EXPECT_EQ(afterwards, 2);
    c.drop();
}

namespace {

/// Opens a connection that is cancelled at one moment of the login, then opens it again.
void cancel_connecting(const std::function<void(peer&, const std::function<void()>&)>& login)
{
    client c;
    asio::cancellation_signal stop;
    const std::function<void()> cancel = [&] { asio::post(c.ctx, [&] { stop.emit(terminal); }); };
    scripted_server server([&](scripted_server& s) {
        {
            peer p = s.accept();
            login(p, cancel);
            p.wait_for_end();
        }
        peer p = s.accept();
        p.login();
        p.wait_for_end();
    });
    event e;
    c.db.async_connect(server.where("password=secret"), asio::bind_cancellation_slot(stop.slot(), e));
    c.wait(e);
    expect_failure(e, aborted, outcome::not_sent);
    EXPECT_FALSE(c.db.is_open());
    EXPECT_TRUE(c.open(server.where()));
    EXPECT_EQ(e.calls(), 1);
    c.drop();
}

} // namespace

TEST(cancel, connecting_before_anything_was_said)
{
    client c;
    scripted_server server(scripted_server::session([](peer& p) { p.wait_for_end(); }));
    asio::cancellation_signal stop;
    event e;
    c.db.async_connect("host=127.0.0.1 user=ada port=1", asio::bind_cancellation_slot(stop.slot(), e));
    stop.emit(terminal);
    EXPECT_EQ(e.calls(), 0);
    c.wait(e);
    EXPECT_EQ(e.calls(), 1);
    EXPECT_TRUE(e.ec()); // refused, or cancelled before that was known
    EXPECT_TRUE(c.open(server.where()));
    c.drop();
}

TEST(cancel, connecting_to_who_does_not_accept)
{
    client c;
    gate over;
    asio::cancellation_signal stop;
    scripted_server server([&](scripted_server&) { over.pass(); }); // the kernel lets it in, nobody answers
    event e;
    c.db.async_connect(server.where(), asio::bind_cancellation_slot(stop.slot(), e));
    run_ready(c.ctx);
    stop.emit(terminal);
    c.wait(e);
    expect_failure(e, aborted, outcome::not_sent);
    over.open();
}

TEST(cancel, connecting_while_the_server_is_silent)
{
    cancel_connecting([](peer& p, const auto& cancel) {
        p.expect_startup();
        cancel();
    });
}

TEST(cancel, connecting_during_authentication)
{
    cancel_connecting([](peer& p, const auto& cancel) {
        p.expect_startup();
        p.send(authentication(10, cstring("SCRAM-SHA-256") + '\0'));
        p.expect("p");
        cancel();
    });
}

TEST(cancel, connecting_after_authentication)
{
    cancel_connecting([](peer& p, const auto& cancel) {
        p.expect_startup();
        p.send(authentication_ok() + parameter_status("server_version", "18.4"));
        cancel();
    });
}

TEST(cancel, connecting_to_the_last_of_several_hosts)
{
    const refusing_port nobody;
    client c;
    asio::cancellation_signal stop;
    scripted_server server(scripted_server::once([&](peer& p) {
        p.expect_startup();
        asio::post(c.ctx, [&] { stop.emit(terminal); });
        p.wait_for_end();
    }));
    event e;
    c.db.async_connect("host=127.0.0.1,127.0.0.1 user=ada port=" + nobody.port() + ',' + server.port(),
                       asio::bind_cancellation_slot(stop.slot(), e));
    c.wait(e);
    expect_failure(e, aborted, outcome::not_sent);
}

TEST(cancel, closing)
{
    client c;
    gate over;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        p.wait_for_end(); // without having answered
    }));
    ASSERT_TRUE(c.open(server.where()));
    const number pending = c.ask("select 1");
    asio::cancellation_signal stop;
    event closed;
    c.db.async_close(asio::bind_cancellation_slot(stop.slot(), closed));
    run_ready(c.ctx);
    EXPECT_EQ(pending.calls() + closed.calls(), 0);
    stop.emit(terminal);
    c.wait(pending, closed);
    expect_failure(pending, aborted, outcome::unknown);
    EXPECT_EQ(closed.calls(), 1);
    EXPECT_EQ(closed.ec(), aborted);
    EXPECT_FALSE(c.db.is_open());
}
