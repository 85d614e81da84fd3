// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/parts.hpp>
#include <tusk/type_description.hpp>
#include <tusk/type_info.hpp>

#include <string>

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

unknown_type_error::unknown_type_error(oid type)
    : error(errc::unknown_type,
            diagnostics::client("nothing is known of the type with OID " +
                                std::to_string(static_cast<std::uint32_t>(type)) +
                                " that a value holds: connection::async_describe_type looks it up"))
    , type_(type)
{
}

errc refused(const column& inner)
{
    if (is_unknown_type(inner)) throw unknown_type_error(inner.type);
    return errc::column_mismatch;
}

oid element_of(const column& c) noexcept
{
    if (c.type == any_array) return oid::unknown;
    if (is_unknown_text(c)) return oid::unknown;
    if (const type_description* known = c.types.find(c.type)) return known->element;
    return element_of(c.type);
}

oid subtype_of(const column& c) noexcept
{
    if (is_unknown_text(c)) return oid::unknown;
    if (const type_description* known = c.types.find(c.type)) return known->subtype;
    // A range does not say what is in it: bytes of any type of the same size would look right.
    if (is_dynamic(c.type) && c.format == format::binary) return oid::none;
    return subtype_of(c.type);
}

bool is_composite(const column& c) noexcept
{
    if (const type_description* known = c.types.find(c.type)) return known->kind == type_kind::composite;
    if (c.type == record || is_dynamic(c.type)) return true;
    if (c.type == oid::unknown) return c.format == format::text;
    const type_info* const known = find_type(c.type);
    return known && known->kind == type_kind::composite;
}

bool is_multirange(const column& c) noexcept
{
    if (const type_description* known = c.types.find(c.type)) return known->kind == type_kind::multirange;
    const type_info* const built_in = find_type(c.type);
    return built_in && built_in->kind == type_kind::multirange;
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
    const bool versioned = target == oid::jsonb || target == oid::jsonpath;
    if (versioned) out.u8(1);
    const bool good = versioned || target == oid::none || is_dynamic(target) || is_text_type(target);
    return good ? errc{} : errc::parameter_mismatch;
}

} // namespace tusk::detail
