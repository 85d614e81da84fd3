// Distributed under the Boost Software License, Version 1.0.
#include "codec_breaking.hpp"

#include <chrono>
#include <cstdio>
#include <limits>

using namespace codec_test;
using namespace std::chrono;
using tusk::date;
using tusk::text_style;
using tusk::time_of_day;
using tusk::timestamp;
using tusk::timestamptz;
using tusk::timetz;
using order = text_style::date_order;
using zones = text_style::zone_names;

namespace {

constexpr auto leap_day = sys_days(2024y / February / 29) + 12h + 34min + 56s + 123'456us;

/// A text that was written in this style; failing that, why not.
template <class T>
errc read_styled(oid type, text_style style, std::string_view value, T& out)
{
    tusk::column c = column(type, text);
    c.style = style;
    const exact_bytes exact(value);
    return tusk::decode_traits<T>::decode(tusk::field(c, exact.data(), exact.size()), out);
}

template <class T>
T styled(oid type, text_style style, std::string_view value)
{
    T out{};
    EXPECT_EQ(read_styled(type, style, value, out), errc{}) << value;
    return out;
}

template <class T>
errc styled_refused(oid type, text_style style, std::string_view value)
{
    T out{};
    return read_styled(type, style, value, out);
}

} // namespace

TEST(codec_date_time, exact_bytes)
{
    EXPECT_EQ(tusk::encode_traits<date>::type, oid::date);
    EXPECT_EQ(tusk::encode_traits<timestamp>::type, oid::timestamp);
    EXPECT_EQ(tusk::encode_traits<timestamptz>::type, oid::timestamptz);
    EXPECT_EQ(written(date(2024y / February / 29)), "00002279");
    EXPECT_EQ(written(date::infinity()), "7fffffff");
    EXPECT_EQ(written(date::minus_infinity()), "80000000");
    EXPECT_EQ(written(timestamptz(leap_day)), "0002b58341685e40");
    EXPECT_EQ(written(timestamp::infinity()), "7fffffffffffffff");
    EXPECT_EQ(written(timestamptz::minus_infinity()), "8000000000000000");
    EXPECT_EQ(written(time_of_day(24h)), "000000141dd76000");
    EXPECT_EQ(written(time_of_day(1us)), "0000000000000001");
    EXPECT_EQ(written(timetz{time_of_day(1us), 1h}), "0000000000000001fffff1f0");
    EXPECT_EQ(written(timetz{time_of_day(1us), -1h}), "000000000000000100000e10");
}

TEST(codec_date_time, reads_binary)
{
    EXPECT_EQ(read<date>(oid::date, binary, unhex("00002279")), date(2024y / February / 29));
    EXPECT_EQ(read<date>(oid::date, binary, unhex("7fffffff")), date::infinity());
    EXPECT_EQ(read<date>(oid::date, binary, unhex("80000000")), date::minus_infinity());
    EXPECT_EQ(read<timestamptz>(oid::timestamptz, binary, unhex("0002b58341685e40")), timestamptz(leap_day));
    EXPECT_EQ(read<timestamp>(oid::timestamp, binary, unhex("7fffffffffffffff")), timestamp::infinity());
    EXPECT_EQ(read<timestamp>(oid::timestamp, binary, unhex("8000000000000000")),
              timestamp::minus_infinity());
    EXPECT_EQ(read<time_of_day>(oid::time, binary, unhex("000000141dd76000")), time_of_day(24h));
    EXPECT_EQ(read<timetz>(oid::timetz, binary, unhex("0000000000000001fffff1f0")),
              (timetz{time_of_day(1us), 1h}));
    EXPECT_FALSE(accepts<timestamp>(oid::timestamptz));
    EXPECT_FALSE(accepts<timestamptz>(oid::timestamp));
    EXPECT_FALSE(accepts<date>(oid::timestamp));
    EXPECT_FALSE(accepts<time_of_day>(oid::timetz));
    EXPECT_FALSE(accepts<timetz>(oid::time));
}

TEST(codec_date_time, edges)
{
    const auto moment = [](std::int64_t count) { return timestamp::from_microseconds(microseconds(count)); };
    constexpr std::int64_t last = 9'223'371'331'199'999'999, first = -211'813'488'000'000'000;
    EXPECT_EQ(read<timestamp>(oid::timestamp, binary, unhex(written(moment(last)))), moment(last));
    EXPECT_EQ(read<timestamp>(oid::timestamp, binary, unhex(written(moment(first)))), moment(first));
    EXPECT_EQ(unsendable(moment(last + 1)), errc::value_out_of_range);
    EXPECT_EQ(unsendable(moment(first - 1)), errc::value_out_of_range);
    EXPECT_EQ(read<timestamp>(oid::timestamp, text, "294276-12-31 23:59:59.999999"), moment(last));
    EXPECT_EQ(read<timestamp>(oid::timestamp, text, "4714-11-24 00:00:00 BC"), moment(first));
    EXPECT_EQ(read<timestamptz>(oid::timestamptz, text, "294277-01-01 15:59:58.999999+15:59:59")
                  .since_2000()
                  .count(),
              last);
    EXPECT_EQ(
        read<timestamptz>(oid::timestamptz, text, "4714-11-23 08:00:01-15:59:59 BC").since_2000().count(),
        first);
    for (const char* beyond : {"294277-01-01 00:00:00", "4714-11-23 23:59:59 BC", "9999999-01-01 00:00:00",
                               "9999999-01-01 00:00:00 BC", "294278-01-01 00:00:00 BC"})
        EXPECT_EQ(refused<timestamp>(oid::timestamp, text, beyond), errc::value_not_representable) << beyond;
    EXPECT_EQ(unsendable(date::from_days(2'145'031'949)), errc::value_out_of_range);
    EXPECT_EQ(read<date>(oid::date, text, "5874897-12-31").days_since_2000(), 2'145'031'948);
    EXPECT_EQ(refused<date>(oid::date, text, "5874898-01-01"), errc::value_not_representable);
    EXPECT_EQ(refused<date>(oid::date, text, "4714-11-23 BC"), errc::value_not_representable);
    EXPECT_EQ(refused<date>(oid::date, binary, unhex("7fda970d")), errc::value_not_representable);
    EXPECT_EQ(unsendable(time_of_day(-1us)), errc::value_out_of_range);
    EXPECT_EQ(unsendable(time_of_day(24h + 1us)), errc::value_out_of_range);
    EXPECT_EQ(unsendable(timetz{time_of_day(), 16h}), errc::value_out_of_range);
    EXPECT_EQ(unsendable(timetz{time_of_day(), seconds::min()}), errc::value_out_of_range);
    EXPECT_EQ(refused<time_of_day>(oid::time, binary, unhex("000000141dd76001")), errc::invalid_value);
    EXPECT_EQ(refused<time_of_day>(oid::time, binary, unhex("ffffffffffffffff")), errc::invalid_value);
    EXPECT_EQ(refused<timetz>(oid::timetz, binary, unhex("00000000000000010000e100")), errc::invalid_value);
    EXPECT_EQ(refused<timetz>(oid::timetz, binary, unhex("000000000000000180000000")), errc::invalid_value);
    EXPECT_EQ(read<timetz>(oid::timetz, binary, unhex("00000000000000010000e0ff")).offset, -(16h - 1s));
}

TEST(codec_date_time, times_as_text)
{
    EXPECT_EQ(read<time_of_day>(oid::time, text, "24:00:00"), time_of_day(24h));
    EXPECT_EQ(read<time_of_day>(oid::time, text, "12:34:56.1"), time_of_day(12h + 34min + 56s + 100ms));
    EXPECT_EQ(read<timetz>(oid::timetz, text, "12:00:00+05:30"), (timetz{time_of_day(12h), 5h + 30min}));
    EXPECT_EQ(read<timetz>(oid::timetz, text, "12:00:00-08"), (timetz{time_of_day(12h), -8h}));
    EXPECT_EQ(read<timetz>(oid::timetz, text, "24:00:00-15:59:59"), (timetz{time_of_day(24h), -(16h - 1s)}));
    for (const char* bad : {"", "12:34", "24:00:00.000001", "24:00:01", "25:00:00", "12:60:00", "12:34:56.",
                            "1:00:00", "12:34:56.1234567", "12:34:56 ", "12:34:56+00"})
        EXPECT_EQ(refused<time_of_day>(oid::time, text, bad), errc::invalid_value) << bad;
    for (const char* bad :
         {"", "12:34:56", "12:34:56+", "12:34:56+16", "12:34:56 UTC", "12:34:56+01:", "12:34:56+01:60"})
        EXPECT_EQ(refused<timetz>(oid::timetz, text, bad), errc::invalid_value) << bad;
}

TEST(codec_date_time, dates_in_every_style)
{
    const date day(2024y / February / 1);
    const auto in = [](order o, const char* value) { return styled<date>(oid::date, {.order = o}, value); };
    EXPECT_EQ(in(order::mdy, "02/01/2024"), day);
    EXPECT_EQ(in(order::dmy, "01/02/2024"), day);
    EXPECT_EQ(in(order::mdy, "02-01-2024"), day);
    EXPECT_EQ(in(order::dmy, "01-02-2024"), day);
    EXPECT_EQ(in(order::dmy, "15-03-0044 BC"), date(year(-43) / March / 15));
    EXPECT_EQ(in(order::mdy, "12/31/5874897"), date::from_days(2'145'031'948));
    for (const order any : {order::mdy, order::dmy, order::unknown}) {
        EXPECT_EQ(in(any, "01.02.2024"), day);
        EXPECT_EQ(in(any, "2024-02-01"), day);
        EXPECT_EQ(in(any, "24.11.4714 BC"), date(year(-4713) / November / 24));
        EXPECT_EQ(in(any, "infinity"), date::infinity());
        EXPECT_EQ(in(any, "-infinity"), date::minus_infinity());
    }
    EXPECT_EQ(styled_refused<date>(oid::date, {.order = order::unknown}, "01/02/2024"), errc::invalid_value);
    EXPECT_EQ(styled_refused<date>(oid::date, {.order = order::unknown}, "31-12-2024"), errc::invalid_value);
    EXPECT_EQ(styled_refused<date>(oid::date, {.order = order::mdy}, "13/01/2024"), errc::invalid_value);
    EXPECT_EQ(styled_refused<date>(oid::date, {.order = order::dmy}, "01/13/2024"), errc::invalid_value);
    EXPECT_EQ(styled<sys_days>(oid::date, {.order = order::dmy}, "01/02/2024"),
              sys_days(2024y / February / 1));
    EXPECT_EQ(styled<year_month_day>(oid::date, {}, "29.02.2024"), 2024y / February / 29);
    EXPECT_EQ(styled_refused<sys_days>(oid::date, {}, "infinity"), errc::value_not_representable);
    for (const char* bad :
         {"1/2/2024", "01/02/24", "01/02-2024", "01.02/2024", "01-02.2024", "01/02/2024 AD", "/02/2024",
          "102/01/2024", "001-01-01", "01/00/2024", "01/32/2024", "30.02.2024", "00.01.2024", "01.13.2024",
          "01.02.0000", "01.02.12345678", "Infinity", "+infinity"})
        EXPECT_EQ(refused<date>(oid::date, text, bad), errc::invalid_value) << bad;
}

TEST(codec_date_time, timestamps_in_every_style)
{
    const timestamp expected(local_days(2024y / February / 1) + 12h + 34min + 56s + 500ms);
    const auto in = [](order o, const char* value) {
        return styled<timestamp>(oid::timestamp, {.order = o}, value);
    };
    EXPECT_EQ(in(order::mdy, "2024-02-01 12:34:56.5"), expected);
    EXPECT_EQ(in(order::mdy, "02/01/2024 12:34:56.5"), expected);
    EXPECT_EQ(in(order::dmy, "01/02/2024 12:34:56.5"), expected);
    EXPECT_EQ(in(order::unknown, "01.02.2024 12:34:56.5"), expected);
    EXPECT_EQ(in(order::unknown, "Thu Feb 01 12:34:56.5 2024"), expected);
    EXPECT_EQ(in(order::unknown, "Thu 01 Feb 12:34:56.5 2024"), expected);
    EXPECT_EQ(in(order::dmy, "Mon Nov 24 00:00:00 4714 BC").to_string(), "4714-11-24 00:00:00 BC");
    EXPECT_EQ(in(order::dmy, "infinity"), timestamp::infinity());
    EXPECT_EQ(styled<local_time<microseconds>>(oid::timestamp, {}, "Thu Feb 01 12:34:56.5 2024"),
              expected.as<local_time<microseconds>>());
    for (const char* bad :
         {"Thu Feb 1 12:34:56 2024", "Thu Feb 01 12:34:56", "Thu Fev 01 12:34:56 2024",
          "Tho Feb 01 12:34:56 2024", "Thu Feb 30 12:34:56 2024", "Thu  Feb 01 12:34:56 2024",
          "Thu Feb 01 2024 12:34:56", "Thu 01 Feb 12:34:56 2024 UTC", "ThuFeb 01 12:34:56 2024", "T", "-",
          "Thu 01 02 12:34:56 2024", "01/02/2024", "01/02/2024T12:34:56"})
        EXPECT_EQ(refused<timestamp>(oid::timestamp, text, bad), errc::invalid_value) << bad;
}

TEST(codec_date_time, zones_that_are_named)
{
    const timestamptz expected(leap_day);
    const auto in = [](zones z, const char* value) {
        return styled<timestamptz>(oid::timestamptz, {.zones = z}, value);
    };
    for (const char* value : {"02/29/2024 12:34:56.123456 UTC", "29.02.2024 12:34:56.123456 UTC",
                              "Thu Feb 29 12:34:56.123456 2024 UTC", "Thu 29 Feb 12:34:56.123456 2024 GMT"}) {
        EXPECT_EQ(in(zones::utc, value), expected);
        EXPECT_EQ(styled_refused<timestamptz>(oid::timestamptz, {.zones = zones::numeric}, value),
                  errc::invalid_value);
        EXPECT_EQ(styled_refused<timestamptz>(oid::timestamptz, {}, value), errc::invalid_value);
        EXPECT_EQ(styled<sys_time<microseconds>>(oid::timestamptz, {.zones = zones::utc}, value), leap_day);
    }
    for (const char* value : {"02/29/2024 18:19:56.123456 +0545", "29.02.2024 09:34:56.123456 -03",
                              "Thu Feb 29 18:04:56.123456 2024 +05:30", "Thu Feb 29 12:34:56.123456 2024 -00",
                              "Thu Feb 29 12:54:28.123456 2024 +001932"}) {
        EXPECT_EQ(in(zones::numeric, value), expected);
        EXPECT_EQ(styled_refused<timestamptz>(oid::timestamptz, {}, value), errc::invalid_value);
    }
    // without the blank it is no name
    EXPECT_EQ(in(zones::unknown, "02/29/2024 14:34:56.123456+02"), expected);
    for (const char* value :
         {"02/29/2024 12:34:56 PST", "29.02.2024 12:34:56 CET", "Thu Feb 29 12:34:56 2024 EST",
          "Thu Feb 29 12:34:56 2024 ", "Thu Feb 29 12:34:56 2024", "02/29/2024 12:34:56 UTC+3"})
        for (const zones any : {zones::unknown, zones::numeric, zones::utc})
            EXPECT_EQ(styled_refused<timestamptz>(oid::timestamptz, {.zones = any}, value),
                      errc::invalid_value);
    EXPECT_EQ(in(zones::utc, "Sat Mar 15 00:00:00 0044 UTC BC").to_string(), "0044-03-15 00:00:00+00 BC");
}

TEST(codec_date_time, every_kind_of_year_in_every_style)
{
    for (std::int64_t day = -2'451'545; day < 2'145'031'949 - 700'000; day += day < 200'000 ? 37 : 653'217) {
        const date value = date::from_days(static_cast<std::int32_t>(day));
        const std::string iso = value.to_string();
        const auto dash = iso.find('-');
        const std::string y = iso.substr(0, dash), m = iso.substr(dash + 1, 2), d = iso.substr(dash + 4, 2);
        const std::string era = iso.substr(dash + 6);
        ASSERT_EQ(read<date>(oid::date, text, iso), value);
        ASSERT_EQ(read<date>(oid::date, text, m + "/" + d + "/" + y + era), value);
        ASSERT_EQ(read<date>(oid::date, text, m + "-" + d + "-" + y + era), value);
        ASSERT_EQ(read<date>(oid::date, text, d + "." + m + "." + y + era), value);
    }
}

TEST(codec_date_time, broken_values)
{
    break_fixed<date>(oid::date, unhex("00002279"));
    break_fixed<date>(oid::date, unhex("7fffffff"));
    break_fixed<timestamp>(oid::timestamp, unhex("0002b58341685e40"));
    break_fixed<timestamptz>(oid::timestamptz, unhex("8000000000000000"));
    break_fixed<time_of_day>(oid::time, unhex("000000141dd76000"));
    break_fixed<timetz>(oid::timetz, unhex("0000000000000001fffff1f0"));
    break_value<date>(oid::date, text, "02/28/2025 BC");
    break_value<date>(oid::date, text, "02-28-2024");
    break_value<date>(oid::date, text, "28.02.2024 BC");
    break_value<date>(oid::date, text, "-infinity");
    break_value<timestamp>(oid::timestamp, text, "02/28/2024 12:34:56.123456 BC");
    break_value<timestamp>(oid::timestamp, text, "Thu Feb 29 12:34:56.5 2024");
    break_value<timestamp>(oid::timestamp, text, "Thu 29 Feb 12:34:56.5 2024");
    break_value<timestamptz>(oid::timestamptz, text, "294276-12-31 23:59:59.999999+00");
    break_value<time_of_day>(oid::time, text, "23:59:59.999999");
    break_value<timetz>(oid::timetz, text, "23:59:59.999999-15:59:59");
}
