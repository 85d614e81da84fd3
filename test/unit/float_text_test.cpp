// Distributed under the Boost Software License, Version 1.0.
#include "codec/float_text.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <string_view>

using tusk::errc;
using tusk::detail::append_float;
using tusk::detail::parse_float;

namespace {

template <class Float>
std::string text_of(Float value)
{
    std::string text;
    append_float(text, value);
    return text;
}

/// Random bits come back from their text as they were.
template <class Float, class Bits>
void expect_exact()
{
    std::mt19937_64 random(1);
    for (int i = 0; i < 20'000; ++i) {
        const auto bits = static_cast<Bits>(random());
        Float value;
        std::memcpy(&value, &bits, sizeof value);
        Float back{};
        ASSERT_EQ(parse_float(text_of(value), back), errc{}) << text_of(value);
        if (std::isnan(value))
            ASSERT_TRUE(std::isnan(back));
        else
            ASSERT_EQ(std::memcmp(&back, &value, sizeof value), 0) << text_of(value);
    }
}

} // namespace

TEST(float_text, is_what_the_server_writes)
{
    EXPECT_EQ(text_of(0.0), "0");
    EXPECT_EQ(text_of(-0.0), "-0");
    EXPECT_EQ(text_of(1.0), "1");
    EXPECT_EQ(text_of(0.1), "0.1");
    EXPECT_EQ(text_of(1e14), "100000000000000");
    EXPECT_EQ(text_of(1e15), "1e+15");
    EXPECT_EQ(text_of(999999999999999.0), "999999999999999");
    EXPECT_EQ(text_of(0.0001), "0.0001");
    EXPECT_EQ(text_of(0.00001), "1e-05");
    EXPECT_EQ(text_of(1.2345678901234568e+17), "1.2345678901234568e+17");
    EXPECT_EQ(text_of(-1e300), "-1e+300");
    EXPECT_EQ(text_of(std::numeric_limits<double>::max()), "1.7976931348623157e+308");
    EXPECT_EQ(text_of(std::numeric_limits<double>::denorm_min()), "5e-324");
    EXPECT_EQ(text_of(std::numeric_limits<double>::infinity()), "Infinity");
    EXPECT_EQ(text_of(-std::numeric_limits<double>::infinity()), "-Infinity");
    EXPECT_EQ(text_of(std::numeric_limits<double>::quiet_NaN()), "NaN");
    EXPECT_EQ(text_of(123'456.0F), "123456");
    EXPECT_EQ(text_of(1'234'567.0F), "1.234567e+06");
    EXPECT_EQ(text_of(0.1F), "0.1");
    EXPECT_EQ(text_of(1e-5F), "1e-05");
}

TEST(float_text, is_exact)
{
    expect_exact<double, std::uint64_t>();
    expect_exact<float, std::uint32_t>();
}

TEST(float_text, reads_numbers_alone)
{
    double d = 7;
    for (const char* bad : {"", " ", "1 ", " 1", "+1", "1,5", "0x1", "nan(1)", "infinite", "1e", "--1"})
        EXPECT_EQ(parse_float(bad, d), errc::invalid_value) << bad;
    EXPECT_EQ(parse_float("1e400", d), errc::value_not_representable);
    EXPECT_EQ(d, 7);
    float f = 7;
    EXPECT_EQ(parse_float("1e39", f), errc::value_not_representable);
    EXPECT_EQ(parse_float("Infinity", f), errc{});
    EXPECT_EQ(f, std::numeric_limits<float>::infinity());
}
