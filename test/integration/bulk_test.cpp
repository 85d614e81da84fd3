// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>

#include <random>

namespace tusk_test {

struct bulk_row {
    std::int32_t id;
    std::string name;
};

namespace {

using tusk::bulk;
using tusk::errc;
using tusk::sqlstate;

constexpr const char* bulk_table = "create temp table bulk_t(id int primary key, name text)";
constexpr const char* insert = "insert into bulk_t values ($1, $2)";

TEST(Bulk, StructsTuplesAndSingleValues)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(bulk_table);
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
        co_await expect_count(db, "bulk_t", 2'000);
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
        co_await db.async_script(bulk_table);
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
        co_await expect_count(db, "bulk_t", 0);

        rows[300].name = std::string("a\0b", 3);
        const tusk::bulk_result each = co_await db.async_execute_many(insert, rows, bulk::independent);
        require(each.failures().size() == 2, "two items failed");
        EXPECT_EQ(each.failures()[0].item, 300u);
        EXPECT_EQ(each.failures()[0].ec, errc::nul_in_text);
        EXPECT_EQ(each.failures()[1].item, 700u);
        EXPECT_EQ(each.failures()[1].ec, sqlstate::unique_violation);
        EXPECT_EQ(each.rows_affected(), 998u);
        EXPECT_EQ(each.rows_affected(700), 0u);
        co_await expect_count(db, "bulk_t", 998);
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

/// Items that are made when they are asked for, once.
struct counted_items {
    struct iterator {
        using value_type = bulk_row;
        using difference_type = std::ptrdiff_t;
        int at = 0, throws_at = -1;
        bulk_row operator*() const
        {
            if (at == throws_at) throw std::runtime_error("no more items");
            return {at, "row"};
        }
        iterator& operator++() { return ++at, *this; }
        void operator++(int) { ++at; }
        friend bool operator==(const iterator& a, const iterator& b) { return a.at == b.at; }
    };
    int n, throws_at = -1;
    [[nodiscard]] iterator begin() const { return {0, throws_at}; }
    [[nodiscard]] iterator end() const { return {n}; }
};

TEST(Bulk, ManyIndependentItemsInBoundedMemory)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(bulk_table);
        const std::vector<int> few{1, 2, 3};
        (void)co_await db.async_execute_many("select $1::int4", few, bulk::independent);
        const int items = wanted("TUSK_BULK_ITEMS", 20'000);
        const long before = peak();
        const tusk::bulk_result done = co_await db.async_execute_many(
            "select $1::int4, $2::text", counted_items{items}, bulk::independent);
        EXPECT_EQ(done.size(), static_cast<std::size_t>(items));
        EXPECT_EQ(done.rows_affected(), static_cast<std::uint64_t>(items));
        EXPECT_LT(peak() - before, 16 * 1024); // eight bytes an item, and twice that while they grow
        co_await expect_usable(db);
    });
}

TEST(Bulk, ARangeThatThrows)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(bulk_table);
        auto [ec, done] =
            co_await db.async_execute_many(insert, counted_items{1'000, 600}, bulk::independent, as_tuple);
        EXPECT_EQ(ec, errc::visitor_failed);
        EXPECT_NE(done.diag().message().find("no more items"), std::string_view::npos)
            << done.diag().message();
        EXPECT_EQ(done.size(), 600u);
        EXPECT_EQ(done.rows_affected(), 600u);
        co_await expect_count(db, "bulk_t", 600);
    });
}

TEST(Bulk, EveryIndependentItemFails)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(bulk_table);
        std::vector<int> numbers(1'000);
        for (int i = 0; i < 1'000; ++i) numbers[static_cast<std::size_t>(i)] = i;
        const tusk::bulk_result done =
            co_await db.async_execute_many("select 1 / ($1::int4 - $1)", numbers, bulk::independent);
        require(done.failures().size() == 1'000, "all items failed");
        for (std::size_t i = 0; i < 1'000; ++i) {
            EXPECT_EQ(done.failures()[i].item, i);
            EXPECT_EQ(done.failures()[i].ec, sqlstate::division_by_zero);
        }
        EXPECT_EQ(done.rows_affected(), 0u);
        const tusk::bulk_result wrong =
            co_await db.async_execute_many("select nonsense, $1", numbers, bulk::independent);
        EXPECT_EQ(wrong.failures().size(), 1'000u);
        EXPECT_EQ(wrong.failures()[999].ec, sqlstate::undefined_column);
        co_await expect_usable(db);
    });
}

TEST(Bulk, CopyIsRefused)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(bulk_table);
        const std::vector<int> numbers{1, 2, 3};
        for (const bulk how : {bulk::atomic, bulk::independent}) {
            const std::vector<std::tuple<>> none(3);
            auto [ec, done] = co_await db.async_execute_many("copy bulk_t from stdin", none, how, as_tuple);
            if (how == bulk::atomic)
                EXPECT_EQ(ec, errc::unexpected_copy);
            else
                for (const tusk::bulk_failure& f : done.failures()) EXPECT_EQ(f.ec, errc::unexpected_copy);
            EXPECT_FALSE(done.failures().empty() && !ec);
            co_await expect_count(db, "bulk_t", 0);
        }
    });
}

TEST(Bulk, CancelledAtRandomMoments)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(bulk_table);
        std::mt19937 random(28);
        int aborted = 0;
        for (int round = 0; round < 20; ++round)
            for (const bulk how : {bulk::atomic, bulk::independent}) {
                SCOPED_TRACE(round);
                asio::cancellation_signal stop;
                reply<tusk::bulk_result> many(db);
                reply<tusk::single<int>> behind(db);
                db.async_execute_many(insert, counted_items{3'000}, how,
                                      asio::bind_cancellation_slot(stop.slot(), many.token()));
                db.async_query_one<int>("select 42", behind.token());
                asio::steady_timer moment(db.get_executor(), std::chrono::microseconds(random() % 30'000));
                co_await moment.async_wait(as_tuple);
                stop.emit(asio::cancellation_type::total);
                co_await many.wait();
                co_await behind.wait();
                EXPECT_EQ(many.answers(), 1);
                EXPECT_TRUE(!many.ec() || many.ec() == asio::error::operation_aborted) << many.ec().message();
                EXPECT_FALSE(behind.ec()) << behind.diag().message();
                aborted += many.ec() == asio::error::operation_aborted;
                const auto left = co_await db.async_query_one<std::int64_t>("select count(*) from bulk_t");
                // all or nothing, or at least what was answered
                if (how == bulk::atomic)
                    EXPECT_TRUE(left == 0 || left == 3'000) << left;
                else
                    EXPECT_GE(static_cast<std::uint64_t>(left), many.value().rows_affected());
                co_await db.async_execute("truncate bulk_t");
            }
        EXPECT_GT(aborted, 0);
    });
}

} // namespace
} // namespace tusk_test
