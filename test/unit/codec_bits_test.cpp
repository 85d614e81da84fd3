// Distributed under the Boost Software License, Version 1.0.
#include "codec_forms.hpp"

using namespace codec_test;
using tusk::bits;

namespace {

bits digits(std::string_view from) { return bits::parse(from).value(); }

} // namespace

TEST(bits, are_counted_from_the_left)
{
    bits b(10);
    EXPECT_EQ(b.to_string(), "0000000000");
    b.set(0);
    b.set(9);
    EXPECT_EQ(b.to_string(), "1000000001");
    EXPECT_TRUE(b[0]);
    EXPECT_FALSE(b[1]);
    b.set(0, false);
    EXPECT_EQ(b.to_string(), "0000000001");
    b.push_back(true);
    EXPECT_EQ(b.to_string(), "00000000011");
    EXPECT_EQ(b.size(), 11u);
    EXPECT_EQ(b.bytes().size(), 2u);
    EXPECT_EQ(b.bytes()[1], 0x60);
    EXPECT_TRUE(bits().empty());
}

TEST(bits, unused_ones_are_zero)
{
    EXPECT_EQ(bits(3, true).bytes()[0], 0xe0);
    EXPECT_EQ(bits(8, true).bytes()[0], 0xff);
    EXPECT_EQ(bits(9, true).bytes()[1], 0x80);
    EXPECT_EQ(bits(0, true).bytes().size(), 0u);
    EXPECT_TRUE(bits::from_bytes(3, {0xe0}));
    EXPECT_FALSE(bits::from_bytes(3, {0xf0}));
    EXPECT_FALSE(bits::from_bytes(3, {}));
    EXPECT_FALSE(bits::from_bytes(8, {1, 2}));
    EXPECT_TRUE(bits::from_bytes(0, {}));
}

TEST(bits, convert)
{
    const std::vector<bool> list{true, false, true};
    EXPECT_EQ(bits(list).to_string(), "101");
    EXPECT_EQ(digits("101").to_vector(), list);
    const std::bitset<11> set("10000000110");
    EXPECT_EQ(bits(set).to_string(), set.to_string());
    EXPECT_EQ(digits("10000000110").to_bitset<11>(), set);
    EXPECT_FALSE(digits("1000000011").to_bitset<11>());
    EXPECT_EQ(digits("").to_bitset<0>(), std::bitset<0>());
    EXPECT_FALSE(bits::parse("102"));
    EXPECT_FALSE(bits::parse("B'1'"));
}

TEST(bits, compare_as_the_server_does)
{
    EXPECT_LT(digits(""), digits("0"));
    EXPECT_LT(digits("0"), digits("00"));
    EXPECT_LT(digits("01"), digits("1"));
    EXPECT_LT(digits("100000000"), digits("1000000000"));
    EXPECT_LT(digits("111111110"), digits("111111111"));
    EXPECT_EQ(digits("101"), digits("101"));
    EXPECT_NE(digits("101"), digits("1010"));
}

TEST(codec_bits, both_ways)
{
    check_forms(digits("10101010101"), oid::varbit, "0000000b aaa0", "10101010101");
    check_forms(digits("11111111"), oid::bit, "00000008 ff", "11111111");
    check_forms(bits(), oid::varbit, "00000000", "");
    EXPECT_EQ(tusk::encode_traits<bits>::type, oid::varbit);
    break_fixed<bits>(oid::bit, unhex("0000000baaa0"));
}

TEST(codec_bits, counts_that_lie)
{
    for (const char* bad : {"", "00", "00000001", "00000000 00", "00000009 ff", "00000008 ffff",
                            "ffffffff ff", "80000000", "7fffffff ff", "00000003 f0", "00000003 e1"})
        EXPECT_EQ(refused<bits>(oid::varbit, binary, unhex(bad)), errc::invalid_value) << bad;
}

TEST(codec_bits, bitset_both_ways)
{
    using set = std::bitset<5>;
    EXPECT_EQ(written(set("10110")), "00000005b0");
    EXPECT_EQ(read<set>(oid::bit, binary, unhex("00000005b0")), set("10110"));
    EXPECT_EQ(read<set>(oid::varbit, text, "10110"), set("10110"));
    EXPECT_EQ(refused<set>(oid::bit, binary, unhex("00000004b0")), errc::value_not_representable);
    EXPECT_EQ(refused<set>(oid::bit, text, "101100"), errc::value_not_representable);
    EXPECT_TRUE(tusk::detail::encodes<set>(oid::bit));
    break_value<set>(oid::bit, binary, unhex("00000005b0"));
}
