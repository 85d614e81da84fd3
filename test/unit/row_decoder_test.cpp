// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/row_decoder.hpp>
#include <tusk/rows.hpp>

#include "codec_values.hpp"

#include <array>
#include <new>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>

using namespace codec_test;
using tusk::diagnostics;
using tusk::detail::row_decoder;

namespace {

/// A type whose codec throws what the text says.
struct thrower {
    std::string value;
};

struct user {
    std::int64_t id = 0;
    std::string name;
    std::optional<std::string> email;
};

using cell = std::optional<std::string>;

std::string int_bytes(std::size_t n, int width)
{
    std::string bytes;
    for (int shift = (width - 1) * 8; shift >= 0; shift -= 8) bytes += static_cast<char>((n >> shift) & 0xff);
    return bytes;
}

/// The body of a DataRow.
std::string row_of(const std::vector<cell>& cells)
{
    std::string body = int_bytes(cells.size(), 2);
    for (const cell& c : cells) body += c ? int_bytes(c->size(), 4) + *c : unhex("ffffffff");
    return body;
}

/// A decoder with the columns that it was planned for.
template <class T>
struct reader {
    explicit reader(tusk::columns c)
        : cols(std::move(c))
    {
        ec = decoder.plan(cols, why);
    }

    std::error_code read(const std::string& body, T& out)
    {
        const exact_bytes exact(body);
        std::error_code wrong;
        const bool good =
            decoder.decode(cols, {exact.data(), static_cast<std::size_t>(exact.size())}, out, wrong, why);
        EXPECT_NE(good, static_cast<bool>(wrong));
        return wrong;
    }

    tusk::columns cols;
    row_decoder<T> decoder;
    diagnostics why;
    std::error_code ec;
};

tusk::columns user_columns()
{
    return {column(oid::text, binary, "email"), column(oid::int4, binary, "id"),
            column(oid::text, binary, "name")};
}

} // namespace

template <>
struct tusk::decode_traits<thrower> {
    static bool accepts(const column& c) noexcept { return c.type == oid::text; }
    static errc decode(const field& f, thrower& out)
    {
        out.value = f.view();
        if (out.value == "memory") throw std::bad_alloc();
        if (out.value == "code") throw std::system_error(std::make_error_code(std::errc::timed_out));
        if (out.value == "words") throw std::runtime_error("in its own words");
        if (out.value == "number") throw 7;
        return {};
    }
};

TEST(row_decoder, reads_a_single_value)
{
    reader<int> r({column(oid::int4, binary)});
    ASSERT_FALSE(r.ec);
    int value = 0;
    EXPECT_FALSE(r.read(row_of({unhex("00000007")}), value));
    EXPECT_EQ(value, 7);
    EXPECT_TRUE(r.why.empty());
    EXPECT_EQ(r.read(row_of({std::nullopt}), value), errc::unexpected_null);
    EXPECT_EQ(r.why.message(),
              "column 1 \"c\" (int4) cannot be read into int: it is NULL, for which this type has no "
              "place; std::optional has");
    EXPECT_EQ(r.read(row_of({"abc"}), value), errc::invalid_value);
}

TEST(row_decoder, a_single_value_needs_one_column_that_fits)
{
    reader<int> none({});
    EXPECT_EQ(none.ec, errc::column_mismatch);
    EXPECT_EQ(none.why.message(), "the result has 0 columns, int is read from 1");
    reader<int> two({column(oid::int4, binary), column(oid::int4, binary)});
    EXPECT_EQ(two.ec, errc::column_mismatch);
    reader<int> wide({column(oid::int8, binary, "count")});
    EXPECT_EQ(wide.ec, errc::column_mismatch);
    EXPECT_EQ(wide.why.message(), "column 1 \"count\" (int8) cannot be read into int");
    reader<int> unknown({column(static_cast<oid>(16'500), text, "mood")});
    EXPECT_EQ(unknown.why.message(), "column 1 \"mood\" (type 16500, text format) cannot be read into int");
}

TEST(row_decoder, reads_tuples_by_position)
{
    using triple = std::tuple<int, std::string, std::optional<double>>;
    reader<triple> r(
        {column(oid::int2, binary, "a"), column(oid::text, binary, "b"), column(oid::float8, text, "c")});
    ASSERT_FALSE(r.ec) << r.why.message();
    triple value;
    EXPECT_FALSE(r.read(row_of({unhex("0005"), "five", "5.5"}), value));
    EXPECT_EQ(value, triple(5, "five", 5.5));
    EXPECT_FALSE(r.read(row_of({unhex("0006"), "", std::nullopt}), value));
    EXPECT_EQ(value, triple(6, "", std::nullopt));
    EXPECT_EQ(r.read(row_of({unhex("0006"), std::nullopt, std::nullopt}), value), errc::unexpected_null);
    EXPECT_NE(r.why.message().find("column 2 \"b\" (text) cannot be read into std::string"),
              std::string_view::npos);

    reader<std::pair<int, std::string>> pair({column(oid::int4, binary), column(oid::text, binary)});
    ASSERT_FALSE(pair.ec);
    std::pair<int, std::string> both;
    EXPECT_FALSE(pair.read(row_of({unhex("00000001"), "x"}), both));
    EXPECT_EQ(both, std::pair(1, std::string("x")));
    reader<std::tuple<int>> too_few({column(oid::int4, binary), column(oid::text, binary)});
    EXPECT_EQ(too_few.ec, errc::column_mismatch);
    EXPECT_EQ(too_few.why.message(), "the result has 2 columns, std::tuple<int> is read from 1");
}

TEST(row_decoder, reads_structs_by_name)
{
    reader<user> r(user_columns());
    ASSERT_FALSE(r.ec) << r.why.message();
    user value;
    EXPECT_FALSE(r.read(row_of({"ada@example.org", unhex("0000002a"), "Ada"}), value));
    EXPECT_EQ(value.id, 42);
    EXPECT_EQ(value.name, "Ada");
    EXPECT_EQ(value.email, "ada@example.org");
    EXPECT_FALSE(r.read(row_of({std::nullopt, unhex("0000002b"), "Bob"}), value));
    EXPECT_EQ(value.email, std::nullopt);
    EXPECT_EQ(r.read(row_of({std::nullopt, unhex("0000002b"), std::nullopt}), value), errc::unexpected_null);
    EXPECT_EQ(r.why.message(),
              "column 3 \"name\" (text) cannot be read into member name of user (std::string): it is "
              "NULL, for which this type has no place; std::optional has");

    struct local {
        std::string text;
        bool flag;
    };
    reader<local> l({column(oid::boolean, binary, "flag"), column(oid::text, binary, "text")});
    ASSERT_FALSE(l.ec) << l.why.message();
    local there;
    EXPECT_FALSE(l.read(row_of({unhex("01"), "yes"}), there));
    EXPECT_TRUE(there.flag);
    EXPECT_EQ(there.text, "yes");
}

TEST(row_decoder, names_must_match_both_ways)
{
    auto cols = user_columns();
    cols[0].name = "e_mail";
    reader<user> missing(cols);
    EXPECT_EQ(missing.ec, errc::column_mismatch);
    EXPECT_EQ(missing.why.message(),
              "the result has no column for member email of user (std::optional<std::string>)");

    cols = user_columns();
    cols.push_back(column(oid::int4, binary, "age"));
    reader<user> surplus(cols);
    EXPECT_EQ(surplus.ec, errc::column_mismatch);
    EXPECT_EQ(surplus.why.message(), "column 4 \"age\" (int4) has no member in user");

    cols.back().name = "id";
    reader<user> twice(cols);
    EXPECT_EQ(twice.ec, errc::column_mismatch);
    EXPECT_EQ(twice.why.message(),
              "column 4 \"id\" (int4) has the name of an earlier column; user has one member id");

    cols = user_columns();
    cols[1].type = oid::text;
    reader<user> type(cols);
    EXPECT_EQ(type.ec, errc::column_mismatch);
    EXPECT_EQ(type.why.message(), "column 2 \"id\" (text) cannot be read into member id of user (long)");

    reader<user> nothing({});
    EXPECT_EQ(nothing.ec, errc::column_mismatch);
}

TEST(row_decoder, a_codec_may_throw)
{
    reader<thrower> r({column(oid::text, binary)});
    struct holder {
        thrower it;
    };
    reader<holder> h({column(oid::text, binary, "it")});
    thrower value;
    holder held;
    EXPECT_FALSE(r.read(row_of({"fine"}), value));
    EXPECT_EQ(r.read(row_of({"memory"}), value), std::errc::not_enough_memory);
    EXPECT_EQ(r.read(row_of({"code"}), value), std::errc::timed_out);
    EXPECT_EQ(r.read(row_of({"words"}), value), errc::invalid_value);
    EXPECT_NE(r.why.message().find(": in its own words"), std::string_view::npos);
    EXPECT_EQ(r.read(row_of({"number"}), value), errc::invalid_value);
    EXPECT_EQ(h.read(row_of({"memory"}), held), std::errc::not_enough_memory);
    EXPECT_EQ(h.read(row_of({"words"}), held), errc::invalid_value);
    EXPECT_FALSE(h.read(row_of({"fine"}), held));
}

TEST(row_decoder, values_are_not_in_messages)
{
    reader<int> r({column(oid::int4, text, "pin")});
    int value = 0;
    EXPECT_EQ(r.read(row_of({"secret"}), value), errc::invalid_value);
    EXPECT_EQ(r.why.message().find("secret"), std::string_view::npos);
}

namespace {

template <class T>
void break_row(const tusk::columns& cols, const std::string& body)
{
    reader<T> r(cols);
    ASSERT_FALSE(r.ec) << r.why.message();
    T out{};
    ASSERT_FALSE(r.read(body, out));
    for (std::size_t n = 0; n < body.size(); ++n) EXPECT_TRUE(r.read(body.substr(0, n), out)) << n;
    EXPECT_EQ(r.read(body + '\0', out), errc::protocol_violation);
    for (std::size_t at = 0; at < body.size(); ++at) {
        for (int code = 0; code < 256; ++code) {
            std::string broken = body;
            broken[at] = static_cast<char>(code);
            const std::error_code ec = r.read(broken, out);
            EXPECT_TRUE(!ec || ec == errc::protocol_violation || ec == errc::invalid_value ||
                        ec == errc::unexpected_null || ec == errc::value_not_representable)
                << ec.message();
        }
    }
}

} // namespace

TEST(row_decoder, broken_rows)
{
    break_row<int>({column(oid::int4, binary)}, row_of({unhex("00000007")}));
    break_row<std::optional<std::string>>({column(oid::text, binary)}, row_of({"some text"}));
    break_row<std::tuple<int, std::string>>({column(oid::int4, binary), column(oid::text, binary)},
                                            row_of({unhex("00000007"), "text"}));
    break_row<user>(user_columns(), row_of({std::nullopt, unhex("0000002a"), "Ada"}));
}

TEST(row_decoder, lengths_that_lie)
{
    reader<std::string> r({column(oid::text, binary)});
    std::string out;
    for (const char* length : {"00000004", "7fffffff", "80000000", "fffffffe"})
        EXPECT_EQ(r.read(unhex("0001") + unhex(length) + "abc", out), errc::protocol_violation) << length;
    EXPECT_EQ(r.read(unhex("0000"), out), errc::protocol_violation);
    EXPECT_EQ(r.read(unhex("ffff"), out), errc::protocol_violation);
    EXPECT_EQ(r.read("", out), errc::protocol_violation);
    // columns that are not those of the plan
    reader<user> u(user_columns());
    u.cols.pop_back();
    user value;
    EXPECT_EQ(u.read(row_of({"a", unhex("00000001"), "b"}), value), errc::protocol_violation);
}

TEST(row_decoder, what_borrows)
{
    struct view_member {
        int id;
        std::string_view name;
    };
    using tusk::detail::row_borrows;
    EXPECT_TRUE(row_borrows<std::string_view>());
    EXPECT_TRUE((row_borrows<std::tuple<int, std::optional<std::string_view>>>()));
    EXPECT_TRUE(row_borrows<view_member>());
    EXPECT_FALSE(row_borrows<user>());
    EXPECT_FALSE((row_borrows<std::pair<int, std::string>>()));
}

TEST(rows, hold_what_was_read)
{
    tusk::rows<int> r({1, 2, 3}, tusk::command("SELECT 3"));
    EXPECT_EQ(r.size(), 3u);
    EXPECT_EQ(r.front(), 1);
    EXPECT_EQ(r[2], 3);
    EXPECT_EQ(r.tag(), "SELECT 3");
    EXPECT_EQ(r.rows_affected(), 3u);
    EXPECT_THROW((void)r.at(3), std::out_of_range);
    int sum = 0;
    for (const int i : std::as_const(r)) sum += i;
    EXPECT_EQ(sum, 6);
    EXPECT_EQ(r.take(), (std::vector<int>{1, 2, 3}));
    EXPECT_TRUE(r.empty());
    const tusk::rows<bool> flags({true, false}, tusk::command("SELECT 2"));
    EXPECT_TRUE(flags[0]);
}

TEST(rows, single_and_maybe)
{
    tusk::single<std::string> one(std::string("x"));
    const std::string copied = one;
    EXPECT_EQ(copied, "x");
    const std::string moved = std::move(one);
    EXPECT_EQ(moved, "x");
    const int number = tusk::single<int>(5);
    EXPECT_EQ(number, 5);
    EXPECT_EQ(tusk::single<int>(diagnostics::client("no")).diag().message(), "no");
    EXPECT_EQ((*tusk::single<std::pair<int, int>>(std::pair(1, 2))).second, 2);

    tusk::maybe<std::string> there(std::optional<std::string>("x"));
    ASSERT_TRUE(there);
    EXPECT_EQ(there->size(), 1u);
    EXPECT_EQ(there.take(), "x");
    EXPECT_FALSE(there.has_value());
    EXPECT_EQ(there.value_or("none"), "none");
    EXPECT_THROW((void)there.value(), std::bad_optional_access);
    EXPECT_FALSE(tusk::maybe<int>(diagnostics::client("no")));
}
