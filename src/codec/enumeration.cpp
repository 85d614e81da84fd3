// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/enumeration.hpp>

namespace tusk::detail {

bool holds_label(const column& c) noexcept
{
    return takes_label(c.type) || (c.type == oid::unknown && c.format == format::text);
}

bool takes_label(oid target) noexcept
{
    switch (target) {
    case oid::text:
    case oid::varchar:
    case oid::bpchar:
    case oid::name:
        return true;
    default:
        return is_dynamic(target);
    }
}

} // namespace tusk::detail
