// Distributed under the Boost Software License, Version 1.0.
#include <tusk/numeric.hpp>

#include <algorithm>
#include <array>

namespace tusk {
namespace {

constexpr std::int64_t base_digits = 4; // decimal digits in one to the base of 10 000

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Whether the texts are equal but for case; `lower` has lower case letters only.
bool is_word(std::string_view text, std::string_view lower) noexcept
{
    return std::equal(text.begin(), text.end(), lower.begin(), lower.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; });
}

bool take_sign(std::string_view& text) noexcept
{
    const bool negative = text.starts_with('-');
    if (negative || text.starts_with('+')) text.remove_prefix(1);
    return negative;
}

std::string_view take_digits(std::string_view& text) noexcept
{
    const auto end = std::find_if_not(text.begin(), text.end(), is_digit);
    const std::string_view digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text.remove_prefix(digits.size());
    return digits;
}

/// Digits [. digits] [e [+-] digits], or . digits ...
struct decimal {
    std::string_view before, after; // the point
    std::int64_t exponent = 0;

    [[nodiscard]] bool read(std::string_view text) noexcept
    {
        before = take_digits(text);
        if (text.starts_with('.')) {
            text.remove_prefix(1);
            after = take_digits(text);
        }
        if (before.empty() && after.empty()) return false;
        if (text.starts_with('e') || text.starts_with('E')) {
            text.remove_prefix(1);
            if (!read_exponent(text)) return false;
        }
        return text.empty();
    }

    [[nodiscard]] char operator[](std::size_t i) const noexcept
    {
        return i < before.size() ? before[i] : after[i - before.size()];
    }
    [[nodiscard]] std::size_t size() const noexcept { return before.size() + after.size(); }

private:
    [[nodiscard]] bool read_exponent(std::string_view& text) noexcept
    {
        constexpr std::int64_t far = 1'000'000'000'000'000; // beyond it, no value makes up for it
        const bool negative = take_sign(text);
        const std::string_view digits = take_digits(text);
        for (const char c : digits) exponent = std::min(exponent * 10 + (c - '0'), far);
        if (negative) exponent = -exponent;
        return !digits.empty();
    }
};

} // namespace

numeric numeric::parse(std::string_view text, std::error_code& ec)
{
    numeric value;
    ec.clear();
    if (const errc e = value.read(text); e != errc{}) {
        ec = e;
        value = numeric();
    }
    return value;
}

numeric numeric::parse(std::string_view text)
{
    std::error_code ec;
    numeric value = parse(text, ec);
    if (ec) throw error(ec);
    return value;
}

errc numeric::read(std::string_view text)
{
    if (is_word(text, "nan")) {
        *this = nan();
        return {};
    }
    const bool negative = take_sign(text);
    if (is_word(text, "infinity") || is_word(text, "inf")) {
        *this = infinity();
    } else if (const errc e = read_decimal(text); e != errc{}) {
        return e;
    }
    negative_ = negative;
    return {};
}

errc numeric::read_decimal(std::string_view text)
{
    decimal from;
    if (!from.read(text)) return errc::invalid_value;
    const std::int64_t scale =
        std::max<std::int64_t>(static_cast<std::int64_t>(from.after.size()) - from.exponent, 0);
    if (scale > max_scale) return errc::value_out_of_range;

    std::size_t first = 0;
    std::size_t end = from.size();
    while (first < end && from[first] == '0') ++first;
    while (end > first && from[end - 1] == '0') --end;
    digits_.clear();
    if (first < end) {
        const std::int64_t point = static_cast<std::int64_t>(from.before.size()) + from.exponent;
        if (point - static_cast<std::int64_t>(first) > max_integer_digits) return errc::value_out_of_range;
        // the place of a decimal digit counts powers of ten, that of a group powers of 10 000
        const auto place = [&](std::size_t i) { return point - 1 - static_cast<std::int64_t>(i); };
        const auto group = [](std::int64_t p) { return p >= 0 ? p / 4 : (p - 3) / base_digits; };
        const std::int64_t top = group(place(first));
        const auto count = static_cast<std::size_t>(top - group(place(end - 1)) + 1);
        std::uint16_t* const groups = digits_.extend(count);
        std::fill_n(groups, count, std::uint16_t{0});
        constexpr std::array<int, 4> powers{1, 10, 100, 1000};
        for (std::size_t i = first; i < end; ++i) {
            const std::int64_t p = place(i);
            std::uint16_t& to = groups[top - group(p)];
            const int digit = (from[i] - '0') * powers[static_cast<std::size_t>(p - group(p) * base_digits)];
            to = static_cast<std::uint16_t>(to + digit);
        }
        weight_ = static_cast<std::int32_t>(top);
    }
    scale_ = static_cast<std::uint16_t>(scale);
    kind_ = kind::finite;
    return {};
}

} // namespace tusk
