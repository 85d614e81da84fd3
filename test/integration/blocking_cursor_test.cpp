// Distributed under the Boost Software License, Version 1.0.
#include "integration/blocking_support.hpp"

#include <cstdint>
#include <string>
#include <utility>

namespace tusk_test {
namespace {

using tusk::errc;

TEST(blocking_cursor, others_run_between_fetches)
{
    blocking_connection db(where());
    auto tx = db.begin();
    auto numbers = tx.cursor<std::int32_t>("select generate_series(1, 10)");
    EXPECT_TRUE(numbers.is_open());
    EXPECT_EQ(numbers.columns().size(), 1u);
    std::int64_t sum = 0;
    for (auto some = numbers.fetch(4); !some.empty(); some = numbers.fetch(4))
        for (const std::int32_t n : some) sum += tx.query_one<std::int32_t>(tusk::sql("select $1::int4", n));
    EXPECT_EQ(sum, 55);
    EXPECT_TRUE(numbers.at_end());
    numbers.close();
    EXPECT_FALSE(numbers.is_open());
    EXPECT_EQ(failure_of([&] { (void)numbers.fetch(1); }), errc::already_ended);
    tx.commit();
    EXPECT_EQ(db.query_one<int>("select 7"), 7);
}

TEST(blocking_cursor, one_that_goes_out_of_scope_closes_its_portal)
{
    blocking_connection db(where());
    auto tx = db.begin();
    const char* count = "select count(*)::int4 from pg_cursors where name like 'tusk_cursor_%'";
    {
        auto rows = tx.cursor("select g, 'text' from generate_series(1, 10) g");
        const tusk::result some = rows.fetch(3);
        EXPECT_EQ(some.size(), 3u);
        EXPECT_EQ(tx.query_one<int>(count), 1);
    }
    EXPECT_EQ(tx.query_one<int>(count), 0);
    tx.commit();
}

TEST(blocking_cursor, failures)
{
    blocking_connection db(where());
    std::error_code ec;
    auto outside = db.cursor<int>("select 1", ec);
    EXPECT_EQ(ec, errc::not_in_transaction);
    EXPECT_FALSE(outside.is_open());
    EXPECT_FALSE(outside.diag().message().empty());
    EXPECT_EQ(failure_of([&] { (void)outside.fetch(1); }), errc::already_ended);
    EXPECT_EQ(failure_of([] { (void)tusk::blocking::cursor<int>().fetch(1); }), errc::already_ended);

    auto tx = db.begin();
    auto failing = tx.cursor<int>("select 100 / (3 - i) from generate_series(1, 5) i");
    EXPECT_EQ(failing.fetch(2).size(), 2u);
    const auto lost = failing.fetch(2, ec);
    EXPECT_EQ(ec, tusk::sqlstate::division_by_zero);
    EXPECT_FALSE(lost.diag().message().empty());
    tx.rollback();
    auto moved = std::move(failing);
    EXPECT_EQ(failure_of([&] { (void)failing.fetch(1); }), errc::already_ended);
    EXPECT_EQ(failure_of([&] { (void)moved.fetch(1); }), errc::transaction_over);
    EXPECT_EQ(db.query_one<int>("select 7"), 7);
}

TEST(blocking_cursor, one_that_outlives_its_connection)
{
    tusk::blocking::cursor<int> numbers;
    {
        blocking_connection db(where());
        auto tx = db.begin();
        numbers = tx.cursor<int>("select generate_series(1, 10)");
        EXPECT_EQ(numbers.fetch(1).size(), 1u);
        tx.commit();
    }
    EXPECT_TRUE(failure_of([&] { (void)numbers.fetch(1); }));
}

} // namespace
} // namespace tusk_test
