// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/field.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>
#include <limits>
#include <ratio>
#include <utility>

/// Dates and times, in the proleptic Gregorian calendar as PostgreSQL has them.
///
/// | SQL         | C++                                                                          |
/// |-------------|------------------------------------------------------------------------------|
/// | timestamptz | std::chrono::sys_time, an instant; read into microseconds or nanoseconds     |
/// | timestamp   | std::chrono::local_time, what a clock on the wall shows; likewise            |
/// | date        | std::chrono::year_month_day, std::chrono::sys_days, std::chrono::local_days  |
///
/// Sent are times of any precision; what is finer than a microsecond is cut off, towards the past.
/// Errors: sending what PostgreSQL cannot hold is errc::value_out_of_range. Reading infinity, or what the C++
/// type cannot hold, is errc::value_not_representable. In text format only the ISO DateStyle is read, any
/// other is errc::invalid_value.
namespace tusk {
namespace detail {

/// All counts are from 1970-01-01.
[[nodiscard]] errc write_microseconds(std::int64_t since_epoch, encoder& out);
[[nodiscard]] errc write_days(std::int64_t since_epoch, encoder& out);
/// A timestamp, or with `zone` a timestamptz.
[[nodiscard]] errc read_microseconds(const field& f, bool zone, std::int64_t& since_epoch) noexcept;
[[nodiscard]] errc read_days(const field& f, std::int64_t& since_epoch) noexcept;

template <class D>
concept time_of_day = std::integral<typename D::rep> && !std::same_as<D, std::chrono::days>;

/// Durations that hold every microsecond.
template <class D>
concept fine_time =
    time_of_day<D> && sizeof(typename D::rep) >= 8 && std::ratio_divide<std::micro, typename D::period>::den
                                                          == 1;

template <time_of_day D>
[[nodiscard]] errc write_time(D since_epoch, encoder& out)
{
    using std::chrono::microseconds;
    using wide = std::chrono::duration<std::int64_t, typename D::period>;
    if (!std::in_range<std::int64_t>(since_epoch.count())) return errc::value_out_of_range;
    const wide exact(static_cast<std::int64_t>(since_epoch.count()));
    if constexpr (std::ratio_greater_v<typename D::period, std::micro>) { // the product must not overflow
        constexpr auto most = std::chrono::duration_cast<wide>(microseconds::max());
        if (exact > most || exact < -most) return errc::value_out_of_range;
    }
    return write_microseconds(std::chrono::floor<microseconds>(exact).count(), out);
}

template <fine_time D>
[[nodiscard]] errc read_time(const field& f, bool zone, D& since_epoch) noexcept
{
    std::int64_t count = 0;
    if (const errc e = read_microseconds(f, zone, count); e != errc{}) return e;
    constexpr std::int64_t factor = std::ratio_divide<std::micro, typename D::period>::num;
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / factor;
    if (count > most || count < -most) return errc::value_not_representable;
    since_epoch = D(static_cast<typename D::rep>(count * factor));
    return {};
}

} // namespace detail

template <detail::time_of_day D>
struct encode_traits<std::chrono::sys_time<D>> {
    static constexpr oid type = oid::timestamptz;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const std::chrono::sys_time<D>& value, encoder& out)
    {
        return detail::write_time(value.time_since_epoch(), out);
    }
};

template <detail::time_of_day D>
struct encode_traits<std::chrono::local_time<D>> {
    static constexpr oid type = oid::timestamp;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const std::chrono::local_time<D>& value, encoder& out)
    {
        return detail::write_time(value.time_since_epoch(), out);
    }
};

template <detail::fine_time D>
struct decode_traits<std::chrono::sys_time<D>> {
    [[nodiscard]] static bool accepts(const column& c) noexcept { return c.type == oid::timestamptz; }
    [[nodiscard]] static errc decode(const field& f, std::chrono::sys_time<D>& out) noexcept
    {
        D since_epoch{};
        const errc e = detail::read_time(f, true, since_epoch);
        if (e == errc{}) out = std::chrono::sys_time<D>(since_epoch);
        return e;
    }
};

template <detail::fine_time D>
struct decode_traits<std::chrono::local_time<D>> {
    [[nodiscard]] static bool accepts(const column& c) noexcept { return c.type == oid::timestamp; }
    [[nodiscard]] static errc decode(const field& f, std::chrono::local_time<D>& out) noexcept
    {
        D since_epoch{};
        const errc e = detail::read_time(f, false, since_epoch);
        if (e == errc{}) out = std::chrono::local_time<D>(since_epoch);
        return e;
    }
};

namespace detail {

template <class Days>
struct days_encoding {
    static constexpr oid type = oid::date;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const Days& value, encoder& out)
    {
        return write_days(value.time_since_epoch().count(), out);
    }
};

template <class Days>
struct days_decoding {
    [[nodiscard]] static bool accepts(const column& c) noexcept { return c.type == oid::date; }
    [[nodiscard]] static errc decode(const field& f, Days& out) noexcept
    {
        std::int64_t count = 0;
        const errc e = read_days(f, count);
        if (e == errc{}) out = Days(std::chrono::days(static_cast<std::chrono::days::rep>(count)));
        return e;
    }
};

} // namespace detail

template <>
struct encode_traits<std::chrono::sys_days> : detail::days_encoding<std::chrono::sys_days> {
};
template <>
struct encode_traits<std::chrono::local_days> : detail::days_encoding<std::chrono::local_days> {
};
template <>
struct decode_traits<std::chrono::sys_days> : detail::days_decoding<std::chrono::sys_days> {
};
template <>
struct decode_traits<std::chrono::local_days> : detail::days_decoding<std::chrono::local_days> {
};

/// A date that does not exist (30 February) is errc::value_out_of_range.
template <>
struct encode_traits<std::chrono::year_month_day> {
    static constexpr oid type = oid::date;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const std::chrono::year_month_day& value, encoder& out);
};

template <>
struct decode_traits<std::chrono::year_month_day> {
    [[nodiscard]] static bool accepts(const column& c) noexcept { return c.type == oid::date; }
    [[nodiscard]] static errc decode(const field& f, std::chrono::year_month_day& out) noexcept;
};

} // namespace tusk
