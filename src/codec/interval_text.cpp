// Distributed under the Boost Software License, Version 1.0.
#include "codec/scanner.hpp"
#include "codec/time_text.hpp"

#include <limits>
#include <utility>

namespace tusk::detail {
namespace {

constexpr std::int64_t second = 1'000'000;
constexpr std::int64_t minute = 60 * second;
constexpr std::int64_t hour = 60 * minute;

// No count of a valid interval is larger than the hours that its 64 bits of microseconds come to.
constexpr std::size_t count_digits = 10;
constexpr std::int64_t most_count = 2'562'047'788;

/// Adds up an interval; what becomes too large fails the scanner.
class interval_sum {
public:
    explicit interval_sum(scanner& in) noexcept
        : in_(in)
    {
    }

    void months(std::int64_t count) noexcept { months_ += count; }
    void days(std::int64_t count) noexcept { days_ += count; }
    void time(std::int64_t count, std::int64_t unit) noexcept
    {
        std::int64_t micros = 0;
        if (__builtin_mul_overflow(count, unit, &micros) || __builtin_add_overflow(time_, micros, &time_))
            in_.fail();
    }
    /// HH:MM:SS.f behind "HH:", which has been read.
    void clock(std::int64_t sign, std::int64_t hours) noexcept
    {
        time(sign * hours, hour);
        time(sign * in_.number(2, 2, 59), minute);
        in_.need(":");
        time(sign * in_.number(2, 2, 60), second);
        time(sign * in_.fraction(), 1);
    }
    [[nodiscard]] errc result(interval& out) const noexcept
    {
        if (!in_.done() || !std::in_range<std::int32_t>(months_) || !std::in_range<std::int32_t>(days_))
            return errc::invalid_value;
        out.months = static_cast<std::int32_t>(months_);
        out.days = static_cast<std::int32_t>(days_);
        out.microseconds = time_;
        return {};
    }

private:
    scanner& in_;
    std::int64_t months_ = 0; // at most a handful of counts of ten digits each are added
    std::int64_t days_ = 0;
    std::int64_t time_ = 0;
};

std::int64_t scan_count(scanner& in) noexcept { return in.number(1, count_digits, most_count); }

/// A word for the unit, in the singular or the plural, of a count that has been read.
void scan_unit(scanner& in, interval_sum& sum, std::int64_t count) noexcept
{
    if (in.skip("year"))
        sum.months(count * 12);
    else if (in.skip("mon"))
        sum.months(count);
    else if (in.skip("day"))
        sum.days(count);
    else if (in.skip("hour"))
        sum.time(count, hour);
    else if (in.skip("min"))
        sum.time(count, minute);
    else if (in.skip("sec"))
        sum.time(count, second);
    else
        in.fail();
    static_cast<void>(in.skip("s"));
}

/// postgres: "1 year -2 mons +3 days -04:05:06.7", each count with its own sign.
/// postgres_verbose, without its "@ ": "1 year 4 hours -6.7 secs ago", likewise; "ago" turns them all around.
errc read_words(std::string_view text, interval& out) noexcept
{
    constexpr std::string_view ago = " ago";
    constexpr int most_parts = 6;
    const std::int64_t direction = text.ends_with(ago) ? -1 : 1;
    if (direction < 0) text.remove_suffix(ago.size());
    scanner in(text);
    interval_sum sum(in);
    for (int i = 0; i < most_parts && in.ok(); ++i) {
        const std::int64_t sign = direction * in.sign();
        const std::int64_t count = scan_count(in);
        if (in.skip(":")) {
            sum.clock(sign, count);
            break;
        }
        if (i == 0 && count == 0 && in.done()) break; // "@ 0"
        if (in.at('.')) {
            sum.time(sign * in.fraction(), 1);
            if (!in.skip(" secs")) in.need(" sec");
            sum.time(sign * count, second);
        } else {
            in.need(" ");
            scan_unit(in, sum, sign * count);
        }
        if (in.done()) break;
        in.need(" ");
    }
    return sum.result(out);
}

/// iso_8601, without its "P": "1Y2M3DT4H5M6.7S", each count with its own sign
errc read_iso(std::string_view text, interval& out) noexcept
{
    constexpr int most_parts = 6;
    scanner in(text);
    interval_sum sum(in);
    bool time = false;
    for (int i = 0; i == 0 || (i < most_parts && !in.done()); ++i) {
        if (!time && in.skip("T")) time = true;
        const std::int64_t sign = in.sign();
        const std::int64_t count = sign * scan_count(in);
        if (in.at('.')) {
            sum.time(sign * in.fraction(), 1);
            sum.time(count, second);
            in.need("S");
        } else if (time && in.skip("H")) {
            sum.time(count, hour);
        } else if (time && in.skip("M")) {
            sum.time(count, minute);
        } else if (time) {
            sum.time(count, second);
            in.need("S");
        } else if (in.skip("Y")) {
            sum.months(count * 12);
        } else if (in.skip("M")) {
            sum.months(count);
        } else {
            sum.days(count);
            in.need("D");
        }
    }
    return sum.result(out);
}

/// sql_standard: "0", "1-2", "3 4:05:06", "4:05:06.7", where one sign counts for all; or three parts, each with its
/// own: "+1-2 -3 +4:05:06". A time alone is the same in the style postgres.
errc read_sql(std::string_view text, interval& out) noexcept
{
    scanner in(text);
    interval_sum sum(in);
    std::int64_t sign = in.sign();
    const std::int64_t first = scan_count(in);
    if (first == 0 && in.done()) return sum.result(out);
    if (in.skip(":")) {
        sum.clock(sign, first);
        return sum.result(out);
    }
    std::int64_t days = first;
    if (in.skip("-")) {
        sum.months(sign * (first * 12 + in.number(1, 2, 11)));
        if (in.done()) return sum.result(out);
        in.need(" ");
        sign = in.sign();
        days = scan_count(in);
        sum.days(sign * days);
        in.need(" ");
        sign = in.sign();
    } else {
        sum.days(sign * days);
        in.need(" ");
    }
    const std::int64_t hours = scan_count(in);
    in.need(":");
    sum.clock(sign, hours);
    return sum.result(out);
}

} // namespace

errc read_interval_text(std::string_view text, interval& out) noexcept
{
    if (text == "infinity" || text == "-infinity") {
        out = text.front() == '-' ? interval::minus_infinity() : interval::infinity();
        return {};
    }
    if (text.starts_with('P')) return read_iso(text.substr(1), out);
    if (text.starts_with("@ ")) return read_words(text.substr(2), out);
    const bool words = text.find_first_of("ym") != std::string_view::npos; // year, mon, day
    return words ? read_words(text, out) : read_sql(text, out);
}

} // namespace tusk::detail
