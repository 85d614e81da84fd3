// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/standard.hpp>
#include <tusk/row.hpp>

#include "codec_values.hpp"

#include <cstddef>
#include <string>
#include <vector>

using namespace codec_test;

namespace {

struct renamed {
    int id = 0;
    std::string class_;
};
struct partial {
    int id = 0;
    std::string nick = "none";
    void* cache = nullptr; // no column could be read into it
};
struct lenient {
    int a = 1;
    int b = 2;
};
struct inner {
    int x = 0;
    std::string y;
};
struct outer {
    int id = 0;
    inner in;
};

/// The body of a DataRow with values of these bytes, none of them NULL.
std::string row_of(const std::vector<std::string>& values)
{
    std::string body{'\0', static_cast<char>(values.size())};
    for (const std::string& v : values) body += std::string("\0\0\0", 3) + static_cast<char>(v.size()) + v;
    return body;
}

template <class T>
std::error_code read_row(const tusk::columns& cols, const std::vector<std::string>& values, T& out,
                         std::string& message)
{
    const std::string body = row_of(values);
    tusk::detail::row_decoder<T> decoder;
    tusk::diagnostics why;
    std::error_code ec = decoder.plan(cols, why);
    if (!ec) (void)decoder.decode(cols, std::as_bytes(std::span(body)), out, ec, why);
    message = why.message();
    return ec;
}

tusk::column ints(const char* name) { return column(oid::int4, binary, name); }
tusk::column words(const char* name) { return column(oid::text, binary, name); }
const std::string five("\0\0\0\5", 4);
const std::string six("\0\0\0\6", 4);

} // namespace

template <>
struct tusk::row_traits<renamed> {
    static constexpr member_column columns[] = {{"class_", "class"}};
};
template <>
struct tusk::row_traits<partial> {
    static constexpr std::string_view ignored[] = {"cache"};
    static constexpr std::string_view defaulted[] = {"nick"};
};
template <>
struct tusk::row_traits<lenient> {
    static constexpr bool missing_columns = true;
    static constexpr bool extra_columns = true;
};

TEST(row_traits, renames)
{
    renamed r;
    std::string why;
    EXPECT_FALSE(read_row({words("class"), ints("id")}, {"A", five}, r, why)) << why;
    EXPECT_EQ(r.id, 5);
    EXPECT_EQ(r.class_, "A");
    EXPECT_EQ(read_row({words("class_"), ints("id")}, {"A", five}, r, why), errc::column_mismatch);
    EXPECT_EQ(why, "the result has no column \"class\" for member class_ of renamed (std::string)");
}

TEST(row_traits, ignores_and_defaults)
{
    partial p;
    std::string why;
    EXPECT_FALSE(read_row({ints("id")}, {five}, p, why)) << why;
    EXPECT_EQ(p.id, 5);
    EXPECT_EQ(p.nick, "none");
    EXPECT_FALSE(read_row({words("nick"), ints("id")}, {"Ada", six}, p, why)) << why;
    EXPECT_EQ(p.nick, "Ada");
    EXPECT_EQ(read_row({words("nick")}, {"Ada"}, p, why), errc::column_mismatch);
    EXPECT_EQ(read_row({ints("id"), ints("cache")}, {five, five}, p, why), errc::column_mismatch);
    EXPECT_EQ(why, "column 2 \"cache\" (int4) has no member in partial");
}

TEST(row_traits, lets_columns_be_missing_and_superfluous)
{
    lenient l;
    std::string why;
    EXPECT_FALSE(read_row({words("x"), ints("b"), words("x"), words("y")}, {"1", five, "2", "3"}, l, why))
        << why;
    EXPECT_EQ(l.a, 1);
    EXPECT_EQ(l.b, 5);
    EXPECT_FALSE(read_row({words("x")}, {"1"}, l, why)) << why;
    EXPECT_FALSE(read_row({}, {}, l, why)) << why;
    EXPECT_EQ(read_row({ints("b"), ints("b")}, {five, six}, l, why), errc::column_mismatch);
    EXPECT_EQ(read_row({words("a")}, {"x"}, l, why), errc::column_mismatch);
    EXPECT_EQ(read_row({words("x"), ints("b")}, {"1"}, l, why), errc::protocol_violation);
}

TEST(row_traits, structs_in_structs_are_composites)
{
    outer o;
    std::string why;
    const std::string record = unhex("00000002 00000017 00000004 00000007 00000019 00000001 7a");
    EXPECT_FALSE(read_row({column(oid{20'000}, binary, "in"), ints("id")}, {record, five}, o, why)) << why;
    EXPECT_EQ(o.in.x, 7);
    EXPECT_EQ(o.in.y, "z");
    const std::string other = unhex("00000002 00000019 00000001 7a 00000019 00000001 7a");
    EXPECT_EQ(read_row({column(oid{20'000}, binary, "in"), ints("id")}, {other, five}, o, why),
              errc::column_mismatch);
    EXPECT_EQ(why,
              "column 1 \"in\" (type 20000) cannot be read into member in of outer (inner): what is in it is "
              "of another type");
    EXPECT_EQ(read_row({ints("in"), ints("id")}, {five, five}, o, why), errc::column_mismatch);
}
