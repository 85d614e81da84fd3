// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/error.hpp>

#include <chrono>
#include <compare>
#include <concepts>
#include <cstdint>
#include <limits>
#include <ratio>
#include <string>
#include <system_error>
#include <utility>

namespace tusk {
namespace detail {

/// Durations that count whole ticks.
template <class D>
concept whole_duration = std::integral<typename D::rep>;

/// Durations that hold every microsecond.
template <class D>
concept fine_duration = whole_duration<D> && sizeof(typename D::rep) >= 8 &&
                        std::ratio_divide<std::micro, typename D::period>::den == 1;

/// From 1970-01-01, where std::chrono counts from, to 2000-01-01, where PostgreSQL does, in microseconds.
inline constexpr std::int64_t epoch_gap = 946'684'800'000'000;

/// What PostgreSQL holds, in microseconds from 2000-01-01: from 4714-11-24 BC, before 294277-01-01.
inline constexpr std::int64_t first_microsecond = -211'813'488'000'000'000;
inline constexpr std::int64_t end_microsecond = 9'223'371'331'200'000'000;

/// Microseconds from 2000-01-01; what is finer is cut off, towards the past. False beyond PostgreSQL's range.
template <whole_duration D>
[[nodiscard]] constexpr bool to_server_time(D since_1970, std::int64_t& since_2000) noexcept
{
    using std::chrono::microseconds;
    using wide = std::chrono::duration<std::int64_t, typename D::period>;
    if (!std::in_range<std::int64_t>(since_1970.count())) return false;
    const wide exact(static_cast<std::int64_t>(since_1970.count()));
    if constexpr (std::ratio_greater_v<typename D::period, std::micro>) { // the product must not overflow
        constexpr auto most = std::chrono::duration_cast<wide>(microseconds::max());
        if (exact > most || exact < -most) return false;
    }
    const std::int64_t count = std::chrono::floor<microseconds>(exact).count();
    if (count < first_microsecond + epoch_gap || count - epoch_gap >= end_microsecond) return false;
    since_2000 = count - epoch_gap;
    return true;
}

/// The reverse; false where D does not hold it, and for infinity.
template <fine_duration D>
[[nodiscard]] constexpr bool from_server_time(std::int64_t since_2000, D& since_1970) noexcept
{
    using limits = std::numeric_limits<std::int64_t>;
    if (since_2000 == limits::min() || since_2000 > limits::max() - epoch_gap) return false;
    const std::int64_t count = since_2000 + epoch_gap;
    constexpr std::int64_t factor = std::ratio_divide<std::micro, typename D::period>::num;
    constexpr std::int64_t most = limits::max() / factor;
    if (count > most || count < -most) return false;
    if (!std::in_range<typename D::rep>(count * factor)) return false;
    since_1970 = D(static_cast<typename D::rep>(count * factor));
    return true;
}

/// "2024-02-29 12:34:56.5", then `zone`, then " BC" where it is so.
[[nodiscard]] std::string timestamp_text(std::int64_t since_2000, const char* zone);

} // namespace detail

/// A time in microseconds over PostgreSQL's whole range, from 4714-11-24 BC to the end of the year 294276, or
/// one of both infinities. std::chrono's own time points are sent and read too, where neither infinity nor a
/// year beyond theirs occurs. A value. See timestamp and timestamptz.
template <class Clock>
class basic_timestamp {
public:
    template <class D>
    using time_point = std::chrono::time_point<Clock, D>;

    /// 2000-01-01 00:00:00
    constexpr basic_timestamp() noexcept = default;
    /// What is finer than a microsecond is cut off, towards the past.
    /// Exceptions: tusk::error, errc::value_out_of_range for what PostgreSQL does not have.
    template <detail::whole_duration D>
    explicit basic_timestamp(const time_point<D>& time)
    {
        if (!detail::to_server_time(time.time_since_epoch(), count_)) throw error(errc::value_out_of_range);
    }

    /// Any number of microseconds; see ok().
    [[nodiscard]] static constexpr basic_timestamp
    from_microseconds(std::chrono::microseconds since_2000) noexcept
    {
        basic_timestamp result;
        result.count_ = since_2000.count();
        return result;
    }
    [[nodiscard]] static constexpr basic_timestamp infinity() noexcept
    {
        return from_microseconds(std::chrono::microseconds(most));
    }
    [[nodiscard]] static constexpr basic_timestamp minus_infinity() noexcept
    {
        return from_microseconds(std::chrono::microseconds(least));
    }

    /// False for what PostgreSQL does not have, which cannot be sent.
    [[nodiscard]] constexpr bool ok() const noexcept
    {
        return !is_finite() || (count_ >= detail::first_microsecond && count_ < detail::end_microsecond);
    }
    [[nodiscard]] constexpr bool is_finite() const noexcept { return count_ != most && count_ != least; }
    [[nodiscard]] constexpr bool is_infinite() const noexcept { return !is_finite(); }

    [[nodiscard]] constexpr std::chrono::microseconds since_2000() const noexcept
    {
        return std::chrono::microseconds(count_);
    }

    /// As a std::chrono time point of the same clock, of microseconds or nanoseconds.
    /// Exceptions: tusk::error, errc::value_not_representable: infinity, or a time that it does not hold
    /// (nanoseconds reach from 1677 to 2262).
    template <class T>
    [[nodiscard]] T as() const
    {
        T value{};
        if (const std::error_code ec = get(value)) throw error(ec);
        return value;
    }
    /// The same with an error code; `out` is unchanged after a failure.
    template <detail::fine_duration D>
    [[nodiscard]] std::error_code get(time_point<D>& out) const noexcept
    {
        D since_1970{};
        if (!detail::from_server_time(count_, since_1970)) return errc::value_not_representable;
        out = time_point<D>(since_1970);
        return {};
    }

    /// As PostgreSQL's ISO style writes it, timestamptz in UTC: "2024-02-29 12:34:56.5+00", "-infinity".
    [[nodiscard]] std::string to_string() const
    {
        constexpr bool zoned = std::same_as<Clock, std::chrono::system_clock>;
        return detail::timestamp_text(count_, zoned ? "+00" : "");
    }

    friend constexpr bool operator==(const basic_timestamp&, const basic_timestamp&) noexcept = default;
    friend constexpr std::strong_ordering operator<=>(const basic_timestamp&,
                                                      const basic_timestamp&) noexcept = default;

private:
    static constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    static constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

    std::int64_t count_ = 0; // microseconds from 2000-01-01
};

/// What a clock on the wall shows, wherever it hangs: PostgreSQL's timestamp (without time zone).
using timestamp = basic_timestamp<std::chrono::local_t>;
/// An instant: PostgreSQL's timestamptz, which keeps no time zone.
/// \code
/// auto until = row["valid_until"].as<tusk::timestamptz>();
/// bool expired = until < tusk::timestamptz(std::chrono::system_clock::now());
/// \endcode
using timestamptz = basic_timestamp<std::chrono::system_clock>;

} // namespace tusk
