// Distributed under the Boost Software License, Version 1.0.
// Cancelling through slots, at any moment: every request one answer, its own; the connection stays usable.
#include "load.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/post.hpp>

#include <random>

using tusk::sql;
using namespace tusk_test;

namespace {

/// A request that can be cancelled.
struct cancellable : answer {
    asio::cancellation_signal signal;
};

void ask(tusk::connection& db, tusk::bound statement, cancellable& to, countdown& left)
{
    left.expect();
    db.async_query_one<int>(std::move(statement),
                            asio::bind_cancellation_slot(
                                to.signal.slot(), [&to, &left](std::error_code ec, tusk::single<int> value) {
                                    ++to.count;
                                    to.ec = ec;
                                    to.value = *value;
                                    to.diag = value.diag();
                                    left.arrive();
                                }));
}

/// `rounds` times: thousands of requests, some cancelled at once, some while answers come in. Gives the
/// number of those that were cancelled before they were sent.
asio::awaitable<std::size_t> storm(tusk::connection& db, unsigned seed, int rounds)
{
    constexpr std::size_t requests = 3'000;
    co_await db.async_execute("set log_min_messages = fatal");
    std::mt19937 random(seed); // the same each time
    std::size_t cancelled = 0;
    std::size_t unsent = 0;
    for (int round = 0; round < rounds; ++round) {
        std::vector<cancellable> all(requests);
        countdown left(db);
        countdown watched(db);
        const auto shoot = [&] {
            static constexpr asio::cancellation_type types[] = {asio::cancellation_type::terminal,
                                                                asio::cancellation_type::partial,
                                                                asio::cancellation_type::total};
            all[random() % requests].signal.emit(types[random() % 3]);
        };
        for (std::size_t i = 0; i < requests; ++i) {
            const int n = static_cast<int>(i);
            ask(db, sql("select $1::int4 / $2::int4", n, n % 10 ? 1 : 0), all[i], left);
            if (random() % 4 == 0) shoot(); // also those that are not made yet: nothing happens to them
            if (random() % 50 == 0) {       // an uncancelled one, whose handler cancels others
                watched.expect();
                db.async_query_one<int>(sql("select $1::int4", n),
                                        [&, n](std::error_code ec, tusk::single<int> v) {
                                            EXPECT_FALSE(ec);
                                            EXPECT_EQ(*v, n);
                                            for (int k = 0; k < 10; ++k) shoot();
                                            watched.arrive();
                                        });
            }
            if (random() % 500 == 0) co_await asio::post(db.get_executor(), asio::use_awaitable);
        }
        co_await left.wait();
        co_await watched.wait();
        for (std::size_t i = 0; i < requests; ++i) {
            const cancellable& a = all[i];
            require(a.count == 1, "one answer each");
            if (a.ec == asio::error::operation_aborted) {
                ++cancelled;
                if (a.diag.safe_to_retry()) ++unsent;
                EXPECT_NE(a.diag.outcome(), tusk::outcome::completed);
            } else if (i % 10 == 0) {
                EXPECT_EQ(a.ec, tusk::sqlstate::division_by_zero);
            } else {
                require(!a.ec && a.value == static_cast<int>(i), "its own answer");
            }
        }
        co_await expect_usable(db);
    }
    EXPECT_GT(cancelled, 100U);
    EXPECT_LT(cancelled, requests * static_cast<std::size_t>(rounds));
    co_return unsent;
}

} // namespace

TEST(Cancellation, ThousandsOfRequestsCancelledAtRandom)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> { co_await storm(db, 3, 3); });
}

TEST(Cancellation, TheSameWithFewInFlight)
{
    tusk::connection_options options;
    options.max_in_flight = 16;
    options.statement_cache_capacity = 1;
    run_test([](tusk::connection& db) -> asio::awaitable<void> { EXPECT_GT(co_await storm(db, 5, 2), 100U); },
             options);
}

TEST(Cancellation, AQueuedRequestIsNeverSeenByTheServer)
{
    tusk::connection_options options;
    options.max_in_flight = 1;
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            co_await db.async_script("create temp table seen(n int)");
            std::vector<cancellable> all(100);
            countdown left(db);
            for (std::size_t i = 0; i < all.size(); ++i)
                ask(db, sql("insert into seen values ($1) returning n", static_cast<int>(i)), all[i], left);
            for (std::size_t i = 1; i < all.size(); i += 2)
                all[i].signal.emit(asio::cancellation_type::terminal);
            co_await left.wait();
            for (std::size_t i = 0; i < all.size(); ++i) {
                EXPECT_EQ(all[i].count, 1);
                EXPECT_EQ(all[i].ec,
                          i % 2 ? make_error_code(asio::error::operation_aborted) : std::error_code());
                if (i % 2) EXPECT_TRUE(all[i].diag.safe_to_retry());
            }
            EXPECT_EQ(co_await db.async_query_one<int>("select count(*)::int4 from seen where n % 2 = 1"), 0);
            EXPECT_EQ(co_await db.async_query_one<int>("select count(*)::int4 from seen"), 50);
        },
        options);
}

TEST(Cancellation, ASentRequestIsAbandonedAndItsAnswerDropped)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::vector<cancellable> all(4);
        countdown left(db);
        ask(db, "select 7 from pg_sleep(0.2)", all[0], left); // at the head, on the wire
        ask(db, "select 1", all[1], left);
        ask(db, "select g from generate_series(1, 100000) g", all[2], left);
        ask(db, "select 3", all[3], left);
        all[0].signal.emit(asio::cancellation_type::terminal);
        all[2].signal.emit(asio::cancellation_type::terminal);
        co_await left.wait();
        EXPECT_EQ(all[0].ec, asio::error::operation_aborted);
        EXPECT_EQ(all[2].ec, asio::error::operation_aborted);
        EXPECT_EQ(all[1].value, 1);
        EXPECT_EQ(all[3].value, 3);
        all[0].signal.emit(asio::cancellation_type::terminal); // too late is harmless
        co_await expect_usable(db);
        for (const cancellable& a : all) EXPECT_EQ(a.count, 1);
    });
}

TEST(Cancellation, WhatIsBeingPreparedStaysPrepared)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::vector<cancellable> all(2);
        countdown left(db);
        ask(db, sql("select $1::int4 + 5", 1), all[0], left);
        ask(db, sql("select $1::int4 + 5", 2), all[1], left);
        all[0].signal.emit(asio::cancellation_type::terminal);
        co_await left.wait();
        EXPECT_EQ(all[0].ec, asio::error::operation_aborted);
        EXPECT_EQ(all[1].value, 7);
        EXPECT_EQ(co_await db.async_query_one<int>(sql("select $1::int4 + 5", 3)), 8);
        EXPECT_EQ(db.statistics().cache_misses, 1U);
    });
}

TEST(Cancellation, ARequestThatIsBeingHealed)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_query_one<int>("select 4");
        std::vector<cancellable> all(200);
        countdown left(db);
        left.expect();
        db.async_execute("do $$begin execute 'deallocate all'; end$$",
                         [&](std::error_code ec, const tusk::command&) {
                             EXPECT_FALSE(ec);
                             for (std::size_t i = 0; i < all.size(); i += 2)
                                 all[i].signal.emit(asio::cancellation_type::terminal);
                             left.arrive();
                         });
        for (cancellable& a : all) ask(db, "select 4", a, left);
        co_await left.wait();
        for (std::size_t i = 0; i < all.size(); ++i) {
            EXPECT_EQ(all[i].count, 1);
            if (all[i].ec)
                EXPECT_EQ(all[i].ec, asio::error::operation_aborted);
            else
                EXPECT_EQ(all[i].value, 4);
            if (i % 2) EXPECT_FALSE(all[i].ec);
        }
        co_await expect_usable(db);
    });
}
