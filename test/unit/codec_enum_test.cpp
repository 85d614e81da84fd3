// Distributed under the Boost Software License, Version 1.0.
#include "codec_containers.hpp"

using namespace codec_test;

namespace {

enum class mood : std::uint8_t { sad, ok = 5, very_happy = 127, beyond = 128 };
enum weather { sun, rain, hail };

} // namespace

template <>
struct tusk::enum_traits<weather> {
    static constexpr enum_label<weather> labels[] = {{sun, "the sun"}, {rain, "rain"}};
};

TEST(codec_enum, names_of_enumerators_are_labels)
{
    round_trip(user_type, mood::very_happy, hex("very_happy"), "very_happy");
    EXPECT_EQ(read<mood>(oid::text, binary, "ok"), mood::ok);
    EXPECT_EQ(refused<mood>(user_type, binary, "okay"), errc::value_not_representable);
    EXPECT_EQ(refused<mood>(user_type, binary, ""), errc::value_not_representable);
    EXPECT_EQ(refused<mood>(user_type, binary, "beyond"), errc::value_not_representable);
    EXPECT_EQ(unsendable(mood::beyond), errc::value_out_of_range);
    EXPECT_EQ(unsendable(static_cast<mood>(3)), errc::value_out_of_range);
    static_assert(tusk::to_label(mood::ok) == "ok");
    EXPECT_EQ(tusk::to_label(static_cast<mood>(255)), "");
}

TEST(codec_enum, labels_may_be_spelt_otherwise)
{
    round_trip(user_type, sun, hex("the sun"), "the sun");
    EXPECT_EQ(refused<weather>(user_type, text, "sun"), errc::value_not_representable);
    EXPECT_EQ(unsendable(hail), errc::value_out_of_range);
}

TEST(codec_enum, what_accepts)
{
    EXPECT_TRUE(accepts<mood>(user_type));
    EXPECT_TRUE(accepts<mood>(oid::varchar));
    EXPECT_FALSE(accepts<mood>(oid::int4));
    EXPECT_FALSE(accepts<mood>(oid::int4, text));
    EXPECT_FALSE(tusk::decodable<std::byte>);
    EXPECT_TRUE(tusk::detail::encodes<mood>(user_type));
    EXPECT_FALSE(tusk::detail::encodes<mood>(oid::int4));
}

TEST(codec_enum, in_containers)
{
    EXPECT_EQ(written(std::vector{mood::sad, mood::ok}), "{\"sad\",\"ok\"}");
    EXPECT_EQ(read<std::vector<mood>>(user_array, text, "{sad,ok}"), (std::vector{mood::sad, mood::ok}));
    EXPECT_EQ(read<std::vector<mood>>(user_array, binary,
                                      unhex("00000001 00000000 00004e20 00000001 00000001"
                                            "00000002 6f6b")),
              std::vector{mood::ok});
    EXPECT_EQ((read<std::tuple<mood, int>>(record, text, "(ok,1)")), (std::tuple(mood::ok, 1)));
}

TEST(codec_variant, takes_the_first_that_accepts)
{
    using any = std::variant<std::monostate, int, std::int64_t, std::string, std::vector<int>>;
    EXPECT_EQ(read<any>(oid::int4, binary, unhex("00000005")), any(5));
    EXPECT_EQ(read<any>(oid::int8, binary, unhex("0000000000000005")), any(std::int64_t{5}));
    EXPECT_EQ(read<any>(oid::text, binary, "x"), any("x"));
    EXPECT_EQ(read<any>(int4s, binary, unhex("00000000 00000000 00000017")), any(std::vector<int>()));
    EXPECT_FALSE(accepts<any>(oid::uuid));
    const tusk::column c = column(oid::int4, binary);
    any value = 7;
    EXPECT_EQ(tusk::detail::decode_value(tusk::field(c, nullptr, -1), value), errc{});
    EXPECT_EQ(value, any());
    std::variant<int, std::string> no_null;
    EXPECT_EQ(tusk::detail::decode_value(tusk::field(c, nullptr, -1), no_null), errc::unexpected_null);
    break_container<any>(int4s, binary,
                         unhex("00000001 00000000 00000017 00000001 00000001 00000004 00000007"));
}

TEST(codec_variant, sends_what_it_holds)
{
    using any = std::variant<std::monostate, int, std::string>;
    const tusk::bound b = tusk::sql("select $1, $2, $3", any(), any(5), any("x"));
    const tusk::params& p = b.parameters();
    EXPECT_EQ(p.info(0), (tusk::param_info{oid::none, text}));
    EXPECT_EQ(p.info(1), (tusk::param_info{oid::int4, binary}));
    EXPECT_EQ(p.info(2), (tusk::param_info{oid::none, text}));
    EXPECT_EQ(
        hex({reinterpret_cast<const char*>(b.parameters().values().data()), b.parameters().values().size()}),
        "ffffffff00000004000000050000000178");
    EXPECT_EQ(unsendable(any(5), oid::text), errc::parameter_mismatch);
    EXPECT_EQ(written(std::tuple(any(5), any("x"), any())),
              "000000030000001700000004000000050000001900000001780000001"
              "9ffffffff");
}

TEST(typed, names_the_type)
{
    using tusk::as_oid;
    using tusk::as_type;
    const tusk::bound b =
        tusk::sql("select $1, $2, $3, $4", as_oid(oid::numeric, 5), as_type("bigint[]", std::vector{1}),
                  as_oid(user_type, 7), as_type("json", "{}"));
    ASSERT_FALSE(b.error()) << b.diag().message();
    const tusk::params& p = b.parameters();
    EXPECT_EQ(p.info(0), (tusk::param_info{oid::numeric, binary}));
    EXPECT_EQ(p.info(1), (tusk::param_info{int8s, binary}));
    EXPECT_EQ(p.info(2), (tusk::param_info{user_type, binary}));
    EXPECT_EQ(p.info(3), (tusk::param_info{oid::json, text}));
    EXPECT_EQ(written(as_oid(user_type, 7)), "00000007"); // of a domain, say
    EXPECT_EQ(written(as_oid(oid::int8, 7)), "0000000000000007");
    EXPECT_EQ(unsendable(as_oid(oid::text, 7)), errc::parameter_mismatch);
    EXPECT_EQ(unsendable(as_oid(oid::int2, 70'000)), errc::value_out_of_range);
    EXPECT_EQ(unsendable(as_oid(oid::int8, 7), oid::int4), errc::parameter_mismatch);
    const tusk::bound unknown = tusk::sql("select $1", as_type("varchar(10)", "sad"));
    EXPECT_EQ(unknown.error(), errc::unknown_type);
    EXPECT_EQ(unknown.diag().message().substr(0, 3), "$1:");
    const tusk::bound null = tusk::sql("select $1", as_oid(oid::int8, std::optional<int>()));
    EXPECT_EQ(null.parameters().info(0).type, oid::int8);
    EXPECT_EQ(null.parameters().values().size(), 4u);
    EXPECT_EQ(unsendable(as_oid(oid::float8, tusk::range<double>(1, 2))), errc::parameter_mismatch);
    EXPECT_EQ(written(as_oid(user_type, tusk::range<double>())), "01");
}
