// Distributed under the Boost Software License, Version 1.0.
#include "integration/round_trip.hpp"

#include <algorithm>
#include <limits>

namespace tusk_test {
namespace {

using tusk::interval;
using tusk::money;
using tusk::sql;

const std::vector<sample<interval>> samples = {
    {{0, 0, 0}, "'0'"},
    {{14, 3, 14'706'700'000}, "'1 year 2 mons 3 days 04:05:06.7'"},
    {{-14, 3, -14'706'700'000}, "'-14 mons 3 days -04:05:06.7'"},
    {{14, 0, 0}, "'1-2'"},
    {{-14, 0, 0}, "'-14 mons'"},
    {{0, -3, 3'600'000'000}, "'-3 days +1 hour'"},
    {{0, -3, -3'600'000'000}, "'-3 days -1 hour'"},
    {{0, 0, -1}, "'-0.000001 sec'"},
    {{0, 0, 500'000}, "'0.5 sec'"},
    {{1, 1, 1'000'000}, "'1 mon 1 day 1 sec'"},
    {{std::numeric_limits<std::int32_t>::max(), 0, 0}, "'2147483647 mons'"},
    {{0, std::numeric_limits<std::int32_t>::max(), 0}, "'2147483647 days'"}};

const std::vector<sample<interval>> infinities = {{interval::infinity(), "'infinity'"},
                                                  {interval::minus_infinity(), "'-infinity'"}};

const std::vector<sample<money>> amounts = {
    {money(0), "0"},
    {money(123'456), "1234.56"},
    {money(-123'456), "-1234.56"},
    {money(std::numeric_limits<std::int64_t>::max()), "'92233720368547758.07'"},
    {money(std::numeric_limits<std::int64_t>::min()), "'-92233720368547758.08'"}};

/// The longest times that the server can write: 14 counts hours in 32 bits.
constexpr std::int64_t longest_of_14 = 3'600'000'000 * std::numeric_limits<std::int32_t>::max();
std::int64_t longest_time()
{
    return the_server().version >= 15 ? std::numeric_limits<std::int64_t>::max() : longest_of_14;
}
std::int64_t longest_time_back()
{
    return the_server().version >= 15 ? std::numeric_limits<std::int64_t>::min() : -longest_of_14;
}

/// Counts of all magnitudes, some of them 0. All at their limits is infinity, from PostgreSQL 17 on; the least
/// number of days has no opposite, which the server needs for some texts.
interval any_interval(std::mt19937_64& random)
{
    const auto count = [&](auto type) {
        using number = decltype(type);
        if (random() % 4 == 0) return number{0};
        return static_cast<number>(static_cast<std::int64_t>(random()) >>
                                   (64 - 8 * sizeof type + random() % (8 * sizeof type)));
    };
    interval value{count(std::int32_t{}), count(std::int32_t{}), count(std::int64_t{})};
    if (value.days == std::numeric_limits<std::int32_t>::min()) ++value.days;
    value.microseconds = std::clamp(value.microseconds, longest_time_back(), longest_time());
    return value;
}

TEST(codec_interval, every_interval_style)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const char* style : {"postgres", "postgres_verbose", "sql_standard", "iso_8601"}) {
            SCOPED_TRACE(style);
            co_await db.async_execute("set intervalstyle = '" + std::string(style) + "'");
            co_await check_samples(db, "interval", samples);
            co_await check_random<interval>(db, "interval", 3000, any_interval);
            if (the_server().version >= 17) co_await check_samples(db, "interval", infinities);
            // as far as it goes
            for (const int months :
                 {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()})
                for (const std::int64_t time : {longest_time_back(), longest_time()}) {
                    const interval edge{months, 1, time};
                    const auto back =
                        co_await db.async_query_one<interval>(sql("select $1", edge).text_results(true));
                    EXPECT_EQ(back, edge) << edge.to_string();
                }
        }
    });
}

TEST(codec_interval, text_is_that_of_the_server)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_execute("set intervalstyle = 'iso_8601'");
        std::mt19937_64 random(7);
        for (int i = 0; i < 1000; ++i) {
            const interval value = any_interval(random);
            const auto text =
                co_await db.async_query_one<std::string>(sql("select $1::interval::text", value));
            EXPECT_EQ(value.to_string(), text);
        }
    });
}

TEST(codec_money, samples_and_thousands_at_random)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_samples(db, "money", amounts);
        co_await check_random<money>(db, "money", 3000, [](auto& random) {
            return money(static_cast<std::int64_t>(random()) >> (random() % 64));
        });
    });
}

} // namespace
} // namespace tusk_test
