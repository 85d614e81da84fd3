// Distributed under the Boost Software License, Version 1.0.
// What only a newer Asio has: nothing is compiled here with an older one.
#include <asio/version.hpp>

#if ASIO_VERSION >= 103100

#include "scripted/client.hpp"

#include <asio/any_completion_handler.hpp>
#include <asio/as_tuple.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/bind_immediate_executor.hpp>
#include <asio/cancel_after.hpp>
#include <asio/co_spawn.hpp>
#include <asio/deferred.hpp>
#include <asio/error.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/experimental/parallel_group.hpp>
#include <asio/steady_timer.hpp>
#include <asio/system_executor.hpp>
#include <asio/use_awaitable.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <tuple>
#include <variant>

using namespace scripted;
using namespace std::chrono_literals;
using tusk::errc;

namespace {

/// Whatever the coroutine ends with.
template <class Task>
std::exception_ptr run(client& c, const Task& task)
{
    std::optional<std::exception_ptr> end;
    asio::co_spawn(c.ctx, task, [&](const std::exception_ptr& e) { end = e; });
    run_until(c.ctx, [&] { return end.has_value(); });
    return end ? *end : nullptr;
}

void expect_no_exception(const std::exception_ptr& e)
{
    if (!e) return;
    try {
        std::rethrow_exception(e);
    } catch (const std::exception& what) {
        ADD_FAILURE() << what.what();
    }
}

std::error_code code_of(const std::exception_ptr& e)
{
    if (!e) return {};
    try {
        std::rethrow_exception(e);
    } catch (const std::system_error& what) {
        return what.code();
    } catch (...) {
        return make_error_code(errc::visitor_failed);
    }
}

/// So often a request that ends only when the server is asked to, and then one that is answered with 8.
scripted_server::script unwilling(int times)
{
    return [times](scripted_server& s) {
        peer p = s.accept();
        p.login();
        for (int i = 0; i < times; ++i) {
            p.expect("PDBES");
            {
                peer asking = s.accept();
                asking.expect_cancel_request();
                p.send(error_response("57014", "canceling statement due to user request") + ready());
            }
            p.expect(i == 0 ? "PDBES" : "BES");
            p.send(i == 0 ? first_answer(8) : cached_answer(8));
        }
        p.wait_for_end();
    };
}

void expect_usable(client& c)
{
    const number n = c.ask("select 8");
    c.wait(n);
    expect_number(n, 8);
    c.drop();
}

} // namespace

TEST(newer_asio, cancel_after_ends_the_request_and_nothing_else)
{
    client c;
    scripted_server server(unwilling(5));
    ASSERT_TRUE(c.open(server.where()));
    const auto ask = [&](auto token) { return c.db.async_query_one<std::int32_t>("select 1", token); };
    // what it fails with; the request behind it waits until the server has ended it
    const auto failure_of = [&](auto token) -> asio::awaitable<std::error_code> {
        std::error_code failure;
        try {
            co_await ask(token);
        } catch (const std::system_error& e) {
            failure = e.code();
            if (const auto* full = dynamic_cast<const tusk::error*>(&e))
                EXPECT_EQ(full->diag().outcome(), tusk::outcome::unknown);
        }
        co_await c.db.async_execute("select 8");
        co_return failure;
    };
    expect_no_exception(run(c, [&]() -> asio::awaitable<void> {
        std::error_code failure = co_await failure_of(asio::cancel_after(1ms));
        EXPECT_EQ(failure, aborted);
        failure = co_await failure_of(asio::cancel_after(1ms, tusk::default_token()));
        EXPECT_EQ(failure, aborted);
        failure = co_await failure_of(tusk::throwing(asio::cancel_after(1ms)));
        EXPECT_EQ(failure, aborted);
        failure = co_await failure_of(asio::cancel_after(1ms, asio::use_awaitable));
        EXPECT_EQ(failure, aborted);
        auto [ec, value] = co_await ask(asio::cancel_after(1ms, asio::as_tuple(asio::deferred)));
        EXPECT_EQ(ec, aborted);
        EXPECT_EQ(value.diag().outcome(), tusk::outcome::unknown);
    }));
    expect_usable(c);
}

TEST(newer_asio, cancel_after_that_comes_too_late)
{
    client c;
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        p.send(first_answer(1));
        p.expect("BES");
        p.send(cached_answer(2));
        p.expect("PDBES");
        p.send(first_answer(8));
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    expect_no_exception(run(c, [&]() -> asio::awaitable<void> {
        const std::int32_t n = co_await c.db.async_query_one<std::int32_t>(
            "select n", asio::cancel_after(1h, tusk::default_token()));
        EXPECT_EQ(n, 1);
        const tusk::result r = co_await c.db.async_query("select n", asio::cancel_after(1h));
        EXPECT_EQ(r.size(), 1U);
    }));
    expect_usable(c);
    run_ready(c.ctx);
    EXPECT_TRUE(c.ctx.stopped()); // no timer is left
}

TEST(newer_asio, cancel_after_while_connecting)
{
    client c;
    gate over;
    scripted_server server([&](scripted_server&) { over.pass(); });
    const auto failure = run(c, [&]() -> asio::awaitable<void> {
        co_await c.db.async_connect(server.where(), asio::cancel_after(1ms));
    });
    EXPECT_EQ(code_of(failure), aborted);
    over.open();
}

TEST(newer_asio, cancel_after_of_a_whole_coroutine)
{
    client c;
    scripted_server server(unwilling(1));
    ASSERT_TRUE(c.open(server.where()));
    std::optional<std::exception_ptr> end;
    asio::co_spawn(
        c.ctx, [&]() -> asio::awaitable<void> { co_await c.db.async_execute("select 1"); },
        asio::cancel_after(1ms, [&](const std::exception_ptr& e) { end = e; }));
    run_until(c.ctx, [&] { return end.has_value(); });
    EXPECT_EQ(code_of(*end), aborted);
    expect_usable(c);
}

TEST(newer_asio, default_token_is_lazy)
{
    client c;
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        p.send(first_answer(1));
        p.expect("PDBES");
        p.send(first_answer(8));
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    expect_no_exception(run(c, [&]() -> asio::awaitable<void> {
        auto later = c.db.async_query_one<std::int32_t>("select n");
        EXPECT_EQ(c.db.statistics().requests, 0U);
        const std::int32_t n = co_await std::move(later);
        EXPECT_EQ(n, 1);
        (void)c.db.async_execute("never"); // awaited by nobody, so never begun
    }));
    expect_usable(c);
}

TEST(newer_asio, composed_cancellation)
{
    using namespace asio::experimental::awaitable_operators;
    client c;
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        p.expect("PDBES");
        p.expect("BES");
        p.send(first_answer(1));
        p.send(cached_answer(2));
        for (int i = 0; i < 2; ++i) {
            p.expect("PDBES");
            {
                peer asking = s.accept();
                asking.expect_cancel_request();
                p.send(error_response("57014", "canceling statement due to user request") + ready());
            }
            p.expect("BES");
            p.send(cached_answer(8));
        }
        p.wait_for_end();
    });
    ASSERT_TRUE(c.open(server.where()));
    expect_no_exception(run(c, [&]() -> asio::awaitable<void> {
        const auto ask = [&](const char* sql) {
            return c.db.async_query_one<std::int32_t>(sql, tusk::throwing(asio::use_awaitable));
        };
        auto [one, two] = co_await (ask("select n") && ask("select n"));
        EXPECT_EQ(one, 1);
        EXPECT_EQ(two, 2);
        asio::steady_timer timer(c.ctx, 1ms);
        const std::variant<std::int32_t, std::monostate> first =
            co_await (ask("select 1") || timer.async_wait(asio::use_awaitable));
        EXPECT_EQ(first.index(), 1U);
        co_await ask("select n"); // behind it
        timer.expires_after(1ms);
        auto [order, failure, value, timer_ec] =
            co_await asio::experimental::make_parallel_group(
                c.db.async_query_one<std::int32_t>("select 2", asio::deferred),
                timer.async_wait(asio::deferred))
                .async_wait(asio::experimental::wait_for_one(), asio::deferred);
        EXPECT_EQ(order[0], 1U);
        EXPECT_EQ(failure, aborted);
        EXPECT_FALSE(timer_ec);
        const std::int32_t last = co_await ask("select n");
        EXPECT_EQ(last, 8);
    }));
    c.drop();
}

TEST(newer_asio, immediate_executor_is_not_used)
{
    client c;
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        p.send(first_answer(8));
        p.wait_for_end();
    }));
    number unconnected;
    c.db.async_query_one<std::int32_t>("select 1",
                                       asio::bind_immediate_executor(asio::system_executor(), unconnected));
    EXPECT_EQ(unconnected.calls(), 0); // never from within the call
    c.wait(unconnected);
    EXPECT_EQ(unconnected.ec(), errc::not_connected);
    ASSERT_TRUE(c.open(server.where()));
    number refused;
    c.db.async_query_one<std::int32_t>(std::string("\0", 1),
                                       asio::bind_immediate_executor(asio::system_executor(), refused));
    EXPECT_EQ(refused.calls(), 0);
    c.wait(refused);
    EXPECT_EQ(refused.ec(), errc::nul_in_text);
    expect_usable(c);
}

TEST(newer_asio, any_completion_handler)
{
    using handler = asio::any_completion_handler<void(std::error_code, tusk::single<std::int32_t>)>;
    client c;
    scripted_server server(unwilling(1));
    ASSERT_TRUE(c.open(server.where()));
    asio::cancellation_signal stop;
    number n;
    c.db.async_query_one<std::int32_t>("select 1", handler(asio::bind_cancellation_slot(stop.slot(), n)));
    stop.emit(asio::cancellation_type::terminal);
    EXPECT_EQ(n.calls(), 0);
    c.wait(n);
    expect_failure(n, aborted, tusk::outcome::unknown);
    number last;
    c.db.async_query_one<std::int32_t>("select 8", handler(last));
    c.wait(last);
    expect_number(last, 8);
    c.drop();
}

#endif
