// Distributed under the Boost Software License, Version 1.0.
#include "codec_breaking.hpp"

#include <cmath>
#include <cstdint>
#include <limits>

using namespace codec_test;

TEST(codec_integer, writes_its_own_type)
{
    EXPECT_EQ(tusk::encode_traits<std::int16_t>::type, oid::int2);
    EXPECT_EQ(tusk::encode_traits<int>::type, oid::int4);
    EXPECT_EQ(tusk::encode_traits<long>::type, oid::int8);
    EXPECT_EQ(tusk::encode_traits<long long>::type, oid::int8);
    EXPECT_EQ(tusk::encode_traits<std::uint16_t>::type, oid::int4);
    EXPECT_EQ(tusk::encode_traits<std::uint32_t>::type, oid::int8);
    EXPECT_EQ(tusk::encode_traits<std::uint64_t>::type, oid::int8);

    EXPECT_EQ(written(std::int16_t{-2}), "fffe");
    EXPECT_EQ(written(0x01020304), "01020304");
    EXPECT_EQ(written(-1), "ffffffff");
    EXPECT_EQ(written(std::numeric_limits<std::int64_t>::min()), "8000000000000000");
    EXPECT_EQ(written(std::uint16_t{65'535}), "0000ffff");
    EXPECT_EQ(written(std::uint32_t{4'294'967'295}), "00000000ffffffff");
    EXPECT_EQ(written(std::uint64_t{9'223'372'036'854'775'807}), "7fffffffffffffff");
    EXPECT_EQ(unsendable(std::uint64_t{9'223'372'036'854'775'808u}), errc::value_out_of_range);
}

TEST(codec_integer, characters_are_no_numbers)
{
    EXPECT_FALSE(tusk::detail::number<bool>);
    EXPECT_FALSE(tusk::detail::number<char>);
    EXPECT_FALSE(tusk::detail::number<char16_t>);
    EXPECT_FALSE(tusk::detail::number<wchar_t>);
    EXPECT_FALSE(tusk::encodable<unsigned char>);
    EXPECT_FALSE(tusk::decodable<signed char>);
}

TEST(codec_integer, writes_what_a_statement_wants)
{
    EXPECT_EQ(written(5, oid::int2), "0005");
    EXPECT_EQ(written(5, oid::int8), "0000000000000005");
    EXPECT_EQ(written(5, oid::oid_), "00000005");
    EXPECT_EQ(written(5, oid::float8), "4014000000000000");
    EXPECT_EQ(written(std::int64_t{-3}, oid::float4), "c0400000");
    EXPECT_EQ(written(std::int64_t{7}, oid::int4), "00000007");

    EXPECT_EQ(unsendable(32'768, oid::int2), errc::value_out_of_range);
    EXPECT_EQ(unsendable(-1, oid::oid_), errc::value_out_of_range);
    EXPECT_EQ(unsendable(std::int64_t{1} << 32, oid::int4), errc::value_out_of_range);
    EXPECT_EQ(unsendable((1 << 24) + 1, oid::float4), errc::value_out_of_range);
    EXPECT_EQ(written(1 << 24, oid::float4), "4b800000");
    EXPECT_EQ(unsendable((std::int64_t{1} << 53) + 1, oid::float8), errc::value_out_of_range);
    EXPECT_FALSE(tusk::detail::encodes<int>(oid::text));
    EXPECT_FALSE(tusk::detail::encodes<int>(oid::boolean));
    EXPECT_EQ(unsendable(1, oid::text), errc::parameter_mismatch);
}

TEST(codec_integer, writes_numeric)
{
    // digits, weight, sign, scale, digits
    EXPECT_EQ(written(0, oid::numeric), "0000000000000000");
    EXPECT_EQ(written(1, oid::numeric), "00010000000000000001");
    EXPECT_EQ(written(-12'345, oid::numeric), "000200014000000000010929");
    EXPECT_EQ(written(10'000, oid::numeric), "00010001000000000001");
    EXPECT_EQ(written(std::numeric_limits<std::int64_t>::min(), oid::numeric),
              "0005000440000000039a0d2c0170156516b0");
}

TEST(codec_integer, reads_binary_of_its_size_and_smaller)
{
    EXPECT_EQ(read<std::int16_t>(oid::int2, binary, unhex("8000")), -32'768);
    EXPECT_EQ(read<int>(oid::int4, binary, unhex("fffffffe")), -2);
    EXPECT_EQ(read<int>(oid::int2, binary, unhex("fffe")), -2);
    EXPECT_EQ(read<std::int64_t>(oid::int8, binary, unhex("0102030405060708")), 0x0102030405060708);
    EXPECT_EQ(read<std::int64_t>(oid::int4, binary, unhex("80000000")), -2'147'483'648);
    EXPECT_EQ(read<long long>(oid::int2, binary, unhex("7fff")), 32'767);
    EXPECT_EQ(read<std::int64_t>(oid::oid_, binary, unhex("ffffffff")), 4'294'967'295);

    EXPECT_FALSE(accepts<std::int16_t>(oid::int4));
    EXPECT_FALSE(accepts<int>(oid::int8));
    EXPECT_FALSE(accepts<int>(oid::oid_));
    EXPECT_FALSE(accepts<int>(oid::text));
    EXPECT_FALSE(accepts<std::int32_t>(oid::numeric));
    EXPECT_FALSE(accepts<std::int64_t>(oid::float8));
}

TEST(codec_integer, reads_unsigned)
{
    EXPECT_EQ(read<std::uint16_t>(oid::int4, binary, unhex("0000ffff")), 65'535);
    EXPECT_EQ(refused<std::uint16_t>(oid::int4, binary, unhex("00010000")), errc::value_not_representable);
    EXPECT_EQ(refused<std::uint16_t>(oid::int2, binary, unhex("ffff")), errc::value_not_representable);
    EXPECT_FALSE(accepts<std::uint16_t>(oid::int8));
    EXPECT_EQ(read<std::uint32_t>(oid::int8, binary, unhex("00000000ffffffff")), 4'294'967'295u);
    EXPECT_EQ(refused<std::uint32_t>(oid::int8, binary, unhex("0000000100000000")),
              errc::value_not_representable);
    EXPECT_EQ(read<std::uint32_t>(oid::oid_, binary, unhex("80000000")), 2'147'483'648u);
    EXPECT_EQ(read<std::uint32_t>(oid::xid, binary, unhex("00000003")), 3u);
    EXPECT_EQ(refused<std::uint64_t>(oid::int8, binary, unhex("ffffffffffffffff")),
              errc::value_not_representable);
}

TEST(codec_integer, reads_text)
{
    EXPECT_EQ(read<int>(oid::int4, text, "-2147483648"), std::numeric_limits<int>::min());
    EXPECT_EQ(read<int>(oid::int2, text, "12"), 12);
    EXPECT_EQ(read<std::int64_t>(oid::int8, text, "9223372036854775807"),
              std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(read<std::uint32_t>(oid::oid_, text, "4294967295"), 4'294'967'295u);
    for (const char* bad : {"", " 1", "1 ", "+1", "1.0", "0x1", "--1", "9223372036854775808", "one"})
        EXPECT_EQ(refused<std::int64_t>(oid::int8, text, bad), errc::invalid_value) << bad;
    EXPECT_EQ(refused<std::int16_t>(oid::int2, text, "32768"), errc::value_not_representable);
}

TEST(codec_integer, broken_values)
{
    break_fixed<std::int16_t>(oid::int2, unhex("1234"));
    break_fixed<int>(oid::int4, unhex("12345678"));
    break_fixed<int>(oid::int2, unhex("1234"));
    break_fixed<std::int64_t>(oid::int8, unhex("123456789abcdef0"));
    break_fixed<std::uint32_t>(oid::int8, unhex("0000000012345678"));
    break_fixed<std::uint32_t>(oid::oid_, unhex("12345678"));
    break_value<int>(oid::int4, text, "-123456789");
    break_value<std::uint64_t>(oid::int8, text, "9223372036854775807");
}

TEST(codec_oid, both_ways)
{
    EXPECT_EQ(written(oid::jsonb), "00000eda");
    EXPECT_EQ(written(oid::jsonb, oid::int8), "0000000000000eda");
    EXPECT_EQ(written(oid::jsonb, static_cast<oid>(2205)), "00000eda");
    EXPECT_FALSE(tusk::detail::encodes<oid>(oid::int4));
    EXPECT_EQ(read<oid>(oid::oid_, binary, unhex("00000eda")), oid::jsonb);
    EXPECT_EQ(read<oid>(oid::oid_, text, "3802"), oid::jsonb);
    EXPECT_EQ(read<oid>(oid::regproc, binary, unhex("000000ff")), static_cast<oid>(255));
    EXPECT_EQ(refused<oid>(oid::oid_, text, "-1"), errc::value_not_representable);
    EXPECT_FALSE(accepts<oid>(oid::regproc, text)); // a name there
    EXPECT_FALSE(accepts<oid>(oid::int4));
    break_fixed<oid>(oid::oid_, unhex("00000eda"));
    break_value<oid>(oid::oid_, text, "4294967295");
}

TEST(codec_floating, writes)
{
    EXPECT_EQ(written(1.5), "3ff8000000000000");
    EXPECT_EQ(written(1.5f), "3fc00000");
    EXPECT_EQ(written(1.5f, oid::float8), "3ff8000000000000");
    EXPECT_EQ(written(0.1, oid::float4), "3dcccccd");
    EXPECT_EQ(written(-std::numeric_limits<double>::infinity(), oid::float4), "ff800000");
    EXPECT_EQ(unsendable(1e39, oid::float4), errc::value_out_of_range);
    EXPECT_FALSE(tusk::detail::encodes<double>(oid::numeric));
    EXPECT_FALSE(tusk::detail::encodes<double>(oid::int4));
}

TEST(codec_floating, reads)
{
    EXPECT_EQ(read<double>(oid::float8, binary, unhex("3ff8000000000000")), 1.5);
    EXPECT_EQ(read<double>(oid::float4, binary, unhex("3fc00000")), 1.5);
    EXPECT_EQ(read<float>(oid::float4, binary, unhex("3fc00000")), 1.5f);
    EXPECT_TRUE(std::isnan(read<double>(oid::float8, binary, unhex("7ff8000000000000"))));
    EXPECT_FALSE(accepts<float>(oid::float8));
    EXPECT_FALSE(accepts<double>(oid::numeric));
    EXPECT_FALSE(accepts<double>(oid::int4));

    EXPECT_EQ(read<double>(oid::float8, text, "-1.5e-300"), -1.5e-300);
    EXPECT_EQ(read<double>(oid::float8, text, "5e-324"), 5e-324);
    EXPECT_EQ(read<double>(oid::float8, text, "Infinity"), std::numeric_limits<double>::infinity());
    EXPECT_EQ(read<double>(oid::float8, text, "-Infinity"), -std::numeric_limits<double>::infinity());
    EXPECT_TRUE(std::isnan(read<double>(oid::float8, text, "NaN")));
    EXPECT_EQ(read<float>(oid::float4, text, "0.1"), 0.1f);
    for (const char* bad : {"", "1,5", " 1", "1 ", "nan(1)", "inf(", "0x1p3", "e5"})
        EXPECT_EQ(refused<double>(oid::float8, text, bad), errc::invalid_value) << bad;
    EXPECT_EQ(refused<float>(oid::float4, text, "1e39"), errc::value_not_representable);
}

TEST(codec_floating, broken_values)
{
    break_fixed<float>(oid::float4, unhex("3fc00000"));
    break_fixed<double>(oid::float4, unhex("3fc00000"));
    break_fixed<double>(oid::float8, unhex("3ff8000000000000"));
    break_value<double>(oid::float8, text, "-1.5e+10");
    break_value<float>(oid::float4, text, "-Infinity");
}

TEST(codec_boolean, both_ways)
{
    EXPECT_EQ(written(true), "01");
    EXPECT_EQ(written(false), "00");
    EXPECT_TRUE(read<bool>(oid::boolean, binary, unhex("01")));
    EXPECT_FALSE(read<bool>(oid::boolean, binary, unhex("00")));
    EXPECT_TRUE(read<bool>(oid::boolean, text, "t"));
    EXPECT_FALSE(read<bool>(oid::boolean, text, "f"));
    EXPECT_EQ(refused<bool>(oid::boolean, binary, unhex("02")), errc::invalid_value);
    EXPECT_EQ(refused<bool>(oid::boolean, binary, "t"), errc::invalid_value);
    EXPECT_EQ(refused<bool>(oid::boolean, text, "true"), errc::invalid_value);
    EXPECT_FALSE(accepts<bool>(oid::int4));
    EXPECT_FALSE(tusk::detail::encodes<bool>(oid::int4));
    break_fixed<bool>(oid::boolean, unhex("01"));
    break_value<bool>(oid::boolean, text, "t");
}
