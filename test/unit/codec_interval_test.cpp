// Distributed under the Boost Software License, Version 1.0.
#include "codec_breaking.hpp"

#include <cstdint>
#include <limits>

using namespace codec_test;
using tusk::interval;

namespace {

constexpr auto most32 = std::numeric_limits<std::int32_t>::max();
constexpr auto least32 = std::numeric_limits<std::int32_t>::min();
constexpr auto most64 = std::numeric_limits<std::int64_t>::max();
constexpr auto least64 = std::numeric_limits<std::int64_t>::min();

/// A value as PostgreSQL writes it in its four styles.
struct example {
    interval value;
    const char* postgres;
    const char* verbose;
    const char* sql;
    const char* iso;
};

const example examples[] = {
    {{0, 0, 0}, "00:00:00", "@ 0", "0", "PT0S"},
    {{14, 3, 14'706'700'000},
     "1 year 2 mons 3 days 04:05:06.7",
     "@ 1 year 2 mons 3 days 4 hours 5 mins 6.7 secs",
     "+1-2 +3 +4:05:06.7",
     "P1Y2M3DT4H5M6.7S"},
    {{-14, 3, -14'706'000'000},
     "-1 years -2 mons +3 days -04:05:06",
     "@ 1 year 2 mons -3 days 4 hours 5 mins 6 secs ago",
     "-1-2 +3 -4:05:06",
     "P-1Y-2M3DT-4H-5M-6S"},
    {{14, 0, 0}, "1 year 2 mons", "@ 1 year 2 mons", "1-2", "P1Y2M"},
    {{-14, 0, 0}, "-1 years -2 mons", "@ 1 year 2 mons ago", "-1-2", "P-1Y-2M"},
    {{0, 3, 3'600'000'000}, "3 days 01:00:00", "@ 3 days 1 hour", "3 1:00:00", "P3DT1H"},
    {{0, -3, -3'600'000'000}, "-3 days -01:00:00", "@ 3 days 1 hour ago", "-3 1:00:00", "P-3DT-1H"},
    {{0, -3, 3'600'000'000}, "-3 days +01:00:00", "@ 3 days -1 hours ago", "+0-0 -3 +1:00:00", "P-3DT1H"},
    {{0, 1, 0}, "1 day", "@ 1 day", "1 0:00:00", "P1D"},
    {{0, 0, -500'000}, "-00:00:00.5", "@ 0.5 secs ago", "-0:00:00.5", "PT-0.5S"},
    {{1, 0, -1},
     "1 mon -00:00:00.000001",
     "@ 1 mon -0.000001 secs",
     "+0-1 +0 -0:00:00.000001",
     "P1MT-0.000001S"},
    {{0, 0, 60'000'000}, "00:01:00", "@ 1 min", "0:01:00", "PT1M"},
    {{0, 0, 1'000'000}, "00:00:01", "@ 1 sec", "0:00:01", "PT1S"},
    {{most32, most32, most64},
     "178956970 years 7 mons 2147483647 days 2562047788:00:54.775807",
     "@ 178956970 years 7 mons 2147483647 days 2562047788 hours 54.775807 secs",
     "+178956970-7 +2147483647 +2562047788:00:54.775807",
     "P178956970Y7M2147483647DT2562047788H54.775807S"},
    {{least32, least32, least64},
     "-178956970 years -8 mons -2147483648 days -2562047788:00:54.775808",
     "@ 178956970 years 8 mons 2147483648 days 2562047788 hours 54.775808 secs ago",
     "-178956970-8 -2147483648 -2562047788:00:54.775808",
     "P-178956970Y-8M-2147483648DT-2562047788H-54.775808S"},
};

} // namespace

TEST(codec_interval, exact_bytes)
{
    EXPECT_EQ(tusk::encode_traits<interval>::type, oid::interval);
    EXPECT_EQ(written(interval{14, 3, 1}), "0000000000000001000000030000000e");
    EXPECT_EQ(written(interval{-1, -2, -3}), "fffffffffffffffdfffffffeffffffff");
    EXPECT_EQ(written(interval::infinity()), "7fffffffffffffff7fffffff7fffffff");
    EXPECT_EQ(written(interval::minus_infinity()), "80000000000000008000000080000000");
    EXPECT_EQ(read<interval>(oid::interval, binary, unhex("0000000000000001000000030000000e")),
              (interval{14, 3, 1}));
    EXPECT_TRUE(
        read<interval>(oid::interval, binary, unhex("7fffffffffffffff7fffffff7fffffff")).is_infinite());
    EXPECT_FALSE(accepts<interval>(oid::time));
}

TEST(codec_interval, every_style)
{
    for (const example& e : examples) {
        for (const char* form : {e.postgres, e.verbose, e.sql, e.iso})
            EXPECT_EQ(read<interval>(oid::interval, text, form), e.value) << form;
        if (!e.value.is_infinite()) EXPECT_EQ(e.value.to_string(), e.iso);
        EXPECT_EQ(read<interval>(oid::interval, binary, unhex(written(e.value))), e.value);
    }
    EXPECT_EQ(read<interval>(oid::interval, text, "infinity"), interval::infinity());
    EXPECT_EQ(read<interval>(oid::interval, text, "-infinity"), interval::minus_infinity());
}

TEST(codec_interval, malformed)
{
    for (const char* bad : {"",
                            "P",
                            "PT",
                            "P1",
                            "P1H",
                            "PT1D",
                            "P1.5D",
                            "PT1.5H",
                            "P1YT",
                            "P1Y ",
                            "PT1S1S1S1S1S1S1S",
                            "@",
                            "@ ",
                            "@ 1",
                            "@ 1 fortnight",
                            "@ 1 day ",
                            "@ ago",
                            "@ 1.5 days",
                            "@ 1 day 0",
                            "@ 1 day ago ago",
                            "1 day 2",
                            "1 day  01:00:00",
                            "1 day 01:00",
                            "1 day 01:60:00",
                            "1 day 01:00:00 1 mon",
                            "1",
                            "0 0",
                            "1-12",
                            "1-2 3",
                            "1-2 +3 +4",
                            "1 2:00:00:00",
                            "1 -2:00:00",
                            "4:05",
                            "4:05:06.",
                            "4:05:06.1234567",
                            "178956971 years",
                            "-178956970 years -9 mons",
                            "2147483648 days",
                            "@ 2147483649 days ago",
                            "2562047788:00:54.775808",
                            "-2562047788:00:54.775809",
                            "2562047789:00:00",
                            "99999999999:00:00",
                            "P99999999999Y",
                            "Infinity"})
        EXPECT_EQ(refused<interval>(oid::interval, text, bad), errc::invalid_value) << bad;
}

TEST(codec_interval, broken_values)
{
    for (const example& e : examples) {
        break_fixed<interval>(oid::interval, unhex(written(e.value)));
        for (const char* form : {e.postgres, e.verbose, e.sql, e.iso})
            break_value<interval>(oid::interval, text, form);
    }
    break_value<interval>(oid::interval, text, "-infinity");
}
