// Distributed under the Boost Software License, Version 1.0.
// What a migration tool asks of async_script.
#include "integration/support.hpp"

#include <asio/error.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::sqlstate;
using tusk::transaction_status;

/// Where `what` stands in UTF-8 text, in characters from 1.
int character_of(std::string_view text, std::string_view what)
{
    const std::string_view before = text.substr(0, text.find(what));
    return 1 + static_cast<int>(std::ranges::count_if(before, [](char c) { return (c & 0xc0) != 0x80; }));
}

TEST(script_migration, an_error_tells_its_statement_and_its_place_in_the_whole_script)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table m(n int primary key, t text)");
        const std::string analysed = "-- Überschrift € 🐘\n"
                                     "insert into m values (1, 'größer; als');\n"
                                     "/* ; */ select 'ä', nowhere from m;\n"
                                     "select 3";
        auto [ec, r] = co_await db.async_script(analysed, as_tuple);
        EXPECT_EQ(ec, sqlstate::undefined_column);
        EXPECT_EQ(r.size(), 1u); // the second failed
        EXPECT_EQ(r[0].tag(), "INSERT 0 1");
        EXPECT_EQ(r.diag().position(), character_of(analysed, "nowhere"));

        // a syntax error is found before anything runs
        const std::string malformed = "select 'größe'; selec 'ß'";
        auto [syntax, v] = co_await db.async_script(malformed, as_tuple);
        EXPECT_EQ(syntax, sqlstate::syntax_error);
        EXPECT_TRUE(v.empty());
        EXPECT_EQ(v.diag().position(), character_of(malformed, "selec "));

        // where the server tells no place, the number of the statement is what there is; empty ones do not count
        auto [twice, w] = co_await db.async_script(
            "insert into m values (1, 'ä');;; ;insert into m values (1, 'ö'); select 1", as_tuple);
        EXPECT_EQ(twice, sqlstate::unique_violation);
        EXPECT_EQ(w.diag().position(), 0);
        EXPECT_EQ(w.diag().constraint(), "m_pkey");
        EXPECT_EQ(w.size(), 1u);

        // inside of a function the place is that in its own statement
        auto [inner, x] = co_await db.async_script(
            "select 'ä'; do $$begin perform 'ö', nowhere; end$$; select 1", as_tuple);
        EXPECT_EQ(inner, sqlstate::undefined_column);
        EXPECT_EQ(x.size(), 1u);
        EXPECT_EQ(x.diag().position(), 0);
        EXPECT_EQ(x.diag().internal_position(), character_of(x.diag().internal_query(), "nowhere"));
        EXPECT_NE(x.diag().where().find("inline_code_block"), std::string_view::npos);
        const auto left = co_await count(db, "m");
        EXPECT_EQ(left, 0);
        co_await expect_usable(db);
    });
}

TEST(script_migration, with_a_transaction_of_its_own)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table m(n int)");
        const std::vector<tusk::result> done = co_await db.async_script(
            "begin; insert into m values (1); savepoint s; insert into m values (2); rollback to s; commit; "
            "begin; insert into m values (3); commit");
        require(done.size() == 9, "nine results");
        EXPECT_EQ(done[5].tag(), "COMMIT");
        auto n = co_await count(db, "m");
        EXPECT_EQ(n, 2);

        // the rest is not run, nor COMMIT: the block stays open, as in psql
        auto [ec, r] = co_await db.async_script(
            "begin; insert into m values (4); select 1 / 0; insert into m values (5); commit", as_tuple);
        EXPECT_EQ(ec, sqlstate::division_by_zero);
        EXPECT_EQ(r.size(), 2u);
        EXPECT_EQ(db.transaction_status(), transaction_status::failed);
        auto [refused, v] = co_await db.async_script("select 1; select 2", as_tuple);
        EXPECT_EQ(refused, sqlstate::in_failed_sql_transaction);
        EXPECT_TRUE(v.empty());
        const std::vector<tusk::result> back = co_await db.async_script("rollback");
        EXPECT_EQ(back[0].tag(), "ROLLBACK");
        EXPECT_EQ(db.transaction_status(), transaction_status::idle);
        n = co_await count(db, "m");
        EXPECT_EQ(n, 2);
    });
}

TEST(script_migration, in_a_transaction_object)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table m(n int)");
        {
            tusk::transaction tx = co_await db.async_begin();
            co_await tx.async_script("insert into m values (1); insert into m values (2)");
            co_await tx.async_savepoint("s");
            auto [ec, r] = co_await tx.async_script("insert into m values (3); select 1 / 0", as_tuple);
            EXPECT_EQ(ec, sqlstate::division_by_zero);
            EXPECT_EQ(r.size(), 1u);
            co_await tx.async_rollback_to("s");
            co_await tx.async_script("insert into m values (4)");
            co_await tx.async_commit();
        }
        const auto n = co_await count(db, "m");
        EXPECT_EQ(n, 3);
        {
            tusk::transaction tx = co_await db.async_begin();
            co_await tx.async_script("insert into m values (5); commit; select 1"); // ends it by SQL
            auto [over, v] = co_await tx.async_script("insert into m values (6)", as_tuple);
            EXPECT_EQ(over, errc::transaction_over);
        }
        const auto more = co_await count(db, "m");
        EXPECT_EQ(more, 4);
        co_await expect_usable(db);
    });
}

TEST(script_migration, semicolons_that_end_nothing)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::vector<tusk::result> r = co_await db.async_script(R"sql(
            -- a comment; with a semicolon
            /* and /* nested; */ one; */
            create function pg_temp.twice(n int) returns int language plpgsql as $body$
            declare
                text_in_it text := $$; "quoted" 'twice'; $$;
            begin
                if n is null then return null; end if; -- ; $$
                return 2 * n;
            end;
            $body$;
            create function pg_temp.thrice(n int) returns int begin atomic; select 1; select 3 * n; end;
            do $do$begin execute 'create temp table "semi;colon"(n int)'; end$do$;
            insert into "semi;colon" values (pg_temp.twice(2)), (pg_temp.thrice(2));
            select n, ';', e'\';', $$;$$, U&'\003b' from "semi;colon" order by n;;
            /* the end */ -- without a line end)sql");
        require(r.size() == 5, "five results");
        EXPECT_EQ(r[0].tag(), "CREATE FUNCTION");
        EXPECT_EQ(r[2].tag(), "DO");
        EXPECT_EQ(r[3].tag(), "INSERT 0 2");
        EXPECT_EQ(r[4].size(), 2u);
        EXPECT_EQ(r[4][0][0].as<int>(), 4);
        EXPECT_EQ(r[4][1][0].as<int>(), 6);
        EXPECT_EQ(r[4][0][2].as<std::string>(), "';");
        EXPECT_EQ(r[4][0][4].as<std::string>(), ";");
        auto [ec, v] = co_await db.async_script("select 1; select $$ without an end; select 2", as_tuple);
        EXPECT_EQ(ec, sqlstate::syntax_error);
        EXPECT_TRUE(v.empty());
        co_await expect_usable(db);
    });
}

TEST(script_migration, of_several_megabytes)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table m(n int, t text)");
        constexpr int rows = 20'000;
        std::string text = "-- ä\n";
        const std::string filler(400, 'x');
        for (int i = 0; i < rows; ++i)
            text += "insert into m values (" + std::to_string(i) + ", '€" + filler + "');\n";
        EXPECT_GT(text.size(), 8'000'000u);
        const std::vector<tusk::result> r = co_await db.async_script(text);
        EXPECT_EQ(r.size(), std::size_t{rows});
        auto n = co_await count(db, "m");
        EXPECT_EQ(n, rows);

        text += "insert into m values (nowhere, '')";
        auto [ec, v] = co_await db.async_script(text, as_tuple);
        EXPECT_EQ(ec, sqlstate::undefined_column);
        EXPECT_EQ(v.size(), std::size_t{rows});
        EXPECT_EQ(v.diag().position(), character_of(text, "nowhere"));
        n = co_await count(db, "m");
        EXPECT_EQ(n, rows); // as one transaction

        const std::vector<tusk::result> one =
            co_await db.async_script("insert into m values (1, '" + std::string(9'000'000, 'y') +
                                     "'); select length(t) from m where length(t) > 1000");
        EXPECT_EQ(one[1][0][0].as<int>(), 9'000'000);
        co_await expect_usable(db);
    });
}

TEST(script_migration, what_wants_no_transaction_goes_alone)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string table = unique_name("concurrently");
        co_await db.async_script("create table " + table + "(n int)");
        const std::string index = "create index concurrently on " + table + "(n)";
        auto [ec, r] = co_await db.async_script("select 1; " + index, as_tuple);
        EXPECT_EQ(ec, sqlstate::active_sql_transaction);
        EXPECT_EQ(r.size(), 1u);
        const std::vector<tusk::result> alone =
            co_await db.async_script("/* alone */ " + index + "; -- it is");
        EXPECT_EQ(alone[0].tag(), "CREATE INDEX");
        const std::vector<tusk::result> vacuumed = co_await db.async_script("vacuum " + table);
        EXPECT_EQ(vacuumed[0].tag(), "VACUUM");
        const auto n = co_await db.async_query_one<std::int64_t>(
            tusk::sql("select count(*) from pg_index where indisvalid and indrelid = $1::regclass", table));
        EXPECT_EQ(n, 1);
        co_await db.async_script("drop table " + table);
    });
}

TEST(script_migration, a_nul_byte)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto writes = db.statistics().writes;
        auto [ec, r] =
            co_await db.async_script(std::string("create temp table m(n int); select '\0'", 40), as_tuple);
        EXPECT_EQ(ec, errc::nul_in_text);
        EXPECT_TRUE(r.empty());
        EXPECT_TRUE(r.diag().safe_to_retry());
        EXPECT_NE(r.diag().message(), "");
        EXPECT_EQ(db.statistics().writes, writes); // nothing was sent
        co_await expect_usable(db);
        auto [missing, v] = co_await db.async_query("select * from m", as_tuple);
        EXPECT_EQ(missing, sqlstate::undefined_table);
    });
}

TEST(script_migration, cancelled_it_is_undone)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::connection other(executor);
        co_await other.async_connect(where());
        co_await db.async_script("create temp table m(n int)");
        reply<tusk::script_result> done(db);
        db.async_script("insert into m values (1); select pg_sleep(60); insert into m values (2)",
                        done.token());
        bool sleeps = false;
        while (!sleeps)
            sleeps = co_await other.async_query_one<bool>(tusk::sql(
                "select exists(select from pg_stat_activity where pid = $1 and wait_event = 'PgSleep')",
                db.process_id()));
        db.get_cancel_token().cancel();
        co_await done.wait();
        EXPECT_EQ(done.ec(), asio::error::operation_aborted);
        const auto n = co_await count(db, "m");
        EXPECT_EQ(n, 0);
        co_await expect_usable(db);
        co_await other.async_close();
    });
}

} // namespace
} // namespace tusk_test
