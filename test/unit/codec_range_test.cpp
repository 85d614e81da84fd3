// Distributed under the Boost Software License, Version 1.0.
#include "codec_containers.hpp"

#include <chrono>
#include <limits>

using namespace codec_test;
using tusk::bound_kind;

namespace {

using ints = tusk::range<std::int32_t>;
using words = tusk::range<std::string>;

} // namespace

TEST(codec_range, bytes_and_texts)
{
    round_trip(int4range, ints(1, 5), "02 00000004 00000001 00000004 00000005", "[1,5)");
    round_trip(int4range, ints::closed(1, 5), "06 00000004 00000001 00000004 00000005", "[1,5]");
    round_trip(int4range, ints::open(1, 5), "00 00000004 00000001 00000004 00000005", "(1,5)");
    round_trip(int4range, ints::from(-1), "12 00000004 ffffffff", "[-1,)");
    round_trip(int4range, ints::below(7), "08 00000004 00000007", "(,7)");
    round_trip(int4range, ints::all(), "18", "(,)");
    round_trip(int4range, ints(), "01", "empty");
    round_trip(int8range, tusk::range<std::int64_t>(1, 2),
               "02 00000008 0000000000000001 00000008 0000000000000002", "[1,2)");
    using namespace std::chrono;
    round_trip(daterange, tusk::range<sys_days>(sys_days(2000y / January / 1), sys_days(2000y / January / 3)),
               "02 00000004 00000000 00000004 00000002", "[2000-01-01,2000-01-03)");
    const auto epoch = sys_time<microseconds>(sys_days(2000y / January / 1));
    round_trip(tstzrange, tusk::range<sys_time<microseconds>>(epoch, epoch + 1us),
               "02 00000008 0000000000000000 00000008 0000000000000001",
               "[\"2000-01-01 00:00:00+00\",\"2000-01-01 00:00:00.000001+00\")");
}

TEST(codec_range, types)
{
    using namespace std::chrono;
    EXPECT_EQ((tusk::encode_traits<ints>::type), int4range);
    EXPECT_EQ((tusk::encode_traits<tusk::range<std::int64_t>>::type), int8range);
    EXPECT_EQ((tusk::encode_traits<tusk::range<year_month_day>>::type), daterange);
    EXPECT_EQ((tusk::encode_traits<tusk::range<sys_time<microseconds>>>::type), tstzrange);
    EXPECT_EQ((tusk::encode_traits<tusk::multirange<std::int32_t>>::type), int4multirange);
    EXPECT_EQ((tusk::encode_traits<std::vector<ints>>::type), int4ranges);
    EXPECT_EQ((tusk::encode_traits<tusk::range<double>>::type), oid::none);
    EXPECT_EQ(unsendable(tusk::range<double>(1, 2)), errc::parameter_mismatch);
    EXPECT_EQ(unsendable(tusk::multirange<double>{}), errc::parameter_mismatch);
    EXPECT_EQ(unsendable(tusk::range<double>(1, 2), user_type), errc{}); // named by as_oid
    EXPECT_FALSE(tusk::detail::encodes<tusk::range<double>>(user_type)); // wanted by a statement
    EXPECT_TRUE(tusk::detail::encodes<ints>(int8range));
    EXPECT_FALSE(tusk::detail::encodes<ints>(int4multirange));
    EXPECT_FALSE(tusk::detail::encodes<ints>(oid::int4));
    EXPECT_TRUE(tusk::detail::encodes<tusk::multirange<std::int32_t>>(int4multirange));
    EXPECT_EQ(written(ints::from(1), int8range), "12000000080000000000000001");
    EXPECT_EQ(unsendable(tusk::range<std::optional<int>>(std::nullopt, 1)), errc::value_out_of_range);
    EXPECT_TRUE(accepts<ints>(int4range));
    EXPECT_FALSE(accepts<ints>(int8range));
    EXPECT_FALSE(accepts<ints>(int4multirange));
    EXPECT_FALSE(accepts<ints>(oid::int4));
    EXPECT_TRUE(accepts<tusk::range<std::int64_t>>(int4range));
    EXPECT_FALSE(accepts<tusk::multirange<std::int32_t>>(int4range));
    EXPECT_FALSE(accepts<words>(user_type)); // in binary it does not say what is in it
    EXPECT_EQ(read<words>(user_type, text, "[\"a\"\"\\\\\\\"b\",c)"), words("a\"\\\"b", "c"));
    EXPECT_EQ(read<words>(user_type, text, "[\"\",\" ,)]\"]"), words::closed("", " ,)]"));
    EXPECT_EQ(read<tusk::range<double>>(user_type, text, "(1.5,2]"),
              (tusk::range<double>({bound_kind::exclusive, 1.5}, {bound_kind::inclusive, 2})));
}

TEST(codec_range, what_lies_is_refused)
{
    for (const char* bad :
         {"", "02", "02 00000004 00000001", "02 00000004 00000001 00000004", "03", "09",
          "0a 00000004 00000001", "1c", "20 00000004 00000001 00000004 00000002", "80", "01 00", "18 00",
          "12 00000005 00000001", "12 ffffffff", "12 00000003 000001", "12 00000004 00000001 00"})
        EXPECT_EQ(refused<ints>(int4range, binary, unhex(bad)), errc::invalid_value) << bad;
    for (const char* bad : {"", "[", "[1", "[1,", "[1,2", "1,2)", "[1,2)x", "emptyx", "[,2)", "(1,]",
                            "[\"1,2)", "[1;2)", "[1,2,3)", "[1,2\\", "[x,2)", "{[1,2)}", "[\"\",2)"})
        EXPECT_EQ(refused<ints>(int4range, text, bad), errc::invalid_value) << bad;
}

TEST(codec_range, multiranges)
{
    using multi = tusk::multirange<std::int32_t>;
    round_trip(int4multirange, multi{{1, 3}, ints::from(7)},
               "00000002 00000011 02 00000004 00000001 00000004 00000003 00000009 12 00000004 00000007",
               "{[1,3),[7,)}");
    round_trip(int4multirange, multi{}, "00000000", "{}");
    for (const char* bad :
         {"", "00", "00000001", "00000001 00000000", "00000001 00000001", "00000002 00000001 01",
          "00000000 00", "ffffffff 00000001 01", "00000001 00000001 01 00", "00000001 ffffffff"})
        EXPECT_EQ(refused<multi>(int4multirange, binary, unhex(bad)), errc::invalid_value) << bad;
    for (const char* bad : {"", "{", "}", "{,}", "{[1,2)", "{[1,2),}", "{[1,2)[3,4)}", "{[1,2)}}", "[1,2)"})
        EXPECT_EQ(refused<multi>(int4multirange, text, bad), errc::invalid_value) << bad;
    const multi m{{1, 3}, ints::from(7)};
    EXPECT_TRUE(m.contains(2));
    EXPECT_FALSE(m.contains(3));
    EXPECT_TRUE(m.contains(100));
    EXPECT_EQ(m.size(), 2u);
    const tusk::bound b = tusk::sql("select $1", tusk::multirange<std::uint64_t>{{1, 2}, {3, ~0ULL}});
    EXPECT_EQ(b.diag().message().substr(0, 14), "$1, element 2:");
}

TEST(range, contains)
{
    EXPECT_FALSE(ints().contains(0));
    EXPECT_TRUE(ints::all().contains(0));
    EXPECT_TRUE(ints(1, 3).contains(1));
    EXPECT_FALSE(ints(1, 3).contains(3));
    EXPECT_TRUE(ints::closed(1, 3).contains(3));
    EXPECT_FALSE(ints::open(1, 3).contains(1));
    EXPECT_FALSE(ints::from(5).contains(4));
    EXPECT_FALSE(ints::below(5).contains(5));
    EXPECT_TRUE(ints().is_empty());
    EXPECT_NE(ints(), ints::all());
}
