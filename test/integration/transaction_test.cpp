// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

#include <asio/detached.hpp>

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::isolation;
using tusk::sql;
using tusk::sqlstate;

asio::awaitable<void> make_deferred(tusk::connection& db)
{
    co_await db.async_script("create temp table t(n int primary key deferrable initially deferred)");
}

asio::awaitable<int> count(tusk::connection& db)
{
    const int n = co_await db.async_query_one<int>("select count(*)::int4 from t");
    co_return n;
}

TEST(transaction, commits)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await make_deferred(db);
        tusk::transaction tx = co_await db.async_begin();
        EXPECT_EQ(db.transaction_status(), tusk::transaction_status::idle); // nothing was sent
        co_await tx.async_execute("insert into t values (1)");
        EXPECT_EQ(db.transaction_status(), tusk::transaction_status::in_transaction);
        co_await tx.async_commit();
        EXPECT_EQ(db.transaction_status(), tusk::transaction_status::idle);
        EXPECT_EQ(co_await count(db), 1);
    });
}

TEST(transaction, isolation_access_and_deferrability_are_in_effect)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::pair<isolation, std::string> levels[] = {
            {isolation::by_default, "read committed"},
            {isolation::read_committed, "read committed"},
            {isolation::repeatable_read, "repeatable read"},
            {isolation::serializable, "serializable"},
        };
        for (const auto& [level, name] : levels) {
            for (const bool on : {false, true}) {
                tusk::transaction_options how;
                how.isolation = level;
                how.read_only = on;
                how.deferrable = on;
                tusk::transaction tx = co_await db.async_begin(how);
                const auto shown = co_await tx.async_query_one<std::string>(
                    "select current_setting('transaction_isolation') || ' ' || "
                    "current_setting('transaction_read_only') || ' ' || "
                    "current_setting('transaction_deferrable')");
                EXPECT_EQ(shown, name + (on ? " on on" : " off off"));
                co_await tx.async_rollback();
            }
        }
    });
}

TEST(transaction, that_failed_is_not_committed)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await make_deferred(db);
        tusk::transaction tx = co_await db.async_begin();
        co_await tx.async_execute("insert into t values (1)");
        auto [ec, value] = co_await tx.async_execute("select 1/0", as_tuple);
        EXPECT_EQ(ec, sqlstate::division_by_zero);
        auto [end, diag] = co_await tx.async_commit(as_tuple);
        EXPECT_EQ(end, errc::transaction_rolled_back);
        EXPECT_EQ(co_await count(db), 0);
    });
}

TEST(transaction, deferred_constraint_fails_the_commit)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await make_deferred(db);
        tusk::transaction tx = co_await db.async_begin();
        co_await tx.async_execute("insert into t values (1), (1)");
        auto [end, diag] = co_await tx.async_commit(as_tuple);
        EXPECT_EQ(end, sqlstate::unique_violation);
        EXPECT_EQ(co_await count(db), 0);
    });
}

TEST(transaction, whose_object_goes_is_rolled_back_in_every_state)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await make_deferred(db);
        {
            const tusk::transaction unused = co_await db.async_begin();
        }
        EXPECT_EQ(co_await count(db), 0);
        {
            tusk::transaction answered = co_await db.async_begin();
            co_await answered.async_execute("insert into t values (1)");
        }
        EXPECT_EQ(co_await count(db), 0);
        reply<tusk::command> pending(db);
        {
            tusk::transaction busy = co_await db.async_begin();
            busy.async_execute("insert into t values (2)", pending.token());
        }
        EXPECT_EQ(co_await count(db), 0);
        co_await pending.wait();
        EXPECT_FALSE(pending.ec());
        {
            tusk::transaction failed = co_await db.async_begin();
            auto [ec, value] = co_await failed.async_execute("select 1/0", as_tuple);
            EXPECT_TRUE(ec);
        }
        EXPECT_EQ(co_await count(db), 0);
        {
            tusk::transaction over = co_await db.async_begin();
            co_await over.async_execute("insert into t values (3)");
            co_await over.async_commit();
        }
        EXPECT_EQ(co_await count(db), 1);
        EXPECT_EQ(db.transaction_status(), tusk::transaction_status::idle);
    });
}

TEST(transaction, whose_object_goes_while_it_commits)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await make_deferred(db);
        reply<tusk::diagnostics> end(db);
        {
            tusk::transaction tx = co_await db.async_begin();
            co_await tx.async_execute("insert into t values (1)");
            tx.async_commit(end.token());
        }
        co_await end.wait();
        EXPECT_FALSE(end.ec());
        EXPECT_EQ(co_await count(db), 1);
        const auto executor = co_await asio::this_coro::executor;
        tusk::transaction outlives;
        {
            tusk::connection other(executor);
            co_await other.async_connect(where());
            outlives = co_await other.async_begin();
            co_await outlives.async_execute("select 1");
        }
        auto [ec, diag] = co_await outlives.async_commit(as_tuple);
        EXPECT_TRUE(ec);
    });
}

TEST(transaction, requests_beside_it_wait)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await make_deferred(db);
        tusk::transaction tx = co_await db.async_begin();
        int seen = -1; // by another coroutine
        auto other = [&]() -> asio::awaitable<void> {
            auto done = co_await db.async_begin();
            seen = co_await done.async_query_one<int>("select count(*)::int4 from t");
            co_await done.async_commit();
        };
        const auto executor = co_await asio::this_coro::executor;
        asio::co_spawn(executor, other, asio::detached);
        reply<tusk::single<int>> beside(db);
        db.async_query_one<int>("select count(*)::int4 from t", beside.token());
        reply<tusk::begun> second(db);
        db.async_begin({}, second.token());
        for (int i = 0; i < 3; ++i) co_await tx.async_execute(sql("insert into t values ($1)", i));
        EXPECT_EQ(beside.answers() + second.answers(), 0);
        EXPECT_EQ(seen, -1);
        co_await tx.async_commit();
        co_await beside.wait();
        EXPECT_EQ(*beside.value(), 3);
        co_await second.wait();
        EXPECT_FALSE(second.ec());
        EXPECT_EQ(seen, 3);
    });
}

TEST(transaction, commit_twice_and_use_after_commit)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        tusk::transaction tx = co_await db.async_begin();
        co_await tx.async_query("select 1");
        co_await tx.async_commit();
        auto [ec, diag] = co_await tx.async_commit(as_tuple);
        EXPECT_EQ(ec, errc::transaction_over);
        auto [ec2, value] = co_await tx.async_query("select 1", as_tuple);
        EXPECT_EQ(ec2, errc::transaction_over);
        EXPECT_TRUE(value.diag().safe_to_retry());
        co_await expect_usable(db);
    });
}

TEST(transaction, begin_within_a_block_of_sql)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_execute("begin");
        auto [ec, value] = co_await db.async_begin({}, as_tuple);
        EXPECT_EQ(ec, errc::already_in_transaction);
        co_await db.async_execute("rollback");
        co_await expect_usable(db);
    });
}

TEST(transaction, savepoints_nest_and_have_any_name)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await make_deferred(db);
        tusk::transaction tx = co_await db.async_begin();
        co_await tx.async_execute("insert into t values (1)");
        co_await tx.async_savepoint("a \"quoted\"; name");
        co_await tx.async_execute("insert into t values (2)");
        co_await tx.async_savepoint("inner");
        auto [ec, value] = co_await tx.async_execute("select 1/0", as_tuple);
        EXPECT_TRUE(ec);
        co_await tx.async_rollback_to("inner");
        co_await tx.async_release("inner");
        co_await tx.async_rollback_to("a \"quoted\"; name");
        auto [empty, d1] = co_await tx.async_savepoint("", as_tuple);
        EXPECT_EQ(empty, errc::value_out_of_range);
        auto [longer, d2] = co_await tx.async_savepoint(std::string(64, 'x'), as_tuple);
        EXPECT_EQ(longer, errc::value_out_of_range);
        auto [nul, d3] = co_await tx.async_savepoint(std::string_view("a\0b", 3), as_tuple);
        EXPECT_EQ(nul, errc::nul_in_text);
        co_await tx.async_commit(); // what was refused has not harmed it
        EXPECT_EQ(co_await count(db), 1);
    });
}

TEST(transaction, lost_commit_is_in_doubt)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto executor = co_await asio::this_coro::executor;
        tusk::connection victim(executor);
        co_await victim.async_connect(where());
        co_await victim.async_script(
            "create temp table t(n int);"
            "create function pg_temp.die() returns trigger language plpgsql as $$"
            "begin perform pg_terminate_backend(pg_backend_pid()); return null; end$$;"
            "create constraint trigger d after insert on t deferrable initially "
            "deferred for each row execute function pg_temp.die()");
        tusk::transaction tx = co_await victim.async_begin();
        co_await tx.async_execute("insert into t values (1)");
        auto [ec, diag] = co_await tx.async_commit(as_tuple);
        EXPECT_EQ(ec, errc::in_doubt);
        EXPECT_EQ(diag.outcome(), tusk::outcome::unknown);
        co_await expect_usable(db);
    });
}

struct conflict {
    tusk::connection& other;
    std::string table;
    int calls = 0;
    int conflicts = 0; ///< how many attempts come into another's way

    asio::awaitable<int> operator()(tusk::transaction& tx)
    {
        ++calls;
        const std::string change = "update " + table + " set n = n + 1";
        const int seen = co_await tx.async_query_one<int>("select n from " + table);
        if (calls <= conflicts) co_await other.async_execute(change);
        co_await tx.async_execute(change);
        co_return seen;
    }
};

TEST(transaction, that_came_into_anothers_way_is_repeated_up_to_a_bound)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto executor = co_await asio::this_coro::executor;
        tusk::connection other(executor);
        co_await other.async_connect(where());
        const std::string table = unique_name("conflict");
        co_await db.async_script("create table " + table + "(n int); insert into " + table + " values (0)");
        tusk::transaction_options how;
        how.isolation = isolation::serializable;
        conflict twice{other, table, 0, 2};
        const int seen = co_await db.async_transaction(how, std::ref(twice));
        EXPECT_EQ(twice.calls, 3);
        EXPECT_EQ(seen, 2);

        conflict always{other, table, 0, 1000};
        tusk::repetition three;
        three.attempts = 3;
        std::error_code ec;
        try {
            (void)co_await db.async_transaction(how, std::ref(always), three);
        } catch (const tusk::error& e) {
            ec = e.code();
        }
        EXPECT_EQ(ec, sqlstate::serialization_failure);
        EXPECT_EQ(always.calls, 3);
        co_await db.async_script("drop table " + table);
        co_await other.async_close();
    });
}

TEST(transaction, with_callbacks_is_repeated_after_a_deadlock)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto executor = co_await asio::this_coro::executor;
        tusk::connection other(executor);
        co_await other.async_connect(where());
        const std::string table = unique_name("deadlock");
        const auto change = [&](int id) {
            return "update " + table + " set n = n + 1 where id = " + std::to_string(id);
        };
        co_await db.async_script("create table " + table + "(id int primary key, n int);" + "insert into " +
                                 table + " values (1, 0), (2, 0); set deadlock_timeout = '10ms'");
        co_await other.async_script("set deadlock_timeout = '1h'"); // so that the other one is chosen
        tusk::transaction holder = co_await other.async_begin();
        co_await holder.async_execute(change(2));
        // the last to wait is the one that finds the deadlock
        const std::string until_holder_waits = "do $$ begin while cardinality(pg_blocking_pids(" +
                                               std::to_string(other.process_id()) +
                                               ")) = 0 loop end loop; end $$";
        reply<tusk::command> blocked(db);
        int calls = 0;
        reply<tusk::diagnostics> end(db);
        db.async_transaction(
            {},
            [&](tusk::transaction& tx, tusk::transaction_done done) {
                const bool first = ++calls == 1;
                tx.async_execute(change(1), [&, first, done](std::error_code ec, tusk::command c) {
                    if (ec) return done(ec, c);
                    if (first) {
                        holder.async_execute(change(1), blocked.token());
                        tx.async_execute(until_holder_waits, [](std::error_code, const tusk::command&) {});
                    }
                    tx.async_execute(change(2), done);
                });
            },
            {}, end.token());
        co_await blocked.wait(); // the deadlock has been ended
        EXPECT_FALSE(blocked.ec());
        co_await holder.async_commit();
        co_await end.wait();
        EXPECT_FALSE(end.ec()) << end.ec().message();
        EXPECT_GE(calls, 2);
        const int sum = co_await db.async_query_one<int>("select sum(n)::int4 from " + table);
        EXPECT_EQ(sum, 4);
        co_await db.async_script("drop table " + table);
        co_await other.async_close();
    });
}

} // namespace
} // namespace tusk_test
