// Distributed under the Boost Software License, Version 1.0.
// The statement cache under pressure, and what it takes for the same statement.
#include "load.hpp"

#include <random>

using tusk::sql;
using namespace tusk_test;

namespace {

tusk::connection_options with_capacity(std::size_t n)
{
    tusk::connection_options options;
    options.statement_cache_capacity = n;
    return options;
}

} // namespace

TEST(StatementCache, HundredsOfStatementsInACacheOfEight)
{
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            constexpr std::size_t requests = 5'000;
            std::mt19937 random(11); // the same each time
            std::vector<answer> answers(requests);
            std::vector<int> wanted(requests);
            countdown left(db);
            for (std::size_t i = 0; i < requests; ++i) {
                const int which = static_cast<int>(random() % 400);
                const int n = static_cast<int>(i);
                // every seventh statement does not even parse
                wanted[i] = which % 7 == 0 ? -1 : n + which;
                const std::string text = which % 7 == 0 ? "select $1::int4 +* " : "select $1::int4 + ";
                ask(db, sql(text + std::to_string(which), n), answers[i], left);
            }
            co_await left.wait();
            for (std::size_t i = 0; i < requests; ++i) {
                require(answers[i].count == 1 && answers[i].value == wanted[i], answers[i].diag.message());
                if (wanted[i] == -1) EXPECT_NE(answers[i].diag.sqlstate(), "26000");
            }
            EXPECT_GT(db.statistics().cache_evictions, 1'000U);
            EXPECT_EQ(db.statistics().heals, 0U);
            EXPECT_LE((co_await prepared_names(db)).size(), 8U);
            co_await expect_usable(db);
        },
        with_capacity(8));
}

TEST(StatementCache, ABatchMayNeedMoreStatementsThanTheCacheHolds)
{
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            for (int round = 0; round < 3; ++round) {
                tusk::batch parts;
                for (int i = 0; i < 30; ++i) parts.add(sql("select $1::int4 * " + std::to_string(i), round));
                const auto done = co_await db.async_run(std::move(parts));
                for (int i = 0; i < 30; ++i)
                    EXPECT_EQ(done[static_cast<std::size_t>(i)].value[0][0].as<int>(), round * i);
            }
            co_await db.async_query(
                "select 1"); // what was evicted within the batch is closed in front of the next request
            EXPECT_LE((co_await prepared_names(db)).size(), 4U);
        },
        with_capacity(4));
}

TEST(StatementCache, ABatchThatFailsLosesNoStatementOfTheServer)
{
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            for (int round = 0; round < 20; ++round) {
                tusk::batch parts;
                for (int i = 0; i < 10; ++i)
                    parts.add(
                        sql("select " + std::to_string(round * 10 + i) + " / $1::int4", i == 5 ? 0 : 1));
                auto [ec, done] = co_await db.async_run(std::move(parts), as_tuple);
                EXPECT_EQ(ec, tusk::sqlstate::division_by_zero);
                EXPECT_EQ(done[6].ec, tusk::errc::skipped);
            }
            co_await db.async_query("select 1");
            EXPECT_LE((co_await prepared_names(db)).size(), 4U);
            co_await expect_usable(db);
        },
        with_capacity(4));
}

TEST(StatementCache, TheLeastRecentlyUsedOneGivesWay)
{
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            for (int i = 0; i < 100; ++i) {
                co_await db.async_query("select 'hot'");
                co_await db.async_query("select " + std::to_string(i));
            }
            EXPECT_EQ(db.statistics().cache_misses, 101U);
            EXPECT_EQ(db.statistics().cache_hits, 99U);
            EXPECT_EQ(db.statistics().cache_evictions, 97U);
            const auto names = co_await prepared_names(db);
            EXPECT_EQ(names.size(), 4U);
        },
        with_capacity(4));
}

TEST(StatementCache, NoneWithCapacityZero)
{
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            constexpr std::size_t requests = 200;
            std::vector<answer> answers(requests);
            countdown left(db);
            for (std::size_t i = 0; i < requests; ++i)
                ask(db, sql("select $1::int4 + " + std::to_string(i % 3), static_cast<int>(i)), answers[i],
                    left);
            co_await left.wait();
            for (std::size_t i = 0; i < requests; ++i)
                EXPECT_EQ(answers[i].value, static_cast<int>(i + i % 3));
            const tusk::statement s = co_await db.async_prepare("select $1::int8");
            EXPECT_EQ(co_await db.async_query_one<std::int64_t>(s.bind(5)), 5);
            EXPECT_EQ(db.statistics().cache_hits, 0U);
            EXPECT_TRUE((co_await prepared_names(db)).empty());
        },
        with_capacity(0));
}

TEST(StatementCache, ACapacityOfOne)
{
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            constexpr std::size_t requests = 500;
            std::vector<answer> answers(requests);
            countdown left(db);
            for (std::size_t i = 0; i < requests; ++i)
                ask(db, sql("select $1::int4 + " + std::to_string(i % 2), static_cast<int>(i)), answers[i],
                    left);
            co_await left.wait();
            for (std::size_t i = 0; i < requests; ++i)
                EXPECT_EQ(answers[i].value, static_cast<int>(i + i % 2));
            EXPECT_LE((co_await prepared_names(db)).size(), 1U);
        },
        with_capacity(1));
}

TEST(StatementCache, OtherParameterTypesAreAnotherStatement)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const char* text = "select pg_typeof($1)::text, $1::text";
        const auto expect = [&](tusk::bound b, const char* type, const char* value) -> asio::awaitable<void> {
            const auto r = co_await db.async_query(std::move(b));
            EXPECT_EQ(r[0][0].view(), type);
            EXPECT_EQ(r[0][1].view(), value);
        };
        for (int i = 0; i < 3; ++i) {
            co_await expect(sql(text, std::int32_t{1}), "integer", "1");
            co_await expect(sql(text, std::int64_t{2}), "bigint", "2");
            co_await expect(sql(text, 2.5), "double precision", "2.5");
            co_await expect(sql(text, true), "boolean", "true");
            co_await expect(sql(text, std::optional<std::int16_t>(7)), "smallint", "7");
        }
        EXPECT_EQ(db.statistics().cache_misses, 5U);
        EXPECT_EQ(db.statistics().cache_hits, 10U);
        // and NULL of a type is that type's statement
        const auto r = co_await db.async_query(sql(text, std::optional<std::int64_t>()));
        EXPECT_EQ(r[0][0].view(), "bigint");
        EXPECT_TRUE(r[0][1].is_null());
        EXPECT_EQ(db.statistics().cache_misses, 5U);
    });
}

TEST(StatementCache, ARequestBehindAFailingParseGetsThatError)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        constexpr std::size_t requests = 50;
        const std::string table = unique_name("later");
        std::vector<answer> answers(2 * requests);
        countdown left(db);
        for (std::size_t i = 0; i < requests; ++i) ask(db, "select n from " + table, answers[i], left);
        left.expect();
        db.async_execute("create temp table " + table + " as select 7 as n",
                         [&](std::error_code ec, const tusk::command&) {
                             EXPECT_FALSE(ec);
                             left.arrive();
                         });
        for (std::size_t i = requests; i < 2 * requests; ++i)
            ask(db, "select n from " + table, answers[i], left);
        co_await left.wait();
        for (const answer& a : answers) {
            EXPECT_EQ(a.count, 1);
            EXPECT_EQ(a.ec, tusk::sqlstate::undefined_table) << a.diag.message();
            EXPECT_NE(a.diag.message().find(table), std::string_view::npos);
            EXPECT_EQ(a.diag.position(), 15);
        }
        EXPECT_EQ(co_await db.async_query_one<int>("select n from " + table),
                  7); // the failure was not remembered
    });
}

TEST(StatementCache, AStatementPreparedInATransactionOutlivesItsRollback)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_execute("begin");
        EXPECT_EQ(co_await db.async_query_one<int>(sql("select $1::int4", 1)), 1);
        auto [ec, none] = co_await db.async_query("select 1/0", as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::division_by_zero);
        auto [refused, nothing] = co_await db.async_query(sql("select $1::int8", std::int64_t{1}), as_tuple);
        EXPECT_EQ(refused, tusk::sqlstate::in_failed_sql_transaction); // its Parse, too, was refused
        co_await db.async_execute("rollback");
        const auto before = db.statistics();
        EXPECT_EQ(co_await db.async_query_one<int>(sql("select $1::int4", 2)), 2);
        EXPECT_EQ(db.statistics().cache_hits, before.cache_hits + 1);
        EXPECT_EQ(co_await db.async_query_one<std::int64_t>(sql("select $1::int8", std::int64_t{3})), 3);
        EXPECT_EQ(db.statistics().heals, 0U);
    });
}
