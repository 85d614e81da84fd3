// Distributed under the Boost Software License, Version 1.0.
#include "scripted/client.hpp"

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/use_future.hpp>
#include <asio/version.hpp>
#if ASIO_VERSION >= 102300
#include <asio/as_tuple.hpp>
#include <asio/deferred.hpp>
#else
#include <asio/experimental/as_tuple.hpp>
#include <asio/experimental/deferred.hpp>
#endif

#include <gtest/gtest.h>

#include <exception>
#include <future>
#include <memory>
#include <optional>
#include <utility>

using namespace scripted;
using tusk::errc;

namespace {

#if ASIO_VERSION >= 102300
namespace grown = asio;
#else
namespace grown = asio::experimental; // not yet
#endif

/// A server that answers "select n" with 1, 2, 3, ..., and another statement with an error; any number of times, one
/// after the other.
scripted_server::script counting()
{
    return scripted_server::session([](peer& p) {
        std::uint32_t n = 0;
        bool prepared = false;
        for (;;) {
            message m = p.expect_any();
            if (m.type == 'X' || !m.type) return p.wait_for_end();
            if (m.type == 'P' && m.body.find("select n") == std::string::npos) {
                p.expect("DBES");
                p.send(error_response("42601", "syntax error", "ERROR") + ready());
                continue;
            }
            p.expect(m.type == 'P' ? "DBES" : "ES");
            ++n;
            p.send(std::exchange(prepared, true) ? cached_answer(n) : first_answer(n));
        }
    });
}

/// Runs the coroutine to its end.
template <class Task>
void run(client& c, const Task& task)
{
    std::optional<std::exception_ptr> end;
    asio::co_spawn(c.ctx, task, [&](const std::exception_ptr& e) { end = e; });
    run_until(c.ctx, [&] { return end.has_value(); });
    if (!end || !*end) return;
    try {
        std::rethrow_exception(*end);
    } catch (const std::exception& e) {
        ADD_FAILURE() << e.what();
    }
}

template <class T>
T get(client& c, std::future<T> f)
{
    run_until(c.ctx, [&] { return f.wait_for(std::chrono::seconds(0)) == std::future_status::ready; });
    return f.get();
}

} // namespace

TEST(tokens, default_token)
{
    scripted_server server(counting());
    client c;
    run(c, [&]() -> asio::awaitable<void> {
        co_await c.db.async_connect(server.where());
        const std::int32_t n = co_await c.db.async_query_one<std::int32_t>("select n");
        EXPECT_EQ(n, 1);
        std::optional<std::int32_t> maybe = co_await c.db.async_query_optional<std::int32_t>("select n");
        EXPECT_EQ(maybe, 2);
        tusk::rows<std::int32_t> rows = co_await c.db.async_query<std::int32_t>("select n");
        EXPECT_EQ(rows.size(), 1U);
        tusk::result result = co_await c.db.async_query("select n");
        EXPECT_EQ(result.size(), 1U);
        tusk::command command = co_await c.db.async_execute("select n");
        EXPECT_EQ(command.tag(), "SELECT 1");
        bool thrown = false;
        try {
            co_await c.db.async_execute("nonsense");
        } catch (const tusk::error& e) {
            thrown = true;
            EXPECT_EQ(e.code(), tusk::sqlstate::syntax_error);
            EXPECT_EQ(e.diag().message(), "syntax error");
            EXPECT_FALSE(e.safe_to_retry());
        }
        EXPECT_TRUE(thrown);
        co_await c.db.async_close();
    });
}

TEST(tokens, use_awaitable)
{
    scripted_server server(counting());
    client c;
    run(c, [&]() -> asio::awaitable<void> {
        co_await c.db.async_connect(server.where(), asio::use_awaitable);
        tusk::single<std::int32_t> n =
            co_await c.db.async_query_one<std::int32_t>("select n", asio::use_awaitable);
        EXPECT_EQ(n.value(), 1);
        bool thrown = false;
        try {
            co_await c.db.async_execute("nonsense", asio::use_awaitable);
        } catch (const std::system_error& e) {
            thrown = true;
            EXPECT_EQ(e.code(), tusk::sqlstate::syntax_error);
        }
        EXPECT_TRUE(thrown);
        const std::int32_t plain =
            co_await c.db.async_query_one<std::int32_t>("select n", tusk::throwing(asio::use_awaitable));
        EXPECT_EQ(plain, 2);
        co_await c.db.async_close(asio::use_awaitable);
    });
}

TEST(tokens, use_future)
{
    scripted_server server(counting());
    client c;
    get(c, c.db.async_connect(server.where(), asio::use_future));
    tusk::single<std::int32_t> first =
        get(c, c.db.async_query_one<std::int32_t>("select n", asio::use_future));
    EXPECT_EQ(first.value(), 1);
    EXPECT_THROW((void)get(c, c.db.async_execute("nonsense", asio::use_future)), std::system_error);

    const auto throwing = tusk::throwing(asio::use_future);
    const std::int32_t second = get(c, c.db.async_query_one<std::int32_t>("select n", throwing));
    EXPECT_EQ(second, 2);
    try {
        (void)get(c, c.db.async_execute("nonsense", throwing));
        ADD_FAILURE() << "nothing was thrown";
    } catch (const tusk::error& e) {
        EXPECT_EQ(e.diag().message(), "syntax error");
    }
    get(c, c.db.async_close(throwing));
}

TEST(tokens, as_tuple)
{
    constexpr auto as_tuple = grown::as_tuple(asio::use_awaitable);
    scripted_server server(counting());
    client c;
    run(c, [&]() -> asio::awaitable<void> {
        auto [connect_error, connected] = co_await c.db.async_connect(server.where(), as_tuple);
        EXPECT_FALSE(connect_error) << connected.to_string();
        auto [ec, n] = co_await c.db.async_query_one<std::int32_t>("select n", as_tuple);
        EXPECT_FALSE(ec);
        EXPECT_EQ(n.value(), 1);
        auto [failed, command] = co_await c.db.async_execute("nonsense", as_tuple);
        EXPECT_EQ(failed, tusk::sqlstate::syntax_error);
        EXPECT_EQ(command.diag().message(), "syntax error");
        auto [exception, value] =
            co_await c.db.async_query_one<std::int32_t>("select n", tusk::throwing(as_tuple));
        EXPECT_FALSE(exception);
        EXPECT_EQ(value, 2);
        auto [second_exception, nothing] = co_await c.db.async_execute("nonsense", tusk::throwing(as_tuple));
        EXPECT_TRUE(second_exception);
        EXPECT_EQ(nothing.tag(), "");
    });
}

TEST(tokens, deferred)
{
    scripted_server server(counting());
    client c;
    ASSERT_TRUE(c.open(server.where()));
    number first;
    {
        std::string text = "select n";
        auto later = c.db.async_query_one<std::int32_t>(text, grown::deferred);
        text = "the operation has its own copy";
        run_ready(c.ctx);
        EXPECT_EQ(c.db.statistics().requests, 0U); // not begun
        std::move(later)(first);
    }
    c.wait(first);
    expect_number(first, 1);

    std::exception_ptr failure;
    std::int32_t second = 0;
    auto throwing = c.db.async_query_one<std::int32_t>("select n", tusk::throwing(grown::deferred));
    std::move(throwing)([&](std::exception_ptr e, std::int32_t n) {
        failure = std::move(e);
        second = n;
    });
    run_until(c.ctx, [&] { return second != 0; });
    EXPECT_FALSE(failure);
    EXPECT_EQ(second, 2);

    auto connecting = c.db.async_connect(server.where(), grown::deferred); // never begun: nothing happens
    (void)connecting;
}

TEST(tokens, detached)
{
    scripted_server server(counting());
    client c;
    ASSERT_TRUE(c.open(server.where()));
    c.db.async_execute("select n", asio::detached);
    c.db.async_execute("nonsense", asio::detached);
    c.db.async_execute("select n", tusk::throwing(asio::detached));
    const number n = c.ask("select n");
    c.wait(n);
    expect_number(n, 3);
    c.db.async_close(asio::detached);
    c.ctx.run();
    EXPECT_FALSE(c.db.is_open());
}

TEST(tokens, callback_of_throwing_and_move_only_handlers)
{
    scripted_server server(counting());
    client c;
    ASSERT_TRUE(c.open(server.where()));
    int calls = 0;
    c.db.async_query_one<std::int32_t>(
        "select n", [&, own = std::make_unique<int>(5)](std::error_code ec, const auto& value) {
            EXPECT_FALSE(ec);
            EXPECT_EQ(value.value() + *own, 6);
            ++calls;
        });
    c.db.async_query_one<std::int32_t>(
        "nonsense",
        tusk::throwing([&, own = std::make_unique<int>(5)](const std::exception_ptr& e, std::int32_t) {
            EXPECT_TRUE(e);
            ++calls;
        }));
    run_until(c.ctx, [&] { return calls == 2; });
}

TEST(tokens, every_operation_with_a_callback)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        p.send(first_answer(1));
        p.expect("BES");
        p.send(cached_answer(2));
        p.expect("BES");
        p.send(cached_answer(3));
        p.expect("BES");
        p.send({bind_complete(), command_complete("SELECT 0"), ready()});
        p.expect("BES");
        p.send(cached_answer(5));
        p.expect("DS"); // prepared already
        p.send(parameter_description() + row_description({"n"}) + ready());
        p.expect("BEBES");
        auto part = cached_answer(7);
        part.pop_back();
        p.send(part);
        p.send(cached_answer(8));
        p.expect("Q");
        p.send(command_complete("VACUUM") + ready());
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    answer<tusk::result> query;
    c.db.async_query("select n", query);
    answer<tusk::rows<std::int32_t>> rows;
    c.db.async_query<std::int32_t>("select n", rows);
    number one = c.ask("select n");
    answer<tusk::maybe<std::int32_t>> none;
    c.db.async_query_optional<std::int32_t>("select n", none);
    done executed;
    c.db.async_execute("select n", executed);
    answer<tusk::statement> prepared;
    c.db.async_prepare("select n", prepared);
    answer<tusk::batch_result> batch;
    tusk::batch two;
    two.add("select n").add("select n");
    c.db.async_run(std::move(two), batch);
    answer<tusk::batch_result> empty;
    c.db.async_run(tusk::batch(), empty);
    answer<tusk::script_result> script;
    c.db.async_script("vacuum", script);
    EXPECT_EQ(empty.calls(), 0); // never from within the call
    c.wait(query, rows, one, none, executed, prepared, batch, empty, script);
    EXPECT_EQ(query.value()[0][0].as<std::int32_t>(), 1);
    ASSERT_EQ(rows.value().size(), 1U);
    EXPECT_EQ(rows.value()[0], 2);
    expect_number(one, 3);
    EXPECT_FALSE(none.ec());
    EXPECT_FALSE(none.value().has_value());
    EXPECT_EQ(executed.value().tag(), "SELECT 1");
    ASSERT_TRUE(prepared.value().has_columns());
    EXPECT_EQ(prepared.value().columns().size(), 1U);
    ASSERT_EQ(batch.value().size(), 2U);
    EXPECT_EQ(batch.value()[1].value[0][0].as<std::int32_t>(), 8);
    EXPECT_FALSE(empty.ec());
    EXPECT_EQ(script.value().size(), 1U);
}
