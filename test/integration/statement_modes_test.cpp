// Distributed under the Boost Software License, Version 1.0.
// statement_mode::unnamed and statement_mode::simple, straight to the server.
#include "load.hpp"

using tusk::sql;
using namespace tusk_test;

namespace {

tusk::connection_options in_mode(tusk::statement_mode mode)
{
    tusk::connection_options options;
    options.mode = mode;
    return options;
}

} // namespace

TEST(UnnamedStatements, EveryKindOfRequestWithoutAnyNamedStatement)
{
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            EXPECT_EQ(co_await db.async_query_one<int>(sql("select $1::int4", 41)), 41);
            auto r = co_await db.async_query(sql("select g, $1::text from generate_series(1, 3) g", "x"));
            EXPECT_EQ(r.size(), 3U);
            EXPECT_EQ(r[2][0].as<int>(), 3);
            EXPECT_EQ(r.columns()[0].format, tusk::format::binary);
            EXPECT_EQ((co_await db.async_execute("create temp table t(a int, b text)")).tag(),
                      "CREATE TABLE");
            tusk::batch parts;
            for (int i = 0; i < 5; ++i) parts.add(sql("insert into t values ($1, $2)", i, "row"));
            parts.add("select count(*)::int4 from t");
            const auto done = co_await db.async_run(std::move(parts));
            EXPECT_EQ(done[5].value[0][0].as<int>(), 5);
            const tusk::statement s = co_await db.async_prepare("select a from t where a = $1");
            EXPECT_EQ(s.parameter_types()[0], tusk::oid::int4);
            EXPECT_EQ(co_await db.async_query_one<int>(s.bind(std::int64_t{3})), 3);
            EXPECT_EQ((co_await db.async_script("select 1; select 2")).size(), 2U);
            co_await db.async_execute(
                "alter table t add column c int"); // nothing is remembered that could go stale
            EXPECT_EQ((co_await db.async_query("select * from t")).columns().size(), 3U);
            EXPECT_TRUE((co_await prepared_names(db)).empty());
            EXPECT_EQ(db.statistics().cache_hits + db.statistics().cache_misses, 0U);
        },
        in_mode(tusk::statement_mode::unnamed));
}

TEST(UnnamedStatements, ManyPipelinedWithEveryTenthFailing)
{
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            constexpr std::size_t requests = 3'000;
            co_await db.async_execute("set log_min_messages = fatal");
            std::vector<answer> answers(requests);
            countdown left(db);
            for (std::size_t i = 0; i < requests; ++i) {
                const int n = static_cast<int>(i);
                if (i % 10 == 3)
                    ask(db, sql("selekt $1::int4", n), answers[i], left); // at Parse
                else
                    ask(db, sql("select $1::int4 / $2::int4", n, n % 10 ? 1 : 0), answers[i],
                        left); // at Execute
            }
            co_await left.wait();
            for (std::size_t i = 0; i < requests; ++i) {
                EXPECT_EQ(answers[i].count, 1);
                if (i % 10 == 3)
                    EXPECT_EQ(answers[i].ec, tusk::sqlstate::syntax_error);
                else if (i % 10 == 0)
                    EXPECT_EQ(answers[i].ec, tusk::sqlstate::division_by_zero);
                else
                    EXPECT_EQ(answers[i].value, static_cast<int>(i));
            }
            co_await expect_usable(db);
        },
        in_mode(tusk::statement_mode::unnamed));
}

TEST(UnnamedStatements, TypesWithoutABinaryFormComeAsText)
{
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            const auto r = co_await db.async_query("select 1 as n, makeaclitem(10, 10, 'SELECT', false) as a "
                                                   "union all select 2, null order by 1");
            EXPECT_EQ(r.size(), 2U);
            EXPECT_EQ(r[0]["n"].as<int>(), 1);
            EXPECT_EQ(r[0]["a"].view(), "tusk=r/tusk");
            EXPECT_TRUE(r[1]["a"].is_null());
        },
        in_mode(tusk::statement_mode::unnamed));
}

TEST(SimpleStatements, ResultsAreTextAndReadAsAnyType)
{
    struct line {
        int i;
        std::int64_t l;
        double d;
        bool b;
        std::string s;
        std::optional<int> none;
        tusk::uuid u;
    };
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            const line x =
                co_await db.async_query_one<line>("select -7 as i, 5000000000 as l, 2.5::float8 as d, true "
                                                  "as b, 'täxt' as s, null::int as none,"
                                                  " '12345678-1234-5678-1234-567812345678'::uuid as u");
            EXPECT_EQ(x.i, -7);
            EXPECT_EQ(x.l, 5'000'000'000);
            EXPECT_EQ(x.d, 2.5);
            EXPECT_TRUE(x.b);
            EXPECT_EQ(x.s, "täxt");
            EXPECT_FALSE(x.none);
            EXPECT_EQ(x.u.to_string(), "12345678-1234-5678-1234-567812345678");
            const auto r = co_await db.async_query("select 1");
            EXPECT_EQ(r.columns()[0].format, tusk::format::text);
            EXPECT_EQ((co_await db.async_execute("create temp table t(a int)")).tag(), "CREATE TABLE");
            EXPECT_EQ((co_await db.async_execute("insert into t values (1), (2)")).rows_affected(), 2U);
            EXPECT_TRUE((co_await prepared_names(db)).empty());
        },
        in_mode(tusk::statement_mode::simple));
}

TEST(SimpleStatements, WhatTheSimpleProtocolCannotDoIsRefusedUnsent)
{
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            const auto before = db.statistics().bytes_sent;
            auto [ec, none] = co_await db.async_query(sql("select $1", 1), as_tuple);
            EXPECT_EQ(ec, tusk::errc::needs_extended_protocol);
            EXPECT_TRUE(none.diag().safe_to_retry());
            auto [unprepared, statement] = co_await db.async_prepare("select 1", as_tuple);
            EXPECT_EQ(unprepared, tusk::errc::needs_extended_protocol);
            tusk::batch parts;
            parts.add("select 1").add("select 2");
            auto [unrun, results] = co_await db.async_run(std::move(parts), as_tuple);
            EXPECT_EQ(unrun, tusk::errc::needs_extended_protocol);
            EXPECT_EQ(db.statistics().bytes_sent, before);
            auto [several, r] = co_await db.async_query("select 1; select 2", as_tuple);
            EXPECT_EQ(several, tusk::errc::several_statements);
            EXPECT_EQ(co_await db.async_query_one<int>("select 42"), 42);
        },
        in_mode(tusk::statement_mode::simple));
}

TEST(SimpleStatements, ManyOutstandingGetTheirOwnAnswers)
{
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            constexpr std::size_t requests = 1'000;
            std::vector<answer> answers(requests);
            countdown left(db);
            for (std::size_t i = 0; i < requests; ++i) {
                const std::string divisor = i % 10 ? "1" : "0";
                ask(db, "select " + std::to_string(i) + " / " + divisor, answers[i], left);
            }
            co_await left.wait();
            for (std::size_t i = 0; i < requests; ++i) {
                EXPECT_EQ(answers[i].count, 1);
                if (i % 10)
                    EXPECT_EQ(answers[i].value, static_cast<int>(i));
                else
                    EXPECT_EQ(answers[i].ec, tusk::sqlstate::division_by_zero);
            }
            EXPECT_EQ(co_await db.async_query_one<int>("select 42"), 42);
        },
        in_mode(tusk::statement_mode::simple));
}
