// Distributed under the Boost Software License, Version 1.0.
#include "integration/round_trip.hpp"

namespace tusk_test {
namespace {

using std::chrono::local_days;
using std::chrono::microseconds;
using std::chrono::seconds;
using std::chrono::sys_days;
using tusk::date;
using tusk::errc;
using tusk::sql;
using tusk::time_of_day;
using tusk::timestamp;
using tusk::timestamptz;
using tusk::timetz;
using namespace std::chrono_literals;

constexpr std::int64_t first_day = -2'451'545, last_day = 2'145'031'948; // from 2000-01-01
constexpr std::int64_t first_micro = -211'813'488'000'000'000, last_micro = 9'223'371'331'199'999'999;

std::int64_t between(std::mt19937_64& random, std::int64_t low, std::int64_t high)
{
    return std::uniform_int_distribution<std::int64_t>(low, high)(random);
}

/// Half of them near our own time, some at the edges and beyond.
template <class T>
T any_timestamp(std::mt19937_64& random)
{
    switch (random() % 16) {
    case 0:
        return random() % 2 ? T::infinity() : T::minus_infinity();
    case 1:
        return T::from_microseconds(microseconds(random() % 2 ? first_micro + static_cast<int>(random() % 9)
                                                              : last_micro - static_cast<int>(random() % 9)));
    default: {
        constexpr std::int64_t near = 4'000'000'000'000'000;
        const bool close = random() % 2;
        return T::from_microseconds(
            microseconds(close ? between(random, -near, near) : between(random, first_micro, last_micro)));
    }
    }
}

date any_date(std::mt19937_64& random)
{
    if (random() % 16 == 0) return random() % 2 ? date::infinity() : date::minus_infinity();
    const bool close = random() % 2;
    return date::from_days(static_cast<std::int32_t>(close ? between(random, -800'000, 100'000)
                                                           : between(random, first_day, last_day)));
}

time_of_day any_time(std::mt19937_64& random)
{
    const std::int64_t count = between(random, 0, 86'400'000'000);
    return time_of_day(microseconds(random() % 2 ? count : count / 1'000'000 * 1'000'000));
}

timetz any_timetz(std::mt19937_64& random)
{
    const std::int64_t unit = random() % 2 ? 900 : 1;
    return {any_time(random), seconds(between(random, -57'599, 57'599) / unit * unit)};
}

timestamptz instant(sys_days day, microseconds time = {}) { return timestamptz(day + time); }
timestamp wall(sys_days day, microseconds time = {})
{
    return timestamp(local_days(day.time_since_epoch()) + time);
}
constexpr sys_days day(int y, unsigned m, unsigned d)
{
    return std::chrono::year(y) / std::chrono::month(m) / std::chrono::day(d);
}

const std::vector<sample<date>> dates = {
    {date(day(2024, 2, 29)), "'2024-02-29'"},       {date(day(2024, 3, 4)), "'2024-03-04'"},
    {date(day(0, 12, 31)), "'0001-12-31 BC'"},      {date::from_days(first_day), "'4714-11-24 BC'"},
    {date::from_days(last_day), "'5874897-12-31'"}, {date::infinity(), "'infinity'"},
    {date::minus_infinity(), "'-infinity'"}};

const std::vector<sample<timestamp>> walls = {
    {wall(day(2024, 2, 29), 12h + 34min + 56s + 100ms), "'2024-02-29 12:34:56.1'"},
    {wall(day(2024, 3, 4)), "'2024-03-04'"},
    {wall(day(1999, 12, 31), 24h - 1us), "'1999-12-31 23:59:59.999999'"},
    {timestamp::from_microseconds(microseconds(first_micro)), "'4714-11-24 00:00:00 BC'"},
    {timestamp::from_microseconds(microseconds(last_micro)), "'294276-12-31 23:59:59.999999'"},
    {timestamp::infinity(), "'infinity'"},
    {timestamp::minus_infinity(), "'-infinity'"}};

const std::vector<sample<timestamptz>> modern_instants = {
    {instant(day(2024, 2, 29), 12h + 34min + 56s + 100ms), "'2024-02-29 12:34:56.1Z'"},
    {instant(day(2024, 3, 4)), "'2024-03-04 00:00Z'"},
    {instant(day(2019, 12, 31), 24h - 1us), "'2019-12-31 23:59:59.999999Z'"}};

const std::vector<sample<timestamptz>> far_instants = {
    {timestamptz::from_microseconds(microseconds(first_micro)), "'4714-11-24 00:00:00Z BC'"},
    {timestamptz::from_microseconds(microseconds(last_micro)), "'294276-12-31 23:59:59.999999Z'"},
    {timestamptz::infinity(), "'infinity'"},
    {timestamptz::minus_infinity(), "'-infinity'"}};

const std::vector<sample<time_of_day>> times = {{time_of_day(), "'00:00'"},
                                                {time_of_day(24h), "'24:00'"},
                                                {time_of_day(12h + 34min + 56s), "'12:34:56'"},
                                                {time_of_day(24h - 1us), "'23:59:59.999999'"}};

const std::vector<sample<timetz>> zoned_times = {
    {{time_of_day(), 0s}, "'00:00+00'"},
    {{time_of_day(24h), -8h}, "'24:00-08'"},
    {{time_of_day(12h), 5h + 30min}, "'12:00+05:30'"},
    {{time_of_day(1us), -(16h - 1s)}, "'00:00:00.000001-15:59:59'"},
    {{time_of_day(12h), 19min + 32s}, "'12:00+00:19:32'"}};

const std::vector<std::string> styles = {"ISO, MDY",      "ISO, DMY",    "ISO, YMD",      "SQL, MDY",
                                         "SQL, DMY",      "SQL, YMD",    "Postgres, MDY", "Postgres, DMY",
                                         "Postgres, YMD", "German, MDY", "German, DMY"};

asio::awaitable<void> set(tusk::connection& db, std::string name, std::string value)
{
    co_await db.async_execute("set " + name + " = '" + value + "'");
}

TEST(codec_time, samples_in_every_date_style)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const std::string& style : styles) {
            SCOPED_TRACE(style);
            co_await set(db, "datestyle", style);
            co_await check_samples(db, "date", dates);
            co_await check_samples(db, "timestamp", walls);
            co_await check_samples(db, "time", times);
            co_await check_samples(db, "timetz", zoned_times);
            // zones whose name is an offset, and those that are UTC
            for (const char* zone : {"UTC", "Etc/GMT", "Asia/Kathmandu", "America/Sao_Paulo", "Etc/GMT+3"}) {
                SCOPED_TRACE(zone);
                co_await set(db, "timezone", zone);
                co_await check_samples(db, "timestamptz", modern_instants);
            }
            co_await db.async_execute("set time zone 5.5");
            co_await check_samples(db, "timestamptz", far_instants);
            co_await db.async_execute("set time zone -7");
            co_await check_samples(db, "timestamptz", far_instants);
            co_await set(db, "timezone", "UTC");
            co_await check_samples(db, "timestamptz", far_instants);
        }
    });
}

TEST(codec_time, thousands_at_random_in_every_date_style)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const std::string& style : styles) {
            SCOPED_TRACE(style);
            co_await set(db, "datestyle", style);
            co_await check_random<date>(db, "date", 1000, any_date);
            co_await check_random<timestamp>(db, "timestamp", 1000, any_timestamp<timestamp>);
            co_await check_random<timestamptz>(db, "timestamptz", 1000, any_timestamp<timestamptz>);
        }
        co_await check_random<time_of_day>(db, "time", 3000, any_time);
        co_await check_random<timetz>(db, "timetz", 3000, any_timetz);
    });
}

TEST(codec_time, a_zone_that_is_only_named_is_an_error_in_text)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto ask = [](bool text) {
            return tusk::bound("select timestamptz '2024-07-01 12:00Z' as at").text_results(text);
        };
        for (const char* zone : {"America/New_York", "Europe/Berlin", "Asia/Kolkata", "UTC+3", "<+05>+03"}) {
            co_await set(db, "timezone", zone);
            for (const std::string& style : styles) {
                co_await set(db, "datestyle", style);
                auto [ec, value] = co_await db.async_query_one<timestamptz>(ask(true), as_tuple);
                if (style.starts_with("ISO")) {
                    EXPECT_FALSE(ec) << zone << ' ' << style;
                } else {
                    EXPECT_EQ(ec, errc::invalid_value) << zone << ' ' << style;
                    EXPECT_NE(value.diag().message().find("at"), std::string_view::npos);
                }
                const auto exact = co_await db.async_query_one<timestamptz>(ask(false));
                EXPECT_EQ(exact, instant(day(2024, 7, 1), 12h));
            }
        }
    });
}

TEST(codec_time, a_change_of_style_reaches_statements_that_are_prepared)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto ask = [] {
            return tusk::bound("select date '2024-03-04', timestamp '2024-03-04'").text_results(true);
        };
        using row = std::tuple<date, timestamp>;
        const row expected(date(day(2024, 3, 4)), wall(day(2024, 3, 4)));
        std::vector<reply<tusk::single<row>>> replies;
        for (int round = 0; round < 3; ++round) {
            for (const std::string& style : styles) { // all in one pipeline
                db.async_execute("set datestyle = '" + style + "'",
                                 [](std::error_code ec, const auto&) { EXPECT_FALSE(ec); });
                db.async_query_one<row>(ask(), replies.emplace_back(db).token());
            }
        }
        for (auto& r : replies) {
            co_await r.wait();
            EXPECT_FALSE(r.ec());
            EXPECT_EQ(r.value().value(), expected);
        }
        // within a transaction that is undone
        co_await set(db, "datestyle", "SQL, DMY");
        co_await db.async_execute("begin");
        co_await set(db, "datestyle", "SQL, MDY");
        const auto inside = co_await db.async_query_one<row>(ask());
        EXPECT_EQ(inside, expected);
        co_await db.async_execute("rollback");
        const auto after = co_await db.async_query_one<row>(ask());
        EXPECT_EQ(after, expected);
    });
}

TEST(codec_time, a_script_that_changes_the_style)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::vector<tusk::result> r = co_await db.async_script(
            "select date '2024-03-04'; set datestyle = 'SQL, DMY'; select date '2024-03-04', date 'infinity';"
            "set datestyle = 'German'; select date '2024-03-04'; set datestyle = 'SQL, DMY'");
        const date expected(day(2024, 3, 4));
        EXPECT_EQ(r[0][0][0].as<date>(), expected);
        date value;
        EXPECT_EQ(r[2][0][0].get(value),
                  errc::invalid_value); // 04/03/2024, and not known yet how it is meant
        EXPECT_EQ(r[2][0][1].as<date>(), date::infinity());
        EXPECT_EQ(r[4][0][0].as<date>(), expected);
        const std::vector<tusk::result> next = co_await db.async_script("select date '2024-03-04'");
        EXPECT_EQ(next[0][0][0].as<date>(), expected);
    });
}

TEST(codec_time, texts_are_those_of_the_server)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await set(db, "timezone", "UTC");
        std::mt19937_64 random(7);
        for (int i = 0; i < 500; ++i) {
            const date d = any_date(random);
            const timestamp t = any_timestamp<timestamp>(random);
            const timestamptz z = any_timestamp<timestamptz>(random);
            const time_of_day o = any_time(random);
            const timetz oz = any_timetz(random);
            const tusk::result r =
                co_await db.async_query(sql("select $1::date::text, $2::timestamp::text, "
                                            "$3::timestamptz::text, $4::time::text, $5::timetz::text",
                                            d, t, z, o, oz));
            EXPECT_EQ(d.to_string(), r[0][0].view());
            EXPECT_EQ(t.to_string(), r[0][1].view());
            EXPECT_EQ(z.to_string(), r[0][2].view());
            EXPECT_EQ(o.to_string(), r[0][3].view());
            EXPECT_EQ(oz.to_string(), r[0][4].view());
        }
    });
}

TEST(codec_time, what_postgresql_does_not_have_is_not_sent)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto [a, v1] = co_await db.async_query(sql("select $1", date::from_days(last_day + 1)), as_tuple);
        EXPECT_EQ(a, errc::value_out_of_range);
        auto [b, v2] = co_await db.async_query(
            sql("select $1", timestamp::from_microseconds(microseconds(last_micro + 1))), as_tuple);
        EXPECT_EQ(b, errc::value_out_of_range);
        auto [c, v3] = co_await db.async_query(sql("select $1", time_of_day(24h + 1us)), as_tuple);
        EXPECT_EQ(c, errc::value_out_of_range);
        auto [d, v4] = co_await db.async_query(sql("select $1", timetz{time_of_day(), 16h}), as_tuple);
        EXPECT_EQ(d, errc::value_out_of_range);
        co_await expect_usable(db);
    });
}

} // namespace
} // namespace tusk_test
