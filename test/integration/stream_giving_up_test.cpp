// Distributed under the Boost Software License, Version 1.0.
// Streams whose readers stop, change their minds, or meet an error, at many moments; and streams of many rows.
#include "integration/load.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/post.hpp>

#include <deque>
#include <fstream>
#include <random>

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::sql;

constexpr unsigned seed = 20'261;

/// Lets what else is ready have its turn, this often.
asio::awaitable<void> yield(unsigned turns)
{
    auto executor = co_await asio::this_coro::executor;
    for (; turns; --turns) co_await asio::post(executor, asio::use_awaitable);
}

/// A stream of the numbers from 1 on, in rows of about 100 bytes.
tusk::bound numbers(int rows)
{
    return sql("select generate_series(1, $1::int4) as n, repeat('x', 90) as text", rows);
}

struct number {
    std::int32_t n;
    std::string text;
};

/// What the other end of the connection waits for.
asio::awaitable<std::string> waits_for(tusk::connection& other, int pid)
{
    auto event = co_await other.async_query_one<std::string>(
        sql("select coalesce(wait_event, '') from pg_stat_activity where pid = $1", pid));
    co_return event;
}

TEST(StreamGivingUp, ClosedWhileTheServerIsHeldBack)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const int pid = db.session().process_id;
        tusk::connection other(db.get_executor());
        co_await other.async_connect(where());
        auto s = co_await db.async_stream<number>(numbers(50'000'000));
        while (co_await waits_for(other, pid) != "ClientWrite") continue; // until its socket is full
        const auto received = db.statistics().bytes_received;
        const auto first = co_await s.async_next();
        require(first.has_value(), "there is a row");
        EXPECT_EQ(first->n, 1);
        s.close();
        EXPECT_FALSE(s.is_open());
        const auto closed = std::get<0>(co_await s.async_next(as_tuple));
        EXPECT_EQ(closed, errc::already_ended);
        co_await expect_usable(db);
        EXPECT_LT(received, 1u << 20);
        EXPECT_LT(db.statistics().bytes_received, 2'000'000'000u); // of 5 GB: the server was asked to stop,
                                                                   // though the request was made right behind
        co_await other.async_close();
    });
}

TEST(StreamGivingUp, InATransactionItIsReadToItsEndWhichSparesTheTransaction)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_execute("create temp table stream_kept(n int)");
        for (const bool by_sql : {false, true}) {
            std::optional<tusk::transaction> tx;
            if (by_sql)
                co_await db.async_execute("begin");
            else
                tx = co_await db.async_begin();
            const auto insert = [](auto& to) {
                return to.async_execute("insert into stream_kept values (1)");
            };
            if (by_sql) {
                co_await insert(db);
                auto s = co_await db.async_stream<number>(numbers(300'000));
                (void)co_await s.async_next();
            } else {
                co_await insert(*tx);
                auto s = co_await tx->async_stream<number>(numbers(300'000));
                (void)co_await s.async_next();
            }
            if (by_sql)
                co_await db.async_execute("commit");
            else
                co_await tx->async_commit();
        }
        const auto kept = co_await db.async_query_one<std::int64_t>("select count(*) from stream_kept");
        EXPECT_EQ(kept, 2);
    });
}

TEST(StreamGivingUp, AServerErrorBehindManyRows)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const int at : {1, 40'000, 99'999}) {
            auto s = co_await db.async_stream<number>(sql("select g as n, repeat(chr(119 + 1 / (g - $1)), "
                                                          "90) as text from generate_series(0, 100000) g",
                                                          at));
            int rows = 0;
            std::error_code end;
            while (!end) {
                auto [ec, some] = co_await s.async_next_rows(as_tuple);
                end = ec;
                for (const number& r : some) EXPECT_EQ(r.n, rows++);
                if (!ec) require(!some.empty(), "it ends with the error");
            }
            EXPECT_EQ(end, tusk::sqlstate::division_by_zero);
            EXPECT_EQ(rows, at);
            co_await expect_usable(db);
        }
    });
}

TEST(StreamGivingUp, NextCancelledAtRandomMomentsTakesNoRow)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::mt19937 random(seed);
        for (int round = 0; round < 20; ++round) {
            const int rows = static_cast<int>(random() % 3'000);
            auto s = co_await db.async_stream<number>(numbers(rows));
            int expected = 0;
            for (bool more = true; more;) {
                asio::cancellation_signal stop;
                reply<tusk::maybe<number>> next(db);
                s.async_next(asio::bind_cancellation_slot(stop.slot(), next.token()));
                if (random() % 2) {
                    co_await yield(random() % 4);
                    stop.emit(asio::cancellation_type::terminal);
                }
                co_await next.wait();
                if (next.ec()) {
                    EXPECT_EQ(next.ec(), asio::error::operation_aborted);
                } else {
                    more = next.value().has_value();
                    if (more) EXPECT_EQ(next.value()->n, ++expected);
                }
            }
            EXPECT_EQ(expected, rows);
            co_await expect_usable(db);
        }
    });
}

TEST(StreamGivingUp, AtRandomMomentsWithRequestsBehindIt)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::mt19937 random(seed);
        for (int round = 0; round < 60; ++round) {
            std::deque<answer> answers;
            countdown left(db);
            const auto ask_some = [&](unsigned n) {
                for (; n; --n) {
                    const int value = static_cast<int>(answers.size());
                    ask(db, sql("select $1::int4", value), answers.emplace_back(), left);
                }
            };
            {
                auto s = co_await db.async_stream<number>(numbers(static_cast<int>(random() % 200'000)));
                if (random() % 2) ask_some(1 + random() % 3); // sent behind it
                for (unsigned pieces = random() % 20; pieces; --pieces) {
                    auto some = co_await s.async_next_rows();
                    if (some.empty()) break;
                }
                co_await yield(random() % 4);
            }
            co_await yield(random() % 4);
            ask_some(1 + random() % 3);
            co_await left.wait();
            for (std::size_t i = 0; i < answers.size(); ++i) {
                EXPECT_EQ(answers[i].count, 1);
                EXPECT_FALSE(answers[i].ec);
                EXPECT_EQ(answers[i].value, static_cast<int>(i));
            }
        }
    });
}

/// The most that this process has held since the last call, in bytes; 0 under sanitizers, which keep what was freed.
std::size_t peak_since()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return 0;
#else
    std::size_t kb = 0;
    std::ifstream status("/proc/self/status");
    for (std::string word; status >> word;)
        if (word == "VmHWM:") status >> kb;
    std::ofstream("/proc/self/clear_refs") << 5;
    return kb * 1024;
#endif
}

TEST(StreamGivingUp, ManyRowsInConstantMemory)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        constexpr std::size_t limit = 16u << 20;
        const int rows = wanted("TUSK_STREAM_ROWS", 300'000);
        co_await db.async_for_each(numbers(1'000), [](tusk::row) {});
        (void)peak_since();
        const std::size_t idle = peak_since();
        std::int64_t n = 0;
        auto pieces = co_await db.async_stream<number>(numbers(rows));
        for (auto some = co_await pieces.async_next_rows(); !some.empty();
             some = co_await pieces.async_next_rows())
            for (const number& r : some) n += r.n == n + 1;
        EXPECT_EQ(n, rows);
        const std::size_t typed = peak_since();
        EXPECT_LT(typed, idle + limit);

        auto dynamic = co_await db.async_stream(numbers(rows));
        n = 0;
        while (const std::optional<tusk::row> r = co_await dynamic.async_next())
            n += (*r)["n"].as<int>() == n + 1;
        EXPECT_EQ(n, rows);
        const std::size_t one_by_one = peak_since();
        EXPECT_LT(one_by_one, idle + limit);
        std::printf("%d rows: %zu KiB above %zu KiB in pieces, %zu KiB one by one\n", rows,
                    (typed - std::min(typed, idle)) / 1024, idle / 1024,
                    (one_by_one - std::min(one_by_one, idle)) / 1024);
    });
}

} // namespace
} // namespace tusk_test
