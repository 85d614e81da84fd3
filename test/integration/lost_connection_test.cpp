// Distributed under the Boost Software License, Version 1.0.
// The server ends the session: every request gets one answer, which says whether it may have run.
#include "load.hpp"

#include <asio/post.hpp>

#include <set>

using tusk::sql;
using namespace tusk_test;

namespace {

/// Asks again and again until `condition` holds on the server.
asio::awaitable<void> until(tusk::connection& db, std::string condition)
{
    const std::string question = "select " + condition;
    while (!co_await db.async_query_one<bool>(question)) {
    }
}

asio::awaitable<void> terminate(tusk::connection& db, int pid)
{
    EXPECT_TRUE(co_await db.async_query_one<bool>(sql("select pg_terminate_backend($1::int4)", pid)));
}

/// Lets other handlers run until the connection has noticed its end.
asio::awaitable<void> closed(tusk::connection& db)
{
    while (db.is_open()) co_await asio::post(db.get_executor(), asio::use_awaitable);
}

/// A number that no other test locks.
int unique_lock() { return static_cast<int>(std::hash<std::string>{}(unique_name("lock")) & 0x3fffffff); }

} // namespace

TEST(LostConnection, InMidPipelineEveryRequestSaysWhetherItMayHaveRun)
{
    run_test([](tusk::connection& other) -> asio::awaitable<void> {
        constexpr std::size_t before = 50;
        constexpr std::size_t behind = 400;
        const std::string table = unique_name("lost");
        const int lock = unique_lock();
        co_await other.async_script("create table " + table + "(id int)");
        co_await other.async_query(sql("select pg_advisory_lock($1::int4)", lock));

        tusk::connection_options options;
        options.max_in_flight = 100; // so that many never leave
        tusk::connection db(other.get_executor(), options);
        co_await db.async_connect(where());
        const int pid = db.process_id();
        std::vector<answer> answers(before + 1 + behind);
        countdown left(db);
        const auto insert = [&](std::size_t i) {
            return sql("insert into " + table + " values ($1) returning id", static_cast<int>(i));
        };
        for (std::size_t i = 0; i < before; ++i) ask(db, insert(i), answers[i], left);
        ask(db, sql("select 1 from pg_advisory_lock($1::int4)", lock), answers[before], left); // waits
        for (std::size_t i = before + 1; i < answers.size(); ++i) ask(db, insert(i), answers[i], left);
        co_await until(
            other, "exists (select from pg_locks where not granted and pid = " + std::to_string(pid) + ")");
        co_await terminate(other, pid);
        co_await left.wait();
        EXPECT_FALSE(db.is_open());

        const auto there = co_await other.async_query<int>("select id from " + table);
        const std::set<int> ran(there.begin(), there.end());
        std::size_t unsent = 0;
        std::size_t unknown = 0;
        for (std::size_t i = 0; i < answers.size(); ++i) {
            const answer& a = answers[i];
            require(a.count == 1, "one answer each");
            if (i < before) {
                EXPECT_EQ(a.value, static_cast<int>(i));
                EXPECT_TRUE(ran.contains(static_cast<int>(i)));
                continue;
            }
            EXPECT_TRUE(a.ec == tusk::sqlstate::admin_shutdown || a.ec == tusk::errc::connection_lost)
                << a.ec.message();
            EXPECT_NE(a.diag.outcome(), tusk::outcome::completed);
            EXPECT_EQ(a.diag.safe_to_retry(), a.diag.outcome() == tusk::outcome::not_sent);
            (a.diag.outcome() == tusk::outcome::not_sent ? unsent : unknown) += 1;
            if (a.diag.safe_to_retry()) EXPECT_FALSE(ran.contains(static_cast<int>(i)));
        }
        EXPECT_EQ(answers[before].ec, tusk::sqlstate::admin_shutdown) << answers[before].diag.message();
        EXPECT_EQ(answers[before].diag.outcome(), tusk::outcome::unknown);
        EXPECT_EQ(answers[before + 1].diag.outcome(), tusk::outcome::unknown);
        EXPECT_EQ(answers.back().diag.outcome(), tusk::outcome::not_sent);
        EXPECT_EQ(unknown, options.max_in_flight);
        EXPECT_EQ(unsent, answers.size() - before - options.max_in_flight);
        for (const answer& a :
             {answers[before + 1], answers.back()}) // the server's farewell explains the others, too
            EXPECT_NE(a.diag.message().find("terminating connection"), std::string_view::npos)
                << a.diag.message();
        co_await other.async_script("drop table " + table);
    });
}

TEST(LostConnection, ARequestThatEndsItsOwnSession)
{
    run_test([](tusk::connection& other) -> asio::awaitable<void> {
        tusk::connection db(other.get_executor());
        co_await db.async_connect(where());
        constexpr std::size_t requests = 1'000;
        std::vector<answer> answers(requests);
        countdown left(db);
        for (std::size_t i = 0; i < requests; ++i) {
            if (i == 500)
                ask(db, "select 500 from (select pg_terminate_backend(pg_backend_pid())) s", answers[i],
                    left);
            else
                ask(db, sql("select $1::int4", static_cast<int>(i)), answers[i], left);
        }
        co_await left.wait();
        for (std::size_t i = 0; i < requests; ++i) {
            require(answers[i].count == 1, "one answer each");
            if (!answers[i].ec)
                EXPECT_EQ(answers[i].value, static_cast<int>(i));
            else
                EXPECT_EQ(answers[i].diag.outcome(), tusk::outcome::unknown);
            if (i > 500) EXPECT_TRUE(answers[i].ec);
        }
        EXPECT_FALSE(db.is_open());
    });
}

TEST(LostConnection, WhileIdleTheNextUseTellsTheServersWords)
{
    run_test([](tusk::connection& other) -> asio::awaitable<void> {
        tusk::connection db(other.get_executor());
        co_await db.async_connect(where());
        co_await terminate(other, db.process_id());
        co_await closed(db); // noticed without any request
        auto [ec, none] = co_await db.async_query("select 1", as_tuple);
        EXPECT_EQ(ec, tusk::errc::connection_lost);
        EXPECT_EQ(none.diag().sqlstate(), "57P01");
        EXPECT_EQ(none.diag().severity(), "FATAL");
        EXPECT_NE(none.diag().message().find("terminating connection"), std::string_view::npos);
        EXPECT_TRUE(none.diag().safe_to_retry());
        co_await db.async_connect(where()); // the same object again
        co_await expect_usable(db);
        co_await db.async_close();
    });
}

TEST(LostConnection, TheServersTimeoutsWhileIdle)
{
    struct timeout {
        const char* setting;
        const char* begin;
        const char* code;
    };
    for (const timeout& t : {timeout{"idle_session_timeout", "select 1", "57P05"},
                             timeout{"idle_in_transaction_session_timeout", "begin", "25P03"}}) {
        run_test([&t](tusk::connection& other) -> asio::awaitable<void> {
            SCOPED_TRACE(t.setting);
            tusk::connection db(other.get_executor());
            co_await db.async_connect(where());
            co_await db.async_execute(t.begin);
            co_await db.async_execute(std::string("set ") + t.setting + " = '10ms'");
            co_await closed(db);
            auto [ec, none] = co_await db.async_query("select 1", as_tuple);
            EXPECT_EQ(ec, tusk::errc::connection_lost);
            EXPECT_EQ(none.diag().sqlstate(), t.code);
            EXPECT_TRUE(none.diag().safe_to_retry());
        });
    }
}

TEST(LostConnection, UsedBeforeTheEndWasNoticed)
{
    run_test([](tusk::connection& other) -> asio::awaitable<void> {
        for (int i = 0; i < 20; ++i) {
            tusk::connection db(other.get_executor());
            co_await db.async_connect(where());
            const int pid = db.process_id();
            co_await terminate(other, pid);
            std::vector<answer> answers(10); // sent, or not: in the farewell's face
            countdown left(db);
            for (answer& a : answers) ask(db, "select 1", a, left);
            co_await left.wait();
            for (const answer& a : answers) {
                require(a.count == 1, "one answer each");
                if (a.ec) EXPECT_NE(a.diag.outcome(), tusk::outcome::completed) << a.diag.message();
            }
            co_await until(
                other, "not exists (select from pg_stat_activity where pid = " + std::to_string(pid) + ")");
            co_await closed(db);
        }
    });
}

TEST(LostConnection, ThePoolersServerDiesUnderATransaction)
{
    run_test([](tusk::connection& other) -> asio::awaitable<void> {
        const server& s = the_server();
        tusk::connection_options options;
        options.mode = tusk::statement_mode::unnamed;
        tusk::connection db(other.get_executor(), options);
        co_await db.async_connect("host=" + s.host + " port=" + s.bouncer_port + " user=" + s.user +
                                  " dbname=" + s.database);
        co_await db.async_execute("begin");
        const int pid = co_await db.async_query_one<int>("select pg_backend_pid()");
        co_await terminate(other, pid);
        co_await closed(db); // the pooler passes it on and closes
        auto [ec, none] = co_await db.async_query("select 1", as_tuple);
        EXPECT_EQ(ec, tusk::errc::connection_lost);
        EXPECT_TRUE(none.diag().safe_to_retry());
        EXPECT_FALSE(none.diag().message().empty());
    });
}
