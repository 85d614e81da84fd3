// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/date_time.hpp>
#include <tusk/codec/traits.hpp>
#include <tusk/field.hpp>

#include <chrono>
#include <concepts>
#include <cstdint>

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
/// type cannot hold, is errc::value_not_representable: tusk::timestamptz, tusk::timestamp and tusk::date hold all
/// there is. For values in text format see <tusk/codec/date_time.hpp>.
namespace tusk {
namespace detail {

/// Days have a type of their own in SQL.
template <class D>
concept time_duration = whole_duration<D> && !std::same_as<D, std::chrono::days>;

template <time_duration D>
[[nodiscard]] errc write_time(D since_1970, encoder& out)
{
    std::int64_t count = 0;
    const bool ok = to_server_time(since_1970, count); // first: the order of arguments is the compiler's
    return write_timestamp(count, ok, out);
}

template <fine_duration D>
[[nodiscard]] errc read_time(const field& f, bool zone, D& since_1970) noexcept
{
    std::int64_t count = 0;
    if (const errc e = read_timestamp(f, zone, count); e != errc{}) return e;
    return from_server_time(count, since_1970) ? errc{} : errc::value_not_representable;
}

} // namespace detail

template <detail::time_duration D>
struct encode_traits<std::chrono::sys_time<D>> {
    static constexpr oid type = oid::timestamptz;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const std::chrono::sys_time<D>& value, encoder& out)
    {
        return detail::write_time(value.time_since_epoch(), out);
    }
};

template <detail::time_duration D>
struct encode_traits<std::chrono::local_time<D>> {
    static constexpr oid type = oid::timestamp;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const std::chrono::local_time<D>& value, encoder& out)
    {
        return detail::write_time(value.time_since_epoch(), out);
    }
};

template <detail::fine_duration D>
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

template <detail::fine_duration D>
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

[[nodiscard]] errc write_days(std::int64_t since_1970, encoder& out);

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
        date value;
        if (const errc e = decode_traits<date>::decode(f, value); e != errc{}) return e;
        return value.get(out) ? errc::value_not_representable : errc{};
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
struct decode_traits<std::chrono::year_month_day> : detail::days_decoding<std::chrono::year_month_day> {
};

} // namespace tusk
