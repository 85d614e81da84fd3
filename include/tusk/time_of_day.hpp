// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <chrono>
#include <compare>
#include <string>

namespace tusk {

/// A time of the day in microseconds: PostgreSQL's time (without time zone). 24:00:00, the end of the day, is
/// one too. A value.
/// \code
/// using namespace std::chrono_literals;
/// tusk::time_of_day closing(18h + 30min);
/// std::cout << closing.hh_mm_ss().hours().count() << '\n';
/// \endcode
class time_of_day {
public:
    /// 00:00:00
    constexpr time_of_day() noexcept = default;
    /// Any duration; see ok().
    constexpr explicit time_of_day(std::chrono::microseconds since_midnight) noexcept
        : since_midnight_(since_midnight)
    {
    }

    /// False for less than 0 or more than 24 hours, which cannot be sent.
    [[nodiscard]] constexpr bool ok() const noexcept
    {
        return since_midnight_.count() >= 0 && since_midnight_ <= std::chrono::hours(24);
    }
    [[nodiscard]] constexpr std::chrono::microseconds since_midnight() const noexcept
    {
        return since_midnight_;
    }
    [[nodiscard]] constexpr std::chrono::hh_mm_ss<std::chrono::microseconds> hh_mm_ss() const noexcept
    {
        return std::chrono::hh_mm_ss<std::chrono::microseconds>(since_midnight_);
    }

    /// As PostgreSQL writes it: "18:30:00", "23:59:59.999999"; nothing sensible unless ok().
    [[nodiscard]] std::string to_string() const;

    friend constexpr bool operator==(const time_of_day&, const time_of_day&) noexcept = default;
    friend constexpr std::strong_ordering operator<=>(const time_of_day& a, const time_of_day& b) noexcept
    {
        return a.since_midnight_.count() <=> b.since_midnight_.count();
    }

private:
    std::chrono::microseconds since_midnight_{0};
};

/// A time of the day at an offset from UTC: PostgreSQL's timetz. A value; equal when both parts are, as in
/// PostgreSQL.
struct timetz {
    time_of_day time;
    std::chrono::seconds offset{0}; ///< what that clock is ahead of UTC: positive in the east

    /// False for a time that is not, and for an offset of 16 hours or more, which cannot be sent.
    [[nodiscard]] constexpr bool ok() const noexcept
    {
        constexpr std::chrono::seconds limit = std::chrono::hours(16);
        return time.ok() && offset < limit && offset > -limit;
    }

    /// As PostgreSQL writes it: "18:30:00+02", "18:30:00-03:30"; nothing sensible unless ok().
    [[nodiscard]] std::string to_string() const;

    friend constexpr bool operator==(const timetz&, const timetz&) noexcept = default;
};

} // namespace tusk
