// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>

namespace tusk_test {

struct streamed {
    std::int32_t n;
    std::string text;
};

namespace {

using tusk::errc;
using tusk::sql;

constexpr const char* thousand = "select g as n, 'row ' || g as text from generate_series(1, 1000) g";
constexpr const char* million =
    "select g as n, 'row number ' || g as text from generate_series(1, 1000000) g";

TEST(Stream, OneRowAfterTheOther)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto s = co_await db.async_stream<streamed>(thousand);
        EXPECT_EQ(s.columns().size(), 2u);
        int rows = 0, right = 0;
        while (std::optional<streamed> r = co_await s.async_next()) {
            ++rows;
            right += r->n == rows && r->text == "row " + std::to_string(rows);
        }
        EXPECT_EQ(rows, 1000);
        EXPECT_EQ(right, 1000);
        EXPECT_EQ(s.done().tag(), "SELECT 1000");
        const bool more = (co_await s.async_next()).has_value(); // asked again
        EXPECT_FALSE(more);
        co_await expect_usable(db);
    });
}

TEST(Stream, PiecesOfRowsOfAnyShape)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto s = co_await db.async_stream(thousand);
        std::int64_t sum = 0, rows = 0;
        const std::optional<tusk::row> first = co_await s.async_next();
        require(first.has_value(), "there is a row");
        sum += (*first)["n"].as<int>();
        ++rows;
        for (tusk::result some = co_await s.async_next_rows(); !some.empty();
             some = co_await s.async_next_rows())
            for (const tusk::row r : some) {
                sum += r["n"].as<int>();
                ++rows;
            }
        EXPECT_EQ(rows, 1000);
        EXPECT_EQ(sum, 500'500);
        auto none = co_await db.async_stream<int>("select 1 where false");
        const bool any = (co_await none.async_next()).has_value();
        EXPECT_FALSE(any);
        auto effect = co_await db.async_stream("create temp table stream_t(n int)");
        const bool empty = (co_await effect.async_next_rows()).empty();
        EXPECT_TRUE(empty);
        EXPECT_EQ(effect.done().tag(), "CREATE TABLE");
    });
}

TEST(Stream, AMillionRowsInConstantMemory)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_for_each(thousand, [](tusk::row) {});
        const long before = peak();
        std::int64_t rows = 0, sum = 0;
        auto s = co_await db.async_stream<streamed>(million);
        for (auto some = co_await s.async_next_rows(); !some.empty(); some = co_await s.async_next_rows()) {
            rows += static_cast<std::int64_t>(some.size());
            for (const streamed& r : some) sum += r.n;
        }
        EXPECT_EQ(rows, 1'000'000);
        EXPECT_EQ(sum, 500'000'500'000);
        EXPECT_LT(peak() - before, 16 * 1024);
    });
}

TEST(Stream, AReaderThatStopsHoldsTheServerBack)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto s = co_await db.async_stream<streamed>(million);
        reply<tusk::single<int>> behind(db);
        db.async_query_one<int>("select 42", behind.token());
        tusk::connection other(db.get_executor());
        co_await other.async_connect(where());
        for (int i = 0; i < 200; ++i)
            co_await expect_usable(other); // enough for a server that nobody holds back
        co_await other.async_close();
        EXPECT_LT(db.statistics().bytes_received, 1u << 20);
        EXPECT_EQ(behind.answers(), 0);
        std::int64_t rows = 0;
        for (auto some = co_await s.async_next_rows(); !some.empty(); some = co_await s.async_next_rows())
            rows += static_cast<std::int64_t>(some.size());
        EXPECT_EQ(rows, 1'000'000);
        co_await behind.wait();
        EXPECT_EQ(behind.value().value(), 42);
    });
}

TEST(Stream, GivenUpEarlyTheConnectionStaysUsable)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const int taken : {0, 1, 500, 5'000}) {
            auto s = co_await db.async_stream<streamed>("select g as n, 'row ' || g as text "
                                                        "from generate_series(1, 50000) g");
            for (int i = 0; i < taken; ++i) (void)co_await s.async_next();
            if (taken % 2)
                s.close();
            else
                s = {};
            co_await expect_usable(db);
        }
    });
}

TEST(Stream, ErrorsBeforeBetweenAndBehindTheRows)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto syntax = std::get<0>(co_await db.async_stream("selec 1", as_tuple));
        EXPECT_EQ(syntax, tusk::sqlstate::syntax_error);
        const auto shape = std::get<0>(co_await db.async_stream<int>("select 'a'", as_tuple));
        EXPECT_EQ(shape, errc::column_mismatch);
        auto late = co_await db.async_stream<int>("select 10 / (5 - g) from generate_series(1, 9) g");
        int rows = 0;
        std::error_code end;
        while (!end) {
            auto [ec, n] = co_await late.async_next(as_tuple);
            end = ec;
            if (!ec && !n) break;
            rows += !ec;
        }
        EXPECT_EQ(end, tusk::sqlstate::division_by_zero);
        EXPECT_EQ(rows, 4);
        const auto again = std::get<0>(co_await late.async_next(as_tuple));
        EXPECT_EQ(again, tusk::sqlstate::division_by_zero);
        co_await expect_usable(db);

        auto nulls = co_await db.async_stream<int>("values (1), (null), (3)");
        const auto one = co_await nulls.async_next();
        EXPECT_EQ(one, 1);
        const auto null = std::get<0>(co_await nulls.async_next(as_tuple));
        EXPECT_EQ(null, errc::unexpected_null);
        const auto three = co_await nulls.async_next(); // it goes on behind the row
        EXPECT_EQ(three, 3);
        const auto copy = std::get<0>(co_await db.async_stream("copy (select 1) to stdout", as_tuple));
        EXPECT_EQ(copy, errc::unexpected_copy);
        co_await expect_usable(db);
    });
}

TEST(Stream, OneOperationAtATimeAndCancellation)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        // the server sends what is beyond its buffer of 8 KiB: the first row, before it sleeps
        auto s = co_await db.async_stream<std::string>(
            "select repeat('x', 9000) from generate_series(1, 3) g, "
            "lateral (select pg_sleep(case g when 3 then 0.3 else 0 end)) x");
        (void)co_await s.async_next();
        reply<tusk::maybe<std::string>> first(db), second(db);
        asio::cancellation_signal stop;
        s.async_next(asio::bind_cancellation_slot(stop.slot(), first.token()));
        s.async_next(second.token());
        co_await second.wait();
        EXPECT_EQ(second.ec(), errc::operation_pending);
        EXPECT_EQ(first.answers(), 0);
        stop.emit(asio::cancellation_type::terminal);
        co_await first.wait();
        EXPECT_EQ(first.ec(), asio::error::operation_aborted);
        int rows = 1;
        while (co_await s.async_next()) ++rows; // it took no row
        EXPECT_EQ(rows, 3);
        co_await expect_usable(db);
    });
}

TEST(Stream, RequestsBesideItGetTheirOwnAnswers)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (int round = 0; round < 20; ++round) {
            auto s = co_await db.async_stream<int>(sql("select generate_series(1, $1::int4)", round * 100));
            reply<tusk::single<int>> other(db);
            db.async_query_one<int>(sql("select $1::int4", round), other.token());
            int rows = 0;
            while (co_await s.async_next()) ++rows;
            EXPECT_EQ(rows, round * 100);
            co_await other.wait();
            EXPECT_EQ(other.value().value(), round);
        }
    });
}

} // namespace
} // namespace tusk_test
