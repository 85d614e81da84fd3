// Distributed under the Boost Software License, Version 1.0.
#include <tusk/oid.hpp>
#include <tusk/type_info.hpp>

#include "values/type_table.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <string_view>

namespace tusk {
namespace {

struct alias {
    std::string_view name;
    std::string_view meant;
};

/// How the SQL standard, and so people, write some types.
constexpr alias aliases[] = {
    {"bigint", "int8"},
    {"bit varying", "varbit"},
    {"boolean", "bool"},
    {"char", "bpchar"},
    {"character varying", "varchar"},
    {"character", "bpchar"},
    {"decimal", "numeric"},
    {"double precision", "float8"},
    {"float", "float8"},
    {"int", "int4"},
    {"integer", "int4"},
    {"real", "float4"},
    {"smallint", "int2"},
    {"time with time zone", "timetz"},
    {"time without time zone", "time"},
    {"timestamp with time zone", "timestamptz"},
    {"timestamp without time zone", "timestamp"},
};

/// Where a type stands in the table, counted from 1; 0 for none. Reading an array asks, for each value.
constexpr auto place_by_oid = [] {
    constexpr std::size_t last = static_cast<std::size_t>(std::rbegin(detail::type_table)->id);
    std::array<std::uint16_t, last + 1> place{};
    std::uint16_t n = 0;
    for (const type_info& t : detail::type_table) place[static_cast<std::size_t>(t.id)] = ++n;
    return place;
}();

const type_info* find_exact(std::string_view name) noexcept
{
    using detail::type_table;
    const auto at = std::lower_bound(
        std::begin(detail::types_by_name), std::end(detail::types_by_name), name,
        [](std::uint16_t index, std::string_view wanted) { return type_table[index].name < wanted; });
    const bool found = at != std::end(detail::types_by_name) && type_table[*at].name == name;
    return found ? &type_table[*at] : nullptr;
}

const type_info* array_type(const type_info* element) noexcept
{
    return element && element->array != oid::none ? find_type(element->array) : nullptr;
}

} // namespace

const type_info* find_type(oid type) noexcept
{
    const auto number = static_cast<std::size_t>(type);
    if (number >= place_by_oid.size() || place_by_oid[number] == 0) return nullptr;
    return &detail::type_table[place_by_oid[number] - 1];
}

const type_info* find_type(std::string_view name) noexcept
{
    constexpr std::string_view schema = "pg_catalog.";
    if (name.starts_with(schema)) name.remove_prefix(schema.size());
    if (const type_info* known = find_exact(name)) return known;
    if (name == "_char") return find_exact("\"char\"[]");
    if (name.starts_with('_')) return array_type(find_exact(name.substr(1)));
    const bool array = name.ends_with("[]");
    if (array) name.remove_suffix(2);
    for (const alias& a : aliases)
        if (a.name == name) return array ? array_type(find_exact(a.meant)) : find_exact(a.meant);
    return nullptr;
}

std::string_view type_name(oid type) noexcept
{
    const type_info* const known = find_type(type);
    return known ? known->name : std::string_view();
}

} // namespace tusk
