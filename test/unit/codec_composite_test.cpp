// Distributed under the Boost Software License, Version 1.0.
#include "codec_containers.hpp"

#include <tuple>
#include <utility>

using namespace codec_test;

namespace {

struct address {
    std::string street;
    std::optional<int> number;

    friend bool operator==(const address&, const address&) = default;
};
struct person {
    std::int64_t id = 0;
    address home;
    std::vector<address> others;

    friend bool operator==(const person&, const person&) = default;
};
enum class mood { sad, ok };

using entry = std::tuple<int, std::string, std::optional<double>>;

const std::string address_bytes = "00000002 00000019 00000002 6120 00000017 00000004 00000007";

} // namespace

TEST(codec_composite, tuples)
{
    round_trip(user_type, entry{5, "a \"b\"", std::nullopt},
               "00000003 00000017 00000004 00000005 00000019 00000005 6120226222 000002bd ffffffff",
               "(5,\"a \"\"b\"\"\",)");
    round_trip(user_type, std::pair<bool, std::string>{true, ""},
               "00000002 00000010 00000001 01 00000019 00000000", "(t,\"\")");
    round_trip(user_type, std::tuple<std::optional<int>>{}, "00000001 00000017 ffffffff", "()");
    EXPECT_EQ(
        read<entry>(record, binary,
                    unhex("00000003 00000015 00000002 0005 00000413 00000000 000002bc 00000004 3fc00000")),
        (entry{5, "", 1.5}));
    EXPECT_EQ(read<entry>(record, text, "(5,a\\,b,1.5)"), (entry{5, "a,b", 1.5}));
}

TEST(codec_composite, structs)
{
    round_trip(user_type, address{"a ", 7}, address_bytes, "(\"a \",7)");
    const std::string bytes =
        unhex("00000003 00000014 00000008 0000000000000009 00004e20 0000001a" + address_bytes +
              "00004e21 00000032 00000001 00000000 00004e20 00000001 00000001 0000001a" + address_bytes);
    const person ada{9, {"a ", 7}, {{"a ", 7}}};
    EXPECT_EQ(read<person>(user_type, binary, bytes), ada);
    break_container<person>(user_type, binary, bytes);
    const std::string as_text = "(9,\"(\"\"a \"\",7)\",\"{\"\"(\\\\\"\"a \\\\\"\",7)\"\"}\")";
    EXPECT_EQ(read<person>(user_type, text, as_text), ada);
    break_container<person>(user_type, text, as_text);
    // Types of users have to be named.
    EXPECT_EQ(unsendable(ada), errc::parameter_mismatch);
    const auto named = [](address a) { return tusk::as_oid(user_type, std::move(a)); };
    const auto whole =
        std::tuple(ada.id, named(ada.home), tusk::as_oid(user_array, std::vector{named(ada.others[0])}));
    std::string out;
    EXPECT_EQ(encode(whole, oid::none, out), errc{});
    EXPECT_EQ(hex(out), hex(bytes));
}

TEST(codec_composite, what_is_in_it_must_fit)
{
    using two = std::pair<int, int>;
    const std::string good = "00000002 00000017 00000004 00000001 00000017 00000004 00000002";
    EXPECT_EQ(read<two>(record, binary, unhex(good)), two(1, 2));
    for (const char* bad : {"", "000000", "00000002", "00000002 00000017 00000004 00000001", "ffffffff",
                            "7fffffff", "00000002 00000017 00000004 00000001 00000017 00000004 00000002 00",
                            "00000002 00000017 00000004 00000001 00000017 00000005 00000002",
                            "00000002 00000017 fffffffe 00000017 00000004 00000002"})
        EXPECT_EQ(refused<two>(record, binary, unhex(bad)), errc::invalid_value) << bad;
    EXPECT_EQ(refused<two>(record, binary, unhex("00000001 00000017 00000004 00000001")),
              errc::value_not_representable);
    EXPECT_EQ(refused<two>(record, binary, unhex("00000002 00000019 00000004 00000001 00000017 ffffffff")),
              errc::column_mismatch);
    EXPECT_EQ(refused<two>(record, binary, unhex("00000002 00000017 00000004 00000001 00000017 ffffffff")),
              errc::unexpected_null);
    for (const char* bad : {"", "(", "1,2", "(1,2", "(1,2)x", "(1,\"2)", "(1,2\\", "(x,2)"})
        EXPECT_EQ(refused<two>(record, text, bad), errc::invalid_value) << bad;
    EXPECT_EQ(refused<two>(record, text, "(1)"), errc::value_not_representable);
    EXPECT_EQ(refused<two>(record, text, "(1,2,3)"), errc::value_not_representable);
    EXPECT_EQ(refused<two>(record, text, "(1,)"), errc::unexpected_null);
}

TEST(codec_composite, what_accepts)
{
    EXPECT_TRUE(accepts<entry>(record));
    EXPECT_TRUE(accepts<address>(user_type));
    EXPECT_TRUE(accepts<address>(oid{83})); // pg_class
    EXPECT_FALSE(accepts<entry>(oid::int4));
    EXPECT_FALSE(accepts<entry>(oid::text, text));
    using views = std::tuple<std::string_view>;
    EXPECT_TRUE(accepts<views>(record));
    EXPECT_FALSE(accepts<views>(record, text));
    EXPECT_TRUE(tusk::detail::row_struct<address>);
    EXPECT_FALSE(tusk::detail::row_struct<tusk::oid>);
    EXPECT_TRUE(tusk::detail::encodes<entry>(user_type));
    EXPECT_FALSE(tusk::detail::encodes<entry>(record));
    EXPECT_FALSE(tusk::detail::encodes<entry>(oid::text));
}

TEST(codec_composite, parts_are_binary)
{
    using tusk::as_oid;
    EXPECT_EQ(written(std::tuple(std::vector<std::string>{"a"})),
              "00000001000003f1000000190000000100000000000000190000000100000001000000"
              "0161");
    EXPECT_EQ(written(std::tuple(as_oid(oid::jsonb, "1"))), "0000000100000eda000000020131");
    EXPECT_EQ(written(std::tuple(as_oid(oid::varchar, "x"))), "00000001000004130000000178");
    EXPECT_EQ(written(std::tuple(as_oid(user_type, mood::ok))), "0000000100004e20000000026f6b");
    EXPECT_EQ(unsendable(std::tuple(as_oid(oid::numeric, "1"))), errc::parameter_mismatch);
    EXPECT_EQ(unsendable(std::tuple(std::nullopt)), errc{});
    EXPECT_EQ(written(std::tuple(tusk::range<int>())), "0000000100000f400000000101");
    EXPECT_EQ(written(std::tuple(std::optional<std::vector<std::string>>())), "00000001000003f1ffffffff");
}
