// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

namespace tusk_test {

struct bulk_row {
    std::int32_t id;
    std::string name;
};

namespace {

using tusk::bulk;
using tusk::errc;
using tusk::sqlstate;

constexpr const char* table = "create temp table bulk_t(id int primary key, name text)";
constexpr const char* insert = "insert into bulk_t values ($1, $2)";

asio::awaitable<void> expect_count(tusk::connection& db, std::int64_t expected)
{
    const auto n = co_await db.async_query_one<std::int64_t>("select count(*) from bulk_t");
    EXPECT_EQ(n, expected);
}

TEST(Bulk, StructsTuplesAndSingleValues)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(table);
        std::vector<bulk_row> structs;
        for (int i = 0; i < 500; ++i) structs.push_back({i, "row " + std::to_string(i)});
        const tusk::bulk_result atomic = co_await db.async_execute_many(insert, structs);
        EXPECT_EQ(atomic.size(), 500u);
        EXPECT_EQ(atomic.rows_affected(), 500u);
        EXPECT_TRUE(atomic.failures().empty());
        std::vector<std::tuple<int, std::string>> tuples;
        for (int i = 500; i < 2'000; ++i) tuples.emplace_back(i, "x");
        const tusk::bulk_result each = co_await db.async_execute_many(insert, tuples, bulk::independent);
        EXPECT_EQ(each.size(), 1'500u);
        EXPECT_EQ(each.rows_affected(), 1'500u);
        EXPECT_EQ(each.rows_affected(7), 1u);
        co_await expect_count(db, 2'000);
        std::vector<int> values{1, 2, 3, 9'999};
        const tusk::bulk_result gone =
            co_await db.async_execute_many("delete from bulk_t where id = $1", values, bulk::independent);
        EXPECT_EQ(gone.rows_affected(), 3u);
        EXPECT_EQ(gone.rows_affected(3), 0u);
        std::vector<int> nothing;
        const tusk::bulk_result none =
            co_await db.async_execute_many("select $1", nothing, bulk::independent);
        EXPECT_EQ(none.size(), 0u);
        const tusk::bulk_result none_at_all = co_await db.async_execute_many("select $1", nothing);
        EXPECT_EQ(none_at_all.size(), 0u);
    });
}

TEST(Bulk, AnItemThatFailsUndoesAllOrNothingElse)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(table);
        std::vector<bulk_row> rows;
        for (int i = 0; i < 1'000; ++i) rows.push_back({i == 700 ? 7 : i, "row"});
        rows[300].name = std::string("a\0b", 3);
        auto [refused, r] = co_await db.async_execute_many(insert, rows, bulk::atomic, as_tuple);
        EXPECT_EQ(refused, errc::nul_in_text);
        rows[300].name = "row";
        auto [ec, failed] = co_await db.async_execute_many(insert, rows, bulk::atomic, as_tuple);
        EXPECT_EQ(ec, sqlstate::unique_violation);
        require(failed.failures().size() == 1, "one item failed");
        EXPECT_EQ(failed.failures()[0].item, 700u);
        EXPECT_EQ(failed.rows_affected(), 0u);
        co_await expect_count(db, 0);

        rows[300].name = std::string("a\0b", 3);
        const tusk::bulk_result each = co_await db.async_execute_many(insert, rows, bulk::independent);
        require(each.failures().size() == 2, "two items failed");
        EXPECT_EQ(each.failures()[0].item, 300u);
        EXPECT_EQ(each.failures()[0].ec, errc::nul_in_text);
        EXPECT_EQ(each.failures()[1].item, 700u);
        EXPECT_EQ(each.failures()[1].ec, sqlstate::unique_violation);
        EXPECT_EQ(each.rows_affected(), 998u);
        EXPECT_EQ(each.rows_affected(700), 0u);
        co_await expect_count(db, 998);
    });
}

TEST(Bulk, TheConnectionIsLostInTheMiddle)
{
    run_loop([]() -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::connection db(executor);
        co_await db.async_connect(where());
        std::vector<int> items(10'000);
        for (int i = 0; i < 10'000; ++i) items[static_cast<std::size_t>(i)] = i;
        auto [ec, done] = co_await db.async_execute_many(
            "select case when $1::int4 = 5000 then pg_terminate_backend(pg_backend_pid()) end", items,
            bulk::independent, as_tuple);
        EXPECT_TRUE(ec) << "it cannot have gone well";
        EXPECT_LT(done.size(), 10'000u);
        EXPECT_FALSE(db.is_open());
    });
}

} // namespace
} // namespace tusk_test
