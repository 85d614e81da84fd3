// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/date_time.hpp>
#include <tusk/detail/bytes.hpp>

#include "codec/time_text.hpp"

namespace tusk {
namespace {

std::int64_t load_i64(std::span<const std::byte, 8> from) noexcept
{
    return static_cast<std::int64_t>(detail::load_be<std::uint64_t>(from));
}

std::int32_t load_i32(std::span<const std::byte, 4> from) noexcept
{
    return static_cast<std::int32_t>(detail::load_be<std::uint32_t>(from));
}

} // namespace

errc detail::write_timestamp(std::int64_t since_2000, bool ok, encoder& out)
{
    if (!ok) return errc::value_out_of_range;
    out.i64(since_2000);
    return {};
}

errc detail::read_timestamp(const field& f, bool zone, std::int64_t& since_2000) noexcept
{
    if (f.format() == format::text) return read_timestamp_text(f.view(), f.column().style, zone, since_2000);
    const auto bytes = f.bytes();
    if (bytes.size() != 8) return errc::invalid_value;
    const std::int64_t count = load_i64(bytes.first<8>());
    if (!timestamp::from_microseconds(std::chrono::microseconds(count)).ok())
        return errc::value_not_representable;
    since_2000 = count;
    return {};
}

errc encode_traits<date>::encode(const date& value, encoder& out)
{
    if (!value.ok()) return errc::value_out_of_range;
    out.i32(value.days_since_2000());
    return {};
}

errc decode_traits<date>::decode(const field& f, date& out) noexcept
{
    std::int32_t days = 0;
    if (f.format() == format::text) {
        if (const errc e = detail::read_date_text(f.view(), f.column().style, days); e != errc{}) return e;
    } else {
        const auto bytes = f.bytes();
        if (bytes.size() != 4) return errc::invalid_value;
        days = load_i32(bytes.first<4>());
        if (!date::from_days(days).ok()) return errc::value_not_representable;
    }
    out = date::from_days(days);
    return {};
}

errc encode_traits<time_of_day>::encode(const time_of_day& value, encoder& out)
{
    if (!value.ok()) return errc::value_out_of_range;
    out.i64(value.since_midnight().count());
    return {};
}

errc decode_traits<time_of_day>::decode(const field& f, time_of_day& out) noexcept
{
    if (f.format() == format::text) return detail::read_time_text(f.view(), out);
    const auto bytes = f.bytes();
    if (bytes.size() != 8) return errc::invalid_value;
    const time_of_day value{std::chrono::microseconds(load_i64(bytes.first<8>()))};
    if (!value.ok()) return errc::invalid_value;
    out = value;
    return {};
}

/// Int64 microseconds, Int32 seconds to the west
errc encode_traits<timetz>::encode(const timetz& value, encoder& out)
{
    if (!value.ok()) return errc::value_out_of_range;
    out.i64(value.time.since_midnight().count());
    out.i32(static_cast<std::int32_t>(-value.offset.count()));
    return {};
}

errc decode_traits<timetz>::decode(const field& f, timetz& out) noexcept
{
    if (f.format() == format::text) return detail::read_timetz_text(f.view(), out);
    const auto bytes = f.bytes();
    if (bytes.size() != 12) return errc::invalid_value;
    timetz value{.time = time_of_day(std::chrono::microseconds(load_i64(bytes.first<8>())))};
    value.offset = -std::chrono::seconds(load_i32(bytes.last<4>()));
    if (!value.ok()) return errc::invalid_value;
    out = value;
    return {};
}

/// Int64 microseconds, Int32 days, Int32 months
errc encode_traits<interval>::encode(const interval& value, encoder& out)
{
    out.i64(value.microseconds);
    out.i32(value.days);
    out.i32(value.months);
    return {};
}

errc decode_traits<interval>::decode(const field& f, interval& out) noexcept
{
    if (f.format() == format::text) return detail::read_interval_text(f.view(), out);
    const auto bytes = f.bytes();
    if (bytes.size() != 16) return errc::invalid_value;
    out.microseconds = load_i64(bytes.first<8>());
    out.days = load_i32(bytes.subspan<8, 4>());
    out.months = load_i32(bytes.last<4>());
    return {};
}

} // namespace tusk
