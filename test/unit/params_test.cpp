// Distributed under the Boost Software License, Version 1.0.
#include "allocations.hpp"

#include <tusk/codec/standard.hpp>
#include <tusk/params.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace {

struct lying { // claims to be larger than memory
    std::size_t size = 0;
};
struct thrower {};
struct refused {};

} // namespace

template <>
struct tusk::encode_traits<lying> {
    static constexpr oid type = oid::bytea;
    static constexpr tusk::format format = tusk::format::binary;
    static errc encode(const lying& v, encoder& out)
    {
        static const std::byte one{};
        out.bytes({&one, v.size});
        return {};
    }
};

template <>
struct tusk::encode_traits<thrower> {
    static constexpr oid type = oid::int8;
    static constexpr tusk::format format = tusk::format::binary;
    static errc encode(const thrower&, encoder& out)
    {
        out.i32(1);
        throw std::runtime_error("no");
    }
};

template <>
struct tusk::encode_traits<refused> {
    static constexpr oid type = oid::date;
    static constexpr tusk::format format = tusk::format::binary;
    static errc encode(const refused&, encoder& out)
    {
        out.i32(1);
        return errc::value_out_of_range;
    }
};

namespace {

using tusk::errc;
using tusk::format;
using tusk::oid;
using tusk::param_info;
using tusk::params;

std::string bytes_of(const params& p)
{
    return {reinterpret_cast<const char*>(p.values().data()), p.values().size()};
}

std::vector<param_info> infos_of(const params& p)
{
    std::vector<param_info> all;
    for (std::size_t i = 0; i < p.size(); ++i) all.push_back(p.info(i));
    return all;
}

using namespace std::string_literals;

TEST(params, are_laid_out_as_bind_wants_them)
{
    params p;
    p.add(7).add(std::int64_t{-2}).add(std::string("Ada")).add("").add(true);
    EXPECT_EQ(bytes_of(p), "\0\0\0\4\0\0\0\7"
                           "\0\0\0\x8\xff\xff\xff\xff\xff\xff\xff\xfe"
                           "\0\0\0\3Ada"
                           "\0\0\0\0"
                           "\0\0\0\1\1"s);
    EXPECT_EQ(infos_of(p), (std::vector<param_info>{{oid::int4, format::binary},
                                                    {oid::int8, format::binary},
                                                    {oid::none, format::text},
                                                    {oid::none, format::text},
                                                    {oid::boolean, format::binary}}));
    EXPECT_EQ(std::vector<oid>(p.types().begin(), p.types().end()),
              (std::vector{oid::int4, oid::int8, oid::none, oid::none, oid::boolean}));
    EXPECT_FALSE(p.error());
    EXPECT_TRUE(p.diag().empty());
}

TEST(params, null_has_many_spellings)
{
    params p;
    const char* nothing = nullptr;
    p.add(std::nullopt).add(nullptr).add(nothing).add(std::optional<int>()).add_null(oid::date).add_null();
    EXPECT_EQ(bytes_of(p), std::string(24, '\xff'));
    EXPECT_EQ(std::vector<oid>(p.types().begin(), p.types().end()),
              (std::vector{oid::none, oid::none, oid::none, oid::int4, oid::date, oid::none}));
}

TEST(params, optional_is_its_value)
{
    params p;
    p.add(std::optional<int>(5));
    EXPECT_EQ(bytes_of(p), "\0\0\0\4\0\0\0\5"s);
}

TEST(params, an_empty_optional_does_not_make_the_formats_mixed)
{
    params p;
    EXPECT_EQ(p.uniform_format(), 0);
    p.add(1).add(std::optional<int>());
    EXPECT_EQ(p.uniform_format(), 1);
    p.add("text");
    EXPECT_EQ(p.uniform_format(), -1);
    p.clear();
    p.add("text");
    EXPECT_EQ(p.uniform_format(), 0);
}

TEST(params, arrays_of_characters_end_at_their_nul_or_their_end)
{
    const char unterminated[3] = {'a', 'b', 'c'};
    char padded[8] = "xy";
    params p;
    p.add(unterminated).add(padded);
    EXPECT_EQ(bytes_of(p), "\0\0\0\3abc\0\0\0\2xy"s);
}

TEST(params, raw_bytes_are_taken_as_they_are)
{
    const std::array<std::byte, 3> raw{std::byte{1}, std::byte{0}, std::byte{255}};
    params p;
    p.add_raw(oid{70000}, format::binary, raw).add_raw(oid::text, format::text, {});
    EXPECT_EQ(bytes_of(p), "\0\0\0\3\1\0\xff\0\0\0\0"s);
    EXPECT_EQ(infos_of(p),
              (std::vector<param_info>{{oid{70000}, format::binary}, {oid::text, format::text}}));
}

TEST(params, the_first_failure_stays_and_names_parameter_and_types)
{
    params p;
    p.add(1).add(refused()).add(std::string("a\0b", 3)).add(2);
    EXPECT_EQ(p.error(), errc::value_out_of_range);
    EXPECT_NE(p.diag().message().find("$2"), std::string_view::npos);
    EXPECT_NE(p.diag().message().find("date"), std::string_view::npos);
    EXPECT_NE(p.diag().message().find("refused"), std::string_view::npos);
    EXPECT_TRUE(p.diag().safe_to_retry());
    EXPECT_EQ(bytes_of(p), "\0\0\0\4\0\0\0\1"s); // nothing half written is left
    EXPECT_EQ(p.size(), 1U);
    p.clear();
    EXPECT_FALSE(p.error());
    EXPECT_TRUE(p.diag().empty());
}

TEST(params, nul_in_text_is_refused_and_the_value_not_shown)
{
    params p;
    p.add(std::string("secret\0word", 11));
    EXPECT_EQ(p.error(), errc::nul_in_text);
    EXPECT_EQ(p.diag().message().find("secret"), std::string_view::npos);
    EXPECT_TRUE(p.empty());
}

TEST(params, a_codec_that_throws_leaves_them_as_they_were)
{
    params p;
    p.add(1);
    EXPECT_THROW(p.add(thrower()), std::runtime_error);
    EXPECT_EQ(p.size(), 1U);
    p.add(2);
    EXPECT_EQ(bytes_of(p), "\0\0\0\4\0\0\0\1\0\0\0\4\0\0\0\2"s);
    EXPECT_FALSE(p.error());
}

TEST(params, sizes_beyond_1_gib_are_refused_before_a_byte_is_read)
{
    for (const std::size_t size :
         {std::size_t{1} << 30, (std::size_t{1} << 32) + 4, std::numeric_limits<std::size_t>::max()}) {
        params p;
        const tusk::test::allocation_watch watch;
        p.add(1).add(lying{size});
        EXPECT_EQ(p.error(), errc::request_too_large);
        EXPECT_NE(p.diag().message().find("$2"), std::string_view::npos);
        EXPECT_EQ(p.size(), 1U);
        EXPECT_LT(watch.live(), 10'000U);

        params raw;
        const std::byte one{};
        raw.add_raw(oid::bytea, format::binary, {&one, size});
        EXPECT_EQ(raw.error(), errc::request_too_large);
        EXPECT_TRUE(raw.values().empty());
    }
}

TEST(params, there_can_be_65535)
{
    params p;
    for (int i = 0; i < 65'535; ++i) p.add(i);
    EXPECT_FALSE(p.error());
    EXPECT_EQ(p.size(), 65'535U);
    EXPECT_EQ(p.values().size(), 65'535U * 8);
    p.add(0);
    EXPECT_EQ(p.error(), errc::too_many_parameters);
    EXPECT_EQ(p.size(), 65'535U);
}

TEST(params, a_few_need_no_heap_and_moving_takes_them_along)
{
    const tusk::test::allocation_watch watch;
    params a;
    a.add(1).add(2.5).add("short text").add(std::optional<std::int64_t>(9)).add(false);
    const std::size_t size = a.values().size();
    params b = std::move(a);
    EXPECT_EQ(watch.count(), 0U);
    EXPECT_EQ(b.size(), 5U);
    EXPECT_EQ(b.values().size(), size);
    EXPECT_EQ(a.size(), 0U);
    EXPECT_EQ(a.uniform_format(), 0);
}

} // namespace
