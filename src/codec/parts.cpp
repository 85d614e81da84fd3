// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/parts.hpp>
#include <tusk/type_info.hpp>

namespace tusk::detail {
namespace {

constexpr oid record = oid{2249};
constexpr oid any_array = oid{2277}; // of pg_statistic: an array whose elements only its header names

} // namespace

oid element_of(oid type) noexcept
{
    if (is_dynamic(type)) return oid::unknown;
    const type_info* const known = find_type(type);
    return known ? known->element : oid::none;
}

oid subtype_of(oid type) noexcept
{
    if (is_dynamic(type)) return oid::unknown;
    const type_info* const known = find_type(type);
    return known ? known->subtype : oid::none;
}

oid element_of(const column& c) noexcept
{
    if (c.type == any_array) return oid::unknown;
    if (is_unknown_text(c)) return oid::unknown;
    return element_of(c.type);
}

oid subtype_of(const column& c) noexcept
{
    if (is_unknown_text(c)) return oid::unknown;
    // A range does not say what is in it: bytes of any type of the same size would look right.
    if (is_dynamic(c.type) && c.format == format::binary) return oid::none;
    return subtype_of(c.type);
}

bool is_composite(const column& c) noexcept
{
    if (c.type == record || is_dynamic(c.type)) return true;
    if (c.type == oid::unknown) return c.format == format::text;
    const type_info* const known = find_type(c.type);
    return known && known->kind == type_kind::composite;
}

bool is_multirange(oid type) noexcept
{
    const type_info* const known = find_type(type);
    return known && known->kind == type_kind::multirange;
}

bool is_text_type(oid type) noexcept
{
    switch (type) {
    case oid::text:
    case oid::varchar:
    case oid::bpchar:
    case oid::name:
    case oid::unknown:
    case oid::cstring:
    case oid::json:
    case oid::xml:
    case oid::refcursor:
        return true;
    default:
        return false;
    }
}

errc begin_text_part(oid target, encoder& out)
{
    if (target == oid::jsonb) out.u8(1); // its version
    const bool good =
        target == oid::none || target == oid::jsonb || is_dynamic(target) || is_text_type(target);
    return good ? errc{} : errc::parameter_mismatch;
}

} // namespace tusk::detail
