// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/oid.hpp>

#include <cstdint>

namespace tusk::detail {

/// Types from here on were made by users and extensions, and have another number in each database.
constexpr std::uint32_t first_user_type = 16'384;

[[nodiscard]] constexpr bool is_user_type(oid type) noexcept
{
    return static_cast<std::uint32_t>(type) >= first_user_type;
}

} // namespace tusk::detail
