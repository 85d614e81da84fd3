// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::sqlstate;
using tusk::transaction_status;

TEST(script, a_result_for_each_statement)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::vector<tusk::result> r = co_await db.async_script(
            "create temp table s(n int, t text); insert into s values (1, 'one'), (2, null); select * from s "
            "order by n;"
            "select; update s set n = n where false; show server_version_num; begin; commit");
        require(r.size() == 8, "eight results");
        EXPECT_EQ(r[0].tag(), "CREATE TABLE");
        EXPECT_FALSE(r[0].has_columns());
        EXPECT_EQ(r[1].tag(), "INSERT 0 2");
        EXPECT_EQ(r[1].rows_affected(), 2u);
        EXPECT_EQ(r[2].size(), 2u);
        EXPECT_EQ(r[2].columns()[0].name, "n");
        EXPECT_EQ(r[2].columns()[0].type, tusk::oid::int4);
        EXPECT_EQ(r[2].columns()[0].format, tusk::format::text);
        EXPECT_EQ(r[2][0]["n"].as<int>(), 1);
        EXPECT_EQ(r[2][0]["t"].as<std::string>(), "one");
        EXPECT_TRUE(r[2][1]["t"].is_null());
        EXPECT_EQ(r[3].size(), 1u);
        EXPECT_TRUE(r[3].has_columns());
        EXPECT_TRUE(r[3].columns().empty());
        EXPECT_EQ(r[4].tag(), "UPDATE 0");
        EXPECT_EQ(r[5].tag(), "SHOW");
        EXPECT_EQ(r[6].tag(), "BEGIN");
        EXPECT_EQ(r[7].tag(), "COMMIT");
    });
}

TEST(script, empty_ones)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const char* text : {"", ";", " ; ; ", "-- nothing", "/* */"}) {
            const std::vector<tusk::result> r = co_await db.async_script(text);
            require(r.size() == 1, "one result"); // EmptyQueryResponse
            EXPECT_EQ(r[0].tag(), "");
            EXPECT_FALSE(r[0].has_columns());
        }
        const std::vector<tusk::result> middle = co_await db.async_script("select 1;; select 2;");
        EXPECT_EQ(middle.size(), 2u); // the server says nothing about an empty middle
        co_await expect_usable(db);
    });
}

TEST(script, an_error_in_the_middle_keeps_the_results_before_it)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table s(n int)");
        auto [ec, r] = co_await db.async_script(
            "insert into s values (1); select 7 as n; select 1 / 0; insert into s values (2)", as_tuple);
        EXPECT_EQ(ec, sqlstate::division_by_zero);
        EXPECT_EQ(r.diag().message(), "division by zero");
        require(r.size() == 2, "two results");
        EXPECT_EQ(r[0].tag(), "INSERT 0 1");
        EXPECT_EQ(r[1][0]["n"].as<int>(), 7);
        const auto left = co_await db.async_query_one<std::int64_t>("select count(*) from s");
        EXPECT_EQ(left, 0); // one implicit transaction

        auto [half, v] = co_await db.async_script(
            "begin; insert into s values (1); commit; insert into s values (2); select 1 / 0", as_tuple);
        EXPECT_EQ(half, sqlstate::division_by_zero);
        EXPECT_EQ(v.size(), 4u);
        const auto kept = co_await db.async_query_one<std::int64_t>("select count(*) from s");
        EXPECT_EQ(kept, 1);

        // an error between the rows of a result: it is not among the results
        auto [late, w] =
            co_await db.async_script("select 1; select 10 / (3 - i) from generate_series(1, 3) i", as_tuple);
        EXPECT_EQ(late, sqlstate::division_by_zero);
        EXPECT_EQ(w.size(), 1u);
        co_await expect_usable(db);
    });
}

TEST(script, syntax_errors_run_nothing)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto [ec, r] = co_await db.async_script("create temp table never(n int); selec 1", as_tuple);
        EXPECT_EQ(ec, sqlstate::syntax_error);
        EXPECT_TRUE(r.empty());
        auto [missing, v] = co_await db.async_query("select * from never", as_tuple);
        EXPECT_EQ(missing, sqlstate::undefined_table);
        EXPECT_EQ(db.transaction_status(), transaction_status::idle);
    });
}

TEST(script, deferred_constraint_at_its_end)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table late(a int unique deferrable initially deferred)");
        auto [ec, r] =
            co_await db.async_script("insert into late values (1); insert into late values (1)", as_tuple);
        EXPECT_EQ(ec, sqlstate::unique_violation);
        const auto left = co_await db.async_query_one<std::int64_t>("select count(*) from late");
        EXPECT_EQ(left, 0);
    });
}

TEST(script, between_pipelined_requests)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        reply<tusk::single<int>> a(db), b(db), c(db);
        reply<tusk::script_result> good(db), bad(db);
        db.async_query_one<int>("select 1", a.token());
        db.async_script("select 2; select 3", good.token());
        db.async_query_one<int>("select 4", b.token());
        db.async_script("select 5; select 1 / 0", bad.token());
        db.async_query_one<int>("select 6", c.token());
        co_await c.wait();
        EXPECT_EQ(a.value().value(), 1);
        EXPECT_FALSE(good.ec());
        EXPECT_EQ(good.value()[1][0][0].as<int>(), 3);
        EXPECT_EQ(b.value().value(), 4);
        EXPECT_EQ(bad.ec(), sqlstate::division_by_zero);
        EXPECT_EQ(bad.value().size(), 1u);
        EXPECT_EQ(c.value().value(), 6);
    });
}

TEST(script, large_results_and_long_scripts)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::vector<tusk::result> big =
            co_await db.async_script("select i, repeat('x', 100) from generate_series(1, 20000) i; select 2");
        EXPECT_EQ(big[0].size(), 20'000u);
        EXPECT_EQ(big[0][19'999][0].as<int>(), 20'000);
        std::string text;
        for (int i = 0; i < 2000; ++i) text += "select " + std::to_string(i) + ";";
        const std::vector<tusk::result> many = co_await db.async_script(text);
        EXPECT_EQ(many.size(), 2000u);
        EXPECT_EQ(many[1999][0][0].as<int>(), 1999);
    });
}

TEST(simple_mode, carries_what_it_can)
{
    tusk::connection_options options;
    options.mode = tusk::statement_mode::simple;
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            const tusk::result r =
                co_await db.async_query("select 1 as a, null as b, date '2024-02-29' as c");
            EXPECT_EQ(r.columns()[0].format, tusk::format::text);
            EXPECT_EQ(r[0]["a"].as<int>(), 1);
            EXPECT_TRUE(r[0]["b"].is_null());
            const auto n = co_await db.async_query_one<std::int64_t>("select 9223372036854775807");
            EXPECT_EQ(n, std::numeric_limits<std::int64_t>::max());
            const tusk::command c = co_await db.async_execute("create temp table simple(n int)");
            EXPECT_EQ(c.tag(), "CREATE TABLE");
            const tusk::result empty = co_await db.async_query("");
            EXPECT_FALSE(empty.has_columns());
            auto [params, v1] = co_await db.async_query(tusk::sql("select $1", 1), as_tuple);
            EXPECT_EQ(params, errc::needs_extended_protocol);
            tusk::batch b;
            b.add("select 1");
            auto [batched, v2] = co_await db.async_run(std::move(b), as_tuple);
            EXPECT_EQ(batched, errc::needs_extended_protocol);
            auto [prepared, v3] = co_await db.async_prepare("select 1", as_tuple);
            EXPECT_EQ(prepared, errc::needs_extended_protocol);
            auto [several, v4] = co_await db.async_query("select 1; select 2", as_tuple);
            EXPECT_EQ(several, errc::several_statements);
            auto [failing, v5] = co_await db.async_query("select 1 / 0", as_tuple);
            EXPECT_EQ(failing, sqlstate::division_by_zero);
            const auto again = co_await db.async_query_one<int>("select 5");
            EXPECT_EQ(again, 5);
            const std::vector<tusk::result> script = co_await db.async_script("select 1; select 2");
            EXPECT_EQ(script.size(), 2u);
        },
        options);
}

} // namespace
} // namespace tusk_test
