// Distributed under the Boost Software License, Version 1.0.
#include <tusk/macaddr.hpp>

#include "codec/parse.hpp"

#include <algorithm>
#include <cstddef>
#include <span>

namespace tusk {
namespace {

/// Pairs of digits, with the same mark between groups of equal size.
bool parse_bytes(std::string_view text, std::span<std::uint8_t> out) noexcept
{
    const std::size_t digits = 2 * out.size();
    const std::size_t group = std::min(text.find_first_of(":-."), digits);
    if (group != 2 && group != 4 && group != digits / 2 && group != digits) return false;
    const char mark = group < text.size() ? text[group] : '\0';
    for (std::size_t i = 0; i < out.size(); ++i) {
        if (i != 0 && 2 * i % group == 0) {
            if (!text.starts_with(mark)) return false;
            text.remove_prefix(1);
        }
        if (text.size() < 2) return false;
        const auto high = detail::hex_digit(text[0]);
        const auto low = detail::hex_digit(text[1]);
        if (!high || !low) return false;
        out[i] = static_cast<std::uint8_t>(*high * 16 + *low);
        text.remove_prefix(2);
    }
    return text.empty();
}

std::string print(std::span<const std::uint8_t> bytes)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const std::uint8_t byte : bytes) {
        if (!text.empty()) text += ':';
        text += digits[byte >> 4];
        text += digits[byte & 15];
    }
    return text;
}

} // namespace

std::optional<macaddr> macaddr::parse(std::string_view text) noexcept
{
    macaddr value;
    if (!parse_bytes(text, value.bytes)) return std::nullopt;
    return value;
}

std::string macaddr::to_string() const { return print(bytes); }

std::optional<macaddr8> macaddr8::parse(std::string_view text) noexcept
{
    macaddr8 value;
    if (!parse_bytes(text, value.bytes)) return std::nullopt;
    return value;
}

std::string macaddr8::to_string() const { return print(bytes); }

} // namespace tusk
