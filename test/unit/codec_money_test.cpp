// Distributed under the Boost Software License, Version 1.0.
#include "codec_breaking.hpp"

#include <limits>

using namespace codec_test;
using tusk::money;

namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();

std::int64_t units(const char* value) { return read<money>(oid::money, text, value).units(); }

} // namespace

TEST(codec_money, exact_bytes)
{
    EXPECT_EQ(tusk::encode_traits<money>::type, oid::money);
    EXPECT_EQ(written(money(123'456)), "000000000001e240");
    EXPECT_EQ(written(money(-1)), "ffffffffffffffff");
    EXPECT_EQ(read<money>(oid::money, binary, unhex("8000000000000000")), money(least));
    EXPECT_LT(money(1), money(2));
    EXPECT_FALSE(accepts<money>(oid::int8));
    EXPECT_FALSE(accepts<std::int64_t>(oid::money));
}

TEST(codec_money, text_of_many_locales)
{
    EXPECT_EQ(units("$0.00"), 0);
    EXPECT_EQ(units("$1,234.56"), 123'456);
    EXPECT_EQ(units("-$1,234.56"), -123'456);
    EXPECT_EQ(units("($1,234.56)"), -123'456);
    EXPECT_EQ(units("1.234,56 \xe2\x82\xac"), 123'456); // de_DE
    EXPECT_EQ(units("-1.234,56 \xe2\x82\xac"), -123'456);
    EXPECT_EQ(units("1\xe2\x80\xaf"
                    "234,56 \xe2\x82\xac"),
              123'456); // fr_FR: a narrow blank that does not break
    EXPECT_EQ(units("1\xc2\xa0"
                    "234,56-"),
              -123'456);
    EXPECT_EQ(units("Fr. 1'234.56"), 123'456);
    EXPECT_EQ(units("\xe2\x88\x92"
                    "5 kr"),
              -5); // the sign for minus
    EXPECT_EQ(units("\xef\xbf\xa5"
                    "1,234"),
              1'234); // ja_JP: no decimals
    EXPECT_EQ(units("kr 1.234,567"), 1'234'567);
    EXPECT_EQ(units("$92,233,720,368,547,758.07"), most);
    EXPECT_EQ(units("-$92,233,720,368,547,758.08"), least);
}

TEST(codec_money, texts_that_are_none)
{
    for (const char* bad : {"", "$", "-", "$1,,234", "1  2", "--1", "-($1.00)", "($1.00", "$1.00)", "1 $ 1",
                            "$92,233,720,368,547,758.08", "-$92,233,720,368,547,758.09",
                            "99999999999999999999", "999999999999999999999999999999"})
        EXPECT_EQ(refused<money>(oid::money, text, bad), errc::invalid_value) << bad;
}

TEST(codec_money, broken_values)
{
    break_fixed<money>(oid::money, unhex("000000000001e240"));
    break_value<money>(oid::money, text, "-$1,234.56");
    break_value<money>(oid::money, text,
                       "1\xe2\x80\xaf"
                       "234,56 \xe2\x82\xac");
}
