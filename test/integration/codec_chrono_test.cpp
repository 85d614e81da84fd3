// Distributed under the Boost Software License, Version 1.0.
#include "integration/round_trip.hpp"

namespace tusk_test {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::local_time;
using std::chrono::microseconds;
using std::chrono::sys_days;
using std::chrono::sys_time;
using std::chrono::year_month_day;
using tusk::errc;
using tusk::sql;
using namespace std::chrono_literals;

using instant = sys_time<microseconds>;
using wall = local_time<microseconds>;

constexpr year_month_day date(int y, unsigned m, unsigned d)
{
    return year_month_day(std::chrono::year(y), std::chrono::month(m), std::chrono::day(d));
}

constexpr instant at(int y, unsigned m, unsigned d, microseconds time = {})
{
    return sys_days(date(y, m, d)) + time;
}
constexpr wall on(int y, unsigned m, unsigned d, microseconds time = {})
{
    return local_days(date(y, m, d)) + time;
}

// what PostgreSQL holds, from 1970-01-01
constexpr std::int64_t first_day = -2'440'588, last_day = 2'145'042'905;
constexpr std::int64_t first_micro = first_day * 86'400'000'000;

std::int64_t between(std::mt19937_64& random, std::int64_t low, std::int64_t high)
{
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

/// Half of them near our own time.
microseconds any_time(std::mt19937_64& random)
{
    const bool near = random() % 2;
    return microseconds(
        near ? between(random, -4'000'000'000'000'000, 4'000'000'000'000'000)
             : between(random, first_micro, std::numeric_limits<std::int64_t>::max() - 86'400'000'000));
}

const std::vector<sample<instant>> instants = {
    {at(1970, 1, 1), "'1970-01-01 00:00:00Z'"},
    {at(2000, 1, 1), "'2000-01-01 00:00:00Z'"},
    {at(1999, 12, 31, 24h - 1us), "'1999-12-31 23:59:59.999999Z'"},
    {at(2024, 2, 29, 12h + 1us), "'2024-02-29 13:30:00.000001+01:30'"},
    {at(12'024, 2, 29), "'12024-02-29 00:00Z'"},
    {at(0, 3, 1), "'0001-03-01 00:00Z BC'"},
    {at(-4713, 11, 24), "'4714-11-24 00:00:00Z BC'"}};

const std::vector<sample<wall>> walls = {{on(1970, 1, 1), "'1970-01-01'"},
                                         {on(1969, 12, 31, 24h - 1us), "'1969-12-31 23:59:59.999999'"},
                                         {on(2024, 2, 29, 12h + 100ms), "'2024-02-29 12:00:00.1'"},
                                         {on(-4713, 11, 24), "'4714-11-24 BC'"}};

const std::vector<sample<year_month_day>> dates = {
    {date(1970, 1, 1), "'1970-01-01'"},       {date(2024, 2, 29), "'2024-02-29'"},
    {date(1, 1, 1), "'0001-01-01'"},          {date(0, 12, 31), "'0001-12-31 BC'"},
    {date(-4713, 11, 24), "'4714-11-24 BC'"}, {date(32'767, 12, 31), "'32767-12-31'"}};

template <class Days>
std::vector<sample<Days>> all_days()
{
    std::vector<sample<Days>> result;
    for (const auto& s : dates) result.push_back({Days(sys_days(s.value).time_since_epoch()), s.literal});
    result.push_back({Days(days(first_day)), "'4714-11-24 BC'"});
    result.push_back({Days(days(last_day)), "'5874897-12-31'"});
    return result;
}

TEST(codec_chrono, samples)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_samples(db, "timestamptz", instants);
        co_await check_samples(db, "timestamp", walls);
        co_await check_samples(db, "date", dates);
        co_await check_samples(db, "date", all_days<sys_days>());
        co_await check_samples(db, "date", all_days<local_days>());
        co_await db.async_execute("set timezone = 'Africa/Monrovia'"); // -00:44:30 until 1972
        co_await check_samples(db, "timestamptz", instants);
    });
}

TEST(codec_chrono, the_last_moments)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        // 294276-12-31 is beyond what microseconds from 1970 hold
        auto [ec, value] = co_await db.async_query_one<instant>(
            "select '294276-12-31 23:59:59.999999Z'::timestamptz as late", as_tuple);
        EXPECT_EQ(ec, errc::value_not_representable);
        EXPECT_NE(value.diag().message().find("late"), std::string_view::npos);
        const auto latest = instant(microseconds::max());
        const auto same_again = co_await db.async_query_one<instant>(sql("select $1", latest));
        EXPECT_EQ(same_again, latest);
        auto [early, v2] =
            co_await db.async_query(sql("select $1", instant(microseconds(first_micro - 1))), as_tuple);
        EXPECT_EQ(early, errc::value_out_of_range);
        const auto first =
            co_await db.async_query_one<instant>(sql("select $1", instant(microseconds(first_micro))));
        EXPECT_EQ(first, instant(microseconds(first_micro)));
        auto [before, v3] =
            co_await db.async_query(sql("select $1", sys_days(days(first_day - 1))), as_tuple);
        EXPECT_EQ(before, errc::value_out_of_range);
        auto [after, v4] = co_await db.async_query(sql("select $1", sys_days(days(last_day + 1))), as_tuple);
        EXPECT_EQ(after, errc::value_out_of_range);
        auto [none, v5] = co_await db.async_query(sql("select $1", date(2023, 2, 29)), as_tuple);
        EXPECT_EQ(none, errc::value_out_of_range);
        auto [wide, v6] = co_await db.async_query_one<year_month_day>("select '32768-01-01'::date", as_tuple);
        EXPECT_EQ(wide, errc::value_not_representable);
        co_await expect_usable(db);
    });
}

TEST(codec_chrono, infinity_has_no_cpp_value)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const bool text : {false, true})
            for (const std::string sign : {"", "-"}) {
                const auto ask = [&](const std::string& type) {
                    return tusk::bound("select '" + sign + "infinity'::" + type + " as forever")
                        .text_results(text);
                };
                auto [a, v1] = co_await db.async_query_one<instant>(ask("timestamptz"), as_tuple);
                EXPECT_EQ(a, errc::value_not_representable);
                EXPECT_NE(v1.diag().message().find("forever"), std::string_view::npos) << v1.diag().message();
                auto [b, v2] = co_await db.async_query_one<wall>(ask("timestamp"), as_tuple);
                EXPECT_EQ(b, errc::value_not_representable);
                auto [c, v3] = co_await db.async_query_one<year_month_day>(ask("date"), as_tuple);
                EXPECT_EQ(c, errc::value_not_representable);
                auto [d, v4] = co_await db.async_query_one<std::optional<sys_days>>(ask("date"), as_tuple);
                EXPECT_EQ(d, errc::value_not_representable);
            }
        co_await expect_usable(db);
    });
}

TEST(codec_chrono, thousands_at_random_in_many_zones)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        // offsets with minutes, with seconds before standard time, on either side
        for (const char* zone :
             {"UTC", "Asia/Kathmandu", "America/St_Johns", "Europe/Amsterdam", "Pacific/Apia"}) {
            co_await db.async_execute("set timezone = '" + std::string(zone) + "'");
            co_await check_random<instant>(db, "timestamptz", 1000,
                                           [](auto& r) { return instant(any_time(r)); });
        }
        co_await check_random<wall>(db, "timestamp", 3000, [](auto& r) { return wall(any_time(r)); });
        co_await check_random<sys_days>(db, "date", 3000, [](auto& r) {
            return sys_days(days(static_cast<int>(between(r, first_day, last_day))));
        });
        co_await check_random<year_month_day>(db, "date", 3000, [](auto& r) {
            return year_month_day(sys_days(days(static_cast<int>(between(r, first_day, 11'248'737)))));
        });
    });
}

TEST(codec_chrono, other_precisions)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const sys_time<std::chrono::seconds> noon = sys_days(date(2024, 2, 29)) + 12h;
        const auto seconds =
            co_await db.async_query_one<bool>(sql("select $1 = '2024-02-29 12:00:00Z'::timestamptz", noon));
        EXPECT_TRUE(seconds);
        const local_time<std::chrono::hours> five = local_days(date(2000, 1, 1)) + 5h;
        const auto hours =
            co_await db.async_query_one<bool>(sql("select $1 = '2000-01-01 05:00'::timestamp", five));
        EXPECT_TRUE(hours);
        // what is finer than a microsecond is cut off, towards the past
        const auto cut =
            co_await db.async_query_one<bool>(sql("select $1 = '1969-12-31 23:59:59.999999Z'::timestamptz",
                                                  sys_time<std::chrono::nanoseconds>(-1ns)));
        EXPECT_TRUE(cut);
        const auto nanos = co_await db.async_query_one<sys_time<std::chrono::nanoseconds>>(
            "select '2024-02-29 00:00:00.000001Z'::timestamptz");
        EXPECT_EQ(nanos, sys_days(date(2024, 2, 29)) + 1us);
        auto [far, value] = co_await db.async_query_one<sys_time<std::chrono::nanoseconds>>(
            "select '3000-01-01Z'::timestamptz", as_tuple);
        EXPECT_EQ(far, errc::value_not_representable);
        const auto now = std::chrono::system_clock::now();
        const auto near =
            co_await db.async_query_one<bool>(sql("select abs(extract(epoch from now() - $1)) < 3600", now));
        EXPECT_TRUE(near);
    });
}

TEST(codec_chrono, every_date_style)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const char* style :
             {"ISO, YMD", "SQL, MDY", "SQL, DMY", "Postgres, MDY", "Postgres, DMY", "German"}) {
            SCOPED_TRACE(style);
            co_await db.async_execute("set datestyle = '" + std::string(style) + "'");
            co_await check_samples(db, "timestamptz", instants);
            co_await check_samples(db, "timestamp", walls);
            co_await check_samples(db, "date", dates);
            co_await check_random<instant>(db, "timestamptz", 500,
                                           [](auto& r) { return instant(any_time(r)); });
            co_await check_random<wall>(db, "timestamp", 500, [](auto& r) { return wall(any_time(r)); });
            co_await check_random<sys_days>(db, "date", 500, [](auto& r) {
                return sys_days(days(static_cast<int>(between(r, first_day, last_day))));
            });
        }
    });
}

} // namespace
} // namespace tusk_test
