// Distributed under the Boost Software License, Version 1.0.
#include "allocations.hpp"

#include <tusk/numeric.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <random>
#include <string>
#include <type_traits>
#include <unordered_set>
#include <vector>

using tusk::errc;
using tusk::numeric;

namespace {

std::string again(std::string_view text)
{
    std::error_code ec;
    const numeric value = numeric::parse(text, ec);
    EXPECT_FALSE(ec) << text;
    return value.to_string();
}

std::error_code refused(std::string_view text)
{
    std::error_code ec;
    const numeric value = numeric::parse(text, ec);
    EXPECT_EQ(value.to_string(), ec ? "0" : value.to_string());
    return ec;
}

numeric of(std::string_view text) { return numeric::parse(text); }

} // namespace

TEST(numeric, keeps_what_it_read)
{
    for (const char* same : {"0", "0.00", "1", "1.50", "-1.5", "10000", "9999", "123456789.987654321",
                             "0.0001", "-0.00010000", "100000000", "100000000.0", "0.00000000000001",
                             "12345678901234567890", "NaN", "Infinity", "-Infinity"})
        EXPECT_EQ(again(same), same);
    EXPECT_EQ(again("+007"), "7");
    EXPECT_EQ(again("-0"), "0");
    EXPECT_EQ(again("-0.0"), "0.0");
    EXPECT_EQ(again(".5"), "0.5");
    EXPECT_EQ(again("5."), "5");
    EXPECT_EQ(again("1e3"), "1000");
    EXPECT_EQ(again("1.5E+1"), "15");
    EXPECT_EQ(again("1.50e1"), "15.0");
    EXPECT_EQ(again("150e-4"), "0.0150");
    EXPECT_EQ(again("0e10"), "0");
    EXPECT_EQ(again("0e999999999999999999999999"), "0");
    EXPECT_EQ(again("0e-3"), "0.000");
    EXPECT_EQ(again("nan"), "NaN");
    EXPECT_EQ(again("INF"), "Infinity");
    EXPECT_EQ(again("+infinity"), "Infinity");
    EXPECT_EQ(again("-inf"), "-Infinity");
}

TEST(numeric, refuses_what_is_none)
{
    for (const char* bad : {"",     "-",    "+",       ".",    "-.",        "e5",   "1e",    "1e+",  "1e5.0",
                            " 1",   "1 ",   "1,5",     "--1",  "+-1",       "1..2", "1.2.3", "0x1f", "1_000",
                            "-NaN", "+nan", "infinit", "inf ", "infinityx", "1e5x", "a"})
        EXPECT_EQ(refused(bad), errc::invalid_value) << bad;
    EXPECT_EQ(refused(std::string_view("1\0", 2)), errc::invalid_value);
    try {
        static_cast<void>(numeric::parse("x"));
        ADD_FAILURE();
    } catch (const tusk::error& e) {
        EXPECT_EQ(e.code(), errc::invalid_value);
    }
}

TEST(numeric, ends_where_postgresql_ends)
{
    const std::string most(131'072, '9');
    EXPECT_EQ(again(most), most);
    EXPECT_EQ(again("1e131071"), "1" + std::string(131'071, '0'));
    EXPECT_EQ(refused("1e131072"), errc::value_out_of_range);
    EXPECT_EQ(refused("9" + most), errc::value_out_of_range);
    EXPECT_EQ(again("00000" + most), most);
    const std::string finest = "0." + std::string(16'382, '0') + "1";
    EXPECT_EQ(again(finest), finest);
    EXPECT_EQ(again("1e-16383"), finest);
    EXPECT_EQ(refused("1e-16384"), errc::value_out_of_range);
    EXPECT_EQ(refused(finest + "0"), errc::value_out_of_range);
    EXPECT_EQ(again(most + "." + std::string(16'383, '9')), most + "." + std::string(16'383, '9'));
    for (const char* far : {"1e9223372036854775807", "1e-9223372036854775808", "1e99999999999999999999"})
        EXPECT_EQ(refused(far), errc::value_out_of_range) << far;
    EXPECT_EQ(again("0." + std::string(20'000, '0') + "1e20001"), "1");
}

TEST(numeric, from_integers_and_back)
{
    const auto both_ways = [](auto value) {
        const numeric n = value;
        EXPECT_EQ(n.to_string(), std::to_string(value));
        EXPECT_EQ(n.scale(), 0);
        EXPECT_EQ(n, of(std::to_string(value)));
        EXPECT_EQ(n.as<decltype(value)>(), value);
    };
    const auto limits = [&](auto type) {
        using limit = std::numeric_limits<decltype(type)>;
        both_ways(limit::min());
        both_ways(limit::max());
    };
    limits(static_cast<signed char>(0));
    limits(static_cast<unsigned char>(0));
    limits(short{});
    limits(static_cast<unsigned short>(0));
    limits(0);
    limits(0U);
    limits(0L);
    limits(0UL);
    limits(0LL);
    limits(0ULL);
    for (const int value : {0, 1, -1, 9'999, 10'000, -10'000, 100'000'000, 99'990'000}) both_ways(value);
    static_assert(!std::is_constructible_v<numeric, bool> && !std::is_constructible_v<numeric, char>);
    static_assert(!std::is_convertible_v<double, numeric>);
}

TEST(numeric, to_integers_only_when_nothing_is_lost)
{
    EXPECT_EQ(of("12.00").as<int>(), 12);
    EXPECT_EQ(of("1e18").as<std::int64_t>(), 1'000'000'000'000'000'000);
    EXPECT_EQ(of("-0").as<unsigned>(), 0U);
    const auto why_not = [](const numeric& n, auto type) {
        auto out = static_cast<decltype(type)>(7);
        const std::error_code ec = n.get(out);
        EXPECT_EQ(out, static_cast<decltype(type)>(7));
        return ec;
    };
    for (const char* text : {"0.5", "12.01", "-0.0001", "128", "-129", "1e4", "1e100", "1e131071", "NaN",
                             "Infinity", "-Infinity", "18446744073709551616"})
        EXPECT_EQ(why_not(of(text), static_cast<signed char>(0)), errc::value_not_representable) << text;
    EXPECT_EQ(why_not(of("-1"), 0UL), errc::value_not_representable);
    EXPECT_EQ(why_not(of("-9223372036854775809"), 0L), errc::value_not_representable);
    EXPECT_EQ(why_not(of("9223372036854775808"), 0L), errc::value_not_representable);
    EXPECT_EQ(why_not(of("18446744073709551616"), 0UL), errc::value_not_representable);
    EXPECT_EQ(why_not(of("184467440737095516150000"), 0UL), errc::value_not_representable);
    EXPECT_THROW(static_cast<void>(of("0.5").as<int>()), tusk::error);
}

TEST(numeric, from_doubles_as_they_are_written)
{
    EXPECT_EQ(numeric(0.1).to_string(), "0.1");
    EXPECT_EQ(numeric(0.1F).to_string(), "0.1");
    EXPECT_EQ(numeric(-0.0).to_string(), "0");
    EXPECT_EQ(numeric(1e22).to_string(), "10000000000000000000000");
    EXPECT_EQ(numeric(1.0 / 3).to_string(), "0.3333333333333333");
    EXPECT_EQ(numeric(5e-324).scale(), 324);
    EXPECT_EQ(numeric(std::numeric_limits<double>::max()).to_string(),
              "17976931348623157" + std::string(292, '0'));
    EXPECT_TRUE(numeric(std::nan("")).is_nan());
    EXPECT_TRUE(numeric(-std::nan("")).is_nan());
    EXPECT_TRUE(numeric(std::nanf("2")).is_nan());
    EXPECT_EQ(numeric(-HUGE_VAL), -numeric::infinity());
    EXPECT_EQ(numeric(HUGE_VALF), numeric::infinity());
}

TEST(numeric, to_the_nearest_double)
{
    std::mt19937_64 random(20'240'229);
    for (int i = 0; i < 20'000; ++i) {
        const double value = std::bit_cast<double>(random());
        if (std::isnan(value)) continue;
        ASSERT_EQ(numeric(value).as<double>(), value);
    }
    EXPECT_TRUE(std::isnan(numeric::nan().as<double>()));
    EXPECT_EQ((-numeric::infinity()).as<double>(), -HUGE_VAL);
    EXPECT_EQ(of("0.00").as<double>(), 0.0);
    EXPECT_EQ(of("0.1000000000000000055511151231257827021181583404541015625").as<double>(), 0.1);
    // half way between 1 and the next double, and a digit far behind that decides
    const std::string half = "1.00000000000000011102230246251565404236316680908203125";
    EXPECT_EQ(of(half).as<double>(), 1.0);
    EXPECT_EQ(of(half + std::string(3000, '0') + "1").as<double>(), std::nextafter(1.0, 2.0));
    double out = 7;
    for (const char* far : {"1e309", "-1e131071", "1e-400", "1e-16383"}) {
        EXPECT_EQ(of(far).get(out), errc::value_not_representable) << far;
        EXPECT_EQ(out, 7);
    }
}

TEST(numeric, order_is_that_of_postgresql)
{
    const std::vector<const char*> ascending = {
        "-Infinity", "-1e131071", "-10000", "-9999.5", "-2",       "-1.51",    "-1.5",
        "-0.0001",   "0",         "1e-300", "0.0001",  "0.5",      "1",        "1.5",
        "1.50001",   "9999",      "10000",  "1e100",   "1e131071", "Infinity", "NaN"};
    for (std::size_t i = 0; i < ascending.size(); ++i)
        for (std::size_t k = 0; k < ascending.size(); ++k) {
            const numeric a = of(ascending[i]), b = of(ascending[k]);
            EXPECT_EQ(a == b, i == k) << ascending[i] << ' ' << ascending[k];
            EXPECT_EQ(a < b, i < k) << ascending[i] << ' ' << ascending[k];
            EXPECT_EQ(a > b, i > k) << ascending[i] << ' ' << ascending[k];
        }
    EXPECT_EQ(of("1.5"), of("1.50"));
    EXPECT_EQ(of("0"), of("-0.000"));
    EXPECT_EQ(of("12"), 12);
    EXPECT_LT(1, of("1.01"));
    static_assert(std::is_same_v<decltype(numeric() <=> numeric()), std::weak_ordering>);
}

TEST(numeric, equal_numbers_have_one_hash)
{
    const std::hash<numeric> hash;
    EXPECT_EQ(hash(of("1.5")), hash(of("1.500")));
    EXPECT_EQ(hash(of("0")), hash(-of("0.00")));
    EXPECT_EQ(hash(numeric::nan()), hash(-numeric::nan()));
    EXPECT_NE(hash(of("1.5")), hash(of("-1.5")));
    EXPECT_NE(hash(numeric::infinity()), hash(-numeric::infinity()));
    EXPECT_NE(hash(of("1")), hash(of("10000")));
    EXPECT_EQ((std::unordered_set<numeric>{1, of("1.0"), of("1.00"), 2}.size()), 2U);
}

TEST(numeric, sign_and_size)
{
    EXPECT_EQ((-of("1.50")).to_string(), "-1.50");
    EXPECT_EQ((-of("-1.50")).to_string(), "1.50");
    EXPECT_EQ((-numeric()).to_string(), "0");
    EXPECT_EQ(of("-1.50").abs().to_string(), "1.50");
    EXPECT_EQ((-numeric::infinity()).abs(), numeric::infinity());
    EXPECT_TRUE((-numeric::nan()).abs().is_nan());
    EXPECT_FALSE((-numeric::nan()).is_negative());
    EXPECT_TRUE(of("-0.01").is_negative());
    EXPECT_FALSE(of("-0.00").is_negative());
    EXPECT_TRUE(of("0.00").is_zero());
    EXPECT_FALSE(numeric::infinity().is_zero());
    EXPECT_TRUE(of("0.00").is_finite());
}

TEST(numeric, digits_in_and_out)
{
    const numeric value = of("-12345.670");
    EXPECT_EQ(value.weight(), 1);
    EXPECT_EQ(value.scale(), 3);
    EXPECT_TRUE(std::ranges::equal(value.digits(), std::array<std::uint16_t, 3>{1, 2345, 6700}));
    EXPECT_EQ(numeric::from_digits(true, 1, 3, value.digits()).to_string(), "-12345.670");
    const std::array<std::uint16_t, 5> padded{0, 0, 12, 3400, 0};
    EXPECT_EQ(numeric::from_digits(false, 2, 2, padded).to_string(), "12.34");
    EXPECT_EQ(numeric::from_digits(true, 30'000, 2, {}).to_string(), "0.00");
    const auto why_not = [](int weight, int scale, std::vector<std::uint16_t> digits) {
        std::error_code ec;
        EXPECT_EQ(numeric::from_digits(false, weight, scale, digits, ec), 0);
        return ec;
    };
    EXPECT_EQ(why_not(0, 0, {10'000}), errc::invalid_value);
    EXPECT_EQ(why_not(-1, 3, {1}), errc::invalid_value);
    EXPECT_EQ(why_not(-1, 0, {1000}), errc::invalid_value);
    EXPECT_EQ(why_not(0, -1, {1}), errc::value_out_of_range);
    EXPECT_EQ(why_not(0, 16'384, {1}), errc::value_out_of_range);
    EXPECT_EQ(why_not(32'768, 0, {1}), errc::value_out_of_range);
    EXPECT_EQ(why_not(std::numeric_limits<int>::max(), 0, {1}), errc::value_out_of_range);
    EXPECT_EQ(why_not(std::numeric_limits<int>::min(), 16'383, {1}), errc::invalid_value);
    EXPECT_THROW(static_cast<void>(numeric::from_digits(false, 0, 0, std::array<std::uint16_t, 1>{10'000})),
                 tusk::error);
}

TEST(numeric, random_texts_come_back)
{
    std::mt19937_64 random(20'240'229);
    const auto digits = [&](std::size_t count) {
        std::string text;
        while (text.size() < count) text += static_cast<char>('0' + random() % 10);
        return text;
    };
    for (int i = 0; i < 5000; ++i) {
        std::string text = random() % 2 ? "-" : "";
        text += static_cast<char>('1' + random() % 9) + digits(random() % 40);
        if (const auto scale = random() % 30) text += "." + digits(scale);
        const numeric value = of(text);
        ASSERT_EQ(value.to_string(), text);
        ASSERT_EQ(numeric::from_digits(value.is_negative(), value.weight(), value.scale(), value.digits()),
                  value);
        ASSERT_EQ(-(-value), value);
    }
}

TEST(numeric, small_values_need_no_heap)
{
    const tusk::test::allocation_watch watch;
    numeric a = of("12345678901234567890123456.789");
    const numeric b = numeric(std::numeric_limits<std::int64_t>::min());
    const numeric c = std::move(a);
    EXPECT_GT(b, -c);
    EXPECT_EQ(a, 0); // NOLINT: moved from, still a number
    EXPECT_EQ(watch.count(), 0U);
    EXPECT_LE(sizeof(numeric), 40U);
}
