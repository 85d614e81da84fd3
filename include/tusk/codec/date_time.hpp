// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/date.hpp>
#include <tusk/field.hpp>
#include <tusk/interval.hpp>
#include <tusk/time_of_day.hpp>
#include <tusk/timestamp.hpp>

/// Dates and times over PostgreSQL's whole range, infinity included.
///
/// | SQL         | C++                                                |
/// |-------------|----------------------------------------------------|
/// | timestamptz | tusk::timestamptz; std::chrono::sys_time also does  |
/// | timestamp   | tusk::timestamp; std::chrono::local_time also does  |
/// | date        | tusk::date; std::chrono's dates also do             |
/// | time        | tusk::time_of_day                                  |
/// | timetz      | tusk::timetz                                       |
/// | interval    | tusk::interval                                     |
///
/// In text format every DateStyle and IntervalStyle is read, here and in <tusk/codec/chrono.hpp>. Only ISO says
/// of a timestamptz what its offset is: the other styles write the name of the time zone, and "EST" or "IST"
/// can be several. There it is read where the name is a number ("+0545"), or the session's TimeZone is UTC.
/// Errors: errc::value_out_of_range for sending what is not ok(); errc::invalid_value for such a name.
/// Limits: from PostgreSQL 14 on the server reports a change of DateStyle or TimeZone at the end of the script or
/// batch only. What follows a SET, RESET, COMMIT or ROLLBACK within one is errc::invalid_value where the order of
/// day and month, or the zone, hangs on it; after set_config() it is read as before.
namespace tusk {

template <>
struct encode_traits<date> {
    static constexpr oid type = oid::date;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const date& value, encoder& out);
};

template <>
struct decode_traits<date> {
    [[nodiscard]] static bool accepts(const column& c) noexcept { return c.type == oid::date; }
    [[nodiscard]] static errc decode(const field& f, date& out) noexcept;
};

namespace detail {

[[nodiscard]] errc write_timestamp(std::int64_t since_2000, bool ok, encoder& out);
/// A timestamp, or with `zone` a timestamptz; in microseconds from 2000-01-01, infinity as in the binary form.
[[nodiscard]] errc read_timestamp(const field& f, bool zone, std::int64_t& since_2000) noexcept;

} // namespace detail

template <class Clock>
struct encode_traits<basic_timestamp<Clock>> {
    static constexpr oid type =
        std::same_as<Clock, std::chrono::system_clock> ? oid::timestamptz : oid::timestamp;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const basic_timestamp<Clock>& value, encoder& out)
    {
        return detail::write_timestamp(value.since_2000().count(), value.ok(), out);
    }
};

template <class Clock>
struct decode_traits<basic_timestamp<Clock>> {
    static constexpr oid type = encode_traits<basic_timestamp<Clock>>::type;

    [[nodiscard]] static bool accepts(const column& c) noexcept { return c.type == type; }
    [[nodiscard]] static errc decode(const field& f, basic_timestamp<Clock>& out) noexcept
    {
        std::int64_t count = 0;
        const errc e = detail::read_timestamp(f, type == oid::timestamptz, count);
        if (e == errc{}) out = basic_timestamp<Clock>::from_microseconds(std::chrono::microseconds(count));
        return e;
    }
};

template <>
struct encode_traits<time_of_day> {
    static constexpr oid type = oid::time;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const time_of_day& value, encoder& out);
};

template <>
struct decode_traits<time_of_day> {
    [[nodiscard]] static bool accepts(const column& c) noexcept { return c.type == oid::time; }
    [[nodiscard]] static errc decode(const field& f, time_of_day& out) noexcept;
};

template <>
struct encode_traits<timetz> {
    static constexpr oid type = oid::timetz;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const timetz& value, encoder& out);
};

template <>
struct decode_traits<timetz> {
    [[nodiscard]] static bool accepts(const column& c) noexcept { return c.type == oid::timetz; }
    [[nodiscard]] static errc decode(const field& f, timetz& out) noexcept;
};

template <>
struct encode_traits<interval> {
    static constexpr oid type = oid::interval;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const interval& value, encoder& out);
};

template <>
struct decode_traits<interval> {
    [[nodiscard]] static bool accepts(const column& c) noexcept { return c.type == oid::interval; }
    [[nodiscard]] static errc decode(const field& f, interval& out) noexcept;
};

} // namespace tusk
