// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

namespace tusk_test {
namespace {

using tusk::sql;

TEST(query, columns_are_described_completely)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(
            "create temp table described("
            "id int8 not null, gone int, name varchar(20), price numeric(10, 2), tag char(3));"
            "alter table described drop column gone;"
            "insert into described values (1, 'one', 1.50, 'abc')");
        const auto table = co_await db.async_query_one<tusk::oid>("select 'described'::regclass::oid");
        const tusk::result r = co_await db.async_query(
            "select id, name as \"Name it\", price, tag, id + 1, tableoid from described");
        const tusk::columns expected = {
            {"id", table, 1, tusk::oid::int8, 8, -1, tusk::format::binary},
            {"Name it", table, 3, tusk::oid::varchar, -1, 24, tusk::format::binary},
            {"price", table, 4, tusk::oid::numeric, -1, ((10 << 16) | 2) + 4, tusk::format::binary},
            {"tag", table, 5, tusk::oid::bpchar, -1, 7, tusk::format::binary},
            {"?column?", tusk::oid::none, 0, tusk::oid::int8, 8, -1, tusk::format::binary},
            {"tableoid", table, -6, tusk::oid::oid_, 4, -1, tusk::format::binary},
        };
        EXPECT_EQ(r.columns(), expected);
        EXPECT_EQ(r.size(), 1u);
        EXPECT_EQ(r.tag(), "SELECT 1");
        EXPECT_EQ(r.column_index("price"), 2u);
        EXPECT_EQ(r.column_index("Price"), std::nullopt);
        EXPECT_EQ(r[0]["Name it"].as<std::string>(), "one");
        EXPECT_EQ(r[0]["tableoid"].as<tusk::oid>(), table);
    });
}

TEST(query, the_second_execution_has_the_same_columns)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string text = "select 1 as a, 'x'::name as b, null::date as c";
        const tusk::result first = co_await db.async_query(text);
        const auto misses = db.statistics().cache_misses;
        const tusk::result second = co_await db.async_query(text);
        EXPECT_EQ(db.statistics().cache_misses, misses);
        EXPECT_EQ(first.columns(), second.columns());
        EXPECT_EQ(second[0][0].as<int>(), 1);
        EXPECT_EQ(second[0][1].as<std::string>(), "x");
        EXPECT_TRUE(second[0][2].is_null());
    });
}

TEST(query, rows_without_columns_are_counted)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const tusk::result r = co_await db.async_query("select from generate_series(1, 3)");
        EXPECT_TRUE(r.has_columns());
        EXPECT_TRUE(r.columns().empty());
        EXPECT_EQ(r.size(), 3u);
        EXPECT_EQ(r.tag(), "SELECT 3");
        std::size_t rows = 0;
        for (const tusk::row row : r) rows += row.empty();
        EXPECT_EQ(rows, 3u);
    });
}

TEST(query, empty_statements_give_nothing)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const char* text : {"", ";", " \n\t", "-- nothing", "/* nothing /* at */ all */"}) {
            for (int repeat = 0; repeat < 2; ++repeat) {
                const tusk::result r = co_await db.async_query(text);
                EXPECT_FALSE(r.has_columns()) << text;
                EXPECT_TRUE(r.empty()) << text;
                EXPECT_EQ(r.tag(), "") << text;
                EXPECT_EQ(r.rows_affected(), 0u) << text;
            }
            const tusk::command done = co_await db.async_execute(text);
            EXPECT_EQ(done.tag(), "") << text;
        }
        auto [ec, value] = co_await db.async_query_one<int>("", as_tuple);
        EXPECT_TRUE(ec);
        co_await expect_usable(db);
    });
}

TEST(query, many_rows_in_their_order)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const tusk::result r =
            co_await db.async_query("select i, repeat('x', i % 50), case when i % 3 = 0 then i end "
                                    "from generate_series(1, 100000) i");
        EXPECT_EQ(r.size(), 100'000u);
        EXPECT_EQ(r.rows_affected(), 100'000u);
        int i = 0;
        bool all = true;
        for (const tusk::row row : r) {
            ++i;
            auto f = row.begin();
            all = all && (*f).as<int>() == i;
            ++f;
            all = all && (*f).view().size() == static_cast<std::size_t>(i % 50);
            ++f;
            all = all && (*f).is_null() == (i % 3 != 0);
        }
        EXPECT_EQ(i, 100'000);
        EXPECT_TRUE(all);
        EXPECT_EQ(r[99'999][0].as<int>(), 100'000);
        EXPECT_EQ(r[12'345][0].as<int>(), 12'346);
        EXPECT_THROW((void)r[100'000], std::out_of_range);
    });
}

TEST(query, large_values)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string text(20'000'000, 'y');
        const auto back = co_await db.async_query_one<std::string>(sql("select $1::text", text));
        EXPECT_TRUE(back == text);
        const tusk::result two =
            co_await db.async_query(sql("select $1::text, length($2::text)", text, text));
        EXPECT_TRUE(two[0][0].view() == text);
        EXPECT_EQ(two[0][1].as<int>(), 20'000'000);
        co_await expect_usable(db);
    });
}

TEST(query, results_outlive_the_connection)
{
    tusk::result kept;
    run_test([&kept](tusk::connection& db) -> asio::awaitable<void> {
        kept = co_await db.async_query("select i, 'row ' || i as t from generate_series(1, 1000) i");
        co_await db.async_query("select repeat('z', 1000000)");
    });
    EXPECT_EQ(kept.size(), 1000u);
    EXPECT_EQ(kept[0]["t"].as<std::string>(), "row 1");
    EXPECT_EQ(kept[999]["t"].as<std::string>(), "row 1000");
}

TEST(query, text_results)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string text = "select 42 as i, 1.5::float8 as f, true as b, '\\x00ff'::bytea as y, "
                                 "date '2024-02-29' as d, null::int as n, array[1, 2] as a";
        // before and after the binary form has been cached
        for (int repeat = 0; repeat < 3; ++repeat) {
            const tusk::result r = co_await db.async_query(tusk::bound(text).text_results(true));
            for (const tusk::column& c : r.columns()) EXPECT_EQ(c.format, tusk::format::text);
            EXPECT_EQ(r[0]["i"].view(), "42");
            EXPECT_EQ(r[0]["f"].view(), "1.5");
            EXPECT_EQ(r[0]["b"].view(), "t");
            EXPECT_EQ(r[0]["y"].view(), "\\x00ff");
            EXPECT_EQ(r[0]["d"].view(), "2024-02-29");
            EXPECT_TRUE(r[0]["n"].is_null());
            EXPECT_EQ(r[0]["a"].as<std::string>(), "{1,2}"); // any type is text in text format
            EXPECT_EQ(r[0]["i"].as<int>(), 42);
            EXPECT_EQ(r[0]["f"].as<double>(), 1.5);
            const tusk::result binary = co_await db.async_query(text);
            for (const tusk::column& c : binary.columns()) EXPECT_EQ(c.format, tusk::format::binary);
            EXPECT_EQ(binary[0]["i"].bytes().size(), 4u);
            EXPECT_EQ(binary[0]["i"].as<int>(), 42);
        }
    });
}

TEST(query, tags_and_counts)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        tusk::command c = co_await db.async_execute("create temp table counted(n int)");
        EXPECT_EQ(c.tag(), "CREATE TABLE");
        EXPECT_EQ(c.rows_affected(), 0u);
        c = co_await db.async_execute("insert into counted select generate_series(1, 12)");
        EXPECT_EQ(c.tag(), "INSERT 0 12");
        EXPECT_EQ(c.rows_affected(), 12u);
        c = co_await db.async_execute(sql("update counted set n = n + $1 where n > $2", 1, 4));
        EXPECT_EQ(c.tag(), "UPDATE 8");
        EXPECT_EQ(c.rows_affected(), 8u);
        c = co_await db.async_execute("select * from counted");
        EXPECT_EQ(c.tag(), "SELECT 12");
        const tusk::result deleted = co_await db.async_query("delete from counted where n < 4 returning n");
        EXPECT_EQ(deleted.tag(), "DELETE 3");
        EXPECT_EQ(deleted.rows_affected(), 3u);
        EXPECT_EQ(deleted.size(), 3u);
        c = co_await db.async_execute("create temp table copied as select * from counted");
        EXPECT_EQ(c.tag(), "SELECT 9");
        const tusk::result shown = co_await db.async_query("show server_version_num");
        EXPECT_EQ(shown.tag(), "SHOW");
        EXPECT_EQ(shown.size(), 1u);
        EXPECT_EQ(shown[0][0].view().substr(0, 2), std::to_string(the_server().version));
    });
}

TEST(query, whatever_has_columns_or_not)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const tusk::result none = co_await db.async_query("set local work_mem = '1MB'");
        EXPECT_FALSE(none.has_columns());
        EXPECT_TRUE(none.columns().empty());
        const tusk::result empty = co_await db.async_query("select 1 as a where false");
        EXPECT_TRUE(empty.has_columns());
        EXPECT_EQ(empty.columns().size(), 1u);
        EXPECT_TRUE(empty.empty());
        EXPECT_EQ(empty.begin(), empty.end());
        const tusk::result plan = co_await db.async_query("explain select 1");
        EXPECT_EQ(plan.columns().at(0).name, "QUERY PLAN");
        EXPECT_EQ(plan.tag(), "EXPLAIN");
    });
}

TEST(query, every_type_of_the_catalogue_can_be_selected)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        // NULL of each type: Parse, Describe and the choice of formats have to cope with all of them
        const auto names = co_await db.async_query<std::string>(
            "select format_type(oid, null) from pg_type where typtype in ('b', 'r', 'm', 'e', 'd') "
            "and typnamespace = 'pg_catalog'::regnamespace order by oid");
        EXPECT_GT(names.size(), 100u);
        for (const std::string& name : names) {
            auto [ec, r] = co_await db.async_query("select null::" + name, as_tuple);
            EXPECT_FALSE(ec) << name << ": " << r.diag().message();
            if (!ec) EXPECT_TRUE(r[0][0].is_null()) << name;
        }
        co_await expect_usable(db);
    });
}

TEST(query, a_moved_connection_goes_on)
{
    run_loop([]() -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::connection a(executor);
        co_await a.async_connect(where());
        const auto pid = a.process_id();
        tusk::connection b(std::move(a));
        EXPECT_EQ(b.process_id(), pid);
        co_await expect_usable(b);
        tusk::connection c(executor);
        c = std::move(b);
        EXPECT_EQ(c.process_id(), pid);
        co_await expect_usable(c);
        co_await c.async_close();
    });
}

} // namespace
} // namespace tusk_test
