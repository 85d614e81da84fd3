// Distributed under the Boost Software License, Version 1.0.
#include "codec/float_text.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

namespace tusk::detail {
namespace {

template <class Float>
errc parse(std::string_view text, Float& out) noexcept
{
    // "nan(...)", which from_chars takes, is no value of the server's
    if (text.find('(') != std::string_view::npos) return errc::invalid_value;
    Float value{};
    const char* const end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data(), end, value);
    if (stop != end || ec == std::errc::invalid_argument) return errc::invalid_value;
    if (ec != std::errc{}) return errc::value_not_representable;
    out = value;
    return {};
}

template <class Float>
void append(std::string& to, Float value)
{
    if (std::isnan(value)) {
        to += "NaN";
        return;
    }
    if (std::isinf(value)) {
        to += value < 0 ? "-Infinity" : "Infinity";
        return;
    }
    std::array<char, 64> digits;
    char* const end = digits.data() + digits.size();
    const auto scientific = std::to_chars(digits.data(), end, value, std::chars_format::scientific);
    std::string_view text(digits.data(), static_cast<std::size_t>(scientific.ptr - digits.data()));
    int exponent = 0; // two digits at least, and a sign, which from_chars takes when it is a minus
    const auto mark = text.find('e');
    const std::size_t digit = text[mark + 1] == '+' ? mark + 2 : mark + 1;
    std::from_chars(text.data() + digit, text.data() + text.size(), exponent);
    // the server's rule: an exponent where the plain number would have more digits than are exact
    if (exponent >= -4 && exponent < std::numeric_limits<Float>::digits10) {
        const auto plain = std::to_chars(digits.data(), end, value, std::chars_format::fixed);
        text = {digits.data(), static_cast<std::size_t>(plain.ptr - digits.data())};
    }
    to += text;
}

} // namespace

errc parse_float(std::string_view text, float& out) noexcept { return parse(text, out); }
errc parse_float(std::string_view text, double& out) noexcept { return parse(text, out); }
void append_float(std::string& to, float value) { append(to, value); }
void append_float(std::string& to, double value) { append(to, value); }

} // namespace tusk::detail
