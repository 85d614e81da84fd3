// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/extension.hpp>
#include <tusk/detail/parts.hpp>

#include "codec/user_type.hpp"

namespace tusk::detail {

bool extension_encoding::encodes(oid target) noexcept { return is_user_type(target); }

bool extension_decoding::accepts(const column& c) noexcept
{
    return is_user_type(c.type) || is_unknown_text(c); // arrays and composites in text format do not tell
}

} // namespace tusk::detail
