// Distributed under the Boost Software License, Version 1.0.
#include <tusk/numeric.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace tusk {
namespace {

constexpr std::uint64_t base = 10'000;
constexpr int base_digits = 4;

/// The four characters of a group.
void put_group(char* to, unsigned group) noexcept
{
    for (int i = base_digits - 1; i >= 0; --i, group /= 10) to[i] = static_cast<char>('0' + group % 10);
}

numeric checked(numeric value, const std::error_code& ec)
{
    if (ec) throw error(ec);
    return value;
}

} // namespace

numeric::numeric(double value)
{
    std::array<char, 32> text; // 24 characters at most
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    static_cast<void>(read({text.data(), end}));
    if (std::isnan(value)) *this = nan(); // whatever its sign and payload
}

numeric::numeric(float value)
{
    std::array<char, 32> text;
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    static_cast<void>(read({text.data(), end}));
    if (std::isnan(value)) *this = nan();
}

numeric numeric::from_digits(bool negative, int weight, int scale, std::span<const std::uint16_t> digits,
                             std::error_code& ec)
{
    numeric value;
    ec.clear();
    if (const errc e = value.read_digits(negative, weight, scale, digits); e != errc{}) ec = e;
    return value;
}

numeric numeric::from_digits(bool negative, int weight, int scale, std::span<const std::uint16_t> digits)
{
    std::error_code ec;
    numeric value = from_digits(negative, weight, scale, digits, ec);
    return checked(std::move(value), ec);
}

errc numeric::read_digits(bool negative, int weight, int scale, std::span<const std::uint16_t> digits)
{
    if (std::any_of(digits.begin(), digits.end(), [](std::uint16_t d) { return d >= base; }))
        return errc::invalid_value;
    if (scale < 0 || scale > max_scale) return errc::value_out_of_range;
    std::int64_t first = weight;
    for (; !digits.empty() && digits.front() == 0; --first) digits = digits.subspan(1);
    while (!digits.empty() && digits.back() == 0) digits = digits.first(digits.size() - 1);
    if (!digits.empty()) {
        if (first >= max_integer_digits / base_digits) return errc::value_out_of_range;
        const std::int64_t last = first - static_cast<std::int64_t>(digits.size()) + 1;
        std::int64_t decimals = -last * base_digits; // up to the last group's end, less its zeros
        for (unsigned group = digits.back(); group % 10 == 0; group /= 10) --decimals;
        if (decimals > scale) return errc::invalid_value;
    }
    digits_.clear();
    digits_.append(digits);
    weight_ = static_cast<std::int32_t>(first);
    scale_ = static_cast<std::uint16_t>(scale);
    kind_ = kind::finite;
    negative_ = negative;
    return {};
}

void numeric::assign(bool negative, std::uint64_t magnitude) noexcept
{
    std::array<std::uint16_t, 5> digits; // 10000^5 > 2^64
    std::size_t first = digits.size();
    for (; magnitude != 0; magnitude /= base) digits[--first] = static_cast<std::uint16_t>(magnitude % base);
    const auto count = static_cast<int>(digits.size() - first);
    // neither out of range nor too long for the inline room
    static_cast<void>(read_digits(negative, count - 1, 0, std::span(digits).subspan(first)));
}

numeric numeric::operator-() const
{
    numeric result = *this;
    result.negative_ = !is_negative();
    return result;
}

numeric numeric::abs() const
{
    numeric result = *this;
    result.negative_ = false;
    return result;
}

std::string numeric::to_string() const
{
    if (is_nan()) return "NaN";
    std::string text = is_negative() ? "-" : "";
    if (is_infinite()) return text + "Infinity";
    const auto group = [this](int place) -> unsigned {
        const std::int64_t index = std::int64_t{weight()} - place;
        return index >= 0 && index < static_cast<std::int64_t>(digits_.size())
                   ? digits_[static_cast<std::size_t>(index)]
                   : 0;
    };
    std::array<char, base_digits> four;
    const int top = std::max(weight(), 0);
    text.reserve(static_cast<std::size_t>((top + 1) * base_digits + scale() + 2));
    text += std::to_string(group(top));
    for (int place = top - 1; place >= 0; --place) {
        put_group(four.data(), group(place));
        text.append(four.data(), four.size());
    }
    if (scale() == 0) return text;
    text += '.';
    int left = scale();
    for (int place = -1; left > 0; --place, left -= base_digits) {
        put_group(four.data(), group(place));
        text.append(four.data(), static_cast<std::size_t>(std::min(left, base_digits)));
    }
    return text;
}

bool numeric::whole(std::uint64_t& magnitude) const noexcept
{
    if (!is_finite()) return false;
    // the last digit is not 0, so below the point it is a fraction
    if (!digits_.empty() && (weight() < static_cast<int>(digits_.size()) - 1 || weight() > 4)) return false;
    constexpr std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    magnitude = 0;
    for (int i = 0; i <= weight(); ++i) {
        const auto index = static_cast<std::size_t>(i);
        const std::uint64_t digit = index < digits_.size() ? digits_[index] : 0;
        if (magnitude > (most - digit) / base) return false;
        magnitude = magnitude * base + digit;
    }
    return true;
}

std::error_code numeric::get(double& out) const noexcept
{
    if (is_nan() || is_infinite()) {
        const double limit = std::numeric_limits<double>::infinity();
        out = is_nan() ? std::numeric_limits<double>::quiet_NaN() : is_negative() ? -limit : limit;
        return {};
    }
    // 767 digits decide how a double is rounded. Of what follows counts only that it is not 0.
    constexpr std::size_t most = 200;
    std::array<char, 1 + (most + 1) * base_digits + 8> text; // sign, groups, exponent
    char* to = text.data();
    if (is_negative()) *to++ = '-';
    const std::size_t used = std::min(digits_.size(), most);
    if (used == 0) *to++ = '0';
    for (std::size_t i = 0; i < used; ++i, to += base_digits) put_group(to, digits_[i]);
    auto exponent = (weight() - static_cast<int>(used) + 1) * base_digits;
    if (used < digits_.size()) {
        put_group(to, 1);
        to += base_digits;
        exponent -= base_digits;
    }
    if (used != 0) {
        *to++ = 'e';
        to = std::to_chars(to, text.data() + text.size(), exponent).ptr;
    }
    double value = 0;
    if (std::from_chars(text.data(), to, value).ec != std::errc{}) return errc::value_not_representable;
    out = value;
    return {};
}

std::weak_ordering operator<=>(const numeric& a, const numeric& b) noexcept
{
    // -2: -infinity, -1, 0, 1: finite by sign, 2: infinity, 3: NaN
    const auto rank = [](const numeric& n) {
        if (n.is_nan()) return 3;
        const int size = n.is_infinite() ? 2 : n.is_zero() ? 0 : 1;
        return n.is_negative() ? -size : size;
    };
    const int side = rank(a);
    if (side != rank(b)) return side <=> rank(b);
    if (side != 1 && side != -1) return std::weak_ordering::equivalent;
    const numeric& low = side > 0 ? a : b; // the order of magnitudes is turned around below 0
    const numeric& high = side > 0 ? b : a;
    if (low.weight_ != high.weight_) return low.weight_ <=> high.weight_;
    return std::lexicographical_compare_three_way(low.digits_.begin(), low.digits_.end(),
                                                  high.digits_.begin(), high.digits_.end());
}

std::size_t numeric::hash() const noexcept
{
    std::uint64_t h = 0xcbf2'9ce4'8422'2325; // FNV-1a
    const auto mix = [&h](std::uint64_t value) { h = (h ^ value) * 0x0000'0100'0000'01b3; };
    mix(static_cast<std::uint64_t>(kind_) * 2 + (is_negative() ? 1 : 0));
    mix(static_cast<std::uint64_t>(static_cast<std::uint32_t>(weight())));
    for (const std::uint16_t d : digits_) mix(d);
    return static_cast<std::size_t>(h);
}

} // namespace tusk
