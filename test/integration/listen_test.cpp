// Distributed under the Boost Software License, Version 1.0.
// LISTEN and NOTIFY: subscriptions of a connection.
#include "support.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>

#include <cstdio>

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::sql;
using waiting = reply<tusk::single<tusk::notification>>;

asio::awaitable<tusk::notification> next(tusk::subscription& s)
{
    tusk::notification n = co_await s.async_receive();
    co_return n;
}

/// What it fails with.
asio::awaitable<std::error_code> failure(tusk::subscription& s)
{
    auto [ec, n] = co_await s.async_receive(as_tuple);
    co_return ec;
}

asio::awaitable<std::error_code> listen_failure(tusk::connection& db, std::string channel)
{
    auto [ec, s] = co_await db.async_listen(channel, {}, as_tuple);
    EXPECT_EQ(!ec, s.is_open());
    co_return ec;
}

/// On how many channels the server notifies this session.
asio::awaitable<int> listening(tusk::connection& db)
{
    const int n = co_await db.async_query_one<int>("select count(*)::int4 from pg_listening_channels()");
    co_return n;
}

void expect_message(const tusk::notification& n, std::string_view channel, std::string_view payload)
{
    EXPECT_TRUE(n.is_message());
    EXPECT_EQ(n.channel, channel);
    EXPECT_EQ(n.payload, payload);
}

TEST(listen, beside_queries_in_order)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        const std::string channel = unique_name("odd \"name\" €; drop");
        tusk::subscription s = co_await db.async_listen(channel);
        EXPECT_EQ(s.channel(), channel);
        EXPECT_FALSE(s.try_receive());
        tusk::connection other(executor);
        co_await other.async_connect(where());
        waiting first(db);
        s.async_receive(first.token()); // waits while queries run
        co_await expect_usable(db);
        co_await notify(other, channel, "one");
        co_await first.wait();
        expect_message(*first.value(), channel, "one");
        EXPECT_EQ(first.value()->process_id, other.process_id());
        const std::vector<std::string> payloads{"", std::string(7999, 'x'), "€ ' \\"};
        for (const std::string& payload : payloads) {
            co_await notify(other, channel, payload);
            co_await expect_usable(db);
            const tusk::notification n = co_await next(s);
            expect_message(n, channel, payload);
        }
        // its own too, behind the answer to what sent it
        co_await notify(db, channel, "own");
        const auto own = s.try_receive();
        EXPECT_TRUE(own && own->payload == "own" && own->process_id == db.process_id());
        tusk::subscription moved = std::move(s);
        co_await notify(db, channel, "moved");
        const tusk::notification n = co_await next(moved);
        expect_message(n, channel, "moved");
        co_await other.async_close();
    });
}

TEST(listen, many_of_one_channel_and_many_channels)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string channel = unique_name("shared");
        int hooked = 0;
        db.on_notification([&](auto, auto, auto) { ++hooked; });
        tusk::subscription a = co_await db.async_listen(channel);
        const auto before = db.statistics().requests;
        tusk::subscription b = co_await db.async_listen(channel);
        EXPECT_EQ(db.statistics().requests, before); // the server knows
        co_await notify(db, channel, "both");
        EXPECT_TRUE(a.try_receive() && b.try_receive());
        a.close();
        co_await notify(db, channel, "b");
        const tusk::notification n = co_await next(b);
        expect_message(n, channel, "b");
        EXPECT_EQ(hooked, 2);
        b = {}; // the last: UNLISTEN is sent
        co_await notify(db, channel, "nobody");
        EXPECT_EQ(hooked, 2);

        std::vector<tusk::subscription> all;
        for (int i = 0; i < 200; ++i) {
            tusk::subscription s = co_await db.async_listen(channel + std::to_string(i));
            all.push_back(std::move(s));
        }
        co_await db.async_execute(
            sql("select pg_notify($1 || i, i::text) from generate_series(0, 199) i", channel));
        for (int i = 0; i < 200; ++i) {
            const auto got = all[static_cast<std::size_t>(i)].try_receive();
            EXPECT_TRUE(got && got->payload == std::to_string(i));
        }
        co_await all.back().async_unlisten();
        co_await all.back().async_unlisten(); // again
        all.resize(100);
        const int left = co_await listening(db);
        EXPECT_EQ(left, 100);
        all.clear();
        const int none = co_await listening(db);
        EXPECT_EQ(none, 0);
    });
}

/// Receives without doing anything else; how many came in their order.
asio::awaitable<int> receive_all(tusk::subscription& s, int until)
{
    int at = 0;
    while (at < until) {
        const tusk::notification n = co_await next(s);
        if (!n.is_message() || n.payload != std::to_string(at + 1)) break;
        ++at;
    }
    co_return at;
}

/// They share a LISTEN.
TEST(listen, many_at_once)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string channel = unique_name("at_once");
        std::vector<tusk::subscription> all;
        for (int round = 0; round < 20; ++round) {
            int left = 5;
            const auto before = db.statistics().requests;
            for (int i = 0; i < 5; ++i)
                db.async_listen(channel, [&](std::error_code ec, tusk::subscription s) {
                    EXPECT_FALSE(ec) << ec.message();
                    all.push_back(std::move(s));
                    --left;
                });
            co_await notify(db, channel, "x");
            EXPECT_EQ(left, 0);
            EXPECT_EQ(db.statistics().requests, before + (round > 0 ? 3 : 2)); // with the UNLISTEN before
            for (tusk::subscription& s : all) {
                const tusk::notification n = co_await next(s);
                expect_message(n, channel, "x");
            }
            const int on = co_await listening(db);
            EXPECT_EQ(on, 1);
            // UNLISTEN of the last and LISTEN of the next are in flight together
            if (round % 2) all.clear();
            for (tusk::subscription& s : all) s.async_unlisten([](auto&&...) {});
            all.clear();
        }
        const int on = co_await listening(db);
        EXPECT_EQ(on, 0);
    });
}

TEST(listen, a_flood_and_a_slow_reader)
{
    const int flood = wanted("TUSK_LISTEN_FLOOD", 20'000);
    run_test([&](tusk::connection& db) -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        const std::string channel = unique_name("flood");
        tusk::subscription s = co_await db.async_listen(channel, {.messages = 100, .bytes = 1000});
        tusk::subscription fast = co_await db.async_listen(channel);
        tusk::connection other(executor);
        co_await other.async_connect(where());
        const long idle = peak();
        reply<tusk::command> sent(other);
        other.async_execute(
            sql("select pg_notify($1, i::text) from generate_series(1, $2) i", channel, flood), sent.token());
        std::uint64_t lost = 0;
        int at = 0, events = 0, fast_at = -1;
        asio::steady_timer fast_done(executor, asio::steady_timer::time_point::max());
        asio::co_spawn(executor, receive_all(fast, flood), [&](std::exception_ptr, int n) {
            fast_at = n;
            fast_done.cancel();
        });
        while (at < flood) {
            const tusk::notification n = co_await next(s);
            if (n.is_lost()) {
                ++events;
                lost += n.lost;
                at += static_cast<int>(n.lost);
            } else if (n.payload != std::to_string(++at)) {
                ADD_FAILURE() << n.payload << " in place of " << at;
                break;
            }
            co_await expect_usable(db); // slow
        }
        EXPECT_EQ(at, flood);
        while (fast_at < 0) co_await fast_done.async_wait(as_tuple);
        EXPECT_EQ(fast_at, flood);
        EXPECT_GT(lost, 0u);
        EXPECT_FALSE(s.try_receive());
        EXPECT_LT(peak() - idle, 16 * 1024);
        std::printf("%d notifications, %llu lost at %d places, %ld kB\n", flood,
                    static_cast<unsigned long long>(lost), events, peak() - idle);
        co_await sent.wait();
        co_await other.async_close();
    });
}

TEST(listen, bad_names_and_bad_moments)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        const auto before = db.statistics().requests;
        const std::vector<std::string> names{"", std::string(64, 'x'), std::string("a\0b", 3), "\xff",
                                             "\xc3"};
        for (const std::string& name : names) {
            const std::error_code ec = co_await listen_failure(db, name);
            EXPECT_EQ(ec, errc::invalid_channel);
        }
        EXPECT_EQ(db.statistics().requests, before);
        const std::error_code longest = co_await listen_failure(db, std::string(63, 'x'));
        EXPECT_FALSE(longest);

        const std::string channel = unique_name("moments");
        co_await db.async_execute("begin");
        const std::error_code inside = co_await listen_failure(db, channel);
        EXPECT_EQ(inside, errc::already_in_transaction);
        co_await db.async_execute("commit");
        const int none = co_await listening(db);
        EXPECT_EQ(none, 0);

        tusk::subscription s = co_await db.async_listen(channel);
        waiting one(db), two(db);
        asio::cancellation_signal stop;
        s.async_receive(asio::bind_cancellation_slot(stop.slot(), one.token()));
        s.async_receive(two.token());
        co_await two.wait();
        EXPECT_EQ(two.ec(), errc::operation_pending);
        stop.emit(asio::cancellation_type::terminal);
        co_await one.wait();
        EXPECT_EQ(one.ec(), asio::error::operation_aborted);
        co_await notify(db, channel, "kept");
        const tusk::notification n = co_await next(s);
        expect_message(n, channel, "kept");

        tusk::connection closed(executor);
        const std::error_code unconnected = co_await listen_failure(closed, channel);
        EXPECT_EQ(unconnected, errc::not_connected);
        co_await expect_usable(db);
    });
}

TEST(listen, what_sql_does_is_noticed)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string a = unique_name("a"), b = unique_name("b");
        tusk::subscription one = co_await db.async_listen(a);
        tusk::subscription two = co_await db.async_listen(b);
        waiting pending(db);
        one.async_receive(pending.token());
        co_await db.async_execute("begin");
        co_await db.async_execute("unlisten " + a);
        co_await db.async_execute("rollback"); // nothing has happened
        co_await notify(db, a, "still");
        co_await pending.wait();
        EXPECT_EQ(pending.value()->payload, "still");
        co_await notify(db, a, "before");
        co_await db.async_execute("unlisten " + a);
        const tusk::notification n = co_await next(one);
        expect_message(n, a, "before");
        const std::error_code ended = co_await failure(one);
        EXPECT_EQ(ended, errc::already_ended);
        EXPECT_FALSE(one.is_open());
        co_await notify(db, b, "untouched");
        const tusk::notification m = co_await next(two);
        expect_message(m, b, "untouched");
        one = {};
        tusk::subscription again = co_await db.async_listen(a);
        co_await db.async_script("discard all");
        for (tusk::subscription* s : {&two, &again}) {
            const std::error_code ec = co_await failure(*s);
            EXPECT_EQ(ec, errc::already_ended);
        }
        co_await expect_usable(db);
    });
}

TEST(listen, the_end_of_the_session)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        const std::string channel = unique_name("end");
        for (const bool killed : {false, true}) {
            tusk::connection other(executor);
            co_await other.async_connect(where());
            tusk::subscription s = co_await other.async_listen(channel);
            tusk::subscription waits = co_await other.async_listen(channel + "2");
            waiting pending(other);
            waits.async_receive(pending.token());
            co_await notify(other, channel, "before the end");
            if (killed)
                co_await db.async_query(sql("select pg_terminate_backend($1)", other.process_id()));
            else
                co_await other.async_close();
            co_await pending.wait();
            const std::error_code expected =
                killed ? make_error_code(errc::connection_lost) : make_error_code(errc::not_connected);
            EXPECT_EQ(pending.ec(), expected);
            EXPECT_EQ(pending.diag().sqlstate(), killed ? "57P01" : ""); // in the server's words
            const tusk::notification n = co_await next(s);
            expect_message(n, channel, "before the end");
            const std::error_code ec = co_await failure(s);
            EXPECT_EQ(ec, expected);
            co_await other.async_connect(where()); // the old ones stay ended
            const std::error_code still = co_await failure(s);
            EXPECT_EQ(still, expected);
            const int none = co_await listening(other);
            EXPECT_EQ(none, 0);
            co_await other.async_close();
        }
    });
}

} // namespace
} // namespace tusk_test
