// Distributed under the Boost Software License, Version 1.0.
#include "codec_forms.hpp"

#include "codec/half.hpp"

#include <cmath>
#include <limits>

using namespace codec_test;
using tusk::halfvec;
using tusk::pgvector;
using tusk::sparsevec;

TEST(half, both_ways_for_all_of_them)
{
    for (std::uint32_t bits = 0; bits < 0x1'0000; ++bits) {
        const auto half = static_cast<std::uint16_t>(bits);
        const float wide = tusk::detail::half_to_float(half);
        const auto back = tusk::detail::float_to_half(wide);
        ASSERT_TRUE(back) << bits;
        if (std::isnan(wide))
            ASSERT_EQ(*back & 0x7e00, 0x7e00) << bits; // quiet
        else
            ASSERT_EQ(*back, half) << bits;
    }
}

TEST(half, rounds_to_the_nearest_and_of_two_to_the_even_one)
{
    using tusk::detail::float_to_half;
    using tusk::detail::half_to_float;
    for (std::uint32_t bits = 0; bits < 0x7bff; ++bits) { // each gap between two neighbours
        const auto low = static_cast<std::uint16_t>(bits);
        const auto high = static_cast<std::uint16_t>(bits + 1);
        const float middle = (half_to_float(low) + half_to_float(high)) / 2;
        ASSERT_EQ(float_to_half(middle), bits % 2 == 0 ? low : high) << bits;
        ASSERT_EQ(float_to_half(std::nextafter(middle, 0.0F)), low) << bits;
        ASSERT_EQ(float_to_half(std::nextafter(middle, 1e9F)), high) << bits;
        ASSERT_EQ(float_to_half(-middle), (bits % 2 == 0 ? low : high) | 0x8000) << bits;
    }
    EXPECT_EQ(half_to_float(0x3c00), 1.0F);
    EXPECT_EQ(half_to_float(0x7bff), 65'504.0F);
    EXPECT_EQ(half_to_float(0x0001), 0x1p-24F);
    EXPECT_EQ(float_to_half(65'519.996F), 0x7bff);
    EXPECT_FALSE(float_to_half(65'520.0F));
    EXPECT_FALSE(float_to_half(-1e30F));
    EXPECT_EQ(float_to_half(std::numeric_limits<float>::infinity()), 0x7c00);
    EXPECT_EQ(float_to_half(std::numeric_limits<float>::denorm_min()), 0);
}

TEST(codec_pgvector, vector_both_ways)
{
    check_extension_forms(pgvector{{1, -2.5F, 0}}, "0003 0000 3f800000 c0200000 00000000", "[1,-2.5,0]");
    check_extension_forms(pgvector{{0.1F}}, "0001 0000 3dcccccd", "[0.1]");
    EXPECT_EQ(tusk::encode_traits<pgvector>::type_name, "vector");
    EXPECT_EQ((pgvector{{1e6F, 123'456, 1e-5F}}).to_string(), "[1e+06,123456,1e-05]");
    for (const char* bad : {"", "00000000", "0001", "00010000", "00020000 3f800000", "00010000 3f80",
                            "00010001 3f800000", "00010000 3f800000 00", "ffff0000 3f800000"})
        EXPECT_EQ(refused<pgvector>(extension_type, binary, unhex(bad)), errc::invalid_value) << bad;
    for (const char* bad : {"", "[]", "[1", "1", "[1,]", "[1, 2]", "[x]", "[1]]", "{1}"})
        EXPECT_FALSE(pgvector::parse(bad)) << bad;
    std::string bytes;
    EXPECT_EQ(encode_binary(pgvector{std::vector<float>(32'767)}, bytes), errc{});
    EXPECT_EQ(encode_binary(pgvector{std::vector<float>(32'768)}, bytes), errc::value_out_of_range);
}

TEST(codec_pgvector, halfvec_both_ways)
{
    check_extension_forms(halfvec{{1, -2.5F, 65'504}}, "0003 0000 3c00 c100 7bff", "[1,-2.5,65504]");
    std::string bytes;
    EXPECT_EQ(encode_binary(halfvec{{0.1F}}, bytes), errc{});
    EXPECT_EQ(hex(bytes), "000100002e66");
    EXPECT_EQ(encode_binary(halfvec{{65'520}}, bytes), errc::value_out_of_range);
    EXPECT_EQ(unsendable(halfvec{{65'520}}), errc::value_out_of_range);
    for (const char* bad : {"[65520]", "[1,-1e5]"}) EXPECT_FALSE(halfvec::parse(bad)) << bad;
    EXPECT_TRUE(halfvec::parse("[65519,Infinity,NaN]"));
    for (const char* bad : {"", "00010000", "00010000 3c", "00010000 3c0000", "00010100 3c00", "80000000"})
        EXPECT_EQ(refused<halfvec>(extension_type, binary, unhex(bad)), errc::invalid_value) << bad;
}

TEST(codec_pgvector, sparsevec_both_ways)
{
    check_extension_forms(sparsevec{5, {{0, 1.5F}, {2, 2}}},
                          "00000005 00000002 00000000 00000000 00000002 3fc00000 40000000", "{1:1.5,3:2}/5");
    check_extension_forms(sparsevec{3, {}}, "00000003 00000000 00000000", "{}/3");
    for (const char* bad :
         {"", "00000005 00000000", "00000005 00000001 00000000",
          "00000005 00000001 00000001 00000000 3f800000", "00000005 00000001 00000000 00000005 3f800000",
          "00000005 00000001 00000000 ffffffff 3f800000", "00000005 00000001 00000000 00000000 00000000",
          "00000005 ffffffff 00000000", "00000005 7fffffff 00000000 00000000 3f800000",
          "00000005 00000001 00000000 00000000 3f800000 00",
          "00000005 00000002 00000000 00000002 00000000 3f800000 3f800000",
          "00000005 00000002 00000000 00000001 00000001 3f800000 3f800000"})
        EXPECT_EQ(refused<sparsevec>(extension_type, binary, unhex(bad)), errc::invalid_value) << bad;
    for (const char* bad : {"", "{}", "{}/", "{1:1}/0", "{0:1}/5", "{6:1}/5", "{-1:1}/5", "{2:1,1:1}/5",
                            "{1:0}/5", "{1:1,}/5", "{1}/5", "{1:1}/5x", "{1:1/5", "{-2147483648:1}/5"})
        EXPECT_FALSE(sparsevec::parse(bad)) << bad;
    EXPECT_EQ(unsendable(sparsevec{1, {{1, 1}}}), errc::value_out_of_range);
    EXPECT_EQ(unsendable(sparsevec{1, {{0, 0}}}), errc::value_out_of_range);
}
