// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "integration/schema.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>

#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace tusk_test {

enum class temper { calm, wild };
struct named_place {
    std::string street;
    temper feeling{};
    std::optional<std::int32_t> number;
    std::vector<std::int32_t> codes;
    std::vector<temper> history;

    friend bool operator==(const named_place&, const named_place&) = default;
};
struct named_person {
    std::int64_t id = 0;
    named_place home;
    std::vector<named_place> others;
    tusk::range<double> span;

    friend bool operator==(const named_person&, const named_person&) = default;
};
/// A type with a codec of its own, sent by name.
struct codes_of_place {
    std::int32_t number = 0;
};

} // namespace tusk_test

template <>
struct tusk::encode_traits<tusk_test::codes_of_place> {
    static constexpr oid type = oid::none;
    static constexpr tusk::format format = tusk::format::binary;
    static constexpr std::string_view type_name = "small";

    [[nodiscard]] static errc encode(const tusk_test::codes_of_place& v, encoder& out)
    {
        out.i32(v.number);
        return {};
    }
};

/// Types of this test alone, and values for them.
namespace tusk_test::named_types {

using tusk::as_oid;
using tusk::as_type;
using tusk::errc;
using tusk::oid;
using tusk::sql;

inline asio::awaitable<std::string> make_schema(tusk::connection& db)
{
    return tusk_test::make_schema(
        db, "named",
        "create type temper as enum ('calm', 'wild');"
        "create domain small as int4 check (value < 100); create domain smalls as int4[];"
        "create domain title as varchar(20);"
        "create type place as (street title, feeling temper, number small, codes small[], history temper[]);"
        "create type floatrange as range (subtype = float8);"
        "create type smallrange as range (subtype = small);"
        "create type person as (id int8, home place, others place[], span floatrange)");
}

inline const named_place castle{"high", temper::wild, std::nullopt, {1, 2}, {temper::calm, temper::wild}};
inline const named_place cottage{"", temper::calm, 7, {}, {}};
inline named_place numbered(int n) { return {"", temper::calm, n, {}, {}}; }
inline const named_person ada{1, castle, {cottage, castle}, tusk::range<double>(1.5, 2.5)};

template <class Value>
asio::awaitable<std::string> shown(tusk::connection& db, std::string query, Value value)
{
    auto [ec, text] = co_await db.async_query_one<std::string>(sql(query, value), as_tuple);
    if (ec) co_return ec.message() + ": " + std::string(text.diag().message());
    co_return text.value();
}

// g++ 12 takes no list beside a co_await
inline const std::vector<int> one_two{1, 2};
inline const std::vector<std::optional<int>> one_null{1, std::nullopt};
inline const std::vector<temper> one_temper{temper::calm};
inline const std::vector<named_place> two_places{cottage, castle};
inline const std::vector<tusk::range<double>> two_ranges{ada.span, {}};
inline const tusk::hstore one_hstore({{"a", "1"}, {"b", std::nullopt}});
inline const std::vector<tusk::hstore> two_hstores{one_hstore, {}};
inline const std::vector<std::string> extensions{"hstore", "ltree", "cube"};
inline const tusk::cube square({1, 2}, {3, 4});
inline const tusk::multirange<double> one_range{ada.span};
inline const std::vector<tusk::cube> one_cube{tusk::cube({1}, {})};

inline constexpr std::string_view castle_text = R"((high,wild,,"{1,2}","{calm,wild}"))";

} // namespace tusk_test::named_types
