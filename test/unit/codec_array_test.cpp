// Distributed under the Boost Software License, Version 1.0.
#include "codec_containers.hpp"

#include <array>
#include <limits>
#include <span>

using namespace codec_test;

namespace {

/// The header of a binary array: dimensions as (length, lower bound).
std::string header(oid element, std::vector<std::pair<int, int>> dimensions, int flags = 0)
{
    std::string out;
    const auto put = [&](auto v) {
        for (int shift = 24; shift >= 0; shift -= 8)
            out += static_cast<char>(static_cast<std::uint32_t>(v) >> shift & 0xff);
    };
    put(dimensions.size()), put(flags), put(static_cast<std::uint32_t>(element));
    for (const auto& [length, lower] : dimensions) put(length), put(lower);
    return out;
}

using ints = std::vector<std::int32_t>;
using maybe_ints = std::vector<std::optional<std::int32_t>>;

} // namespace

TEST(codec_array, one_dimension)
{
    round_trip(int4s, ints{1, -2, 3},
               "00000001 00000000 00000017 00000003 00000001"
               "00000004 00000001 00000004 fffffffe 00000004 00000003",
               "{1,-2,3}");
    round_trip(int4s, ints{}, "00000000 00000000 00000017", "{}");
    round_trip(int4s, maybe_ints{1, std::nullopt},
               "00000001 00000001 00000017 00000002 00000001 00000004 00000001 ffffffff", "{1,NULL}");
    round_trip(int2s, std::vector<std::int16_t>{-1},
               "00000001 00000000 00000015 00000001 00000001 00000002 ffff", "{-1}");
    round_trip(int8s, std::vector<std::int64_t>{2},
               "00000001 00000000 00000014 00000001 00000001 00000008 0000000000000002", "{2}");
    round_trip(float4s, std::vector<float>{1.5F},
               "00000001 00000000 000002bc 00000001 00000001 00000004 3fc00000", "{1.5}");
    round_trip(float8s, std::vector<double>{-0.5},
               "00000001 00000000 000002bd 00000001 00000001 00000008 bfe0000000000000", "{-0.5}");
    round_trip(bools, std::vector<bool>{true, false},
               "00000001 00000000 00000010 00000002 00000001 00000001 01 00000001 00", "{t,f}");
    round_trip(byteas, std::vector<std::vector<std::byte>>{{std::byte{0xff}}},
               "00000001 00000000 00000011 00000001 00000001 00000001 ff", "{\"\\\\xff\"}");
}

TEST(codec_array, texts)
{
    round_trip(texts, std::vector<std::string>{"a", "b c"},
               "00000001 00000000 00000019 00000002 00000001 00000001 61 00000003 622063", "{\"a\",\"b c\"}");
    round_trip(texts, std::vector<std::optional<std::string>>{"NULL", std::nullopt, "", "\"\\"},
               "00000001 00000001 00000019 00000004 00000001"
               "00000004 4e554c4c ffffffff 00000000 00000002 225c",
               "{\"NULL\",NULL,\"\",\"\\\"\\\\\"}");
    EXPECT_EQ(read<std::vector<std::string>>(texts, text, "{a,b.c,nULLx}"),
              (std::vector<std::string>{"a", "b.c", "nULLx"}));
    EXPECT_EQ(written(std::vector<std::vector<std::string>>{{"a", "b"}, {"c", "d"}}),
              "{{\"a\",\"b\"},{\"c\",\"d\"}}");
    EXPECT_EQ(written(std::vector<std::string>{}), "{}");
    EXPECT_EQ(unsendable(std::vector<std::string>{std::string("a\0b", 3)}), errc::nul_in_text);
    EXPECT_EQ(unsendable(std::vector<std::string_view>{"ok"}), errc{});
    EXPECT_EQ(unsendable(std::vector<const char*>{"ok", nullptr}), errc{});
}

TEST(codec_array, boxes_stand_between_semicolons)
{
    const std::vector<std::string> two{"(1,2),(3,4)", "(5,6),(7,8)"};
    EXPECT_EQ(read<std::vector<std::string>>(boxes, text, "{(1,2),(3,4);(5,6),(7,8)}"), two);
    EXPECT_EQ(written(two, boxes), "{\"(1,2),(3,4)\";\"(5,6),(7,8)\"}");
}

TEST(codec_array, several_dimensions)
{
    round_trip(int4s, std::vector<ints>{{1, 2}, {3, 4}},
               "00000002 00000000 00000017 00000002 00000001 00000002 00000001"
               "00000004 00000001 00000004 00000002 00000004 00000003 00000004 00000004",
               "{{1,2},{3,4}}");
    using cube = std::vector<std::array<std::vector<std::int16_t>, 1>>;
    EXPECT_EQ(read<cube>(int2s, text, "{{{1,2,3}},{{4,5,6}}}")[1][0][2], 6);
    std::string bytes;
    EXPECT_EQ(encode(cube{{{{1, 2, 3}}}, {{{4, 5, 6}}}}, oid::none, bytes), errc{});
    EXPECT_EQ(read<cube>(int2s, binary, bytes)[1][0][2], 6);
    EXPECT_EQ(read<std::vector<ints>>(int4s, text, "{}"), std::vector<ints>{});
    EXPECT_EQ(written(std::vector<ints>{{}, {}}), hex(header(oid::int4, {})));
    EXPECT_EQ(unsendable(std::vector<ints>{{1}, {1, 2}}), errc::value_out_of_range);
    EXPECT_EQ(unsendable(std::vector<ints>{{}, {1}}), errc::value_out_of_range);
    EXPECT_EQ(refused<ints>(int4s, text, "{{1}}"), errc::value_not_representable);
    EXPECT_EQ(refused<std::vector<ints>>(int4s, text, "{1}"), errc::value_not_representable);
}

TEST(codec_array, any_shape)
{
    using whole = tusk::array<std::int32_t>;
    round_trip(
        int4s, whole({{2, 1}, {1, -3}}, {7, 8}),
        "00000002 00000000 00000017 00000002 00000001 00000001 fffffffd 00000004 00000007 00000004 00000008",
        "[1:2][-3:-3]={{7},{8}}");
    round_trip(int4s, whole(), "00000000 00000000 00000017", "{}");
    round_trip(int4s, whole{1, 2},
               "00000001 00000000 00000017 00000002 00000001 00000004 00000001 00000004 00000002", "{1,2}");
    using words = tusk::array<std::optional<std::string>>;
    EXPECT_EQ(written(words({{2, 0}}, {"x", std::nullopt})), "[0:1]={\"x\",NULL}");
    EXPECT_EQ(read<words>(texts, text, "[0:1]={x,NULL}"), words({{2, 0}}, {"x", std::nullopt}));
    const whole six({{1, 1}, {1, 2}, {1, 3}, {1, 4}, {1, 5}, {1, 6}}, {42});
    EXPECT_EQ(six.at({1, 2, 3, 4, 5, 6}), 42);
    EXPECT_THROW((void)six.at({1, 2, 3, 4, 5, 7}), std::out_of_range);
    EXPECT_THROW((void)six.at({1}), std::out_of_range);
    std::string bytes;
    EXPECT_EQ(encode(six, oid::none, bytes), errc{});
    EXPECT_EQ(read<whole>(int4s, binary, bytes), six);
    EXPECT_THROW((void)whole({{2, 1}}, {1}), std::invalid_argument);
    EXPECT_THROW((void)whole({{0, 1}}, {}), std::invalid_argument);
    EXPECT_THROW((void)whole({{-1, 1}}, {}), std::invalid_argument);
    EXPECT_THROW((void)whole(std::vector<tusk::array_dimension>(7, {1, 1}), {1}), std::invalid_argument);
    whole resized{1, 2};
    resized.elements().pop_back();
    EXPECT_EQ(unsendable(resized), errc::value_out_of_range);
    EXPECT_EQ(read<tusk::array<bool>>(bools, text, "{t}"), tusk::array<bool>{true});
}

TEST(codec_array, fixed_lengths_and_bounds)
{
    EXPECT_EQ((read<std::array<int, 2>>(int4s, text, "{1,2}")), (std::array{1, 2}));
    EXPECT_EQ((refused<std::array<int, 3>>(int4s, text, "{1,2}")), errc::value_not_representable);
    EXPECT_EQ((refused<std::array<int, 3>>(int4s, text, "{}")), errc::value_not_representable);
    EXPECT_EQ((read<std::array<int, 0>>(int4s, text, "{}")), (std::array<int, 0>{}));
    EXPECT_EQ(refused<ints>(int4s, text, "[2:3]={1,2}"), errc::value_not_representable);
    EXPECT_EQ(read<ints>(int4s, text, "[1:2]={1,2}"), (ints{1, 2}));
    using shorts = std::vector<std::int16_t>;
    EXPECT_EQ(read<shorts>(int2vector, text, "1 2 -3"), (shorts{1, 2, -3}));
    EXPECT_EQ(read<shorts>(int2vector, text, ""), shorts{});
    EXPECT_EQ(read<shorts>(int2vector, binary, header(oid::int2, {{1, 0}}) + unhex("000000020005")),
              shorts{5});
    EXPECT_EQ(refused<shorts>(int2vector, text, "1  2"), errc::invalid_value);
    EXPECT_EQ(refused<shorts>(int2vector, text, "1 "), errc::invalid_value);
    EXPECT_EQ(read<std::vector<oid>>(oidvector, text, "23 25"), (std::vector{oid::int4, oid::text}));
    EXPECT_EQ(read<ints>(any_array, binary, header(oid::int4, {{1, 1}}) + unhex("0000000400000005")),
              ints{5});
    EXPECT_EQ(
        refused<ints>(any_array, binary, header(oid::int8, {{1, 1}}) + unhex("000000080000000000000005")),
        errc::column_mismatch);
}

TEST(codec_array, what_lies_is_refused)
{
    const std::string five = unhex("0000000400000005");
    const auto why = [&](const std::string& h, const std::string& rest) {
        return refused<tusk::array<std::int32_t>>(int4s, binary, h + rest);
    };
    EXPECT_EQ(why(header(oid::int4, {{1, 1}}), five), errc{});
    EXPECT_EQ(why(header(oid::int4, {{0, 1}}), ""), errc{});
    EXPECT_EQ(why(header(oid::int4, {{0, 1}}), five), errc::invalid_value);
    EXPECT_EQ(why(header(oid::int4, {}), five), errc::invalid_value);
    EXPECT_EQ(why(header(oid::int8, {{1, 1}}), five), errc::invalid_value);
    EXPECT_EQ(why(header(oid::int4, {{1, 1}}, 2), five), errc::invalid_value);
    EXPECT_EQ(why(header(oid::int4, {{1, 1}}, -1), five), errc::invalid_value);
    EXPECT_EQ(why(header(oid::int4, {{2, 1}}), five), errc::invalid_value);
    EXPECT_EQ(why(header(oid::int4, {{-1, 1}}), five), errc::invalid_value);
    EXPECT_EQ(why(header(oid::int4, {{INT32_MAX, 1}}), five), errc::invalid_value);
    EXPECT_EQ(why(header(oid::int4, {{65'536, 1}, {65'536, 1}}), five), errc::invalid_value);
    EXPECT_EQ(why(header(oid::int4, {{0, 1}, {INT32_MAX, 1}}), ""), errc::invalid_value);
    EXPECT_EQ(why(header(oid::int4, {{1, INT32_MAX}}), five), errc::invalid_value);
    std::vector<std::pair<int, int>> seven(7, {1, 1});
    EXPECT_EQ(why(header(oid::int4, seven), five), errc::invalid_value);
    EXPECT_EQ(why(unhex("ffffffff0000000000000017"), ""), errc::invalid_value);
    // NULL where the flag says that there is none, other lengths than those of the type, too few bytes
    EXPECT_EQ(refused<maybe_ints>(int4s, binary, header(oid::int4, {{1, 1}}) + unhex("ffffffff")),
              errc::invalid_value);
    EXPECT_EQ(why(header(oid::int4, {{1, 1}}, 1), unhex("ffffffff")), errc::unexpected_null);
    EXPECT_EQ(why(header(oid::int4, {{1, 1}}, 1), unhex("fffffffe")), errc::invalid_value);
    EXPECT_EQ(why(header(oid::int4, {{1, 1}}), unhex("000000030005")), errc::invalid_value);
    EXPECT_EQ(why(header(oid::int4, {{1, 1}}), unhex("00000003000005")), errc::invalid_value);
    EXPECT_EQ(why(header(oid::int4, {{1, 1}}), unhex("7fffffff00000005")), errc::invalid_value);
    EXPECT_EQ(why(header(oid::int4, {{1, 1}}), five + five), errc::invalid_value);
}

TEST(codec_array, text_that_is_no_array)
{
    for (const char* bad : {"",
                            "{",
                            "}",
                            "1",
                            "{1",
                            "1}",
                            "{1}}",
                            "{{1}",
                            "{,}",
                            "{1,}",
                            "{,1}",
                            "{1}{2}",
                            "{1}x",
                            "{{1},2}",
                            "{1,{2}}",
                            "{{1},{2,3}}",
                            "{{},{}}",
                            "{\"1}",
                            "{\"1\\\"}",
                            "{1\"2\"}",
                            "{\"1\"2}",
                            "[1:1]{1}",
                            "[1:2]={1}",
                            "[1]={1}",
                            "[2:1]={}",
                            "[:]={1}",
                            "[1:1={1}",
                            "[a:b]={1}",
                            "[1:1]=",
                            "[1:1][1:1]={1}",
                            "[1:1]={{1}}",
                            "[0:2147483647]={1}",
                            "[-2147483648:2147483646]={1}",
                            "{{{{{{{1}}}}}}}",
                            "{1;2}",
                            "{1\\2}"})
        EXPECT_EQ(refused<tusk::array<int>>(int4s, text, bad), errc::invalid_value) << bad;
    EXPECT_EQ(refused<tusk::array<int>>(int4s, text, "{NULL}"), errc::unexpected_null);
}

TEST(codec_array, types_of_users)
{
    using words = std::vector<std::string>;
    EXPECT_EQ(read<words>(user_array, text, "{sad,happy}"), (words{"sad", "happy"}));
    EXPECT_EQ(read<words>(user_array, binary, header(user_type, {{1, 1}}) + unhex("00000003 736164")),
              words{"sad"});
    EXPECT_EQ(refused<ints>(user_array, binary, header(user_type, {{1, 1}}) + unhex("00000004 00000001")),
              errc::unknown_type);                                  // a domain over int4, perhaps
    EXPECT_EQ(read<ints>(user_array, text, "{1,2}"), (ints{1, 2})); // an array of a domain, say
}

TEST(codec_array, what_accepts)
{
    EXPECT_TRUE(accepts<ints>(int4s));
    EXPECT_TRUE(accepts<ints>(int2s));
    EXPECT_FALSE(accepts<ints>(int8s));
    EXPECT_FALSE(accepts<ints>(oid::int4));
    EXPECT_FALSE(accepts<ints>(texts, text));
    EXPECT_TRUE(accepts<std::vector<std::string>>(int4s, text));
    EXPECT_FALSE(accepts<std::vector<std::string>>(int4s));
    EXPECT_TRUE(accepts<std::vector<std::string_view>>(texts));
    EXPECT_FALSE(accepts<std::vector<std::string_view>>(texts, text)); // where would "\"" be?
    EXPECT_TRUE(tusk::detail::borrowing<std::vector<std::string_view>>);
    EXPECT_FALSE(tusk::decodable<std::vector<unsigned char>>);
    EXPECT_FALSE((tusk::decodable<std::array<std::byte, 4>>));
    EXPECT_EQ(read<std::vector<std::byte>>(oid::bytea, binary, "x").size(), 1u); // not an array
    EXPECT_EQ(read<std::vector<std::int64_t>>(int4s, text, "{1,2}"), (std::vector<std::int64_t>{1, 2}));
    EXPECT_EQ(
        read<std::vector<std::int64_t>>(int2s, binary, header(oid::int2, {{1, 1}}) + unhex("00000002 0007")),
        std::vector<std::int64_t>{7});
}

TEST(codec_array, what_is_sent_for_what)
{
    EXPECT_EQ((tusk::encode_traits<ints>::type), int4s);
    EXPECT_EQ((tusk::encode_traits<std::vector<std::string>>::type), oid::none);
    EXPECT_EQ(written(ints{5}, int8s), "00000001000000000000001400000001000000010000000800000000"
                                       "00000005");
    EXPECT_EQ(unsendable(std::vector<std::int64_t>{1, 1LL << 40}, int4s), errc::value_out_of_range);
    EXPECT_EQ(written(std::span<const int>(std::array{1})), written(ints{1}));
    EXPECT_EQ(written(tusk::any({1, 2})), written(ints{1, 2}));
    EXPECT_EQ(written(tusk::any(ints{1, 2})), written(ints{1, 2}));
    EXPECT_EQ(written(tusk::any(std::array{1, 2})), written(ints{1, 2}));
    EXPECT_TRUE(tusk::detail::encodes<ints>(numerics));
    EXPECT_FALSE(tusk::detail::encodes<ints>(texts));
    EXPECT_FALSE(tusk::detail::encodes<ints>(oid::int4));
    EXPECT_FALSE(tusk::detail::encodes<ints>(user_array));
    EXPECT_TRUE(tusk::detail::encodes<std::vector<std::string>>(user_array));
    EXPECT_TRUE(tusk::detail::encodes<std::vector<std::string>>(int4s));
    EXPECT_FALSE(tusk::detail::encodes<std::vector<std::string>>(oid::text));
}

TEST(codec_array, an_error_names_the_element)
{
    const auto message = [](const auto& v) {
        const tusk::bound b = tusk::sql("select $1, $2", 1, v);
        return std::string(b.diag().message());
    };
    EXPECT_EQ(message(std::vector<std::uint64_t>{1, ~0ULL}),
              "$2, element 2: a value of the C++ type std::vector<unsigned long> cannot be sent as int8[]: a "
              "parameter's value is out of range for its SQL type");
    EXPECT_EQ(message(std::vector<std::string>{"a", "b", std::string(1, '\0')}).substr(0, 14),
              "$2, element 3:");
    EXPECT_EQ(message(std::tuple(1, std::vector<std::uint64_t>{~0ULL})).substr(0, 16), "$2, element 2.1:");
    EXPECT_NE(message(std::vector<ints>{{1}, {}}).find("std::vector<std::vector<int>>"), std::string::npos);
}

TEST(codec_array, many_numbers)
{
    ints many(100'000);
    for (std::size_t i = 0; i < many.size(); ++i) many[i] = static_cast<std::int32_t>(i * 2'654'435'761U);
    std::string bytes;
    ASSERT_EQ(encode(many, oid::none, bytes), errc{});
    EXPECT_EQ(read<ints>(int4s, binary, bytes), many);
    bytes[bytes.size() - 5] = 5; // the length of the last
    EXPECT_EQ(refused<ints>(int4s, binary, bytes), errc::invalid_value);
}
