// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>

#include <array>
#include <cstddef>
#include <limits>
#include <vector>

namespace tusk_test {

struct owned_row {
    std::int32_t n;
    std::string text;
};

namespace {

using tusk::errc;
using tusk::sql;

constexpr const char* ten = "select g as n, 'row ' || g as text from generate_series(1, 10) g";

/// How many portals of cursors the session has open.
template <class Queries>
asio::awaitable<std::int64_t> open_portals(Queries& of)
{
    auto n = co_await of.template async_query_one<std::int64_t>(
        "select count(*) from pg_cursors where name like 'tusk_cursor_%'");
    co_return n;
}

TEST(Cursor, OtherRequestsRunBetweenFetches)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto tx = co_await db.async_begin();
        co_await tx.async_execute("create temp table cursor_seen(n int) on commit drop");
        auto rows = co_await tx.async_cursor<owned_row>(ten);
        EXPECT_TRUE(rows.is_open());
        EXPECT_EQ(rows.columns().at(1).name, "text");
        std::vector<std::size_t> sizes;
        for (auto some = co_await rows.async_fetch(4); !some.empty(); some = co_await rows.async_fetch(4)) {
            EXPECT_EQ(some.tag(), some.size() == 4 ? "" : "SELECT 2");
            sizes.push_back(some.size());
            for (const owned_row& r : some) {
                EXPECT_EQ(r.text, "row " + std::to_string(r.n));
                co_await tx.async_execute(sql("insert into cursor_seen values ($1)", r.n));
            }
        }
        EXPECT_EQ(sizes, (std::vector<std::size_t>{4, 4, 2}));
        EXPECT_TRUE(rows.at_end());
        const auto sum = co_await tx.async_query_one<std::int64_t>("select sum(n) from cursor_seen");
        EXPECT_EQ(sum, 55);
        const bool none = (co_await rows.async_fetch(4)).empty(); // asked again
        EXPECT_TRUE(none);
        co_await tx.async_commit();
        co_await expect_usable(db);
    });
}

TEST(Cursor, OfAnyShapeWithParametersAndAtItsExactEnd)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto tx = co_await db.async_begin();
        auto rows = co_await tx.async_cursor(sql("select g as n from generate_series(1, $1::int4) g", 6));
        int n = 0;
        for (int fetch = 0; fetch < 2; ++fetch) {
            const tusk::result three = co_await rows.async_fetch(3);
            EXPECT_EQ(three.size(), 3u);
            for (const tusk::row r : three) EXPECT_EQ(r["n"].as<int>(), ++n);
        }
        EXPECT_FALSE(rows.at_end()); // only the server knows that there are just as many
        for (int again = 0; again < 2; ++again) {
            const tusk::result end = co_await rows.async_fetch(3);
            EXPECT_TRUE(end.empty());
            EXPECT_TRUE(rows.at_end());
            EXPECT_EQ(end.columns().size(), 1u);
        }
        auto nothing = co_await tx.async_cursor<int>("select 1 where false");
        const bool empty = (co_await nothing.async_fetch(1)).empty();
        EXPECT_TRUE(empty);
        EXPECT_TRUE(nothing.at_end());
        auto one = co_await tx.async_cursor<int>("values (42)");
        const auto all = co_await one.async_fetch(std::numeric_limits<std::int32_t>::max());
        EXPECT_EQ(all.front(), 42);
        EXPECT_TRUE(one.at_end());
        auto shown = co_await tx.async_cursor<std::string>("explain select 1"); // no select, but it has rows
        const bool plan = (co_await shown.async_fetch(9)).empty();
        EXPECT_FALSE(plan);
        co_await tx.async_rollback();
    });
}

TEST(Cursor, SeveralAtOnceAndPipelined)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto tx = co_await db.async_begin();
        auto a = co_await tx.async_cursor<int>(sql("select generate_series($1::int4, 100)", 1));
        auto b = co_await tx.async_cursor<int>(
            sql("select generate_series($1::int4, 100)", 51)); // of one statement
        std::vector<reply<tusk::rows<int>>> fetched;
        std::vector<reply<tusk::single<int>>> between;
        for (int i = 0; i < 30; ++i) {
            fetched.emplace_back(db);
            (i % 2 ? b : a).async_fetch(5, fetched.back().token());
            between.emplace_back(db);
            tx.async_query_one<int>(sql("select $1::int4", i), between.back().token());
        }
        co_await between.back().wait();
        for (int i = 0; i < 30; ++i) {
            const auto& r = fetched[static_cast<std::size_t>(i)];
            EXPECT_FALSE(r.ec());
            EXPECT_EQ(between[static_cast<std::size_t>(i)].value().value(), i);
            const int first = (i % 2 ? 51 : 1) + i / 2 * 5; // the end of b is beyond its tenth fetch
            if (i % 2 && i / 2 >= 10) {
                EXPECT_TRUE(r.value().empty());
            } else {
                require(r.value().size() == 5, "five rows");
                EXPECT_EQ(r.value().front(), first);
            }
        }
        EXPECT_FALSE(a.at_end());
        EXPECT_TRUE(b.at_end());
        co_await tx.async_commit();
    });
}

TEST(Cursor, GoingOutOfScopeClosesThePortal)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto tx = co_await db.async_begin();
        auto kept = co_await tx.async_cursor<int>("select generate_series(1, 100)");
        reply<tusk::rows<int>> asked(db);
        {
            auto gone = co_await tx.async_cursor<int>("select generate_series(1, 100)");
            const auto some = co_await gone.async_fetch(5);
            EXPECT_EQ(some.size(), 5u);
            const std::int64_t open = co_await open_portals(tx);
            EXPECT_EQ(open, 2);
            gone.async_fetch(5, asked.token());
        }
        const std::int64_t left = co_await open_portals(tx);
        EXPECT_EQ(left, 1);
        EXPECT_FALSE(asked.ec()); // it was asked before
        EXPECT_EQ(asked.value().front(), 6);
        kept = co_await tx.async_cursor<int>("select generate_series(7, 9)"); // closes the one before
        auto moved = std::move(kept);
        EXPECT_FALSE(kept.is_open());
        const std::int64_t one = co_await open_portals(tx);
        EXPECT_EQ(one, 1);
        const auto seven = co_await moved.async_fetch(1);
        EXPECT_EQ(seven.front(), 7);
        co_await moved.async_close();
        EXPECT_FALSE(moved.is_open());
        const std::int64_t none = co_await open_portals(tx);
        EXPECT_EQ(none, 0);
        const auto closed = std::get<0>(co_await moved.async_fetch(1, as_tuple));
        EXPECT_EQ(closed, errc::already_ended);
        co_await moved.async_close(); // closing what is closed
        co_await tx.async_commit();
    });
}

TEST(Cursor, BehindTheEndOfItsTransaction)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::optional<tusk::cursor<int>> outlives;
        for (const bool commit : {true, false}) {
            auto tx = co_await db.async_begin();
            auto rows = co_await tx.async_cursor<int>("select generate_series(1, 100)");
            (void)co_await rows.async_fetch(1);
            if (commit)
                co_await tx.async_commit();
            else
                co_await tx.async_rollback();
            const auto over = std::get<0>(co_await rows.async_fetch(1, as_tuple));
            EXPECT_EQ(over, errc::transaction_over);
            if (commit)
                outlives = std::move(rows);
            else
                co_await rows.async_close(); // it has ended all the same
        }
        { // rolled back by its object, with the cursor open
            auto tx = co_await db.async_begin();
            auto rows = co_await tx.async_cursor<int>("select generate_series(1, 100)");
            auto early = std::move(tx);
            {
                auto ends = std::move(early);
            }
            const auto over = std::get<0>(co_await rows.async_fetch(1, as_tuple));
            EXPECT_EQ(over, errc::transaction_over);
        }
        auto next = co_await db.async_begin();
        outlives.reset(); // is nobody's business
        const std::int64_t open = co_await open_portals(next);
        EXPECT_EQ(open, 0);
        co_await next.async_commit();
    });
}

TEST(Cursor, RolledBackToAnOlderSavepoint)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto tx = co_await db.async_begin();
        auto older = co_await tx.async_cursor<int>("select generate_series(1, 100)");
        co_await tx.async_savepoint("s");
        auto younger = co_await tx.async_cursor<int>("select generate_series(1, 100)");
        (void)co_await younger.async_fetch(1);
        co_await tx.async_rollback_to("s");
        const auto first = co_await older.async_fetch(2);
        EXPECT_EQ(first.size(), 2u);
        co_await tx.async_savepoint("t");
        auto [gone, none] = co_await younger.async_fetch(1, as_tuple);
        EXPECT_EQ(gone, tusk::sqlstate::invalid_cursor_name);
        EXPECT_NE(none.diag().message().find("tusk_cursor_"), std::string_view::npos);
        co_await tx.async_rollback_to("t");
        younger = {}; // closes what is not there
        const auto more = co_await older.async_fetch(2);
        EXPECT_EQ(more.front(), 3);
        co_await tx.async_commit();
    });
}

TEST(Cursor, InABlockThatSqlHasBegun)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto [outside, none] = co_await db.async_cursor<int>("select 1", as_tuple);
        EXPECT_EQ(outside, errc::not_in_transaction);
        EXPECT_TRUE(none.diag().safe_to_retry());
        EXPECT_FALSE(none.is_open());
        co_await db.async_execute("begin");
        auto rows = co_await db.async_cursor<int>("select generate_series(1, 10)");
        const auto some = co_await rows.async_fetch(3);
        EXPECT_EQ(some.size(), 3u);
        co_await db.async_execute("commit");
        const auto over = std::get<0>(co_await rows.async_fetch(3, as_tuple));
        EXPECT_EQ(over, tusk::sqlstate::invalid_cursor_name);
        co_await rows.async_close();
        co_await expect_usable(db);
    });
}

TEST(Cursor, ErrorsOfTheStatementAndOfItsRows)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto tx = co_await db.async_begin();
        co_await tx.async_savepoint("s");
        const auto syntax = std::get<0>(co_await tx.async_cursor("selec 1", as_tuple));
        EXPECT_EQ(syntax, tusk::sqlstate::syntax_error);
        co_await tx.async_rollback_to("s");
        auto late = co_await tx.async_cursor<int>("select 10 / (5 - g) from generate_series(1, 9) g");
        const auto two = co_await late.async_fetch(2);
        EXPECT_EQ(two.size(), 2u);
        const auto middle = std::get<0>(co_await late.async_fetch(9, as_tuple));
        EXPECT_EQ(middle, tusk::sqlstate::division_by_zero);
        const auto failed = std::get<0>(co_await late.async_fetch(9, as_tuple));
        EXPECT_EQ(failed, tusk::sqlstate::in_failed_sql_transaction);
        co_await tx.async_rollback_to("s");

        auto nulls = co_await tx.async_cursor<int>("values (1), (null), (3), (4)");
        const auto null = std::get<0>(co_await nulls.async_fetch(2, as_tuple));
        EXPECT_EQ(null, errc::unexpected_null);
        const auto behind = co_await nulls.async_fetch(2);
        EXPECT_EQ(behind.front(), 3);
        auto shape = co_await tx.async_cursor<int>("select 'a'");
        const auto mismatch = std::get<0>(co_await shape.async_fetch(1, as_tuple));
        EXPECT_EQ(mismatch, errc::column_mismatch);
        for (const std::size_t wrong : {std::size_t{0}, std::size_t{1} << 31, ~std::size_t{0}}) {
            auto [ec, rows] = co_await nulls.async_fetch(wrong, as_tuple);
            EXPECT_EQ(ec, errc::value_out_of_range);
            EXPECT_TRUE(rows.diag().safe_to_retry());
        }
        co_await tx.async_commit(); // nothing of that has failed it
        co_await expect_usable(db);
    });
}

TEST(Cursor, StatementsWithoutRows)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_execute("create temp table cursor_t(n int)");
        auto tx = co_await db.async_begin();
        auto [none, a] = co_await tx.async_cursor("insert into cursor_t values (1)", as_tuple);
        EXPECT_EQ(none, errc::returns_no_rows);
        auto [copy, b] = co_await tx.async_cursor("copy cursor_t to stdout", as_tuple);
        EXPECT_EQ(copy, errc::unexpected_copy);
        auto [empty, c] = co_await tx.async_cursor("", as_tuple);
        EXPECT_EQ(empty, errc::returns_no_rows);
        const std::int64_t open = co_await open_portals(tx);
        EXPECT_EQ(open, 0);
        const auto count = co_await tx.async_query_one<std::int64_t>("select count(*) from cursor_t");
        EXPECT_EQ(count, 0);
        // all are inserted, however many of them are fetched
        auto returning =
            co_await tx.async_cursor<int>("insert into cursor_t select generate_series(1, 5) returning n");
        const auto two = co_await returning.async_fetch(2);
        EXPECT_EQ(two.size(), 2u);
        returning = {};
        co_await tx.async_commit();
        const auto all = co_await db.async_query_one<std::int64_t>("select count(*) from cursor_t");
        EXPECT_EQ(all, 5);
    });
}

TEST(Cursor, TheStatementMayLeaveTheCacheMeanwhile)
{
    tusk::connection_options options;
    options.statement_cache_capacity = 1;
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            auto tx = co_await db.async_begin();
            auto rows = co_await tx.async_cursor<int>("select generate_series(1, 100)");
            for (int i = 0; i < 10; ++i) {
                const auto some = co_await rows.async_fetch(10);
                require(some.size() == 10, "ten rows");
                EXPECT_EQ(some.front(), 10 * i + 1);
                const auto other = co_await tx.async_query_one<int>("select " + std::to_string(i));
                EXPECT_EQ(other, i);
            }
            co_await tx.async_commit();
        },
        options);
}

TEST(Cursor, ATypeOfUsersIsLookedUpInBetween)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string type = unique_name("cursor_mood");
        co_await db.async_execute("create type " + type + " as enum ('glad', 'sad')");
        {
            auto tx = co_await db.async_begin();
            auto rows = co_await tx.async_cursor<std::string>("select 'sad'::" + type +
                                                              " from generate_series(1, 4)");
            for (int i = 0; i < 2; ++i) {
                const auto two = co_await rows.async_fetch(2);
                EXPECT_EQ(two.size(), 2u);
                EXPECT_EQ(two.front(), "sad");
            }
            co_await tx.async_commit();
        }
        co_await db.async_execute("drop type " + type);
    });
}

TEST(Cursor, CancellingAFetch)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto tx = co_await db.async_begin();
        co_await tx.async_savepoint("s");
        auto slow = co_await tx.async_cursor<int>("select 1 from pg_sleep(60)");
        asio::cancellation_signal stop;
        reply<tusk::rows<int>> fetched(db);
        slow.async_fetch(1, asio::bind_cancellation_slot(stop.slot(), fetched.token()));
        stop.emit(asio::cancellation_type::terminal);
        co_await fetched.wait();
        EXPECT_EQ(fetched.ec(), asio::error::operation_aborted);
        co_await tx.async_rollback_to("s");

        auto sleeps = co_await tx.async_cursor<int>(sql("select g from generate_series(1, 9) g, pg_sleep(60)")
                                                        .timeout(std::chrono::milliseconds(100)));
        auto [limit, rows] = co_await sleeps.async_fetch(1, as_tuple);
        EXPECT_EQ(limit, errc::timed_out);
        const auto failed =
            std::get<0>(co_await tx.async_query("select 1", as_tuple)); // the server was asked to end it
        EXPECT_EQ(failed, tusk::sqlstate::in_failed_sql_transaction);
        co_await tx.async_rollback();
        co_await expect_usable(db);
    });
}

TEST(Cursor, NotWithTheSimpleProtocol)
{
    tusk::connection_options options;
    options.mode = tusk::statement_mode::simple;
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            auto tx = co_await db.async_begin();
            const auto ec = std::get<0>(co_await tx.async_cursor("select 1", as_tuple));
            EXPECT_EQ(ec, errc::needs_extended_protocol);
            co_await tx.async_execute("declare c cursor for select 1"); // by hand
            const tusk::result r = co_await tx.async_query("fetch 1 from c");
            EXPECT_EQ(r.size(), 1u);
            co_await tx.async_commit();
        },
        options);
}

TEST(Cursor, WithoutPreparedStatements)
{
    tusk::connection_options options;
    options.mode = tusk::statement_mode::unnamed;
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            auto tx = co_await db.async_begin();
            auto a = co_await tx.async_cursor<int>("select generate_series(1, 4)");
            auto b = co_await tx.async_cursor<int>("select generate_series(5, 8)");
            for (int i = 0; i < 2; ++i) {
                const auto of_a = co_await a.async_fetch(2);
                const auto of_b = co_await b.async_fetch(2);
                EXPECT_EQ(of_a.front(), 1 + 2 * i);
                EXPECT_EQ(of_b.front(), 5 + 2 * i);
            }
            co_await tx.async_commit();
        },
        options);
}

TEST(Cursor, OnAConnectionThatIsGone)
{
    run_loop([]() -> asio::awaitable<void> {
        std::optional<tusk::cursor<int>> left; // goes last
        auto executor = co_await asio::this_coro::executor;
        tusk::connection db(executor);
        co_await db.async_connect(where());
        auto tx = co_await db.async_begin();
        left = co_await tx.async_cursor<int>("select generate_series(1, 100)");
        const auto pid = co_await tx.async_query_one<int>("select pg_backend_pid()");
        tusk::connection other(executor);
        co_await other.async_connect(where());
        co_await other.async_execute(sql("select pg_terminate_backend($1)", pid));
        co_await other.async_close();
        const auto lost = std::get<0>(co_await left->async_fetch(1, as_tuple));
        EXPECT_TRUE(lost);
        const auto again = std::get<0>(co_await left->async_fetch(1, as_tuple));
        EXPECT_TRUE(again);
    });
}

} // namespace
} // namespace tusk_test
