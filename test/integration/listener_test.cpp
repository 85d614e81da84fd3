// Distributed under the Boost Software License, Version 1.0.
// The listener, which makes its connection anew.
#include "integration/own_servers.hpp"
#include "support.hpp"

#include <asio/error.hpp>

namespace tusk_test {
namespace {

using namespace std::chrono_literals;
using tusk::errc;
using tusk::sql;
using waiting = reply<tusk::single<tusk::notification>>;

/// Short pauses, and what went wrong in between.
tusk::listener_options hasty(std::vector<std::error_code>& failures)
{
    tusk::listener_options options;
    options.first_pause = 10ms;
    options.longest_pause = 50ms;
    options.on_failure = [&failures](std::error_code ec, const tusk::diagnostics&) {
        failures.push_back(ec);
    };
    return options;
}

asio::awaitable<void> expect_next(tusk::listener& from, std::string channel, std::string payload)
{
    const tusk::notification n = co_await from.async_receive();
    EXPECT_TRUE(n.is_message());
    EXPECT_EQ(n.channel, channel);
    EXPECT_EQ(n.payload, payload);
}

/// Returns how the connection was lost.
asio::awaitable<std::string> expect_gap(tusk::listener& from)
{
    const tusk::notification n = co_await from.async_receive();
    EXPECT_TRUE(n.is_gap());
    co_return std::string(n.cause.message());
}

asio::awaitable<std::error_code> listen_failure(tusk::listener& to, std::string channel)
{
    auto [ec, why] = co_await to.async_listen(channel, as_tuple);
    EXPECT_FALSE(ec && why.empty() && ec != asio::error::operation_aborted) << ec;
    co_return ec;
}

asio::awaitable<std::error_code> failure(tusk::listener& from)
{
    auto [ec, n] = co_await from.async_receive(as_tuple);
    co_return ec;
}

/// Ends the sessions that listen under this name; how many.
asio::awaitable<int> kill(tusk::connection& db, std::string name)
{
    const int n = co_await db.async_query_one<int>(
        sql("select count(pg_terminate_backend(pid))::int4 from pg_stat_activity where application_name = $1",
            name));
    co_return n;
}

TEST(listener, outlives_a_restart_of_the_server)
{
    own_servers own;
    const std::string where = "host=127.0.0.1 port=" + own.primary() + " user=tusk dbname=tusk";
    std::vector<std::error_code> failures;
    run_loop([&]() -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::listener events(executor, where, hasty(failures));
        co_await events.async_listen("a");
        co_await events.async_listen("\"B\"");
        co_await events.async_listen("gone");
        events.unlisten("gone");
        EXPECT_TRUE(events.is_listening());
        {
            tusk::connection db(executor);
            co_await db.async_connect(where);
            co_await notify(db, "a", "1");
            co_await notify(db, "\"B\"", "2");
            co_await notify(db, "gone", "not heard");
            co_await expect_next(events, "a", "1");
            co_await notify(db, "a", "3");
        }
        own.restart_primary();
        waiting pending(executor);
        co_await expect_next(events, "\"B\"", "2");
        co_await expect_next(events, "a", "3");
        const std::string cause = co_await expect_gap(events);
        EXPECT_EQ(cause, "terminating connection due to administrator command");
        EXPECT_TRUE(events.is_listening());
        tusk::connection db(executor);
        co_await db.async_connect(where);
        co_await notify(db, "gone", "after");
        co_await notify(db, "a", "after");
        co_await notify(db, "\"B\"", "after");
        co_await expect_next(events, "a", "after");
        co_await expect_next(events, "\"B\"", "after");

        events.async_receive(pending.token());
        own.stop_primary(); // for good: it goes on trying, until it is stopped
        while (failures.size() < 5) {
            asio::steady_timer until_it_has_tried(executor, 1ms);
            co_await until_it_has_tried.async_wait(as_tuple);
        }
        EXPECT_FALSE(events.is_listening());
        events.stop();
        co_await pending.wait();
        EXPECT_EQ(pending.ec(), asio::error::operation_aborted);
        const std::error_code stopped = co_await failure(events);
        EXPECT_EQ(stopped, errc::already_ended);
        const std::error_code no_more = co_await listen_failure(events, "a");
        EXPECT_EQ(no_more, errc::already_ended);
    });
    EXPECT_EQ(failures.front(), errc::connection_lost);
}

TEST(listener, a_gap_each_time_in_its_place)
{
    std::vector<std::error_code> failures;
    const std::string name = unique_name("killed"), channel = unique_name("often");
    run_test([&](tusk::connection& db) -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::listener events(executor, where("tusk", {}, via::tcp, "application_name=" + name),
                              hasty(failures));
        co_await events.async_listen(channel);
        for (int i = 0; i < 10; ++i) {
            co_await notify(db, channel, "before");
            co_await expect_next(events, channel, "before");
            waiting pending(executor);
            events.async_receive(pending.token());
            const int killed = co_await kill(db, name);
            EXPECT_EQ(killed, 1);
            co_await pending.wait();
            EXPECT_TRUE(pending.value()->is_gap());
            // a channel that comes later is listened to as the others are
            co_await events.async_listen(channel + std::to_string(i));
            co_await notify(db, channel + "0", "first");
            co_await expect_next(events, channel + "0", "first");
        }
    });
    EXPECT_EQ(failures, std::vector<std::error_code>(10, errc::connection_lost));
}

TEST(listener, a_first_connect_that_fails_and_one_that_is_refused_later)
{
    std::vector<std::error_code> failures;
    const std::string role = unique_name("leaves");
    run_test([&](tusk::connection& db) -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::listener malformed(executor, "nonsense", {});
        const std::error_code bad = co_await listen_failure(malformed, "a");
        EXPECT_EQ(bad, errc::invalid_conninfo);

        tusk::listener events(executor, where(role), hasty(failures));
        const std::error_code early = co_await failure(events);
        EXPECT_EQ(early, errc::not_connected);
        const std::error_code unknown = co_await listen_failure(events, "a");
        EXPECT_EQ(unknown, tusk::sqlstate::invalid_authorization_specification);
        const std::error_code name = co_await listen_failure(events, std::string(64, 'x'));
        EXPECT_EQ(name, errc::invalid_channel);
        co_await db.async_script("create role " + role + " login");
        co_await events.async_listen("a"); // tried again
        co_await notify(db, "a", "kept");
        co_await db.async_script("alter role " + role + " nologin");
        co_await db.async_query(
            sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1", role));
        co_await expect_next(events, "a", "kept");
        const std::error_code refused = co_await failure(events);
        EXPECT_EQ(refused, tusk::sqlstate::invalid_authorization_specification);
        EXPECT_FALSE(events.is_listening());

        co_await db.async_script("alter role " + role + " login");
        co_await events.async_listen("a"); // begins anew
        co_await notify(db, "a", "anew");
        co_await expect_next(events, "a", "anew");
        events.stop();
        co_await db.async_query(
            sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = $1", role));
        co_await db.async_script("drop role " + role);
    });
}

TEST(listener, destroyed_at_any_moment)
{
    const std::string to = where();
    for (const bool with_its_context : {false, true}) {
        bool listened = false;
        for (int turns = 0; !listened; ++turns) {
            const auto witness = std::make_shared<int>(0);
            int received = 0;
            {
                asio::io_context io;
                auto l = std::make_shared<tusk::listener>(io.get_executor(), to, tusk::listener_options{});
                l->async_listen("a", [&listened, witness](std::error_code ec, auto&&) {
                    listened = !ec;
                    if (ec) EXPECT_EQ(ec, asio::error::operation_aborted);
                });
                // what waits may own the listener, as a coroutine does
                auto kept = with_its_context ? l : nullptr;
                l->async_receive([&received, witness, kept = std::move(kept)](std::error_code ec, auto&&) {
                    ++received;
                    EXPECT_EQ(ec, asio::error::operation_aborted);
                });
                for (int i = 0; i < turns && !listened; ++i) io.run_one_for(10s);
                const bool was_listening = listened;
                l.reset();
                if (!with_its_context) {
                    io.run_for(10s);
                    EXPECT_TRUE(io.stopped());
                }
                listened = was_listening;
            }
            EXPECT_EQ(received, with_its_context ? 0 : 1) << turns;
            EXPECT_EQ(witness.use_count(), 1) << turns;
            require(turns < 1000, "an end");
        }
    }
}

} // namespace
} // namespace tusk_test
