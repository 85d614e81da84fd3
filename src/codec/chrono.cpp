// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/chrono.hpp>
#include <tusk/detail/bytes.hpp>

#include "codec/parse.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace tusk {
namespace detail {
namespace {

constexpr std::int64_t micros_per_second = 1'000'000;
constexpr std::int64_t seconds_per_day = 86'400;

// PostgreSQL counts from 2000-01-01.
constexpr std::int64_t epoch_days = 10'957;
constexpr std::int64_t epoch_micros = epoch_days * seconds_per_day * micros_per_second;

// What PostgreSQL can hold, counted from 2000-01-01: from 4714-11-24 BC, before 294277-01-01 and
// 5874898-01-01.
constexpr std::int64_t first_micros = -211'813'488'000'000'000;
constexpr std::int64_t end_micros = 9'223'371'331'200'000'000;
constexpr std::int64_t first_days = -2'451'545;
constexpr std::int64_t end_days = 2'145'031'949;

/// Days from 1970-01-01 in the proleptic Gregorian calendar. Years are counted from March, so that the leap
/// day is the last, in eras of 400 years.
constexpr std::int64_t days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day) noexcept
{
    const std::int64_t shifted = month > 2 ? year : year - 1;
    const std::int64_t era = (shifted >= 0 ? shifted : shifted - 399) / 400;
    const std::int64_t of_era = shifted - era * 400;
    const std::int64_t of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return era * 146'097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719'468;
}
static_assert(days_from_civil(1970, 1, 1) == 0 && days_from_civil(2000, 1, 1) == epoch_days);

constexpr std::int64_t days_in_month(std::int64_t year, std::int64_t month) noexcept
{
    constexpr std::array<std::int64_t, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

/// Reads a text from its start; after the first thing that is not there, `ok` is false.
class scanner {
public:
    explicit scanner(std::string_view text) noexcept
        : rest_(text)
    {
    }

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] bool done() const noexcept { return ok_ && rest_.empty(); }

    /// A number of at least `least` and at most `most` digits (at most 9), up to and with `limit`.
    std::int64_t number(std::size_t least, std::size_t most, std::int64_t limit) noexcept
    {
        std::size_t n = 0;
        std::int64_t value = 0;
        for (; n < most && n < rest_.size() && rest_[n] >= '0' && rest_[n] <= '9'; ++n)
            value = value * 10 + (rest_[n] - '0');
        digits_ = n;
        rest_.remove_prefix(n);
        if (n < least || value > limit) ok_ = false;
        return ok_ ? value : 0;
    }
    /// How many digits the number read last had.
    [[nodiscard]] std::size_t digits() const noexcept { return digits_; }

    [[nodiscard]] bool skip(std::string_view text) noexcept
    {
        if (!rest_.starts_with(text)) return false;
        rest_.remove_prefix(text.size());
        return true;
    }
    void need(std::string_view text) noexcept { ok_ = skip(text) && ok_; }

private:
    std::string_view rest_;
    std::size_t digits_ = 0;
    bool ok_ = true;
};

struct civil {
    std::int64_t year, month, day;

    /// YYYY-MM-DD, the year of four digits or more. " BC" comes at the very end of a value.
    explicit civil(scanner& in) noexcept
        : year(in.number(4, 7, 9'999'999))
    {
        in.need("-");
        month = in.number(2, 2, 12);
        in.need("-");
        day = in.number(2, 2, 31);
    }

    /// Days from 1970-01-01; false when there is no such day.
    [[nodiscard]] bool days(bool before_christ, std::int64_t& out) const noexcept
    {
        const std::int64_t astronomical = before_christ ? 1 - year : year; // 1 BC is the year 0
        if (year < 1 || month < 1 || day < 1 || day > days_in_month(astronomical, month)) return false;
        out = days_from_civil(astronomical, month, day);
        return true;
    }
};

/// HH:MM:SS, then up to six digits of a fraction; in microseconds.
std::int64_t scan_time(scanner& in) noexcept
{
    std::int64_t seconds = in.number(2, 2, 24) * 3600;
    in.need(":");
    seconds += in.number(2, 2, 59) * 60;
    in.need(":");
    seconds += in.number(2, 2, 60);
    std::int64_t fraction = 0;
    if (in.skip(".")) {
        fraction = in.number(1, 6, 999'999);
        for (std::size_t n = in.digits(); n < 6; ++n) fraction *= 10;
    }
    return seconds * micros_per_second + fraction;
}

/// +HH, +HH:MM or +HH:MM:SS east of UTC, - west; in seconds.
std::int64_t scan_zone(scanner& in) noexcept
{
    const bool west = in.skip("-");
    if (!west) in.need("+");
    std::int64_t seconds = in.number(2, 2, 15) * 3600;
    if (in.skip(":")) seconds += in.number(2, 2, 59) * 60;
    if (in.skip(":")) seconds += in.number(2, 2, 59);
    return west ? -seconds : seconds;
}

bool is_infinity(std::string_view text) noexcept { return text == "infinity" || text == "-infinity"; }

errc read_timestamp_text(std::string_view text, bool zone, std::int64_t& since_epoch) noexcept
{
    if (is_infinity(text)) return errc::value_not_representable;
    scanner in(text);
    const civil date(in);
    in.need(" ");
    const std::int64_t time = scan_time(in);
    const std::int64_t east = zone ? scan_zone(in) : 0;
    const bool before_christ = in.skip(" BC");
    std::int64_t days = 0;
    if (!in.done() || !date.days(before_christ, days)) return errc::invalid_value;
    // Years near 300 000 are PostgreSQL's last and just beyond what fits; more digits never fit.
    if (date.year > 294'276) return errc::value_not_representable;
    const std::int64_t seconds = days * seconds_per_day - east;
    constexpr std::int64_t most =
        std::numeric_limits<std::int64_t>::max() / micros_per_second - seconds_per_day * 2;
    if (seconds > most || seconds < -most) return errc::value_not_representable;
    since_epoch = seconds * micros_per_second + time;
    return {};
}

errc read_date_text(std::string_view text, std::int64_t& since_epoch) noexcept
{
    if (is_infinity(text)) return errc::value_not_representable;
    scanner in(text);
    const civil date(in);
    const bool before_christ = in.skip(" BC");
    return in.done() && date.days(before_christ, since_epoch) ? errc{} : errc::invalid_value;
}

} // namespace

errc write_microseconds(std::int64_t since_epoch, encoder& out)
{
    if (since_epoch < first_micros + epoch_micros) return errc::value_out_of_range;
    if (since_epoch - epoch_micros >= end_micros) return errc::value_out_of_range;
    out.i64(since_epoch - epoch_micros);
    return {};
}

errc write_days(std::int64_t since_epoch, encoder& out)
{
    if (since_epoch < first_days + epoch_days || since_epoch >= end_days + epoch_days)
        return errc::value_out_of_range;
    out.i32(static_cast<std::int32_t>(since_epoch - epoch_days));
    return {};
}

errc read_microseconds(const field& f, bool zone, std::int64_t& since_epoch) noexcept
{
    if (f.format() == format::text) return read_timestamp_text(f.view(), zone, since_epoch);
    using limits = std::numeric_limits<std::int64_t>;
    const auto bytes = f.bytes();
    if (bytes.size() != 8) return errc::invalid_value;
    const auto value = static_cast<std::int64_t>(load_be<std::uint64_t>(bytes.first<8>()));
    // the least and the greatest number are -infinity and infinity
    if (value == limits::min() || value > limits::max() - epoch_micros) return errc::value_not_representable;
    since_epoch = value + epoch_micros;
    return {};
}

errc read_days(const field& f, std::int64_t& since_epoch) noexcept
{
    if (f.format() == format::text) return read_date_text(f.view(), since_epoch);
    using limits = std::numeric_limits<std::int32_t>;
    const auto bytes = f.bytes();
    if (bytes.size() != 4) return errc::invalid_value;
    const auto value = static_cast<std::int32_t>(load_be<std::uint32_t>(bytes.first<4>()));
    if (value == limits::min() || value == limits::max()) return errc::value_not_representable;
    since_epoch = std::int64_t{value} + epoch_days;
    return {};
}

} // namespace detail

errc encode_traits<std::chrono::year_month_day>::encode(const std::chrono::year_month_day& value,
                                                        encoder& out)
{
    if (!value.ok()) return errc::value_out_of_range;
    return detail::write_days(std::chrono::sys_days(value).time_since_epoch().count(), out);
}

errc decode_traits<std::chrono::year_month_day>::decode(const field& f,
                                                        std::chrono::year_month_day& out) noexcept
{
    using namespace std::chrono;
    constexpr sys_days first = year::min() / January / 1;
    constexpr sys_days last = year::max() / December / 31;
    std::int64_t count = 0;
    if (const errc e = detail::read_days(f, count); e != errc{}) return e;
    if (count < first.time_since_epoch().count() || count > last.time_since_epoch().count())
        return errc::value_not_representable;
    out = year_month_day(sys_days(days(static_cast<days::rep>(count))));
    return {};
}

} // namespace tusk
