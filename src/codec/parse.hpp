// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

namespace tusk::detail {

/// Reads a number that is the whole of the text; false when it is none or does not fit.
template <class T>
[[nodiscard]] bool parse_number(std::string_view text, T& out) noexcept
{
    const char* const end = text.data() + text.size();
    const auto [stop, ec] = std::from_chars(text.data(), end, out);
    return ec == std::errc{} && stop == end;
}

/// The value of a hexadecimal digit of either case.
[[nodiscard]] constexpr std::optional<unsigned> hex_digit(char c) noexcept
{
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return std::nullopt;
}

/// Reads two hexadecimal digits a byte; false when there is anything else.
[[nodiscard]] inline bool parse_hex(std::string_view digits, std::vector<std::byte>& out)
{
    if (digits.size() % 2 != 0) return false;
    out.clear();
    out.reserve(digits.size() / 2);
    for (; !digits.empty(); digits.remove_prefix(2)) {
        const auto high = hex_digit(digits[0]);
        const auto low = hex_digit(digits[1]);
        if (!high || !low) return false;
        out.push_back(static_cast<std::byte>(*high * 16 + *low));
    }
    return true;
}

} // namespace tusk::detail
