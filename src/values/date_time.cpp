// Distributed under the Boost Software License, Version 1.0.
#include <tusk/date.hpp>
#include <tusk/interval.hpp>
#include <tusk/time_of_day.hpp>
#include <tusk/timestamp.hpp>

#include "values/calendar.hpp"

#include <utility>

namespace tusk {
namespace {

constexpr std::int64_t epoch_days = 10'957; // from 1970-01-01 to 2000-01-01
constexpr std::int64_t micros_per_second = 1'000'000;
constexpr std::int64_t micros_per_hour = 3600 * micros_per_second;
constexpr std::int64_t micros_per_day = 24 * micros_per_hour;

void add_number(std::string& to, std::int64_t value, std::size_t width)
{
    const std::string digits = std::to_string(value);
    if (digits.size() < width) to.append(width - digits.size(), '0');
    to += digits;
}

/// ".5" of 500 000 microseconds, nothing of 0
void add_fraction(std::string& to, std::int64_t micros)
{
    if (micros == 0) return;
    to += '.';
    add_number(to, micros, 6);
    while (to.back() == '0') to.pop_back();
}

void add_time(std::string& to, std::int64_t micros)
{
    const std::int64_t seconds = micros / micros_per_second;
    add_number(to, seconds / 3600, 2);
    to += ':';
    add_number(to, seconds / 60 % 60, 2);
    to += ':';
    add_number(to, seconds % 60, 2);
    add_fraction(to, micros % micros_per_second);
}

/// True when the year is before Christ, which is said at the end.
bool add_date(std::string& to, std::int64_t since_2000)
{
    const detail::civil day = detail::civil_from_days(since_2000 + epoch_days);
    const bool before_christ = day.year <= 0;
    add_number(to, before_christ ? 1 - day.year : day.year, 4);
    to += '-';
    add_number(to, day.month, 2);
    to += '-';
    add_number(to, day.day, 2);
    return before_christ;
}

std::string infinity_text(bool negative) { return negative ? "-infinity" : "infinity"; }

date checked(std::int64_t since_1970)
{
    date result;
    if (!detail::to_server_date(since_1970, result)) throw error(errc::value_out_of_range);
    return result;
}

template <class Days>
std::error_code get_days(const date& from, Days& out) noexcept
{
    if (from.is_infinite()) return errc::value_not_representable;
    const std::int64_t days = from.days_since_2000() + epoch_days;
    if (!std::in_range<std::chrono::days::rep>(days)) return errc::value_not_representable;
    out = Days(std::chrono::days(static_cast<std::chrono::days::rep>(days)));
    return {};
}

} // namespace

bool detail::to_server_date(std::int64_t days_since_1970, date& out) noexcept
{
    // the last day is well within 32 bits, from either epoch
    if (!std::in_range<std::int32_t>(days_since_1970)) return false;
    const std::int64_t days = days_since_1970 - epoch_days;
    if (!std::in_range<std::int32_t>(days)) return false;
    const date day = date::from_days(static_cast<std::int32_t>(days));
    if (day.is_infinite() || !day.ok()) return false;
    out = day;
    return true;
}

date::date(std::chrono::sys_days day)
    : date(checked(day.time_since_epoch().count()))
{
}

date::date(std::chrono::local_days day)
    : date(checked(day.time_since_epoch().count()))
{
}

date::date(const std::chrono::year_month_day& day)
    : date(day.ok() ? date(std::chrono::sys_days(day)) : throw error(errc::value_out_of_range))
{
}

std::error_code date::get(std::chrono::sys_days& out) const noexcept { return get_days(*this, out); }
std::error_code date::get(std::chrono::local_days& out) const noexcept { return get_days(*this, out); }

std::error_code date::get(std::chrono::year_month_day& out) const noexcept
{
    using namespace std::chrono;
    sys_days day;
    if (const std::error_code ec = get(day)) return ec;
    if (day < sys_days(year::min() / January / 1) || day > sys_days(year::max() / December / 31))
        return errc::value_not_representable;
    out = year_month_day(day);
    return {};
}

std::string date::to_string() const
{
    if (is_infinite()) return infinity_text(*this == minus_infinity());
    std::string text;
    if (add_date(text, days_)) text += " BC";
    return text;
}

std::string detail::timestamp_text(std::int64_t since_2000, const char* zone)
{
    const bool negative = since_2000 == std::numeric_limits<std::int64_t>::min();
    if (negative || since_2000 == std::numeric_limits<std::int64_t>::max()) return infinity_text(negative);
    std::int64_t days = since_2000 / micros_per_day;
    std::int64_t time = since_2000 % micros_per_day;
    if (time < 0) {
        --days;
        time += micros_per_day;
    }
    std::string text;
    const bool before_christ = add_date(text, days);
    text += ' ';
    add_time(text, time);
    text += zone;
    if (before_christ) text += " BC";
    return text;
}

std::string time_of_day::to_string() const
{
    std::string text;
    add_time(text, since_midnight_.count());
    return text;
}

std::string timetz::to_string() const
{
    std::string text = time.to_string();
    const std::int64_t east = offset.count();
    const std::int64_t size = east < 0 ? -east : east;
    text += east < 0 ? '-' : '+';
    add_number(text, size / 3600, 2);
    if (size % 3600 == 0) return text;
    text += ':';
    add_number(text, size / 60 % 60, 2);
    if (size % 60 == 0) return text;
    text += ':';
    add_number(text, size % 60, 2);
    return text;
}

std::string interval::to_string() const
{
    if (is_infinite()) return infinity_text(*this == minus_infinity());
    if (*this == interval{}) return "PT0S";
    std::string text = "P";
    const auto add = [&text](std::int64_t count, char unit) {
        if (count != 0) (text += std::to_string(count)) += unit;
    };
    add(months / 12, 'Y');
    add(months % 12, 'M');
    add(days, 'D');
    if (microseconds == 0) return text;
    text += 'T';
    add(microseconds / micros_per_hour, 'H');
    add(microseconds / (60 * micros_per_second) % 60, 'M');
    const std::int64_t rest = microseconds % (60 * micros_per_second);
    if (rest == 0) return text;
    const std::int64_t size = rest < 0 ? -rest : rest;
    if (rest < 0) text += '-';
    text += std::to_string(size / micros_per_second);
    add_fraction(text, size % micros_per_second);
    return text += 'S';
}

} // namespace tusk
