// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

/// The proleptic Gregorian calendar over PostgreSQL's whole range, which is wider than that of std::chrono.
namespace tusk::detail {

/// A day. The year is astronomical: 0 is 1 BC.
struct civil {
    std::int64_t year = 0;
    std::int64_t month = 1;
    std::int64_t day = 1;

    friend bool operator==(const civil&, const civil&) = default;
};

/// Days from 1970-01-01. Years are counted from March, so that the leap day is the last, in eras of 400 years.
[[nodiscard]] constexpr std::int64_t days_from_civil(const civil& date) noexcept
{
    const std::int64_t shifted = date.month > 2 ? date.year : date.year - 1;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    const std::int64_t of_era = shifted - era * 400;
    const std::int64_t month = date.month > 2 ? date.month - 3 : date.month + 9;
    const std::int64_t of_year = (153 * month + 2) / 5 + date.day - 1;
    return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}

/// The reverse.
[[nodiscard]] constexpr civil civil_from_days(std::int64_t since_1970) noexcept
{
    const std::int64_t days = since_1970 + 719'468;
    const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
    const std::int64_t of_era = days - era * 146'097;
    const std::int64_t year = (of_era - of_era / 1460 + of_era / 36'524 - of_era / 146'096) / 365;
    const std::int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    const std::int64_t month = (5 * of_year + 2) / 153; // from March
    const bool next_year = month >= 10;
    return {.year = year + era * 400 + (next_year ? 1 : 0),
            .month = next_year ? month - 9 : month + 3,
            .day = of_year - (153 * month + 2) / 5 + 1};
}

static_assert(days_from_civil({1970, 1, 1}) == 0 && civil_from_days(0) == civil{1970, 1, 1});
static_assert(civil_from_days(days_from_civil({-4713, 11, 24})) == civil{-4713, 11, 24});

[[nodiscard]] constexpr std::int64_t days_in_month(std::int64_t year, std::int64_t month) noexcept
{
    constexpr std::array<std::int64_t, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

} // namespace tusk::detail
