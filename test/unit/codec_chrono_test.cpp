// Distributed under the Boost Software License, Version 1.0.
#include "codec_breaking.hpp"

#include <chrono>
#include <limits>

using namespace codec_test;
using namespace std::chrono;

namespace {

using instant = sys_time<microseconds>;
using wall = local_time<microseconds>;

template <class T>
T at(std::int64_t micros_since_1970)
{
    return T(microseconds(micros_since_1970));
}

/// A big-endian int64, counted from 2000-01-01.
std::string since_2000(std::int64_t value)
{
    std::string bytes;
    for (int shift = 56; shift >= 0; shift -= 8)
        bytes += static_cast<char>((static_cast<std::uint64_t>(value) >> shift) & 0xff);
    return bytes;
}

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t gap = 946'684'800'000'000;

// 2024-02-29 12:34:56.123456
constexpr auto leap_day = sys_days(2024y / February / 29) + 12h + 34min + 56s + 123'456us;

} // namespace

TEST(codec_chrono, writes_times)
{
    EXPECT_EQ(tusk::encode_traits<instant>::type, oid::timestamptz);
    EXPECT_EQ(tusk::encode_traits<wall>::type, oid::timestamp);
    EXPECT_EQ(written(instant(leap_day)), "0002b58341685e40");
    EXPECT_EQ(written(wall(leap_day.time_since_epoch())), "0002b58341685e40");
    EXPECT_EQ(written(instant(sys_days(2000y / January / 1))), "0000000000000000");
    EXPECT_EQ(written(sys_seconds(sys_days(2000y / January / 1) + 1s)), "00000000000f4240");
    EXPECT_EQ(written(sys_time<hours>(sys_days(1999y / December / 31) + 23h)), "ffffffff296c5c00");
    // finer than a microsecond: towards the past
    EXPECT_EQ(written(sys_time<nanoseconds>(sys_days(2000y / January / 1) + 1'999ns)), "0000000000000001");
    EXPECT_EQ(written(sys_time<nanoseconds>(sys_days(2000y / January / 1) - 1ns)), "ffffffffffffffff");
    EXPECT_TRUE(tusk::encodable<system_clock::time_point>);
    EXPECT_FALSE(tusk::detail::encodes<instant>(oid::timestamp));
}

TEST(codec_chrono, refuses_times_beyond_postgresql)
{
    constexpr std::int64_t first = -211'813'488'000'000'000; // from 2000-01-01
    EXPECT_EQ(written(at<instant>(first + gap)), hex(since_2000(first)));
    EXPECT_EQ(unsendable(at<instant>(first + gap - 1)), errc::value_out_of_range);
    EXPECT_EQ(unsendable(instant::min()), errc::value_out_of_range);
    EXPECT_EQ(written(instant::max()), hex(since_2000(most - gap)));
    EXPECT_EQ(unsendable(sys_seconds::max()), errc::value_out_of_range);
    EXPECT_EQ(unsendable(sys_seconds::min()), errc::value_out_of_range);
    EXPECT_EQ(unsendable(sys_time<hours>(hours(std::int64_t{1} << 60))), errc::value_out_of_range);
    EXPECT_EQ(unsendable(sys_time<milliseconds>::max()), errc::value_out_of_range);
}

TEST(codec_chrono, reads_binary_times)
{
    EXPECT_EQ(read<instant>(oid::timestamptz, binary, unhex("0002b58341685e40")), leap_day);
    EXPECT_EQ(read<wall>(oid::timestamp, binary, unhex("0002b58341685e40")).time_since_epoch(),
              leap_day.time_since_epoch());
    EXPECT_EQ(read<sys_time<nanoseconds>>(oid::timestamptz, binary, unhex("0002b58341685e40")), leap_day);
    EXPECT_FALSE(accepts<instant>(oid::timestamp));
    EXPECT_FALSE(accepts<wall>(oid::timestamptz));
    EXPECT_FALSE(tusk::decodable<sys_seconds>); // would cut off

    for (const std::int64_t beyond : {most, least, most - 1, most - gap + 1})
        EXPECT_EQ(refused<instant>(oid::timestamptz, binary, since_2000(beyond)),
                  errc::value_not_representable);
    EXPECT_EQ(read<instant>(oid::timestamptz, binary, since_2000(most - gap)), instant::max());
    EXPECT_EQ(refused<sys_time<nanoseconds>>(oid::timestamptz, binary, since_2000(most / 2)),
              errc::value_not_representable);
    EXPECT_EQ(refused<sys_time<nanoseconds>>(oid::timestamptz, binary, since_2000(least / 2)),
              errc::value_not_representable);
}

TEST(codec_chrono, reads_text_times)
{
    const auto zoned = [](const char* value) { return read<instant>(oid::timestamptz, text, value); };
    EXPECT_EQ(zoned("2024-02-29 12:34:56.123456+00"), leap_day);
    EXPECT_EQ(zoned("2024-02-29 14:34:56.123456+02"), leap_day);
    EXPECT_EQ(zoned("2024-02-29 07:04:56.123456-05:30"), leap_day);
    EXPECT_EQ(zoned("2024-02-29 12:53:58.123456+00:19:02"), leap_day);
    EXPECT_EQ(zoned("2024-02-29 12:34:56+00"), leap_day - 123'456us);
    EXPECT_EQ(zoned("2024-02-29 12:34:56.12+00"), leap_day - 3'456us);
    EXPECT_EQ(zoned("0001-01-01 00:00:00+00 BC"), instant(sys_days(year(0) / 1 / 1)));
    EXPECT_EQ(zoned("4714-11-24 00:00:00+00 BC"), instant(sys_days(year(-4713) / 11 / 24)));
    EXPECT_EQ(zoned("12345-01-01 00:00:00+00"), instant(sys_days(year(12'345) / 1 / 1)));
    EXPECT_EQ(read<wall>(oid::timestamp, text, "2024-02-29 12:34:56.123456").time_since_epoch(),
              leap_day.time_since_epoch());

    for (const char* beyond :
         {"infinity", "-infinity", "294276-12-31 23:59:59.999999+00", "294277-01-01 00:00:00+00"})
        EXPECT_EQ(refused<instant>(oid::timestamptz, text, beyond), errc::value_not_representable) << beyond;
    for (const char* bad : {"",
                            "2024-02-29",
                            "2024-02-29 12:34:56",
                            "2024-02-30 12:34:56+00",
                            "2023-02-29 12:34:56+00",
                            "2024-13-01 00:00:00+00",
                            "2024-00-01 00:00:00+00",
                            "0000-01-01 00:00:00+00",
                            "2024-02-29 25:00:00+00",
                            "2024-02-29 12:60:00+00",
                            "2024-02-29 12:34:56.+00",
                            "2024-02-29 12:34:56.1234567+00",
                            "2024-02-29 12:34:56+00x",
                            "2024-02-29 12:34:56+0",
                            "2024-02-29 12:34:56+16",
                            "2024-02-29T12:34:56+00",
                            "29.02.2024 12:34:56 CET",
                            "02/29/2024 12:34:56 UTC",
                            "Thu Feb 29 12:34:56 2024 UTC",
                            "2024-02-29 12:34:56+00 AD",
                            "99999999-01-01 00:00:00+00"})
        EXPECT_EQ(refused<instant>(oid::timestamptz, text, bad), errc::invalid_value) << bad;
    EXPECT_EQ(refused<wall>(oid::timestamp, text, "2024-02-29 12:34:56+00"), errc::invalid_value);
}

TEST(codec_chrono, writes_dates)
{
    EXPECT_EQ(written(2000y / January / 1), "00000000");
    EXPECT_EQ(written(1999y / December / 31), "ffffffff");
    EXPECT_EQ(written(sys_days(2024y / February / 29)), "00002279");
    EXPECT_EQ(written(local_days(2024y / February / 29)), "00002279");
    EXPECT_EQ(tusk::encode_traits<sys_days>::type, oid::date);
    EXPECT_EQ(unsendable(2023y / February / 29), errc::value_out_of_range);
    EXPECT_EQ(unsendable(year(-4713) / November / 23), errc::value_out_of_range);
    EXPECT_EQ(written(year(-4713) / November / 24), "ffda97a7");
    EXPECT_EQ(unsendable(sys_days(days(2'145'031'949 + 10'957))), errc::value_out_of_range);
    EXPECT_EQ(written(sys_days(days(2'145'031'948 + 10'957))), "7fda970c");
}

TEST(codec_chrono, reads_dates)
{
    EXPECT_EQ(read<year_month_day>(oid::date, binary, unhex("00002279")), 2024y / February / 29);
    EXPECT_EQ(read<sys_days>(oid::date, binary, unhex("ffffffff")), sys_days(1999y / December / 31));
    EXPECT_EQ(read<local_days>(oid::date, text, "2024-02-29"), local_days(2024y / February / 29));
    EXPECT_EQ(read<year_month_day>(oid::date, text, "0044-03-15 BC"), year(-43) / March / 15);
    EXPECT_EQ(read<year_month_day>(oid::date, text, "32767-12-31"), year(32'767) / December / 31);
    EXPECT_EQ(refused<year_month_day>(oid::date, text, "32768-01-01"), errc::value_not_representable);
    EXPECT_EQ(read<sys_days>(oid::date, text, "5874897-12-31"), sys_days(days(2'145'031'948 + 10'957)));
    for (const char* infinite : {"7fffffff", "80000000"}) {
        EXPECT_EQ(refused<sys_days>(oid::date, binary, unhex(infinite)), errc::value_not_representable);
        EXPECT_EQ(refused<year_month_day>(oid::date, binary, unhex(infinite)), errc::value_not_representable);
    }
    EXPECT_EQ(refused<sys_days>(oid::date, text, "infinity"), errc::value_not_representable);
    EXPECT_EQ(refused<year_month_day>(oid::date, binary, unhex("7ffffffe")), errc::value_not_representable);
    for (const char* bad :
         {"", "2024-2-29", "29.2.2024", "29/02/2024", "29-02-2024", "2024-02-29 ", "2024-02-31"})
        EXPECT_EQ(refused<sys_days>(oid::date, text, bad), errc::invalid_value) << bad;
    EXPECT_FALSE(accepts<sys_days>(oid::timestamp));
}

TEST(codec_chrono, every_day_of_four_centuries_agrees_with_the_library)
{
    for (sys_days day = 1900y / January / 1; day < sys_days(2300y / January / 1); day += days(13)) {
        const year_month_day ymd(day);
        char buffer[16];
        std::snprintf(buffer, sizeof buffer, "%04d-%02u-%02u", int(ymd.year()), unsigned(ymd.month()),
                      unsigned(ymd.day()));
        ASSERT_EQ(read<sys_days>(oid::date, text, buffer), day) << buffer;
    }
}

TEST(codec_chrono, broken_values)
{
    break_fixed<instant>(oid::timestamptz, unhex("0002b58341685e40"));
    break_fixed<wall>(oid::timestamp, unhex("0002b58341685e40"));
    break_fixed<sys_time<nanoseconds>>(oid::timestamptz, unhex("0002b58341685e40"));
    break_fixed<year_month_day>(oid::date, unhex("00002279"));
    break_fixed<sys_days>(oid::date, unhex("00002279"));
    break_value<instant>(oid::timestamptz, text, "2024-02-29 12:34:56.123456+05:30:15");
    break_value<instant>(oid::timestamptz, text, "294204-02-29 12:34:56.123456+15:59:59");
    break_value<instant>(oid::timestamptz, text, "4714-11-24 00:00:00+00 BC");
    break_value<wall>(oid::timestamp, text, "2024-02-29 12:34:56.1");
    break_value<year_month_day>(oid::date, text, "2025-02-28 BC");
    break_value<sys_days>(oid::date, text, "5874897-12-31");
    break_value<instant>(oid::timestamptz, text, "2025-02-29 12:34:56+00 BC");
}
