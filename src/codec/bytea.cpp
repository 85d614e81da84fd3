// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/bytea.hpp>

#include "codec/parse.hpp"

#include <optional>

namespace tusk {
namespace {

/// Three octal digits of at most 255.
std::optional<std::byte> octal(std::string_view digits) noexcept
{
    if (digits.size() < 3) return std::nullopt;
    unsigned code = 0;
    for (const char c : digits.substr(0, 3)) {
        if (c < '0' || c > '7') return std::nullopt;
        code = code * 8 + static_cast<unsigned>(c - '0');
    }
    if (code > 255) return std::nullopt;
    return static_cast<std::byte>(code);
}

/// bytea_output = escape: a byte is itself, "\\" a backslash, "\ooo" a byte in octal.
errc read_escape(std::string_view text, std::vector<std::byte>& out)
{
    out.clear();
    while (!text.empty()) {
        if (text.front() != '\\') {
            out.push_back(static_cast<std::byte>(text.front()));
            text.remove_prefix(1);
        } else if (text.size() >= 2 && text[1] == '\\') {
            out.push_back(static_cast<std::byte>('\\'));
            text.remove_prefix(2);
        } else if (const auto code = octal(text.substr(1))) {
            out.push_back(*code);
            text.remove_prefix(4);
        } else {
            return errc::invalid_value;
        }
    }
    return {};
}

} // namespace

bool decode_traits<std::vector<std::byte>>::accepts(const column& c) noexcept { return c.type == oid::bytea; }

errc decode_traits<std::vector<std::byte>>::decode(const field& f, std::vector<std::byte>& out)
{
    if (f.format() == format::binary) {
        const auto bytes = f.bytes();
        out.assign(bytes.begin(), bytes.end());
        return {};
    }
    const std::string_view text = f.view();
    if (!text.starts_with("\\x")) return read_escape(text, out);
    // bytea_output = hex: "\x" and two hexadecimal digits a byte
    return detail::parse_hex(text.substr(2), out) ? errc{} : errc::invalid_value;
}

bool decode_traits<std::span<const std::byte>>::accepts(const column& c) noexcept
{
    return c.type == oid::bytea && c.format == format::binary;
}

errc decode_traits<std::span<const std::byte>>::decode(const field& f,
                                                       std::span<const std::byte>& out) noexcept
{
    out = f.bytes();
    return {};
}

} // namespace tusk
