// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

namespace tusk {

/// A span of time as PostgreSQL's interval keeps it: three counts that do not turn into each other, since a month
/// has no fixed number of days, nor a day of hours. Each may be negative. A value.
///
/// Comparison: equal when all three are; PostgreSQL's own `=` also has 1 month equal to 30 days.
/// Infinity: all counts at their limit, as PostgreSQL has it from 17 on; an older server takes that for a number.
/// \code
/// tusk::interval trial{.months = 1, .days = 15};
/// co_await db.async_execute(tusk::sql("update accounts set ends = starts + $1", trial));
/// \endcode
struct interval {
    std::int32_t months = 0;
    std::int32_t days = 0;
    std::int64_t microseconds = 0;

    [[nodiscard]] static constexpr interval infinity() noexcept
    {
        return {.months = std::numeric_limits<std::int32_t>::max(),
                .days = std::numeric_limits<std::int32_t>::max(),
                .microseconds = std::numeric_limits<std::int64_t>::max()};
    }
    [[nodiscard]] static constexpr interval minus_infinity() noexcept
    {
        return {.months = std::numeric_limits<std::int32_t>::min(),
                .days = std::numeric_limits<std::int32_t>::min(),
                .microseconds = std::numeric_limits<std::int64_t>::min()};
    }
    [[nodiscard]] constexpr bool is_infinite() const noexcept
    {
        return *this == infinity() || *this == minus_infinity();
    }

    /// ISO 8601 with PostgreSQL's signs: "P1Y2M3DT4H5M6.5S", "P-1DT0.1S", "PT0S"; "infinity", "-infinity".
    [[nodiscard]] std::string to_string() const;

    friend constexpr bool operator==(const interval&, const interval&) noexcept = default;
};

} // namespace tusk
