// Distributed under the Boost Software License, Version 1.0.
#include <tusk/date.hpp>
#include <tusk/interval.hpp>
#include <tusk/text_style.hpp>
#include <tusk/time_of_day.hpp>
#include <tusk/timestamp.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

using namespace std::chrono;
using tusk::date;
using tusk::errc;
using tusk::interval;
using tusk::time_of_day;
using tusk::timestamp;
using tusk::timestamptz;
using tusk::timetz;

namespace {

constexpr auto last_day = 2'145'031'948; // 5874897-12-31, from 2000-01-01
constexpr auto first_day = -2'451'545;   // 4714-11-24 BC
constexpr auto last_moment = microseconds(9'223'371'331'199'999'999);
constexpr auto first_moment = microseconds(-211'813'488'000'000'000);

/// The code of the exception.
template <class F>
std::error_code thrown(F f)
{
    try {
        static_cast<void>(f());
    } catch (const tusk::error& e) {
        return e.code();
    }
    return {};
}

} // namespace

TEST(date, as_std_chrono_and_back)
{
    const date leap(2024y / February / 29);
    EXPECT_EQ(leap.days_since_2000(), 0x2279);
    EXPECT_EQ(leap, date(sys_days(2024y / February / 29)));
    EXPECT_EQ(leap, date(local_days(2024y / February / 29)));
    EXPECT_EQ(leap.as<sys_days>(), sys_days(2024y / February / 29));
    EXPECT_EQ(leap.as<local_days>(), local_days(2024y / February / 29));
    EXPECT_EQ(leap.as<year_month_day>(), 2024y / February / 29);
    EXPECT_EQ(date().as<year_month_day>(), 2000y / January / 1);
    EXPECT_EQ(thrown([] { return date(2023y / February / 29); }), errc::value_out_of_range);
    EXPECT_EQ(thrown([] { return date(year(-4713) / November / 23); }), errc::value_out_of_range);
    EXPECT_EQ(date(year(-4713) / November / 24).days_since_2000(), first_day);
    EXPECT_EQ(thrown([] { return date(sys_days::max()); }), errc::value_out_of_range);
    EXPECT_EQ(thrown([] { return date(sys_days::min()); }), errc::value_out_of_range);
    EXPECT_EQ(thrown([] { return date(sys_days(days(last_day + 10'958))); }), errc::value_out_of_range);
    EXPECT_EQ(date(sys_days(days(last_day + 10'957))).days_since_2000(), last_day);
}

TEST(date, beyond_std_chrono)
{
    for (const date forever : {date::infinity(), date::minus_infinity()}) {
        EXPECT_TRUE(forever.is_infinite() && forever.ok() && !forever.is_finite());
        EXPECT_EQ(thrown([&] { return forever.as<sys_days>(); }), errc::value_not_representable);
        EXPECT_EQ(thrown([&] { return forever.as<local_days>(); }), errc::value_not_representable);
        EXPECT_EQ(thrown([&] { return forever.as<year_month_day>(); }), errc::value_not_representable);
    }
    const date last = date::from_days(last_day);
    EXPECT_EQ(last.as<sys_days>(), sys_days(days(last_day + 10'957)));
    EXPECT_EQ(thrown([&] { return last.as<year_month_day>(); }), errc::value_not_representable);
    year_month_day unchanged = 2024y / February / 29;
    EXPECT_EQ(last.get(unchanged), errc::value_not_representable);
    EXPECT_EQ(unchanged, 2024y / February / 29);
    EXPECT_TRUE(last.ok() && date::from_days(first_day).ok());
    EXPECT_FALSE(date::from_days(last_day + 1).ok());
    EXPECT_FALSE(date::from_days(first_day - 1).ok());
    EXPECT_LT(date::minus_infinity(), date::from_days(first_day));
    EXPECT_LT(last, date::infinity());
}

TEST(date, text)
{
    EXPECT_EQ(date(2024y / February / 29).to_string(), "2024-02-29");
    EXPECT_EQ(date(year(0) / December / 31).to_string(), "0001-12-31 BC");
    EXPECT_EQ(date::from_days(first_day).to_string(), "4714-11-24 BC");
    EXPECT_EQ(date::from_days(last_day).to_string(), "5874897-12-31");
    EXPECT_EQ(date::infinity().to_string(), "infinity");
    EXPECT_EQ(date::minus_infinity().to_string(), "-infinity");
}

TEST(timestamp, as_std_chrono_and_back)
{
    const auto moment = sys_days(2024y / February / 29) + 12h + 34min + 56s + 123'456us;
    const timestamptz t(moment);
    EXPECT_EQ(t.since_2000().count(), 0x0002'b583'4168'5e40);
    EXPECT_EQ(t.as<sys_time<microseconds>>(), moment);
    EXPECT_EQ(t.as<sys_time<nanoseconds>>(), moment);
    EXPECT_EQ(timestamp(local_time<microseconds>(moment.time_since_epoch())).since_2000(), t.since_2000());
    EXPECT_EQ(timestamptz(sys_days(2000y / January / 1)), timestamptz());
    EXPECT_EQ(timestamptz(sys_time<nanoseconds>(sys_days(2000y / January / 1)) - 1ns).since_2000(), -1us);
    EXPECT_EQ(thrown([] { return timestamptz(sys_seconds::max()); }), errc::value_out_of_range);
    EXPECT_EQ(thrown([] { return timestamptz(sys_time<microseconds>::min()); }), errc::value_out_of_range);
    EXPECT_EQ(thrown([] { return timestamptz(sys_days::max()); }), errc::value_out_of_range);
    EXPECT_EQ(timestamptz(sys_time<microseconds>::max()).as<sys_time<microseconds>>(),
              sys_time<microseconds>::max());
    static_assert(!std::is_constructible_v<timestamptz, local_time<microseconds>>);
    static_assert(!std::is_convertible_v<sys_time<microseconds>, timestamptz>); // it may throw
}

TEST(timestamp, beyond_std_chrono)
{
    for (const auto forever : {timestamp::infinity(), timestamp::minus_infinity()}) {
        EXPECT_TRUE(forever.is_infinite() && forever.ok());
        EXPECT_EQ(thrown([&] { return forever.as<local_time<microseconds>>(); }),
                  errc::value_not_representable);
        EXPECT_EQ(thrown([&] { return forever.as<local_time<nanoseconds>>(); }),
                  errc::value_not_representable);
    }
    const auto last = timestamp::from_microseconds(last_moment);
    const auto first = timestamp::from_microseconds(first_moment);
    EXPECT_EQ(thrown([&] { return last.as<local_time<microseconds>>(); }), errc::value_not_representable);
    EXPECT_EQ(timestamp(first.as<local_time<microseconds>>()), first);
    EXPECT_EQ(thrown([&] { return first.as<local_time<nanoseconds>>(); }), errc::value_not_representable);
    EXPECT_TRUE(last.ok() && first.ok());
    EXPECT_FALSE(timestamp::from_microseconds(last_moment + 1us).ok());
    EXPECT_FALSE(timestamp::from_microseconds(first_moment - 1us).ok());
    EXPECT_LT(timestamp::minus_infinity(), first);
    EXPECT_LT(last, timestamp::infinity());
}

TEST(timestamp, text)
{
    EXPECT_EQ(timestamp().to_string(), "2000-01-01 00:00:00");
    EXPECT_EQ(timestamptz::from_microseconds(-1us).to_string(), "1999-12-31 23:59:59.999999+00");
    EXPECT_EQ(timestamp::from_microseconds(last_moment).to_string(), "294276-12-31 23:59:59.999999");
    EXPECT_EQ(timestamptz::from_microseconds(first_moment).to_string(), "4714-11-24 00:00:00+00 BC");
    EXPECT_EQ(timestamp::from_microseconds(1'500ms).to_string(), "2000-01-01 00:00:01.5");
    EXPECT_EQ(timestamptz::infinity().to_string(), "infinity");
    EXPECT_EQ(timestamp::minus_infinity().to_string(), "-infinity");
}

TEST(time_of_day, range_and_text)
{
    EXPECT_EQ(time_of_day().to_string(), "00:00:00");
    EXPECT_EQ(time_of_day(24h).to_string(), "24:00:00");
    EXPECT_EQ(time_of_day(23h + 59min + 59s + 999'999us).to_string(), "23:59:59.999999");
    EXPECT_EQ(time_of_day(5min + 10us).to_string(), "00:05:00.00001");
    EXPECT_TRUE(time_of_day(24h).ok() && time_of_day().ok());
    EXPECT_FALSE(time_of_day(24h + 1us).ok());
    EXPECT_FALSE(time_of_day(-1us).ok());
    EXPECT_EQ(time_of_day(18h + 30min).hh_mm_ss().minutes(), 30min);
    EXPECT_LT(time_of_day(1h), time_of_day(2h));
    EXPECT_EQ((timetz{time_of_day(1h), 2h}).to_string(), "01:00:00+02");
    EXPECT_EQ((timetz{time_of_day(1h), -(3h + 30min)}).to_string(), "01:00:00-03:30");
    EXPECT_EQ((timetz{time_of_day(1h), 19min + 32s}).to_string(), "01:00:00+00:19:32");
    EXPECT_TRUE((timetz{time_of_day(24h), -(16h - 1s)}).ok());
    EXPECT_FALSE((timetz{time_of_day(1h), 16h}).ok());
    EXPECT_FALSE((timetz{time_of_day(1h), -16h}).ok());
    EXPECT_NE((timetz{time_of_day(1h), 0h}), (timetz{time_of_day(2h), 1h}));
}

TEST(interval, text)
{
    EXPECT_EQ(interval{}.to_string(), "PT0S");
    EXPECT_EQ((interval{14, 3, 14'706'700'000}).to_string(), "P1Y2M3DT4H5M6.7S");
    EXPECT_EQ((interval{-14, 3, -500'000}).to_string(), "P-1Y-2M3DT-0.5S");
    EXPECT_EQ((interval{0, 0, 3'600'000'000}).to_string(), "PT1H");
    EXPECT_EQ((interval{12, 0, 0}).to_string(), "P1Y");
    EXPECT_EQ((interval{0, -1, 60'000'000}).to_string(), "P-1DT1M");
    EXPECT_EQ(interval::infinity().to_string(), "infinity");
    EXPECT_EQ(interval::minus_infinity().to_string(), "-infinity");
    interval near = interval::minus_infinity();
    near.months = 0;
    EXPECT_FALSE(near.is_infinite());
    EXPECT_EQ(near.to_string(), "P-2147483648DT-2562047788H-54.775808S");
    EXPECT_NE((interval{1, 0, 0}), (interval{0, 30, 0}));
}

TEST(text_style, from_settings)
{
    using order = tusk::text_style::date_order;
    using zones = tusk::text_style::zone_names;
    const auto of = tusk::text_style::of;
    EXPECT_EQ(of("", ""), tusk::text_style{});
    EXPECT_EQ(of("ISO, MDY", "UTC").order, order::mdy);
    EXPECT_EQ(of("SQL, DMY", "UTC").order, order::dmy);
    EXPECT_EQ(of("Postgres, YMD", "UTC").order, order::mdy);
    for (const char* utc : {"UTC", "Etc/UTC", "GMT", "Zulu"}) EXPECT_EQ(of("", utc).zones, zones::utc) << utc;
    for (const char* honest : {"Asia/Kathmandu", "Europe/Berlin", "<+05:30>-05:30", "<-07>+07", "UTC+3"})
        EXPECT_EQ(of("", honest).zones, zones::numeric) << honest;
    for (const char* lying :
         {"<+05>-03", "<+05>+05", "<>+05", "<+05", "<+05>", "<+05>-05<+06>", "EST<+05>", "<05>-05"})
        EXPECT_EQ(of("", lying).zones, zones::unknown) << lying;
}
