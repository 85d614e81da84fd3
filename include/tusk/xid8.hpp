// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <compare>
#include <cstdint>

namespace tusk {

/// A transaction's 64-bit number, which does not wrap around. A value.
/// \code
/// auto id = co_await db.async_query_one<tusk::xid8>("select pg_current_xact_id()");
/// \endcode
struct xid8 {
    std::uint64_t value = 0;

    friend constexpr auto operator<=>(const xid8&, const xid8&) noexcept = default;
};

} // namespace tusk
