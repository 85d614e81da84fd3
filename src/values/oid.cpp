// Distributed under the Boost Software License, Version 1.0.
#include <tusk/oid.hpp>
#include <tusk/type_info.hpp>

#include "values/type_table.hpp"

#include <algorithm>
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
    using detail::type_table;
    const auto at = std::lower_bound(std::begin(type_table), std::end(type_table), type,
                                     [](const type_info& t, oid wanted) { return t.id < wanted; });
    return at != std::end(type_table) && at->id == type ? &*at : nullptr;
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
