// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

namespace tusk_test {
namespace {

using tusk::batch;
using tusk::batch_result;
using tusk::errc;
using tusk::sql;
using tusk::sqlstate;
using tusk::transaction_status;

TEST(batch, a_result_for_each_part)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (int repeat = 0; repeat < 2; ++repeat) {
            batch b;
            b.add("create temp table parts(n int, t text)");
            for (int i = 0; i < 10; ++i)
                b.add(sql("insert into parts values ($1, $2)", i, "t" + std::to_string(i)));
            b.add("select n, t from parts order by n desc").add("").add("select").add("drop table parts");
            const batch_result r = co_await db.async_run(std::move(b));
            EXPECT_EQ(r.size(), 15u);
            EXPECT_FALSE(r.error());
            for (const auto& part : r) EXPECT_FALSE(part.ec) << part.ec.message();
            EXPECT_EQ(r[0].value.tag(), "CREATE TABLE");
            EXPECT_FALSE(r[0].value.has_columns());
            EXPECT_EQ(r[1].value.tag(), "INSERT 0 1");
            EXPECT_EQ(r[11].value.size(), 10u);
            EXPECT_EQ(r[11].value[0]["t"].as<std::string>(), "t9");
            EXPECT_EQ(r[12].value.tag(), "");
            EXPECT_EQ(r[13].value.size(), 1u);
            EXPECT_TRUE(r[13].value.columns().empty());
        }
        EXPECT_EQ(db.transaction_status(), transaction_status::idle);
    });
}

TEST(batch, a_failing_part_undoes_those_before_and_skips_those_behind)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table undone(n int primary key)");
        for (int repeat = 0; repeat < 2; ++repeat) {
            batch b;
            b.add("insert into undone values (1)").add("insert into undone values (2) returning n");
            b.add(sql("insert into undone values ($1)", 1))
                .add("insert into undone values (3)")
                .add("select 4");
            auto [ec, r] = co_await db.async_run(std::move(b), as_tuple);
            EXPECT_EQ(ec, sqlstate::unique_violation);
            EXPECT_EQ(r.error(), sqlstate::unique_violation);
            EXPECT_EQ(r.diag().constraint(), "undone_pkey");
            require(r.size() == 5, "five parts");
            EXPECT_FALSE(r[0].ec);
            EXPECT_FALSE(r[1].ec);
            EXPECT_EQ(r[2].ec, sqlstate::unique_violation);
            EXPECT_EQ(r[2].diag().sqlstate(), "23505");
            EXPECT_TRUE(r[2].value.empty());
            EXPECT_EQ(r[3].ec, errc::skipped);
            EXPECT_EQ(r[4].ec, errc::skipped);
            const auto left = co_await count(db, "undone");
            EXPECT_EQ(left, 0);
        }
        // what was skipped works when it is asked for alone
        const auto four = co_await db.async_query_one<int>("select 4");
        EXPECT_EQ(four, 4);
    });
}

std::vector<std::pair<tusk::bound, sqlstate>> failing()
{
    return {{"select nothing", sqlstate::undefined_column},                       // Parse
            {sql("select $1::int4", "x"), sqlstate::invalid_text_representation}, // Bind
            {sql("select 1 / $1", 0), sqlstate::division_by_zero},                // Execute
            {"select 1; select 2", sqlstate::syntax_error}};
}

TEST(batch, fails_at_every_step)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const auto& [statement, code] : failing())
            for (std::size_t place = 0; place < 4; ++place) {
                batch b;
                for (std::size_t i = 0; i < 4; ++i)
                    b.add(i == place ? statement : sql("select $1", static_cast<int>(i)));
                auto [ec, r] = co_await db.async_run(std::move(b), as_tuple);
                EXPECT_EQ(ec, code);
                for (std::size_t i = 0; i < 4; ++i) {
                    if (i < place)
                        EXPECT_FALSE(r[i].ec);
                    else if (i == place)
                        EXPECT_EQ(r[i].ec, code);
                    else
                        EXPECT_EQ(r[i].ec, errc::skipped);
                }
                co_await expect_usable(db);
            }
    });
}

TEST(batch, a_part_that_cannot_be_sent)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table unsent(n int)");
        const auto requests = db.statistics().requests;
        batch b;
        b.add("insert into unsent values (1)").add(sql("select $1", std::uint64_t(-1))).add("select 3");
        auto [ec, r] = co_await db.async_run(std::move(b), as_tuple);
        EXPECT_EQ(ec, errc::value_out_of_range);
        EXPECT_TRUE(r.diag().safe_to_retry());
        require(r.size() == 3, "three parts");
        EXPECT_TRUE(r[0].ec);
        EXPECT_EQ(r[1].ec, errc::value_out_of_range);
        EXPECT_TRUE(r[2].ec);
        EXPECT_EQ(db.statistics().requests, requests);
        const auto left = co_await count(db, "unsent");
        EXPECT_EQ(left, 0);
    });
}

TEST(batch, deferred_constraint_fails_at_sync)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table late(a int unique deferrable initially deferred)");
        batch b;
        b.add("insert into late values (1) returning a").add("insert into late values (1)").add("select 3");
        auto [ec, r] = co_await db.async_run(std::move(b), as_tuple);
        EXPECT_EQ(ec, sqlstate::unique_violation);
        require(r.size() == 3, "three parts");
        for (const auto& part : r) EXPECT_EQ(part.ec, sqlstate::unique_violation); // all were undone
        for (const auto& part : r) EXPECT_TRUE(part.value.empty());
        const auto left = co_await count(db, "late");
        EXPECT_EQ(left, 0);
    });
}

TEST(batch, with_begin_and_commit_of_its_own)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table owned(n int)");
        batch good;
        good.add("begin").add("insert into owned values (1)").add("commit").add("select count(*) from owned");
        const batch_result r = co_await db.async_run(std::move(good));
        EXPECT_EQ(r[0].value.tag(), "BEGIN");
        EXPECT_EQ(r[2].value.tag(), "COMMIT");
        EXPECT_EQ(r[3].value[0][0].as<std::int64_t>(), 1);
        EXPECT_EQ(db.transaction_status(), transaction_status::idle);

        batch half;
        half.add("begin").add("insert into owned values (2)").add("select 1/0").add("commit");
        auto [ec, v] = co_await db.async_run(std::move(half), as_tuple);
        EXPECT_EQ(ec, sqlstate::division_by_zero);
        EXPECT_EQ(v[3].ec, errc::skipped); // the COMMIT too
        EXPECT_EQ(db.transaction_status(), transaction_status::failed);
        co_await db.async_execute("rollback");
        const auto left = co_await count(db, "owned");
        EXPECT_EQ(left, 1);

        batch open;
        open.add("begin").add("insert into owned values (3)");
        co_await db.async_run(std::move(open));
        EXPECT_EQ(db.transaction_status(), transaction_status::in_transaction);
        co_await db.async_execute("commit");
        const auto two = co_await count(db, "owned");
        EXPECT_EQ(two, 2);
    });
}

TEST(batch, empty)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto requests = db.statistics().requests;
        const batch_result r = co_await db.async_run(batch());
        EXPECT_TRUE(r.empty());
        EXPECT_FALSE(r.error());
        EXPECT_EQ(db.statistics().requests, requests);
        co_await expect_usable(db);
    });
}

TEST(batch, the_same_statement_many_times)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        batch b;
        for (int i = 0; i < 5000; ++i) b.add(sql("select $1 + 1, $2::text", i, std::string(100, 'x')));
        const batch_result r = co_await db.async_run(std::move(b));
        EXPECT_EQ(r.size(), 5000u);
        bool all = true;
        for (int i = 0; i < 5000; ++i)
            all = all && r[static_cast<std::size_t>(i)].value[0][0].as<int>() == i + 1;
        EXPECT_TRUE(all);
        EXPECT_EQ(db.statistics().cache_misses, 1u);
    });
}

TEST(batch, more_statements_than_the_cache_holds)
{
    tusk::connection_options small;
    small.statement_cache_capacity = 3;
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            for (int repeat = 0; repeat < 3; ++repeat) {
                batch b;
                for (int i = 0; i < 50; ++i) b.add("select " + std::to_string(i % 20));
                const batch_result r = co_await db.async_run(std::move(b));
                for (int i = 0; i < 50; ++i)
                    EXPECT_EQ(r[static_cast<std::size_t>(i)].value[0][0].as<int>(), i % 20);
                // and with a failure in it
                batch f;
                for (int i = 0; i < 20; ++i)
                    f.add(i == 11 ? std::string("select 1 / 0") : "select " + std::to_string(i));
                auto [ec, v] = co_await db.async_run(std::move(f), as_tuple);
                EXPECT_EQ(ec, sqlstate::division_by_zero);
                co_await expect_usable(db);
            }
            const auto held =
                co_await db.async_query_one<std::int64_t>("select count(*) from pg_prepared_statements");
            EXPECT_LE(held, 4);
        },
        small);
}

TEST(batch, between_single_requests)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        reply<tusk::single<int>> before(db), between(db), behind(db);
        reply<batch_result> good(db), bad(db);
        db.async_query_one<int>("select 1", before.token());
        batch g;
        g.add("select 2").add("select 3");
        db.async_run(std::move(g), good.token());
        db.async_query_one<int>("select 4", between.token());
        batch f;
        f.add("select 5").add("select 1 / 0").add("select 7");
        db.async_run(std::move(f), bad.token());
        db.async_query_one<int>("select 8", behind.token());
        co_await behind.wait();
        EXPECT_EQ(before.value().value(), 1);
        EXPECT_FALSE(good.ec());
        EXPECT_EQ(good.value()[1].value[0][0].as<int>(), 3);
        EXPECT_EQ(between.value().value(), 4);
        EXPECT_EQ(bad.ec(), sqlstate::division_by_zero);
        EXPECT_EQ(bad.value()[0].value[0][0].as<int>(), 5);
        EXPECT_EQ(behind.value().value(), 8);
    });
}

TEST(batch, in_a_transaction_it_is_a_part_of_it)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table outer_tx(n int)");
        co_await db.async_script("begin; insert into outer_tx values (1)");
        batch b;
        b.add("insert into outer_tx values (2)").add("insert into outer_tx values (3)");
        co_await db.async_run(std::move(b));
        EXPECT_EQ(db.transaction_status(), transaction_status::in_transaction);
        co_await db.async_execute("rollback");
        const auto left = co_await count(db, "outer_tx");
        EXPECT_EQ(left, 0);
    });
}

} // namespace
} // namespace tusk_test
