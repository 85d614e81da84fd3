// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

namespace tusk_test {

struct numbered {
    std::int32_t n;
    std::string_view text; // looks into the received bytes
};

struct five {
    std::int32_t id;
    std::int64_t big;
    double ratio;
    std::string_view note;
    std::chrono::sys_time<std::chrono::microseconds> moment;
};

namespace {

using tusk::errc;
using tusk::sql;

constexpr const char* thousand_shown = "select g as n, 'row ' || g as text from generate_series(1, 1000) g";

TEST(ForEach, StructsThatLookIntoTheBytes)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        int rows = 0, right = 0;
        const auto look = [&](const numbered& r) {
            ++rows;
            right += r.n == rows && r.text == "row " + std::to_string(rows);
        };
        const tusk::command done = co_await db.async_for_each<numbered>(thousand_shown, look);
        EXPECT_EQ(rows, 1000);
        EXPECT_EQ(right, 1000);
        EXPECT_EQ(done.tag(), "SELECT 1000");
        EXPECT_EQ(done.rows_affected(), 1000u);
    });
}

TEST(ForEach, TuplesSingleValuesAndRowsOfAnyShape)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::int64_t sum = 0;
        const auto add = [&](std::tuple<int, std::string>& r) { sum += std::get<0>(r); };
        co_await db.async_for_each<std::tuple<int, std::string>>(thousand_shown, add);
        EXPECT_EQ(sum, 500'500);

        std::vector<std::string> kept;
        const auto take = [&](std::string& s) { kept.push_back(std::move(s)); }; // it may be moved from
        co_await db.async_for_each<std::string>("select repeat('x', g) from generate_series(1, 50) g", take);
        EXPECT_EQ(kept.size(), 50u);
        for (std::size_t i = 0; i < kept.size(); ++i) EXPECT_EQ(kept[i], std::string(i + 1, 'x'));

        std::int64_t dynamic = 0;
        const auto any = [&](tusk::row r) { dynamic += r["n"].as<int>() + static_cast<int>(r.size()); };
        co_await db.async_for_each(thousand_shown, any);
        EXPECT_EQ(dynamic, 500'500 + 2000);

        int calls = 0;
        const auto count = [&](tusk::row) { ++calls; };
        const tusk::command none = co_await db.async_for_each("create temp table for_each_t(n int)", count);
        EXPECT_EQ(none.tag(), "CREATE TABLE");
        EXPECT_EQ(calls, 0);
    });
}

TEST(ForEach, ErrorsBeforeBetweenAndBehindTheRows)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        int rows = 0;
        const auto count = [&](int) { ++rows; };
        const auto syntax = std::get<0>(co_await db.async_for_each<int>("selec 1", count, as_tuple));
        EXPECT_EQ(syntax, tusk::sqlstate::syntax_error);
        const auto shape = std::get<0>(co_await db.async_for_each<int>("select 'a'", count, as_tuple));
        EXPECT_EQ(shape, errc::column_mismatch);
        EXPECT_EQ(rows, 0);
        const auto late = std::get<0>(co_await db.async_for_each<int>(
            "select 10 / (5 - g) from generate_series(1, 9) g", count, as_tuple));
        EXPECT_EQ(late, tusk::sqlstate::division_by_zero);
        EXPECT_EQ(rows, 4);
        rows = 0;
        const auto null =
            std::get<0>(co_await db.async_for_each<int>("values (1), (2), (null), (4)", count, as_tuple));
        EXPECT_EQ(null, errc::unexpected_null);
        EXPECT_EQ(rows, 2);
        co_await expect_usable(db);
    });
}

TEST(ForEach, AFunctionThatThrows)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        int rows = 0;
        const auto third = [&](int n) {
            ++rows;
            if (n == 3) throw std::runtime_error("three is enough");
        };
        constexpr const char* ten = "select generate_series(1, 10)";
        auto [ec, done] = co_await db.async_for_each<int>(ten, third, as_tuple);
        EXPECT_EQ(ec, errc::visitor_failed);
        EXPECT_EQ(done.diag().message(), "three is enough");
        EXPECT_EQ(rows, 3);
        const auto system = [](tusk::row) {
            throw std::system_error(std::make_error_code(std::errc::no_space_on_device));
        };
        const auto full = std::get<0>(co_await db.async_for_each(ten, system, as_tuple));
        EXPECT_EQ(full, std::make_error_code(std::errc::no_space_on_device));
        const auto number = [](tusk::row) { throw 7; };
        const auto odd = std::get<0>(co_await db.async_for_each(ten, number, as_tuple));
        EXPECT_EQ(odd, errc::visitor_failed);
        co_await expect_usable(db);
    });
}

TEST(ForEach, RequestsBesideItGetTheirOwnAnswers)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::vector<reply<tusk::single<int>>> others;
        std::vector<reply<tusk::command>> each;
        int rows = 0;
        for (int i = 0; i < 50; ++i) {
            db.async_query_one<int>(sql("select $1::int4", i), others.emplace_back(db).token());
            db.async_for_each<int>(
                sql("select generate_series(1, $1::int4)", i), [&](int) { ++rows; },
                each.emplace_back(db).token());
        }
        for (std::size_t i = 0; i < others.size(); ++i) {
            co_await others[i].wait();
            co_await each[i].wait();
            EXPECT_EQ(others[i].value().value(), static_cast<int>(i));
            EXPECT_FALSE(each[i].ec());
        }
        EXPECT_EQ(rows, 49 * 50 / 2);
    });
}

TEST(ForEach, AMillionRowsInConstantMemory)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_for_each<numbered>(thousand_shown, [](const numbered&) {});
        const long before = peak();
        std::int64_t rows = 0, sum = 0;
        const auto add = [&](const five& r) {
            ++rows;
            sum += r.id;
        };
        co_await db.async_for_each<five>(
            "select g as id, g::int8 * 1000003 as big, g / 7.0::float8 as ratio, "
            "'note ' || lpad(g::text, 15, '0') as note, "
            "timestamptz '2020-01-01 00:00:00+00' + g * interval '1 second' as moment "
            "from generate_series(1, 1000000) g",
            add);
        EXPECT_EQ(rows, 1'000'000);
        EXPECT_EQ(sum, 500'000'500'000);
        EXPECT_LT(peak() - before, 16 * 1024);
    });
}

} // namespace
} // namespace tusk_test
