// Distributed under the Boost Software License, Version 1.0.
#include "codec_breaking.hpp"

#include <limits>

using namespace codec_test;
using tusk::numeric;

namespace {

struct example {
    const char* text;
    const char* bytes; // digits, weight, sign, scale, digits
};

// as PostgreSQL sends them
const example examples[] = {
    {"0", "0000 0000 0000 0000"},
    {"0.00", "0000 0000 0000 0002"},
    {"1", "0001 0000 0000 0000 0001"},
    {"1.50", "0002 0000 0000 0002 0001 1388"},
    {"-1.5", "0002 0000 4000 0001 0001 1388"},
    {"10000", "0001 0001 0000 0000 0001"},
    {"0.0001", "0001 ffff 0000 0004 0001"},
    {"0.00000000000000012", "0002 fffc 0000 0011 0001 07d0"},
    {"12345678.901", "0003 0001 0000 0003 04d2 162e 2332"},
    {"NaN", "0000 0000 c000 0000"},
    {"Infinity", "0000 0000 d000 0000"},
    {"-Infinity", "0000 0000 f000 0000"},
};

} // namespace

TEST(codec_numeric, exact_bytes)
{
    EXPECT_EQ(tusk::encode_traits<numeric>::type, oid::numeric);
    for (const example& e : examples) {
        const std::string bytes = unhex(e.bytes);
        EXPECT_EQ(written(numeric::parse(e.text)), hex(bytes)) << e.text;
        const numeric back = read<numeric>(oid::numeric, binary, bytes);
        EXPECT_EQ(back.to_string(), e.text);
        EXPECT_EQ(read<numeric>(oid::numeric, text, e.text).to_string(), e.text);
    }
    EXPECT_EQ(written(numeric::parse("1e131071")), "00017fff0000000003e8");
    EXPECT_EQ(written(numeric::parse("1e-16383")), "0001f00000003fff000a");
    // the server sends a scale with infinity, which means nothing
    EXPECT_TRUE(read<numeric>(oid::numeric, binary, unhex("0000 0000 d000 0020")).is_infinite());
    // and may send zeros at either end
    EXPECT_EQ(
        read<numeric>(oid::numeric, binary, unhex("0004 0002 0000 0001 0000 0001 0000 0000")).to_string(),
        "10000.0");
    EXPECT_EQ(read<numeric>(oid::numeric, binary, unhex("0001 0000 4000 0000 0000")).to_string(), "0");
    EXPECT_FALSE(accepts<numeric>(oid::int4));
    EXPECT_FALSE(accepts<numeric>(oid::float8));
}

TEST(codec_numeric, malformed)
{
    for (const char* bad :
         {"", "0001", "0000 0000 0000 00", "0001 0000 0000 0000", "0001 0000 0000 0000 00",
          "0000 0000 0000 0000 0001", "0002 0000 0000 0000 0001", "ffff 0000 0000 0000 0001",
          "0001 0000 0000 0000 2710", // a digit of 10000
          "0001 0000 0000 0000 ffff",
          "0001 0000 0000 4000 0001", // scale
          "0001 0000 8000 0000 0001", // sign
          "0001 0000 0001 0000 0001",
          "0001 0000 c000 0000 0001", // NaN with digits
          "0000 0000 e000 0000",
          "0001 ffff 0000 0003 0001", // digits that the scale denies
          "0001 8000 0000 3fff 0001"})
        EXPECT_EQ(refused<numeric>(oid::numeric, binary, unhex(bad)), errc::invalid_value) << bad;
    for (const char* bad : {"", "1,5", "1.5 ", "1e", "1e131072", "NaN(1)"})
        EXPECT_EQ(refused<numeric>(oid::numeric, text, bad), errc::invalid_value) << bad;
}

TEST(codec_numeric, broken_values)
{
    for (const example& e : examples) {
        break_fixed<numeric>(oid::numeric, unhex(e.bytes));
        break_value<numeric>(oid::numeric, text, e.text);
    }
    break_value<numeric>(oid::numeric, text, "1.5e-10");
    break_fixed<std::int64_t>(oid::numeric, unhex("0003 0002 4000 0002 0011 0000 0001"));
    break_fixed<std::uint64_t>(oid::numeric, unhex("0001 0002 0000 0000 0001"));
}

TEST(codec_numeric, whole_ones_are_integers)
{
    EXPECT_TRUE(accepts<std::int64_t>(oid::numeric));
    EXPECT_TRUE(accepts<std::uint64_t>(oid::numeric));
    EXPECT_FALSE(accepts<std::int32_t>(oid::numeric));
    EXPECT_FALSE(accepts<std::uint32_t>(oid::numeric));
    EXPECT_FALSE(accepts<double>(oid::numeric));
    EXPECT_FALSE(accepts<float>(oid::numeric));
    const auto declared = [](int precision, int scale) {
        tusk::column c = column(oid::numeric, binary);
        c.modifier = ((precision << 16) | (scale & 0x7ff)) + 4;
        return tusk::decode_traits<std::int64_t>::accepts(c);
    };
    EXPECT_TRUE(declared(20, 0));
    EXPECT_TRUE(declared(1000, 0));
    EXPECT_FALSE(declared(10, 2));
    EXPECT_FALSE(declared(1000, 1000));
    EXPECT_TRUE(declared(3, -1));
    EXPECT_TRUE(declared(3, -1000));
    tusk::column odd = column(oid::numeric, binary);
    odd.modifier = std::numeric_limits<std::int32_t>::min();
    EXPECT_TRUE(tusk::decode_traits<std::int64_t>::accepts(odd));

    const auto as_int = [](const char* value) { return read<std::int64_t>(oid::numeric, text, value); };
    EXPECT_EQ(as_int("-9223372036854775808"), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(as_int("9223372036854775807"), std::numeric_limits<std::int64_t>::max());
    EXPECT_EQ(as_int("7.000"), 7);
    EXPECT_EQ(read<std::uint64_t>(oid::numeric, text, "18446744073709551615"),
              std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(read<std::int64_t>(oid::numeric, binary, unhex("0001 0001 4000 0000 0001")), -10'000);
    for (const char* value : {"9223372036854775808", "-9223372036854775809", "0.5", "1e100", "NaN",
                              "Infinity", "184467440737095516160000"})
        EXPECT_EQ(refused<std::int64_t>(oid::numeric, text, value), errc::value_not_representable) << value;
    EXPECT_EQ(refused<std::uint64_t>(oid::numeric, text, "-1"), errc::value_not_representable);
    EXPECT_EQ(refused<std::uint64_t>(oid::numeric, text, "18446744073709551616"),
              errc::value_not_representable);
}

TEST(codec_numeric, integers_sent_where_a_statement_wants_numeric)
{
    EXPECT_EQ(written(0, oid::numeric), "0000000000000000");
    EXPECT_EQ(written(-10'000, oid::numeric), "00010001400000000001");
    EXPECT_EQ(written(std::numeric_limits<std::int64_t>::min(), oid::numeric),
              "0005000440000000039a0d2c0170156516b0");
    EXPECT_EQ(read<std::uint64_t>(oid::numeric, binary,
                                  unhex(written(std::numeric_limits<std::uint64_t>::max(), oid::numeric))),
              std::numeric_limits<std::uint64_t>::max());
}
