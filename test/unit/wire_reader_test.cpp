// Distributed under the Boost Software License, Version 1.0.
#include "wire/reader.hpp"

#include "wire_messages.hpp"

#include <gtest/gtest.h>

#include <string_view>

using namespace std::string_view_literals;
using tusk::wire::reader;
using wire_test::bytes;
using wire_test::text;

TEST(wire_reader, reads_big_endian_numbers)
{
    reader from(bytes("\xfe\xff\xfe\x80\x01\xff\xff\xff\xfd\x80\x00\x00\x02\x01\x02\x03\x04\x05\x06\x07\x08"
                      "\xff\xff\xff\xff\xff\xff\xff\xfe"sv));
    EXPECT_EQ(from.u8(), 0xfe);
    EXPECT_EQ(from.i16(), -2);
    EXPECT_EQ(from.u16(), 0x8001);
    EXPECT_EQ(from.i32(), -3);
    EXPECT_EQ(from.u32(), 0x80000002u);
    EXPECT_EQ(from.u64(), 0x0102030405060708u);
    EXPECT_FALSE(from.done());
    EXPECT_EQ(from.i64(), -2);
    EXPECT_TRUE(from.done());
    EXPECT_FALSE(from.fault());
}

TEST(wire_reader, reads_text_and_bytes)
{
    reader from(bytes("abc\0\0xyz!"sv));
    EXPECT_EQ(from.cstring(), "abc");
    EXPECT_EQ(from.cstring(), "");
    EXPECT_EQ(text(from.bytes(2)), "xy");
    EXPECT_EQ(from.remaining(), 2u);
    EXPECT_EQ(text(from.rest()), "z!");
    EXPECT_TRUE(from.done());
    EXPECT_TRUE(from.rest().empty());
    EXPECT_TRUE(from.done());
}

TEST(wire_reader, gives_zeros_after_the_first_fault)
{
    reader from(bytes("\x01\x02\x03"sv));
    EXPECT_EQ(from.u16(), 0x0102);
    EXPECT_EQ(from.u16(), 0);
    EXPECT_TRUE(from.fault());
    // The byte that was left is not given to a later, smaller read.
    EXPECT_EQ(from.u8(), 0);
    EXPECT_EQ(from.i32(), 0);
    EXPECT_EQ(from.u64(), 0u);
    EXPECT_EQ(from.cstring(), "");
    EXPECT_TRUE(from.bytes(1).empty());
    EXPECT_TRUE(from.rest().empty());
    EXPECT_EQ(from.remaining(), 0u);
    EXPECT_FALSE(from.done());
}

TEST(wire_reader, text_without_its_end_is_a_fault)
{
    reader from(bytes("abc"sv));
    EXPECT_EQ(from.cstring(), "");
    EXPECT_TRUE(from.fault());
}

TEST(wire_reader, more_bytes_than_there_are_is_a_fault)
{
    reader from(bytes("abc"sv));
    EXPECT_TRUE(from.bytes(static_cast<std::size_t>(-1)).empty());
    EXPECT_TRUE(from.fault());
    reader other(bytes("abc"sv));
    EXPECT_TRUE(other.skip(3));
    EXPECT_TRUE(other.done());
    EXPECT_FALSE(other.skip(1));
    EXPECT_FALSE(other.done());
}

TEST(wire_reader, an_empty_body_is_done)
{
    reader from;
    EXPECT_TRUE(from.done());
    EXPECT_EQ(from.cstring(), "");
    EXPECT_TRUE(from.fault());
}
