// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

namespace tusk_test {
namespace {

using tusk::transaction_status;

TEST(transaction_status, follows_the_server)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        EXPECT_EQ(db.transaction_status(), transaction_status::idle);
        co_await db.async_execute("begin");
        EXPECT_EQ(db.transaction_status(), transaction_status::in_transaction);
        co_await db.async_query("select 1");
        EXPECT_EQ(db.transaction_status(), transaction_status::in_transaction);
        auto [ec, value] = co_await db.async_execute("select 1/0", as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::division_by_zero);
        EXPECT_EQ(db.transaction_status(), transaction_status::failed);
        auto [ec2, value2] = co_await db.async_execute("select 2", as_tuple);
        EXPECT_EQ(ec2, tusk::sqlstate::in_failed_sql_transaction);
        EXPECT_EQ(db.transaction_status(), transaction_status::failed);
        co_await db.async_execute("rollback");
        EXPECT_EQ(db.transaction_status(), transaction_status::idle);
        co_await expect_usable(db);
    });
}

TEST(transaction_status, savepoint_brings_a_failed_transaction_back)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_execute("begin");
        co_await db.async_execute("savepoint s");
        auto [ec, value] = co_await db.async_execute("select nothing", as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::undefined_column);
        EXPECT_EQ(db.transaction_status(), transaction_status::failed);
        co_await db.async_execute("rollback to s");
        EXPECT_EQ(db.transaction_status(), transaction_status::in_transaction);
        co_await db.async_execute("commit");
        EXPECT_EQ(db.transaction_status(), transaction_status::idle);
    });
}

TEST(transaction_status, commit_of_a_failed_transaction_says_rollback)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("begin");
        auto [ec, value] = co_await db.async_execute("select 1/0", as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::division_by_zero);
        const tusk::command end = co_await db.async_execute("commit");
        EXPECT_EQ(end.tag(), "ROLLBACK");
        EXPECT_EQ(db.transaction_status(), transaction_status::idle);
    });
}

TEST(transaction_status, scripts_and_batches_change_it)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("begin; select 1");
        EXPECT_EQ(db.transaction_status(), transaction_status::in_transaction);
        co_await db.async_script("commit and chain");
        EXPECT_EQ(db.transaction_status(), transaction_status::in_transaction);
        tusk::batch b;
        b.add("select 1").add("rollback");
        co_await db.async_run(std::move(b));
        EXPECT_EQ(db.transaction_status(), transaction_status::idle);
        auto [ec, value] = co_await db.async_script("begin; select 1/0; select 3", as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::division_by_zero);
        EXPECT_EQ(db.transaction_status(), transaction_status::failed);
        co_await db.async_execute("rollback");
        EXPECT_EQ(db.transaction_status(), transaction_status::idle);
    });
}

TEST(transaction_status, in_a_pipeline_each_follower_fails)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        reply<tusk::command> begin(db), fails(db), after(db), end(db), outside(db);
        db.async_execute("begin", begin.token());
        db.async_execute("select 1/0", fails.token());
        db.async_execute("select 5", after.token());
        db.async_execute("rollback", end.token());
        db.async_execute("select 6", outside.token());
        co_await outside.wait();
        EXPECT_FALSE(begin.ec());
        EXPECT_EQ(fails.ec(), tusk::sqlstate::division_by_zero);
        EXPECT_EQ(after.ec(), tusk::sqlstate::in_failed_sql_transaction);
        EXPECT_FALSE(end.ec());
        EXPECT_EQ(end.value().tag(), "ROLLBACK");
        EXPECT_FALSE(outside.ec());
        EXPECT_EQ(db.transaction_status(), transaction_status::idle);
        // what failed only for the transaction's sake works again
        const int five = co_await db.async_query_one<int>("select 5");
        EXPECT_EQ(five, 5);
    });
}

} // namespace
} // namespace tusk_test
