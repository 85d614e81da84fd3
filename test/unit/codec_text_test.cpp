// Distributed under the Boost Software License, Version 1.0.
#include "codec_breaking.hpp"

#include <array>
#include <optional>
#include <unordered_set>

using namespace codec_test;

namespace {

std::vector<std::byte> bytes_of(std::string_view from)
{
    std::vector<std::byte> out(from.size());
    std::transform(from.begin(), from.end(), out.begin(), [](char c) { return static_cast<std::byte>(c); });
    return out;
}

/// A type whose size is a lie: nothing of it may be touched.
std::string_view four_gigabytes()
{
    static const char one = 'x';
    return {&one, std::size_t{1} << 32};
}

} // namespace

TEST(codec_text, is_sent_without_a_type)
{
    EXPECT_EQ(tusk::encode_traits<std::string>::type, oid::none);
    EXPECT_EQ(tusk::encode_traits<std::string>::format, text);
    EXPECT_EQ(written(std::string("Ada")), "Ada");
    EXPECT_EQ(written(std::string_view("Ada")), "Ada");
    EXPECT_EQ(written<const char*>("Ada"), "Ada");
    EXPECT_EQ(written("Ada"), "Ada"); // const char[4]
    EXPECT_EQ(written(std::string()), "");
    EXPECT_EQ(written(std::string_view()), "");
    EXPECT_TRUE(tusk::detail::encodes<std::string>(oid::date));
    EXPECT_TRUE(tusk::detail::encodes<char[4]>(oid::numeric));
    EXPECT_TRUE(tusk::detail::is_null<const char*>(nullptr));
    EXPECT_FALSE(tusk::detail::is_null<const char*>(""));

    const char unterminated[2] = {'o', 'k'};
    EXPECT_EQ(written(unterminated), "ok");
    const char padded[8] = "ok";
    EXPECT_EQ(written(padded), "ok");
}

TEST(codec_text, refuses_what_cannot_be_sent)
{
    using namespace std::literals;
    EXPECT_EQ(unsendable("a\0b"s), errc::nul_in_text);
    EXPECT_EQ(unsendable("\0"sv), errc::nul_in_text);
    EXPECT_EQ(unsendable(four_gigabytes()), errc::request_too_large);
    EXPECT_EQ(unsendable(std::string_view(four_gigabytes().data(), tusk::encoder::max_value + 1)),
              errc::request_too_large);
}

TEST(codec_text, encoder_keeps_to_its_limit)
{
    growing buffer;
    tusk::encoder out(buffer, oid::none, 6);
    out.i32(1);
    out.text("ab");
    EXPECT_EQ(out.error(), errc{});
    out.u8(1);
    EXPECT_EQ(out.error(), errc::request_too_large);
    EXPECT_EQ(buffer.bytes.size(), 6u);
    out.fail(errc::nul_in_text); // the first reason stays
    EXPECT_EQ(out.error(), errc::request_too_large);
}

TEST(codec_text, reads_text_types_and_all_text_format)
{
    for (const oid type : {oid::text, oid::varchar, oid::bpchar, oid::name, oid::char_, oid::unknown,
                           oid::json, oid::xml, oid::cstring, oid::refcursor}) {
        EXPECT_EQ(read<std::string>(type, binary, "gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f");
        EXPECT_EQ(read<std::string>(type, text, "x"), "x");
        EXPECT_EQ(read<std::string>(type, binary, ""), "");
        break_value<std::string>(type, binary, "value");
    }
    EXPECT_EQ(read<std::string>(oid::int4, text, "42"), "42");
    EXPECT_EQ(read<std::string>(oid::numeric, text, "1.50"), "1.50");
    EXPECT_FALSE(accepts<std::string>(oid::int4));
    EXPECT_FALSE(accepts<std::string>(oid::bytea));
    EXPECT_FALSE(accepts<std::string>(oid::numeric));
}

TEST(codec_text, keeps_the_memory_of_a_string)
{
    std::string value(100, 'x');
    const char* const before = value.data();
    ASSERT_EQ(decode(oid::text, binary, "short", value), errc{});
    EXPECT_EQ(value, "short");
    EXPECT_EQ(value.data(), before);
}

TEST(codec_text, reads_jsonb)
{
    EXPECT_EQ(read<std::string>(oid::jsonb, binary, "\1{}"), "{}");
    EXPECT_EQ(read<std::string>(oid::jsonb, text, "{}"), "{}");
    EXPECT_EQ(refused<std::string>(oid::jsonb, binary, ""), errc::invalid_value);
    EXPECT_EQ(refused<std::string>(oid::jsonb, binary, "\2{}"), errc::invalid_value);
    break_value<std::string>(oid::jsonb, binary, "\1{\"a\": 1}");
}

TEST(codec_text, reads_extension_types_that_are_text)
{
    constexpr auto mine = static_cast<oid>(16'400);
    EXPECT_EQ(read<std::string>(mine, binary, "happy"), "happy");
    EXPECT_EQ(read<std::string>(mine, binary, "two\nlines\t\xc3\xa4"), "two\nlines\t\xc3\xa4");
    // a record of one int4, an empty range, an unbounded one, an ltree
    EXPECT_EQ(refused<std::string>(mine, binary, unhex("00000001 00000017 00000004 00000001")),
              errc::invalid_value);
    EXPECT_EQ(refused<std::string>(mine, binary, unhex("01")), errc::invalid_value);
    EXPECT_EQ(refused<std::string>(mine, binary, unhex("18")), errc::invalid_value);
    EXPECT_EQ(refused<std::string>(mine, binary, "\1top.sub"), errc::invalid_value);
    EXPECT_EQ(read<std::string>(mine, text, "(1)"), "(1)");
    break_value<std::string>(mine, binary, "happy");
}

TEST(codec_text, views_look_into_the_field)
{
    EXPECT_TRUE(tusk::detail::borrowing<std::string_view>);
    EXPECT_TRUE(tusk::detail::borrowing<std::optional<std::string_view>>);
    EXPECT_FALSE(tusk::detail::borrowing<std::string>);
    const tusk::column c = column(oid::text, binary);
    const std::string bytes = "a view";
    std::string_view out;
    ASSERT_EQ(tusk::decode_traits<std::string_view>::decode(
                  tusk::field(c, reinterpret_cast<const std::byte*>(bytes.data()), 6), out),
              errc{});
    EXPECT_EQ(out.data(), bytes.data());
    EXPECT_EQ(out.size(), 6u);
}

TEST(codec_char, both_ways)
{
    EXPECT_EQ(written('x'), "78");
    EXPECT_EQ(written('\0'), "00");
    EXPECT_EQ(written('x', oid::text), "78");
    EXPECT_EQ(unsendable('\0', oid::text), errc::nul_in_text);
    EXPECT_EQ(unsendable('\xe4', oid::text), errc::value_out_of_range);
    EXPECT_EQ(read<char>(oid::char_, binary, "r"), 'r');
    EXPECT_EQ(read<char>(oid::char_, text, "r"), 'r');
    EXPECT_EQ(read<char>(oid::char_, text, ""), '\0');
    EXPECT_EQ(read<char>(oid::char_, text, "\\344"), '\xe4');
    EXPECT_EQ(refused<char>(oid::char_, text, "\\777"), errc::invalid_value);
    EXPECT_EQ(refused<char>(oid::char_, text, "ab"), errc::invalid_value);
    EXPECT_FALSE(accepts<char>(oid::text));
    break_fixed<char>(oid::char_, "r");
    break_value<char>(oid::char_, text, "\\344");
}

TEST(codec_bytea, both_ways)
{
    using bytes = std::vector<std::byte>;
    EXPECT_EQ(written(bytes_of(std::string_view("\0\xff", 2))), "00ff");
    EXPECT_EQ(written(std::span<const std::byte>()), "");
    EXPECT_EQ(tusk::encode_traits<bytes>::type, oid::bytea);
    EXPECT_EQ(read<bytes>(oid::bytea, binary, unhex("00ff")), bytes_of(unhex("00ff")));
    EXPECT_EQ(read<bytes>(oid::bytea, binary, ""), bytes());
    EXPECT_EQ(read<bytes>(oid::bytea, text, "\\x00fFaB"), bytes_of(unhex("00ffab")));
    EXPECT_EQ(read<bytes>(oid::bytea, text, "\\x"), bytes());
    EXPECT_EQ(read<bytes>(oid::bytea, text, "a\\\\b\\000\\377"), bytes_of(unhex("61 5c 62 00 ff")));
    EXPECT_EQ(read<bytes>(oid::bytea, text, ""), bytes());
    for (const char* bad : {"\\x0", "\\x0g", "\\", "a\\", "\\12", "\\400", "\\389", "\\y"})
        EXPECT_EQ(refused<bytes>(oid::bytea, text, bad), errc::invalid_value) << bad;
    EXPECT_FALSE(accepts<bytes>(oid::text));
    EXPECT_TRUE(accepts<std::span<const std::byte>>(oid::bytea));
    EXPECT_FALSE(accepts<std::span<const std::byte>>(oid::bytea, text));
    const std::span<const std::byte> liar(reinterpret_cast<const std::byte*>(four_gigabytes().data()),
                                          std::size_t{1} << 32);
    EXPECT_EQ(unsendable(liar), errc::request_too_large);
    break_value<bytes>(oid::bytea, binary, unhex("00ff10"));
    break_value<bytes>(oid::bytea, text, "\\x00ff10");
    break_value<bytes>(oid::bytea, text, "a\\\\b\\000\\377");
}

TEST(codec_uuid, parses_and_prints)
{
    constexpr std::string_view canonical = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
    const auto id = tusk::uuid::parse(canonical);
    ASSERT_TRUE(id);
    EXPECT_EQ(id->to_string(), canonical);
    for (const char* same : {"A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11", "{a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11}",
                             "a0eebc999c0b4ef8bb6d6bb9bd380a11", "a0ee-bc99-9c0b-4ef8-bb6d-6bb9-bd38-0a11"})
        EXPECT_EQ(tusk::uuid::parse(same), id) << same;
    for (const char* bad :
         {"", "{", "{}", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a1", "{a0eebc999c0b4ef8bb6d6bb9bd380a11",
          "a0eebc999c0b4ef8bb6d6bb9bd380a11}", "a0eebc999c0b4ef8bb6d6bb9bd380a11-",
          "a-0eebc999c0b4ef8bb6d6bb9bd380a11", "g0eebc999c0b4ef8bb6d6bb9bd380a11"})
        EXPECT_FALSE(tusk::uuid::parse(bad)) << bad;
    EXPECT_TRUE(tusk::uuid().is_nil());
    EXPECT_LT(tusk::uuid(), *id);
    const std::unordered_set<tusk::uuid> set{*id, tusk::uuid(), *id};
    EXPECT_EQ(set.size(), 2u);
}

TEST(codec_uuid, both_ways)
{
    const std::string bytes = unhex("a0eebc999c0b4ef8bb6d6bb9bd380a11");
    const tusk::uuid id = *tusk::uuid::parse("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11");
    EXPECT_EQ(written(id), hex(bytes));
    EXPECT_EQ(read<tusk::uuid>(oid::uuid, binary, bytes), id);
    EXPECT_EQ(read<tusk::uuid>(oid::uuid, text, id.to_string()), id);
    EXPECT_FALSE(accepts<tusk::uuid>(oid::text));
    break_fixed<tusk::uuid>(oid::uuid, bytes);
    break_value<tusk::uuid>(oid::uuid, text, id.to_string());
}

TEST(codec_optional, both_ways)
{
    using maybe_int = std::optional<int>;
    EXPECT_EQ(tusk::encode_traits<maybe_int>::type, oid::int4);
    EXPECT_EQ(written(maybe_int(5)), "00000005");
    EXPECT_TRUE(tusk::detail::is_null(maybe_int()));
    EXPECT_FALSE(tusk::detail::is_null(maybe_int(0)));
    EXPECT_TRUE(tusk::detail::is_null(std::nullopt));
    EXPECT_TRUE(tusk::detail::is_null(nullptr));
    EXPECT_TRUE(tusk::detail::encodes<maybe_int>(oid::int8));
    EXPECT_EQ(read<maybe_int>(oid::int4, binary, unhex("00000005")), 5);
    EXPECT_FALSE(accepts<maybe_int>(oid::text));

    maybe_int value = 7;
    EXPECT_EQ(tusk::decode_traits<maybe_int>::decode_null(value), errc{});
    EXPECT_FALSE(value);
    EXPECT_TRUE(tusk::detail::nullable<maybe_int>);
    EXPECT_FALSE(tusk::detail::nullable<int>);
    break_fixed<maybe_int>(oid::int4, unhex("00000005"));

    std::optional<std::string> name = std::string(100, 'x');
    const char* const before = name->data();
    ASSERT_EQ(decode(oid::text, binary, "short", name), errc{});
    EXPECT_EQ(name->data(), before);
}
