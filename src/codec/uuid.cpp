// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/uuid.hpp>

#include "codec/parse.hpp"

#include <algorithm>

namespace tusk {

std::optional<uuid> uuid::parse(std::string_view text) noexcept
{
    if (text.starts_with('{')) {
        if (!text.ends_with('}')) return std::nullopt;
        text = text.substr(1, text.size() - 2);
    }
    std::array<std::byte, 16> bytes{};
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (i != 0 && i % 2 == 0 && text.starts_with('-')) text.remove_prefix(1);
        if (text.size() < 2) return std::nullopt;
        const auto high = detail::hex_digit(text[0]);
        const auto low = detail::hex_digit(text[1]);
        if (!high || !low) return std::nullopt;
        bytes[i] = static_cast<std::byte>(*high * 16 + *low);
        text.remove_prefix(2);
    }
    if (!text.empty()) return std::nullopt;
    return uuid(bytes);
}

std::string uuid::to_string() const
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < bytes_.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        const auto value = static_cast<unsigned>(bytes_[i]);
        text += digits[value >> 4];
        text += digits[value & 15];
    }
    return text;
}

errc decode_traits<uuid>::decode(const field& f, uuid& out) noexcept
{
    if (f.format() == format::binary) {
        const auto from = f.bytes();
        std::array<std::byte, 16> bytes;
        if (from.size() != bytes.size()) return errc::invalid_value;
        std::copy(from.begin(), from.end(), bytes.begin());
        out = uuid(bytes);
        return {};
    }
    const auto parsed = uuid::parse(f.view());
    if (!parsed) return errc::invalid_value;
    out = *parsed;
    return {};
}

} // namespace tusk
