// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::sql;
using tusk::sqlstate;
using tusk::sqlstate_class;

TEST(server_error, position_counts_characters)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto [ec, value] = co_await db.async_query("selec 1", as_tuple);
        EXPECT_EQ(ec, sqlstate::syntax_error);
        EXPECT_EQ(value.diag().position(), 1);
        auto [ec2, v2] = co_await db.async_query("select 'äöü€𝄞', nothing", as_tuple);
        EXPECT_EQ(ec2, sqlstate::undefined_column);
        EXPECT_EQ(v2.diag().position(), 17);
        auto [ec3, v3] = co_await db.async_script("select 1; select 2 frm x y", as_tuple);
        EXPECT_EQ(ec3, sqlstate::syntax_error);
        EXPECT_GT(v3.diag().position(), 18);
        co_await expect_usable(db);
    });
}

TEST(server_error, all_fields_of_a_unique_violation)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string table = unique_name("uniq");
        co_await db.async_script("create temp table " + table + "(a int constraint " + table +
                                 "_key unique);");
        co_await db.async_execute(sql("insert into " + table + " values ($1)", 5));
        auto [ec, value] =
            co_await db.async_execute(sql("insert into " + table + " values ($1)", 5), as_tuple);
        EXPECT_EQ(ec, sqlstate::unique_violation);
        EXPECT_EQ(ec, sqlstate_class::integrity_constraint_violation);
        const tusk::diagnostics& d = value.diag();
        EXPECT_EQ(d.severity(), "ERROR");
        EXPECT_EQ(d.severity_localized(), "ERROR");
        EXPECT_EQ(d.sqlstate(), "23505");
        EXPECT_EQ(d.message(), "duplicate key value violates unique constraint \"" + table + "_key\"");
        EXPECT_EQ(d.detail(), "Key (a)=(5) already exists.");
        EXPECT_EQ(d.table(), table);
        EXPECT_TRUE(d.schema().starts_with("pg_temp"));
        EXPECT_EQ(d.constraint(), table + "_key");
        EXPECT_EQ(d.column(), "");
        EXPECT_EQ(d.data_type(), "");
        EXPECT_EQ(d.hint(), "");
        EXPECT_EQ(d.position(), 0);
        EXPECT_EQ(d.source_file(), "nbtinsert.c");
        EXPECT_GT(d.source_line(), 0);
        EXPECT_EQ(d.routine(), "_bt_check_unique");
        EXPECT_EQ(d.outcome(), tusk::outcome::completed);
        EXPECT_FALSE(d.safe_to_retry());
        EXPECT_EQ(value.tag(), "");
        co_await expect_usable(db);
    });
}

TEST(server_error, all_fields_of_a_check_violation)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(
            "create temp table checked(a int constraint positive check (a > 0), b text not null)");
        auto [ec, value] = co_await db.async_execute("insert into checked values (-1, 'x')", as_tuple);
        EXPECT_EQ(ec, sqlstate::check_violation);
        EXPECT_EQ(ec, sqlstate_class::integrity_constraint_violation);
        EXPECT_EQ(value.diag().table(), "checked");
        EXPECT_EQ(value.diag().constraint(), "positive");
        EXPECT_EQ(value.diag().detail(), "Failing row contains (-1, x).");
        EXPECT_EQ(value.diag().routine(), "ExecConstraints");
        auto [ec2, v2] = co_await db.async_execute("insert into checked values (1, null)", as_tuple);
        EXPECT_EQ(ec2, sqlstate::not_null_violation);
        EXPECT_EQ(v2.diag().column(), "b");
        EXPECT_EQ(v2.diag().constraint(), "");
        co_await expect_usable(db);
    });
}

TEST(server_error, fields_that_a_function_sets)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto [ec, value] = co_await db.async_execute(
            "do $$ begin raise exception 'the message' using errcode = 'TX042', detail = 'the detail', "
            "hint = 'the hint', column = 'the column', constraint = 'the constraint', datatype = 'the type', "
            "table = 'the table', schema = 'the schema'; end $$",
            as_tuple);
        const tusk::diagnostics& d = value.diag();
        EXPECT_EQ(d.sqlstate(), "TX042");
        EXPECT_EQ(ec, tusk::sqlstate_error("TX042"));
        EXPECT_NE(ec, tusk::sqlstate_error("TX043"));
        EXPECT_EQ(d.message(), "the message");
        EXPECT_EQ(d.detail(), "the detail");
        EXPECT_EQ(d.hint(), "the hint");
        EXPECT_EQ(d.column(), "the column");
        EXPECT_EQ(d.constraint(), "the constraint");
        EXPECT_EQ(d.data_type(), "the type");
        EXPECT_EQ(d.table(), "the table");
        EXPECT_EQ(d.schema(), "the schema");
        EXPECT_NE(d.where().find("PL/pgSQL function"), std::string_view::npos);
        // the caller's where() has to survive the connection's next steps
        const std::string context(d.where());
        co_await expect_usable(db);
        EXPECT_EQ(d.where(), context);

        auto [ec2, v2] = co_await db.async_execute("do $$ begin execute 'select x y z'; end $$", as_tuple);
        EXPECT_EQ(ec2, sqlstate::syntax_error);
        EXPECT_EQ(v2.diag().internal_query(), "select x y z");
        EXPECT_EQ(v2.diag().internal_position(), 12);
        EXPECT_EQ(v2.diag().position(), 0);
    });
}

TEST(server_error, several_statements_in_one_query)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const char* text : {"select 1; select 2", "begin; commit"}) {
            auto [ec, value] = co_await db.async_query(text, as_tuple);
            EXPECT_EQ(ec, sqlstate::syntax_error); // 42601
            EXPECT_EQ(value.diag().sqlstate(), "42601");
            EXPECT_EQ(db.transaction_status(), tusk::transaction_status::idle);
        }
        const auto one = co_await db.async_query_one<int>("select 1;;");
        EXPECT_EQ(one, 1);
        co_await expect_usable(db);
    });
}

TEST(server_error, at_each_step_of_a_request)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (int repeat = 0; repeat < 3;
             ++repeat) { // the second time it fails in the cache or is parsed again
            auto [parse, v1] = co_await db.async_query("select * from does_not_exist", as_tuple);
            EXPECT_EQ(parse, sqlstate::undefined_table);
            auto [bind, v2] = co_await db.async_query(sql("select $1::int4", "no number"), as_tuple);
            EXPECT_EQ(bind, sqlstate::invalid_text_representation);
            auto [execute, v3] = co_await db.async_query(sql("select 1 / $1", 0), as_tuple);
            EXPECT_EQ(execute, sqlstate::division_by_zero);
            co_await expect_usable(db);
        }
        // what failed at Bind and Execute was prepared all the same
        const auto seven = co_await db.async_query_one<int>(sql("select $1::int4", "7"));
        EXPECT_EQ(seven, 7);
    });
}

TEST(server_error, a_failing_parse_is_told_to_all_who_wait_for_it)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::vector<reply<tusk::result>> replies;
        for (int i = 0; i < 20; ++i) db.async_query("select nobody", replies.emplace_back(db).token());
        for (const auto& r : replies) {
            co_await r.wait();
            EXPECT_EQ(r.ec(), sqlstate::undefined_column) << r.ec().message();
            EXPECT_EQ(r.diag().position(), 8);
        }
        co_await expect_usable(db);
    });
}

TEST(server_error, neighbours_in_the_pipeline_are_unharmed)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table lone(a int primary key)");
        std::vector<reply<tusk::command>> replies;
        for (int i = 0; i < 30; ++i)
            db.async_execute(sql("insert into lone values ($1)", i % 3 == 2 ? 0 : i),
                             replies.emplace_back(db).token());
        for (std::size_t i = 0; i < replies.size(); ++i) {
            co_await replies[i].wait();
            if (i % 3 == 2)
                EXPECT_EQ(replies[i].ec(), sqlstate::unique_violation);
            else
                EXPECT_FALSE(replies[i].ec());
        }
        const auto count = co_await db.async_query_one<std::int64_t>("select count(*) from lone");
        EXPECT_EQ(count, 20);
    });
}

TEST(server_error, at_sync)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table late(a int unique deferrable initially deferred); insert "
                                 "into late values (1)");
        auto [ec, value] = co_await db.async_query("insert into late values (1) returning a", as_tuple);
        EXPECT_EQ(ec, sqlstate::unique_violation); // after the row and INSERT 0 1 had come
        EXPECT_TRUE(value.empty());
        EXPECT_EQ(value.tag(), "");
        auto [ec2, v2] = co_await db.async_execute("insert into late values (1)", as_tuple);
        EXPECT_EQ(ec2, sqlstate::unique_violation);
        const auto count = co_await db.async_query_one<std::int64_t>("select count(*) from late");
        EXPECT_EQ(count, 1);
    });
}

TEST(server_error, nul_in_the_text_is_refused_before_it_is_sent)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        using namespace std::string_view_literals;
        const auto requests = db.statistics().requests;
        auto [ec, value] = co_await db.async_query(tusk::bound("select 1\0; drop table x"sv), as_tuple);
        EXPECT_EQ(ec, errc::nul_in_text);
        EXPECT_TRUE(value.diag().safe_to_retry());
        auto [ec2, v2] = co_await db.async_script(std::string("select 1\0select 2"sv), as_tuple);
        EXPECT_EQ(ec2, errc::nul_in_text);
        EXPECT_EQ(db.statistics().requests, requests);
        co_await expect_usable(db);
    });
}

TEST(server_error, warnings_do_not_fail)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::vector<std::string> seen;
        db.on_notice([&](const tusk::diagnostics& d) {
            seen.push_back(std::string(d.severity()) + " " + std::string(d.sqlstate()) + " " +
                           std::string(d.message()));
        });
        co_await db.async_execute("do $$ begin raise warning 'careful'; raise notice 'by the way'; end $$");
        const std::vector<std::string> expected = {"WARNING 01000 careful", "NOTICE 00000 by the way"};
        EXPECT_EQ(seen, expected);
        co_await db.async_execute("commit"); // no transaction: a warning
        EXPECT_EQ(seen.size(), 3u);
        EXPECT_TRUE(seen.back().starts_with("WARNING 25P01"));
        db.on_notice({});
        co_await db.async_execute("commit");
        EXPECT_EQ(seen.size(), 3u);
        // a notice between the rows
        co_await db.async_script("create function pg_temp.noisy(i int) returns int language plpgsql as "
                                 "$$ begin raise notice 'row %', i; return i; end $$");
        db.on_notice([&](const tusk::diagnostics& d) { seen.emplace_back(d.message()); });
        const auto rows =
            co_await db.async_query<int>("select pg_temp.noisy(i) from generate_series(1, 50) i");
        EXPECT_EQ(rows.size(), 50u);
        EXPECT_EQ(seen.size(), 53u);
        EXPECT_EQ(seen.back(), "row 50");
    });
}

} // namespace
} // namespace tusk_test
