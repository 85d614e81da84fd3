// Distributed under the Boost Software License, Version 1.0.
#include "wire/writer.hpp"

#include "wire_messages.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

using namespace std::string_view_literals;
using tusk::errc;
using tusk::wire::buffer;
using tusk::wire::writer;
using wire_test::bytes;
using wire_test::text;

TEST(wire_buffer, grows_and_keeps_its_bytes)
{
    buffer out;
    EXPECT_TRUE(out.empty());
    std::string expected;
    for (int i = 0; i != 3000; ++i) {
        out.append("0123456789"sv);
        expected += "0123456789";
    }
    EXPECT_EQ(text(out.bytes()), expected);
    const std::size_t capacity = out.capacity();
    out.clear();
    EXPECT_EQ(out.capacity(), capacity);
    out.append(""sv);
    EXPECT_TRUE(out.empty());
}

TEST(wire_buffer, truncates_only_downwards)
{
    buffer out;
    out.append("abcdef"sv);
    out.truncate(9);
    EXPECT_EQ(out.size(), 6u);
    out.truncate(2);
    EXPECT_EQ(text(out.bytes()), "ab");
}

TEST(wire_buffer, gives_memory_back_but_never_bytes)
{
    buffer out;
    out.extend(100'000);
    out.release_above(1000);
    EXPECT_GE(out.capacity(), 100'000u);
    out.truncate(0);
    out.append("kept"sv);
    out.release_above(1000);
    EXPECT_EQ(out.capacity(), 1000u);
    EXPECT_EQ(text(out.bytes()), "kept");
    out.clear();
    out.release_above(10);
    EXPECT_EQ(out.capacity(), 0u);
    out.append("again"sv);
    EXPECT_EQ(text(out.bytes()), "again");
}

TEST(wire_buffer, moves_and_leaves_nothing_behind)
{
    buffer a;
    a.append("abc"sv);
    buffer b(std::move(a));
    EXPECT_EQ(a.size(), 0u);
    EXPECT_EQ(a.capacity(), 0u);
    a.append("new"sv);
    a = std::move(b);
    EXPECT_EQ(text(a.bytes()), "abc");
    EXPECT_EQ(b.size(), 0u);
}

TEST(wire_buffer, wipes_all_that_it_held)
{
    buffer out;
    out.append("secret"sv);
    const std::byte* memory = out.data();
    out.wipe();
    EXPECT_TRUE(out.empty());
    for (std::size_t i = 0; i != 6; ++i) EXPECT_EQ(memory[i], std::byte{0});
    buffer().wipe();
}

TEST(wire_buffer, a_size_that_cannot_be_is_refused)
{
    buffer out;
    out.append("abc"sv);
    EXPECT_THROW(out.extend(static_cast<std::size_t>(-1)), std::length_error);
    EXPECT_EQ(text(out.bytes()), "abc");
}

TEST(wire_writer, writes_a_message)
{
    buffer out;
    writer to(out);
    to.begin('q');
    to.u8(0xfe);
    to.i16(-2);
    to.u16(0x8001);
    to.i32(-3);
    to.u32(0x80000002u);
    to.count16(65535);
    to.length32(258);
    to.cstring("ab");
    to.bytes(bytes("x\0y"sv));
    to.end();
    EXPECT_FALSE(to.error());
    EXPECT_EQ(text(out.bytes()),
              "q\0\0\0\x1d\xfe\xff\xfe\x80\x01\xff\xff\xff\xfd\x80\0\0\x02\xff\xff\0\0\x01\x02"
              "ab\0x\0y"sv);
}

TEST(wire_writer, writes_a_message_without_a_type)
{
    buffer out;
    out.append("before"sv);
    writer to(out);
    to.begin(0);
    to.i32(7);
    to.end();
    EXPECT_EQ(text(out.bytes()), "before\0\0\0\x08\0\0\0\x07"sv);
}

namespace {

/// Writes one good message, then one that `spoil` makes faulty, then a good one again.
template <class F>
std::error_code spoiled(F spoil)
{
    buffer out;
    writer to(out);
    to.begin('a');
    to.end();
    to.begin('b');
    to.i32(1);
    spoil(to);
    to.cstring("more");
    to.end();
    to.begin('c');
    to.bytes("after"sv);
    to.end();
    EXPECT_EQ(text(out.bytes()), "a\0\0\0\x04"sv);
    return to.error();
}

} // namespace

TEST(wire_writer, a_fault_leaves_no_byte_of_its_message_nor_of_later_ones)
{
    EXPECT_EQ(spoiled([](writer& to) { to.cstring("a\0b"sv); }), errc::nul_in_text);
    EXPECT_EQ(spoiled([](writer& to) { to.count16(65536); }), errc::too_many_parameters);
    EXPECT_EQ(spoiled([](writer& to) { to.length32(0x3fffffff); }), errc::request_too_large);
    EXPECT_EQ(spoiled([](writer& to) { to.length32(static_cast<std::size_t>(-1)); }),
              errc::request_too_large);
    EXPECT_EQ(spoiled([](writer& to) { to.fail(errc::parameter_mismatch); }), errc::parameter_mismatch);
    EXPECT_EQ(spoiled([](writer& to) {
                  to.end(7);
                  to.begin('b');
              }),
              errc::request_too_large);
}

TEST(wire_writer, the_first_fault_is_the_one_that_counts)
{
    EXPECT_EQ(spoiled([](writer& to) {
                  to.count16(70'000);
                  to.cstring("\0"sv);
              }),
              errc::too_many_parameters);
}

TEST(wire_writer, sizes_that_lie_are_refused_before_they_are_read)
{
    // Neither memory nor the bytes behind the pointer are there: only the size may be looked at.
    const std::string_view little = "little";
    for (const std::size_t size : {std::size_t{0x3fffffff}, std::size_t{1} << 31, std::size_t{1} << 32,
                                   (std::size_t{1} << 32) + 5, static_cast<std::size_t>(-1) / 2}) {
        EXPECT_EQ(spoiled([&](writer& to) {
                      to.bytes({reinterpret_cast<const std::byte*>(little.data()), size});
                  }),
                  errc::request_too_large);
        EXPECT_EQ(spoiled([&](writer& to) { to.cstring({little.data(), size}); }), errc::request_too_large);
    }
}

TEST(wire_writer, a_length_at_its_limit_is_written)
{
    buffer out;
    writer to(out);
    to.begin('a');
    to.i32(1);
    to.end(8);
    EXPECT_FALSE(to.error());
    EXPECT_EQ(out.size(), 9u);
}
