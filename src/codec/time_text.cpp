// Distributed under the Boost Software License, Version 1.0.
#include "codec/time_text.hpp"
#include "codec/scanner.hpp"
#include "values/calendar.hpp"

#include <tusk/date.hpp>
#include <tusk/timestamp.hpp>

#include <limits>

namespace tusk::detail {
namespace {

constexpr std::int64_t micros_per_second = 1'000'000;
constexpr std::int64_t micros_per_day = 86'400 * micros_per_second;
constexpr std::int64_t epoch_days = 10'957; // from 1970-01-01 to 2000-01-01

/// The parts of a date as they stand.
struct date_parts {
    std::int64_t year = 0, month = 0, day = 0;

    /// Days from 2000-01-01; false when there is no such day.
    [[nodiscard]] bool days(bool before_christ, std::int64_t& since_2000) const noexcept
    {
        const std::int64_t astronomical = before_christ ? 1 - year : year; // 1 BC is the year 0
        if (year < 1 || month < 1 || month > 12 || day < 1 || day > days_in_month(astronomical, month))
            return false;
        since_2000 = days_from_civil({astronomical, month, day}) - epoch_days;
        return true;
    }
};

std::int64_t scan_year(scanner& in) noexcept { return in.number(4, 7, 9'999'999); }

/// The rest of MM/DD/YYYY or DD/MM/YYYY, or of the same with hyphens, behind the first number.
date_parts scan_ordered_date(scanner& in, text_style style, std::string_view separator,
                             std::int64_t first) noexcept
{
    date_parts date;
    const std::int64_t second = in.number(2, 2, 31);
    in.need(separator);
    date.year = scan_year(in);
    if (style.order == text_style::date_order::unknown) in.fail();
    const bool day_first = style.order == text_style::date_order::dmy;
    date.day = day_first ? first : second;
    date.month = day_first ? second : first;
    return date;
}

/// ISO: YYYY-MM-DD. German: DD.MM.YYYY. SQL: DD/MM/YYYY or MM/DD/YYYY. Postgres: the same with hyphens. The year
/// has four digits or more. " BC" comes at the very end of a value.
date_parts scan_date(scanner& in, text_style style) noexcept
{
    date_parts date;
    const std::int64_t first = in.number(2, 7, 9'999'999);
    if (in.digits() > 2) {
        date.year = first;
        if (in.digits() < 4) in.fail();
        in.need("-");
        date.month = in.number(2, 2, 12);
        in.need("-");
        date.day = in.number(2, 2, 31);
        return date;
    }
    if (in.skip("/")) return scan_ordered_date(in, style, "/", first);
    if (in.skip("-")) return scan_ordered_date(in, style, "-", first);
    in.need(".");
    date.day = first;
    date.month = in.number(2, 2, 12);
    in.need(".");
    date.year = scan_year(in);
    return date;
}

/// HH:MM:SS, then up to six digits of a fraction; in microseconds.
std::int64_t scan_time(scanner& in) noexcept
{
    std::int64_t seconds = in.number(2, 2, 24) * 3600;
    in.need(":");
    seconds += in.number(2, 2, 59) * 60;
    in.need(":");
    seconds += in.number(2, 2, 60);
    return seconds * micros_per_second + in.fraction();
}

/// +HH, +HH:MM or +HH:MM:SS east of UTC, - west; in seconds. In names of zones it comes without colons.
std::int64_t scan_offset(scanner& in) noexcept
{
    const bool west = in.skip("-");
    if (!west) in.need("+");
    std::int64_t seconds = in.number(2, 2, 15) * 3600;
    for (const std::int64_t unit : {60, 1})
        if (in.skip(":") || in.at_digit()) seconds += in.number(2, 2, 59) * unit;
    return west ? -seconds : seconds;
}

/// The offset stands behind a time in ISO; in the other styles a blank and the name of the zone.
std::int64_t scan_zone(scanner& in, text_style style) noexcept
{
    if (!in.skip(" ")) return scan_offset(in);
    if (style.zones == text_style::zone_names::utc && (in.skip("UTC") || in.skip("GMT"))) return 0;
    if (style.zones == text_style::zone_names::unknown) in.fail();
    return scan_offset(in);
}

/// A date and a time of any style but Postgres, which writes "Thu Feb 29 12:34:56 2024" or "Thu 29 Feb ...".
date_parts scan_postgres_timestamp(scanner& in, std::int64_t& time) noexcept
{
    static constexpr std::string_view weekdays = "MonTueWedThuFriSatSun";
    static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    date_parts date;
    static_cast<void>(in.one_of(weekdays, 3));
    in.need(" ");
    const bool day_first = in.at_digit();
    if (day_first) {
        date.day = in.number(2, 2, 31);
        in.need(" ");
    }
    date.month = static_cast<std::int64_t>(in.one_of(months, 3)) + 1;
    in.need(" ");
    if (!day_first) {
        date.day = in.number(2, 2, 31);
        in.need(" ");
    }
    time = scan_time(in);
    in.need(" ");
    date.year = scan_year(in);
    return date;
}

/// "infinity" or "-infinity", which are the greatest and the least number.
template <class Number>
bool read_infinity(std::string_view text, Number& out) noexcept
{
    if (text != "infinity" && text != "-infinity") return false;
    using limits = std::numeric_limits<Number>;
    out = text.front() == '-' ? limits::min() : limits::max();
    return true;
}

} // namespace

errc read_date_text(std::string_view text, text_style style, std::int32_t& since_2000) noexcept
{
    if (read_infinity(text, since_2000)) return {};
    scanner in(text);
    const date_parts parts = scan_date(in, style);
    const bool before_christ = in.skip(" BC");
    std::int64_t days = 0;
    if (!in.done() || !parts.days(before_christ, days)) return errc::invalid_value;
    if (!std::in_range<std::int32_t>(days)) return errc::value_not_representable;
    const date result = date::from_days(static_cast<std::int32_t>(days));
    if (!result.ok() || !result.is_finite()) return errc::value_not_representable;
    since_2000 = result.days_since_2000();
    return {};
}

errc read_timestamp_text(std::string_view text, text_style style, bool zone,
                         std::int64_t& since_2000) noexcept
{
    if (read_infinity(text, since_2000)) return {};
    scanner in(text);
    date_parts parts;
    std::int64_t time = 0;
    if (in.at_digit()) {
        parts = scan_date(in, style);
        in.need(" ");
        time = scan_time(in);
    } else {
        parts = scan_postgres_timestamp(in, time);
    }
    const std::int64_t east = zone ? scan_zone(in, style) : 0;
    const bool before_christ = in.skip(" BC");
    std::int64_t days = 0;
    if (!in.done() || !parts.days(before_christ, days)) return errc::invalid_value;
    // two days more than PostgreSQL has: what 64 bits hold with any time and offset
    if (days < first_microsecond / micros_per_day - 2 || days > end_microsecond / micros_per_day + 2)
        return errc::value_not_representable;
    const std::int64_t count = days * micros_per_day + time - east * micros_per_second;
    if (count < first_microsecond || count >= end_microsecond) return errc::value_not_representable;
    since_2000 = count;
    return {};
}

errc read_time_text(std::string_view text, time_of_day& out) noexcept
{
    scanner in(text);
    const time_of_day time{std::chrono::microseconds(scan_time(in))};
    if (!in.done() || !time.ok()) return errc::invalid_value;
    out = time;
    return {};
}

errc read_timetz_text(std::string_view text, timetz& out) noexcept
{
    scanner in(text);
    timetz value{.time = time_of_day(std::chrono::microseconds(scan_time(in)))};
    value.offset = std::chrono::seconds(scan_offset(in));
    if (!in.done() || !value.ok()) return errc::invalid_value;
    out = value;
    return {};
}

} // namespace tusk::detail
