// Distributed under the Boost Software License, Version 1.0.
#include "auth/base64.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tusk::auth {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

constexpr std::uint32_t no_digit = 64;

constexpr std::uint32_t digit_of(char c) noexcept
{
    const std::size_t at = alphabet.find(c);
    return at == std::string_view::npos ? no_digit : static_cast<std::uint32_t>(at);
}

} // namespace

std::string base64_encode(std::span<const std::byte> data)
{
    std::string text;
    text.reserve((data.size() + 2) / 3 * 4);
    for (; !data.empty(); data = data.subspan(data.size() < 3 ? data.size() : 3)) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < 3; ++i)
            group = group << 8 | (i < data.size() ? std::to_integer<std::uint32_t>(data[i]) : 0U);
        for (std::size_t i = 0; i < 4; ++i)
            text += i <= data.size() ? alphabet[group >> (18 - 6 * i) & 63] : '=';
    }
    return text;
}

bool base64_decode(std::string_view text, std::vector<std::byte>& out)
{
    out.clear();
    if (text.size() % 4 != 0) return false;
    for (std::size_t at = 0; at < text.size(); at += 4) {
        std::size_t padding = 0;
        if (at + 4 == text.size()) padding = text[at + 3] != '=' ? 0 : text[at + 2] != '=' ? 1 : 2;
        std::uint32_t group = 0;
        bool good = true;
        for (std::size_t i = 0; i < 4; ++i) {
            const std::uint32_t digit = i < 4 - padding ? digit_of(text[at + i]) : 0;
            good = good && digit != no_digit;
            group = group << 6 | (digit & 63);
        }
        const std::uint32_t left_over = group & ((1U << 8 * padding) - 1);
        if (!good || left_over != 0) {
            out.clear();
            return false;
        }
        for (std::size_t i = 0; i < 3 - padding; ++i)
            out.push_back(static_cast<std::byte>(group >> (16 - 8 * i) & 255));
    }
    return true;
}

} // namespace tusk::auth
