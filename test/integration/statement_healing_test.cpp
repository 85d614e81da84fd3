// Distributed under the Boost Software License, Version 1.0.
// What the server forgets or invalidates of a prepared statement is prepared anew, unseen by the caller.
#include "load.hpp"

using tusk::sql;
using namespace tusk_test;

namespace {

/// A table that goes when the connection does.
asio::awaitable<void> make_table(tusk::connection& db)
{
    co_await db.async_script("create temp table t(a int); insert into t values (1), (2)");
}

/// Of the statement that was prepared last: what all names begin with, and its number.
asio::awaitable<std::pair<std::string, int>> last_name(tusk::connection& db)
{
    const auto names = co_await prepared_names(db);
    const auto digits = names.back().rfind('_') + 1;
    co_return std::pair(names.back().substr(0, digits), std::stoi(names.back().substr(digits)));
}

} // namespace

TEST(StatementHealing, ColumnsChangedByDdl)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await make_table(db);
        auto r = co_await db.async_query("select * from t order by a");
        EXPECT_EQ(r.columns().size(), 1U);
        co_await db.async_execute("alter table t add column b text default 'new'");
        r = co_await db.async_query("select * from t order by a");
        require(r.columns().size() == 2 && r.size() == 2, "the new column is there");
        EXPECT_EQ(r[1]["b"].as<std::string>(), "new");
        EXPECT_EQ(db.statistics().heals, 1U);

        co_await db.async_execute("alter table t alter column a type text using 'x' || a");
        r = co_await db.async_query("select * from t order by a");
        EXPECT_EQ(r[0]["a"].as<std::string>(), "x1");
        EXPECT_EQ(db.statistics().heals, 2U);
        const auto before = db.statistics();
        r = co_await db.async_query("select * from t order by a"); // and is cached again
        EXPECT_EQ(db.statistics().cache_hits, before.cache_hits + 1);
        EXPECT_EQ(db.statistics().heals, 2U);
        EXPECT_EQ((co_await prepared_names(db)).size(), 3U);
    });
}

TEST(StatementHealing, TypedQueriesAndPreparedStatements)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        struct one {
            int a;
        };
        struct two {
            int a;
            std::optional<int> b;
        };
        co_await make_table(db);
        tusk::statement s = co_await db.async_prepare("select * from t where a = $1");
        EXPECT_EQ((co_await db.async_query_one<one>(s.bind(2))).a, 2);
        co_await db.async_execute("alter table t add column b int");
        auto all = co_await db.async_query<two>(s.bind(2));
        require(all.size() == 1, "one row");
        EXPECT_EQ(all[0].a, 2);
        EXPECT_FALSE(all[0].b);
        s = co_await db.async_prepare("select * from t where a = $1");
        EXPECT_EQ(s.columns().size(), 2U);
        co_await db.async_execute("alter table t drop column b");
        s = co_await db.async_prepare("select * from t where a = $1"); // Describe alone goes stale, too
        EXPECT_EQ(s.columns().size(), 1U);
        EXPECT_EQ(db.statistics().heals, 2U);
    });
}

TEST(StatementHealing, ManyPipelinedBeforeAndBehindTheDdl)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        constexpr std::size_t each = 200;
        co_await make_table(db);
        co_await db.async_query("select * from t");
        countdown left(db);
        std::vector<std::size_t> columns(3 * each);
        const auto burst = [&](std::size_t from) {
            for (std::size_t i = from; i < from + each; ++i) {
                left.expect();
                db.async_query("select * from t", [&, i](std::error_code ec, const tusk::result& r) {
                    if (!ec && r.size() == 2) columns[i] = r.columns().size();
                    left.arrive();
                });
            }
        };
        const auto ddl = [&](const char* text) {
            left.expect();
            db.async_execute(text, [&](std::error_code ec, const tusk::command&) {
                EXPECT_FALSE(ec);
                left.arrive();
            });
        };
        burst(0);
        ddl("alter table t add column b int");
        burst(each);
        ddl("alter table t add column c int");
        burst(2 * each);
        co_await left.wait();
        // what is sent once more runs behind all that had been sent, and sees the last state
        for (std::size_t i = 0; i < columns.size(); ++i) EXPECT_EQ(columns[i], i < each ? 1U : 3U) << i;
        EXPECT_GE(db.statistics().heals, 2 * each);
        co_await expect_usable(db);
    });
}

TEST(StatementHealing, InsideATransactionBlockItIsReportedAndHealedForNextTime)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await make_table(db);
        co_await db.async_query("select * from t");
        co_await db.async_execute("begin");
        co_await db.async_execute("alter table t add column b int");
        auto [ec, none] = co_await db.async_query("select * from t", as_tuple);
        EXPECT_EQ(ec, tusk::errc::stale_statement);
        EXPECT_EQ(none.diag().sqlstate(), "0A000");
        EXPECT_TRUE(none.empty());
        EXPECT_EQ(db.transaction_status(), tusk::transaction_status::failed);
        EXPECT_EQ(db.statistics().heals, 0U);
        co_await db.async_execute("rollback");

        co_await db.async_execute("begin");
        co_await db.async_execute("alter table t add column b int");
        auto r = co_await db.async_query("select * from t"); // no stale statement any more
        EXPECT_EQ(r.columns().size(), 2U);
        co_await db.async_execute("commit");
        EXPECT_EQ((co_await db.async_query("select * from t")).columns().size(), 2U);
    });
}

TEST(StatementHealing, AScriptHasForgottenTheStatements)
{
    for (const char* text : {"deallocate all", "discard all", "select 1; deallocate all; select 2"}) {
        run_test([text](tusk::connection& db) -> asio::awaitable<void> {
            SCOPED_TRACE(text);
            EXPECT_EQ(co_await db.async_query_one<int>(sql("select $1::int4", 1)), 1);
            co_await db.async_script(text);
            EXPECT_TRUE((co_await prepared_names(db)).empty());
            EXPECT_EQ(co_await db.async_query_one<int>(sql("select $1::int4", 2)), 2);
            EXPECT_EQ(db.statistics().heals, 0U); // the tag told it in time
            EXPECT_EQ((co_await prepared_names(db)).size(), 1U);
        });
    }
}

TEST(StatementHealing, StatementsForgottenInMidPipeline)
{
    for (const char* text : {"deallocate all", "discard all", "do $$begin execute 'deallocate all'; end$$"}) {
        run_test([text](tusk::connection& db) -> asio::awaitable<void> {
            SCOPED_TRACE(text);
            constexpr std::size_t requests = 300;
            co_await db.async_query_one<int>(sql("select $1::int4", 1));
            std::vector<answer> answers(requests);
            countdown left(db);
            for (std::size_t i = 0; i < requests; ++i) {
                if (i % 100 == 50) {
                    left.expect();
                    db.async_execute(text, [&](std::error_code ec, const tusk::command&) {
                        EXPECT_FALSE(ec) << ec.message();
                        left.arrive();
                    });
                }
                ask(db, sql("select $1::int4", static_cast<int>(i)), answers[i], left);
            }
            co_await left.wait();
            for (std::size_t i = 0; i < requests; ++i) {
                require(answers[i].value == static_cast<int>(i), answers[i].diag.message());
                EXPECT_EQ(answers[i].count, 1);
            }
            co_await expect_usable(db);
        });
    }
}

TEST(StatementHealing, OneStatementDeallocatedByName)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        EXPECT_EQ(co_await db.async_query_one<int>(sql("select $1::int4", 1)), 1);
        const auto names = co_await prepared_names(db);
        require(names.size() == 1, "one statement is prepared");
        EXPECT_LE(names[0].size(), 63U);
        co_await db.async_script("deallocate " + names[0]);
        EXPECT_EQ(co_await db.async_query_one<int>(sql("select $1::int4", 2)), 2);
        EXPECT_EQ(db.statistics().heals, 1U);

        co_await db.async_script("deallocate " + (co_await prepared_names(db)).at(0) + "; begin");
        auto [ec, none] = co_await db.async_query_one<int>(sql("select $1::int4", 3), as_tuple);
        EXPECT_EQ(ec, tusk::errc::stale_statement);
        EXPECT_EQ(none.diag().sqlstate(), "26000");
        co_await db.async_execute("rollback");
        EXPECT_EQ(co_await db.async_query_one<int>(sql("select $1::int4", 3)), 3);
    });
}

TEST(StatementHealing, TypeDroppedAndCreatedAnew)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string mood = unique_name("mood");
        const std::string create = "create type " + mood + " as enum ('sad', 'glad')";
        const std::string drop = "drop type " + mood;
        const std::string query = "select $1::" + mood + " as m, '{sad}'::" + mood + "[]";
        co_await db.async_execute(create);
        for (int i = 0; i < 3; ++i) {
            auto r = co_await db.async_query(sql(query, "glad"));
            EXPECT_EQ(r[0]["m"].view(), "glad");
            r = co_await db.async_query("select 'sad'::" + mood); // of that type without a parameter
            EXPECT_EQ(r[0][0].view(), "sad");
            co_await db.async_script(drop + "; " + create);
        }
        EXPECT_GE(db.statistics().heals, 2U);

        co_await db.async_query(sql(query, "sad"));
        co_await db.async_script("begin; " + drop + "; " + create);
        auto [ec, none] = co_await db.async_query(sql(query, "sad"), as_tuple);
        EXPECT_EQ(ec, tusk::errc::stale_statement) << none.diag().to_string();
        co_await db.async_execute("rollback");
        auto r = co_await db.async_query(sql(query, "sad"));
        EXPECT_EQ(r[0]["m"].view(), "sad");
        co_await db.async_script(drop);
    });
}

TEST(StatementHealing, SomebodyElseTookTheNextNames)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_query_one<int>("select 1");
        const auto [prefix, n] = co_await last_name(db);
        std::string take;
        for (int i = n + 1; i < n + 20; ++i)
            take += "prepare " + prefix + std::to_string(i) + " as select 'other';";
        co_await db.async_script(take);

        constexpr std::size_t requests = 40;
        std::vector<answer> answers(requests);
        countdown left(db);
        for (std::size_t i = 0; i < requests; ++i)
            ask(db, sql("select $1::int4 + " + std::to_string(i % 4), static_cast<int>(i)), answers[i], left);
        co_await left.wait();
        for (std::size_t i = 0; i < requests; ++i)
            require(answers[i].value == static_cast<int>(i + i % 4), answers[i].diag.message());
        EXPECT_GE(db.statistics().heals, 1U);
        auto other =
            co_await db.async_script("execute " + prefix + std::to_string(n + 1)); // and is left alone
        EXPECT_EQ(other.at(0)[0][0].as<std::string>(), "other");
    });
}

TEST(StatementHealing, SomebodyElsesStatementIsNeverMistakenForOurs)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        // theirs takes the same parameter and gives the same columns: only the name tells them apart
        co_await db.async_query_one<int>("select 1");
        const auto [prefix, n] = co_await last_name(db);
        const auto theirs = [&prefix = prefix](int i) {
            return "prepare " + prefix + std::to_string(i) + "(int4) as select $1 + 1000 as n;";
        };
        co_await db.async_script(theirs(n + 1) + theirs(n + 2));
        constexpr std::size_t requests = 40;
        std::vector<answer> answers(requests);
        countdown left(db);
        reply<tusk::statement> description(db);
        for (std::size_t i = 0; i < requests; ++i) {
            ask(db, sql("select $1::int4 as mine", static_cast<int>(i)), answers[i], left);
            if (i == 1) db.async_prepare(sql("select $1::int4 as mine", 0), description.token());
        }
        co_await left.wait();
        co_await description.wait();
        for (std::size_t i = 0; i < requests; ++i)
            require(answers[i].count == 1 && answers[i].value == static_cast<int>(i),
                    answers[i].diag.message());
        require(!description.ec(), description.diag().message());
        EXPECT_EQ(description.value().columns().at(0).name, "mine");
        EXPECT_EQ(db.statistics().heals, requests + 1);
        co_await expect_usable(db);
    });
}

TEST(StatementHealing, AnotherSearchPathMeansAnotherTable)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string a = unique_name("path_a");
        const std::string b = unique_name("path_b");
        co_await db.async_script("create schema " + a + "; create schema " + b + "; create table " + a +
                                 ".t as select 1 as n; create table " + b +
                                 ".t as select 'two' as n, 3 as m");
        for (int i = 0; i < 2; ++i) {
            co_await db.async_execute("set search_path = " + a);
            auto r = co_await db.async_query("select * from t");
            EXPECT_EQ(r[0]["n"].as<int>(), 1);
            co_await db.async_execute("set search_path = " + b);
            r = co_await db.async_query("select * from t");
            EXPECT_EQ(r[0]["n"].as<std::string>(), "two");
            EXPECT_EQ(r.columns().size(), 2U);
        }
        co_await db.async_script("drop schema " + a + " cascade; drop schema " + b + " cascade");
    });
}

TEST(StatementHealing, ATableThatIsGoneIsAnOrdinaryError)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await make_table(db);
        co_await db.async_query("select * from t");
        co_await db.async_script("drop table t");
        auto [ec, none] = co_await db.async_query("select * from t", as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::undefined_table) << none.diag().message();
        co_await db.async_script("create temp table t(x text, y int); insert into t values ('back', 1)");
        auto r = co_await db.async_query("select * from t");
        EXPECT_EQ(r[0]["x"].as<std::string>(), "back");
    });
}

TEST(StatementHealing, ABatchIsSentAnewWholeOrReported)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await make_table(db);
        co_await db.async_query("select * from t");
        co_await db.async_script("alter table t add column b int");
        tusk::batch stale_first;
        stale_first.add("select * from t").add("insert into t values (3)");
        auto done = co_await db.async_run(stale_first);
        EXPECT_EQ(done[0].value.columns().size(), 2U);
        EXPECT_EQ(co_await db.async_query_one<int>("select count(*)::int4 from t"), 3); // the insert ran once
        EXPECT_EQ(db.statistics().heals, 1U);

        co_await db.async_script("alter table t add column c int");
        tusk::batch stale_second;
        stale_second.add("insert into t values (4)").add("select * from t").add("select 1");
        auto [ec, failed] = co_await db.async_run(stale_second, as_tuple);
        EXPECT_EQ(ec, tusk::errc::stale_statement);
        EXPECT_FALSE(failed[0].ec);
        EXPECT_EQ(failed[1].ec, tusk::errc::stale_statement);
        EXPECT_EQ(failed[2].ec, tusk::errc::skipped);
        EXPECT_EQ(co_await db.async_query_one<int>("select count(*)::int4 from t"), 3); // undone
        done = co_await db.async_run(stale_second);
        EXPECT_EQ(done[1].value.size(), 4U);
        EXPECT_EQ(done[1].value.columns().size(), 3U);
    });
}

TEST(StatementHealing, OrdinaryErrorsEvictNothing)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table u(id int primary key, name text check (name <> 'bad'))");
        const auto insert = [](int id, std::string_view name) {
            return sql("insert into u values ($1, $2)", id, name);
        };
        const std::string divide = "select 1 / $1::int4";
        const std::string cast = "select $1::text::int4";
        const std::string sleep = "select from pg_sleep($1::float8)";
        co_await db.async_execute(insert(1, "ada"));
        co_await db.async_query(sql(divide, 1));
        co_await db.async_query(sql(cast, "1"));
        co_await db.async_query(sql(sleep, 0.0));
        co_await db.async_script("set statement_timeout = '20ms'");
        const auto before = db.statistics();
        const auto names = co_await prepared_names(db);

        const auto expect_error = [&db](tusk::bound b, tusk::sqlstate code) -> asio::awaitable<void> {
            auto [ec, r] = co_await db.async_query(std::move(b), as_tuple);
            EXPECT_EQ(ec, code) << r.diag().message();
        };
        co_await expect_error(insert(1, "eva"), tusk::sqlstate::unique_violation);
        co_await expect_error(insert(2, "bad"), tusk::sqlstate::check_violation);
        co_await expect_error(sql(divide, 0), tusk::sqlstate::division_by_zero);
        co_await expect_error(sql(cast, "one"), tusk::sqlstate::invalid_text_representation);
        co_await expect_error(sql(sleep, 60.0), tusk::sqlstate::query_canceled);
        co_await db.async_execute(insert(2, "eva"));
        co_await db.async_query(sql(divide, 1));
        co_await db.async_query(sql(cast, "1"));
        co_await db.async_query(sql(sleep, 0.0));

        EXPECT_EQ(db.statistics().cache_misses, before.cache_misses);
        EXPECT_EQ(db.statistics().cache_hits, before.cache_hits + 9);
        EXPECT_EQ(db.statistics().heals, 0U);
        EXPECT_EQ(co_await prepared_names(db), names);
    });
}
