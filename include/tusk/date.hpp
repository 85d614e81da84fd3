// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/error.hpp>

#include <chrono>
#include <compare>
#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <system_error>

namespace tusk {

/// A date in the proleptic Gregorian calendar, as PostgreSQL has it: from 4714-11-24 BC to 5874897-12-31, or
/// one of both infinities. std::chrono's own types are sent and read too, where neither infinity nor a year
/// beyond 32767 occurs. A value.
/// \code
/// tusk::date due = row["due"].as<tusk::date>();
/// if (due.is_finite()) std::cout << due.as<std::chrono::sys_days>().time_since_epoch().count() << '\n';
/// \endcode
class date {
public:
    /// 2000-01-01
    constexpr date() noexcept = default;
    /// Exceptions: tusk::error, errc::value_out_of_range for what PostgreSQL does not have, 30 February
    /// included.
    explicit date(std::chrono::sys_days day);
    explicit date(std::chrono::local_days day);
    explicit date(const std::chrono::year_month_day& day);

    /// Any number of days; see ok().
    [[nodiscard]] static constexpr date from_days(std::int32_t since_2000) noexcept
    {
        date result;
        result.days_ = since_2000;
        return result;
    }
    [[nodiscard]] static constexpr date infinity() noexcept { return from_days(most); }
    [[nodiscard]] static constexpr date minus_infinity() noexcept { return from_days(least); }

    /// False for what PostgreSQL does not have, which cannot be sent.
    [[nodiscard]] constexpr bool ok() const noexcept
    {
        return !is_finite() || (days_ >= -2'451'545 && days_ < 2'145'031'949);
    }
    [[nodiscard]] constexpr bool is_finite() const noexcept { return days_ != most && days_ != least; }
    [[nodiscard]] constexpr bool is_infinite() const noexcept { return !is_finite(); }

    [[nodiscard]] constexpr std::int32_t days_since_2000() const noexcept { return days_; }

    /// As std::chrono::sys_days, local_days or year_month_day.
    /// Exceptions: tusk::error, errc::value_not_representable: infinity, or a year beyond those of
    /// year_month_day.
    template <class T>
    [[nodiscard]] T as() const
    {
        T value{};
        if (const std::error_code ec = get(value)) throw error(ec);
        return value;
    }
    /// The same with an error code; `out` is unchanged after a failure.
    [[nodiscard]] std::error_code get(std::chrono::sys_days& out) const noexcept;
    [[nodiscard]] std::error_code get(std::chrono::local_days& out) const noexcept;
    [[nodiscard]] std::error_code get(std::chrono::year_month_day& out) const noexcept;

    /// As PostgreSQL's ISO style writes it: "2024-02-29", "0044-03-15 BC", "-infinity".
    [[nodiscard]] std::string to_string() const;

    friend constexpr bool operator==(const date&, const date&) noexcept = default;
    friend constexpr std::strong_ordering operator<=>(const date&, const date&) noexcept = default;

private:
    static constexpr std::int32_t most = std::numeric_limits<std::int32_t>::max();
    static constexpr std::int32_t least = std::numeric_limits<std::int32_t>::min();

    std::int32_t days_ = 0;
};

namespace detail {

/// False for what PostgreSQL does not have.
[[nodiscard]] bool to_server_date(std::int64_t days_since_1970, date& out) noexcept;

} // namespace detail

} // namespace tusk
