// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::sqlstate;
using tusk::transaction_status;

constexpr const char* copies[] = {
    "copy mistake from stdin",
    "  /* a comment */ -- another\n COPY mistake (n) FROM STDIN with (format csv)",
    "copy mistake from stdin (format binary)",
    "copy mistake to stdout",
    "copy (select i, repeat('x', 500) from generate_series(1, 5000) i) to stdout",
    "copy (select 1 where false) to stdout (format binary)",
};

constexpr const char* mistake_table =
    "create temp table mistake(n int); insert into mistake select generate_series(1, 100)";

asio::awaitable<void> expect_unharmed(tusk::connection& db)
{
    const auto n = co_await db.async_query_one<std::int64_t>("select count(*) from mistake");
    EXPECT_EQ(n, 100);
    EXPECT_EQ(db.transaction_status(), transaction_status::idle);
}

TEST(copy_by_mistake, through_each_function)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(mistake_table);
        for (const std::string copy : copies)
            for (int repeat = 0; repeat < 2; ++repeat) { // parsed anew, then from the cache
                auto [execute, v1] = co_await db.async_execute(copy, as_tuple);
                EXPECT_EQ(execute, errc::unexpected_copy) << copy;
                EXPECT_NE(v1.diag().message().find("COPY"), std::string_view::npos);
                co_await expect_unharmed(db);
                auto [query, v2] = co_await db.async_query(copy, as_tuple);
                EXPECT_EQ(query, errc::unexpected_copy) << copy;
                EXPECT_TRUE(v2.empty());
                auto [typed, v3] = co_await db.async_query<int>(copy, as_tuple);
                EXPECT_EQ(typed, errc::unexpected_copy) << copy;
                auto [one, v4] = co_await db.async_query_one<int>(copy, as_tuple);
                EXPECT_EQ(one, errc::unexpected_copy) << copy;
                auto [optional, v5] = co_await db.async_query_optional<int>(copy, as_tuple);
                EXPECT_EQ(optional, errc::unexpected_copy) << copy;
                auto [script, v6] = co_await db.async_script(copy, as_tuple);
                EXPECT_EQ(script, errc::unexpected_copy) << copy;
                auto [prepared, v7] = co_await db.async_prepare(copy, as_tuple);
                EXPECT_FALSE(prepared); // describing it is harmless
                co_await expect_unharmed(db);
            }
    });
}

TEST(copy_by_mistake, in_every_mode)
{
    for (const auto mode :
         {tusk::statement_mode::cached, tusk::statement_mode::unnamed, tusk::statement_mode::simple}) {
        tusk::connection_options options;
        options.mode = mode;
        run_test(
            [](tusk::connection& db) -> asio::awaitable<void> {
                co_await db.async_script(mistake_table);
                for (const std::string copy : copies) {
                    auto [ec, value] = co_await db.async_query(copy, as_tuple);
                    EXPECT_EQ(ec, errc::unexpected_copy) << copy;
                    co_await expect_unharmed(db);
                }
            },
            options);
    }
}

TEST(copy_by_mistake, the_pipeline_behind_it_is_unharmed)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(mistake_table);
        for (int repeat = 0; repeat < 2; ++repeat) {
            std::vector<reply<tusk::single<int>>> numbers;
            std::vector<reply<tusk::command>> mistakes;
            std::vector<reply<tusk::script_result>> scripts;
            int next = 0;
            for (const std::string copy : copies) {
                for (int i = 0; i < 5; ++i)
                    db.async_query_one<int>(tusk::sql("select $1", next++), numbers.emplace_back(db).token());
                db.async_execute(copy, mistakes.emplace_back(db).token());
                db.async_query_one<int>(tusk::sql("select $1", next++), numbers.emplace_back(db).token());
                db.async_script("select 1; " + copy, scripts.emplace_back(db).token());
            }
            for (const auto& r : mistakes) {
                co_await r.wait();
                EXPECT_EQ(r.ec(), errc::unexpected_copy);
            }
            for (const auto& r : scripts) {
                co_await r.wait();
                EXPECT_EQ(r.ec(), errc::unexpected_copy);
            }
            int i = 0;
            for (const auto& r : numbers) {
                co_await r.wait();
                EXPECT_FALSE(r.ec()) << r.diag().message();
                EXPECT_EQ(r.value().value(), i++);
            }
            co_await expect_unharmed(db);
        }
    });
}

TEST(copy_by_mistake, in_the_middle_of_a_script)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(mistake_table);
        auto [in, v1] = co_await db.async_script(
            "insert into mistake values (1); copy mistake from stdin; insert into mistake values (2)",
            as_tuple);
        EXPECT_EQ(in, errc::unexpected_copy);
        EXPECT_EQ(v1.size(), 1u);
        co_await expect_unharmed(db); // the server undid it all
        auto [out, v2] = co_await db.async_script("select 1; copy mistake to stdout; select 2", as_tuple);
        EXPECT_EQ(out, errc::unexpected_copy);
        co_await expect_unharmed(db);
        auto [twice, v3] = co_await db.async_script(
            "copy mistake to stdout; copy mistake to stdout; copy mistake from stdin", as_tuple);
        EXPECT_EQ(twice, errc::unexpected_copy);
        co_await expect_unharmed(db);
        auto [failing, v4] = co_await db.async_script("copy (select 1 / 0) to stdout", as_tuple);
        EXPECT_TRUE(failing);
        co_await expect_unharmed(db);
    });
}

TEST(copy_by_mistake, in_a_batch)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(mistake_table);
        tusk::batch last;
        last.add("insert into mistake values (0)").add("copy mistake from stdin");
        auto [ec, r] = co_await db.async_run(std::move(last), as_tuple);
        EXPECT_EQ(ec, errc::unexpected_copy);
        require(r.size() == 2, "two parts");
        EXPECT_FALSE(r[0].ec);
        EXPECT_EQ(r[1].ec, errc::unexpected_copy);
        co_await expect_unharmed(db);
        // COPY TO STDOUT is no failure for the server: what came before it stays
        tusk::batch out;
        out.add("create temp table kept(n int)").add("copy mistake to stdout");
        auto [dropped, kept] = co_await db.async_run(std::move(out), as_tuple);
        EXPECT_EQ(dropped, errc::unexpected_copy);
        EXPECT_EQ(kept[1].ec, errc::unexpected_copy);
        co_await db.async_execute("drop table kept");
        // in the middle it would swallow what follows: it is refused before anything is sent
        for (const char* copy : copies) {
            tusk::batch middle;
            middle.add("insert into mistake values (0)").add(copy).add("select 3");
            auto [refused, v] = co_await db.async_run(std::move(middle), as_tuple);
            EXPECT_EQ(refused, errc::unexpected_copy);
            EXPECT_TRUE(v.diag().safe_to_retry());
            co_await expect_unharmed(db);
        }
    });
}

TEST(copy_by_mistake, in_a_transaction)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(mistake_table);
        co_await db.async_execute("begin");
        auto [out, v1] = co_await db.async_execute("copy mistake to stdout", as_tuple);
        EXPECT_EQ(out, errc::unexpected_copy);
        EXPECT_EQ(db.transaction_status(), transaction_status::in_transaction);
        auto [in, v2] = co_await db.async_execute("copy mistake from stdin", as_tuple);
        EXPECT_EQ(in, errc::unexpected_copy);
        EXPECT_EQ(db.transaction_status(), transaction_status::failed);
        auto [failed, v3] = co_await db.async_execute("copy mistake from stdin", as_tuple);
        EXPECT_EQ(failed, sqlstate::in_failed_sql_transaction);
        co_await db.async_execute("rollback");
        co_await expect_unharmed(db);
    });
}

TEST(copy_by_mistake, one_that_fails_by_itself)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(mistake_table);
        for (int repeat = 0; repeat < 2; ++repeat) {
            auto [missing, v1] = co_await db.async_execute("copy no_such_table from stdin", as_tuple);
            EXPECT_EQ(missing, sqlstate::undefined_table);
            auto [syntax, v2] = co_await db.async_execute("copy mistake fro stdin", as_tuple);
            EXPECT_EQ(syntax, sqlstate::syntax_error);
            auto [late, v3] = co_await db.async_query(
                "copy (select 1 / (5 - i) from generate_series(1, 9) i) to stdout", as_tuple);
            EXPECT_TRUE(late == errc::unexpected_copy || late == sqlstate::division_by_zero)
                << late.message();
            co_await expect_unharmed(db);
        }
    });
}

TEST(copy_by_mistake, to_and_from_files_of_the_server_is_an_ordinary_statement)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(mistake_table);
        const tusk::command out = co_await db.async_execute("copy mistake to '/dev/null'");
        EXPECT_EQ(out.tag(), "COPY 100");
        EXPECT_EQ(out.rows_affected(), 100u);
        const tusk::command in = co_await db.async_execute("copy mistake from '/dev/null'");
        EXPECT_EQ(in.tag(), "COPY 0");
        co_await expect_unharmed(db);
    });
}

} // namespace
} // namespace tusk_test
