// Distributed under the Boost Software License, Version 1.0.
// Resetting, pinging, parameters, quoting.
#include "integration/support.hpp"

#include <asio/error.hpp>

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::reset_kind;
using tusk::transaction_status;

asio::awaitable<std::string> text_of(tusk::connection& db, const char* sql)
{
    std::string text = co_await db.async_query_one<std::string>(sql);
    co_return text;
}

TEST(session_care, a_reset_of_nothing_asks_nothing)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_query("select 1");
        const auto before = db.statistics();
        co_await db.async_reset();
        EXPECT_EQ(db.statistics().writes, before.writes);
        co_await db.async_execute("set application_name to 'other'");
        co_await db.async_reset();
        EXPECT_EQ(db.statistics().requests, before.requests + 2);
        co_await db.async_reset();
        EXPECT_EQ(db.statistics().requests, before.requests + 2); // that was all
        co_await expect_usable(db);
    });
}

TEST(session_care, a_reset_takes_back_what_was_touched)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string before = co_await text_of(db, "select current_setting('work_mem')");
        co_await db.async_execute("set work_mem to '123kB'");
        co_await db.async_execute("set role pg_monitor");
        co_await db.async_execute("listen touched");
        co_await db.async_execute("declare c cursor with hold for select 1");
        co_await db.async_execute("create temp table touched as select 1");
        co_await db.async_execute("prepare touched as select 1");
        co_await db.async_query("select pg_advisory_lock(4711)");
        const std::string own = "select count(*)::text from pg_prepared_statements where not from_sql";
        const std::string kept = co_await text_of(db, own.c_str());
        const auto misses = db.statistics().cache_misses;

        co_await db.async_reset();
        const std::string after = co_await text_of(db, "select current_setting('work_mem')");
        EXPECT_EQ(after, before);
        const std::string left = co_await text_of(
            db,
            "select (current_user = session_user)::text || (select count(*) from pg_listening_channels()) || "
            "(select count(*) from pg_cursors where name = 'c') || (to_regclass('touched') is null)::text || "
            "(select count(*) from pg_prepared_statements where from_sql) || "
            "(select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid())");
        EXPECT_EQ(left, "true00true00");
        const std::string still = co_await text_of(db, own.c_str());
        EXPECT_EQ(std::stoi(still), std::stoi(kept) + 1); // the cache's, and the one query beside it
        EXPECT_EQ(db.statistics().cache_misses, misses + 1);

        co_await db.async_query("select set_config('work_mem', '321kB', false)");
        co_await db.async_query("select pg_advisory_lock(4711)"); // of a statement that is cached by now
        co_await db.async_script("do $$begin perform set_config('work_mem', '222kB', false); end$$");
        co_await db.async_reset();
        const std::string again = co_await text_of(db, "select current_setting('work_mem')");
        EXPECT_EQ(again, before);
        const auto locks = co_await db.async_query_one<std::int64_t>(
            "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()");
        EXPECT_EQ(locks, 0);
    });
}

TEST(session_care, discard_all_and_the_cache_forgets)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_query("select 1");
        co_await db.async_execute("set work_mem to '123kB'");
        co_await db.async_reset(reset_kind::all);
        const auto requests = db.statistics().requests;
        co_await db.async_reset(); // nothing is left
        EXPECT_EQ(db.statistics().requests, requests);
        const auto before = db.statistics();
        co_await db.async_query("select 1");
        EXPECT_EQ(db.statistics().cache_misses, before.cache_misses + 1);
        EXPECT_EQ(db.statistics().heals, 0u);
    });
}

TEST(session_care, no_reset_inside_a_transaction)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const reset_kind how : {reset_kind::touched, reset_kind::all}) {
            co_await db.async_execute("begin");
            auto [ec, why] = co_await db.async_reset(how, as_tuple);
            EXPECT_EQ(ec, errc::already_in_transaction);
            EXPECT_TRUE(why.safe_to_retry());
            EXPECT_EQ(db.transaction_status(), transaction_status::in_transaction);
            co_await db.async_execute("rollback");
            {
                tusk::transaction tx = co_await db.async_begin();
                co_await tx.async_query("select 1");
                auto [reserved, w] = co_await db.async_reset(how, as_tuple);
                EXPECT_EQ(reserved, errc::already_in_transaction);
                co_await tx.async_query("select 1");
            } // whose rollback is on its way
            co_await db.async_reset(how);
            co_await expect_usable(db);
        }
    });
}

// A lock on a temporary table, which only a superuser can take from outside, stands in the way of DISCARD TEMP.
TEST(session_care, a_reset_that_fails_is_made_up_for_by_the_next)
{
    run_test([](tusk::connection& other) -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::connection db(executor);
        // set by the connection, so that no reset takes it back
        co_await db.async_connect(where("tusk", {}, via::tcp, "options='-c lock_timeout=10ms'"));
        const std::string before = co_await text_of(db, "select current_setting('work_mem')");
        co_await db.async_execute("set work_mem to '123kB'");
        co_await db.async_execute("create temp table touched as select 1");
        const std::string table = co_await text_of(
            db, "select nspname || '.touched' from pg_namespace where oid = pg_my_temp_schema()");
        tusk::transaction lock = co_await other.async_begin();
        co_await lock.async_execute("lock table " + table + " in access share mode");

        auto [ec, why] = co_await db.async_reset(reset_kind::touched, as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::lock_not_available);
        EXPECT_EQ(why.message(), "canceling statement due to lock timeout");
        EXPECT_EQ(db.transaction_status(), transaction_status::idle);
        const std::string still = co_await text_of(db, "select current_setting('work_mem')");
        EXPECT_EQ(still, "123kB"); // it is one transaction
        co_await expect_usable(db);
        auto [all, w] = co_await db.async_reset(reset_kind::all, as_tuple);
        EXPECT_EQ(all, tusk::sqlstate::lock_not_available);
        co_await expect_usable(db);

        co_await lock.async_rollback();
        co_await db.async_reset();
        const std::string after = co_await text_of(db, "select current_setting('work_mem')");
        EXPECT_EQ(after, before);
        const std::string gone = co_await text_of(db, "select (to_regclass('touched') is null)::text");
        EXPECT_EQ(gone, "true");
        co_await db.async_close();
    });
}

TEST(session_care, a_reset_that_is_cancelled_is_made_up_for_by_the_next)
{
    run_test([](tusk::connection& other) -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::connection db(executor);
        co_await db.async_connect(where());
        co_await db.async_execute("create temp table touched as select 1");
        const std::string table = co_await text_of(
            db, "select nspname || '.touched' from pg_namespace where oid = pg_my_temp_schema()");
        tusk::transaction lock = co_await other.async_begin();
        co_await lock.async_execute("lock table " + table + " in access share mode");
        reply<tusk::diagnostics> reset(db);
        db.async_reset(reset_kind::touched, reset.token());
        bool waits = false;
        while (!waits)
            waits = co_await lock.async_query_one<bool>(tusk::sql(
                "select exists(select from pg_locks where pid = $1 and not granted)", db.process_id()));
        db.get_cancel_token().cancel();
        co_await reset.wait();
        EXPECT_EQ(reset.ec(), asio::error::operation_aborted);
        co_await expect_usable(db); // once the server has ended it
        EXPECT_EQ(db.transaction_status(), transaction_status::idle);
        co_await lock.async_rollback();
        const std::string there = co_await text_of(db, "select (to_regclass('touched') is null)::text");
        EXPECT_EQ(there, "false");
        co_await db.async_reset();
        const std::string gone = co_await text_of(db, "select (to_regclass('touched') is null)::text");
        EXPECT_EQ(gone, "true");
        co_await db.async_close();
    });
}

TEST(session_care, a_reset_waits_for_what_is_under_way)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        reply<tusk::command> set(db);
        reply<tusk::diagnostics> reset(db);
        reply<tusk::single<std::string>> show(db);
        const std::string before = co_await text_of(db, "select current_setting('work_mem')");
        db.async_execute("set work_mem to '123kB'", set.token());
        db.async_reset(reset_kind::touched, reset.token());
        db.async_query_one<std::string>("select current_setting('work_mem')", show.token());
        co_await show.wait();
        EXPECT_EQ(set.answers() + reset.answers() + show.answers(), 3);
        EXPECT_FALSE(set.ec() || reset.ec() || show.ec());
        EXPECT_EQ(show.value().value(), before);
    });
}

TEST(session_care, a_ping_in_every_state)
{
    for (const auto mode :
         {tusk::statement_mode::cached, tusk::statement_mode::unnamed, tusk::statement_mode::simple}) {
        tusk::connection_options options;
        options.mode = mode;
        run_test(
            [](tusk::connection& db) -> asio::awaitable<void> {
                co_await db.async_ping();
                auto [ec, v] = co_await db.async_script("begin; select 1/0", as_tuple);
                EXPECT_EQ(ec, tusk::sqlstate::division_by_zero);
                co_await db.async_ping();
                EXPECT_EQ(db.transaction_status(), transaction_status::failed);
                co_await db.async_execute("rollback");
                {
                    tusk::transaction tx = co_await db.async_begin();
                    co_await tx.async_ping(); // also as the first, with BEGIN in front
                    EXPECT_EQ(db.transaction_status(), transaction_status::in_transaction);
                    co_await tx.async_rollback();
                }
                reply<tusk::diagnostics> a(db), b(db);
                reply<tusk::result> q(db);
                db.async_ping(a.token());
                db.async_query("select 1", q.token());
                db.async_ping(b.token());
                co_await b.wait();
                EXPECT_EQ(a.answers() + q.answers() + b.answers(), 3);
                EXPECT_FALSE(a.ec() || q.ec() || b.ec());
                co_await db.async_query("select 1");
            },
            options);
    }
}

TEST(session_care, a_hook_for_parameters)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::string seen;
        db.on_parameter([&](std::string_view name, std::string_view value) {
            seen += std::string(name) + '=' + std::string(value) + ';';
        });
        co_await db.async_execute("set application_name to 'hook'");
        EXPECT_EQ(seen, "application_name=hook;");
        EXPECT_EQ(db.parameter("application_name"), "hook");
        const auto all = db.parameters();
        EXPECT_EQ(all.at("application_name"), "hook");
        db.on_parameter({});
        co_await db.async_reset();
        EXPECT_NE(db.parameter("application_name"), "hook");
        EXPECT_EQ(seen, "application_name=hook;");
    });
}

TEST(session_care, quoted_names_and_texts_mean_themselves)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const char* name :
             {"plain", "Capital", "with \"quotes\"", "back\\slash", "select", "\xC3\xA4 \xE2\x82\xAC"}) {
            const std::string column = "select 1 as " + tusk::quote_identifier(name);
            const tusk::result r = co_await db.async_query(column);
            EXPECT_EQ(r.columns()[0].name, name);
        }
        const std::string table = tusk::quote_identifier({"pg_catalog", "pg_am"});
        const auto one =
            co_await db.async_query_one<std::int64_t>("select count(*) from " + table + " where false");
        EXPECT_EQ(one, 0);
        for (const char* standard : {"on", "off"}) {
            co_await db.async_script("set escape_string_warning to off; set standard_conforming_strings to " +
                                     std::string(standard));
            for (const char* text :
                 {"", "it's", "a\\b", "\\'; drop table x; --", "\xF0\x9F\x90\x98 'n'\\n"}) {
                const std::string back =
                    co_await db.async_query_one<std::string>("select" + tusk::quote_literal(text));
                EXPECT_EQ(back, text) << standard;
            }
        }
    });
}

} // namespace
} // namespace tusk_test
