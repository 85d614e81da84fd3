// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/text.hpp>

#include "codec/user_type.hpp"

#include <algorithm>
#include <limits>

namespace tusk {
namespace detail {
namespace {

/// Bytes that text is not made of, but binary forms begin with: counts, lengths, flags and versions.
bool has_control_bytes(std::string_view text) noexcept
{
    return std::any_of(text.begin(), text.end(), [](char c) {
        const auto code = static_cast<unsigned char>(c);
        return code < 0x20 && !(code >= 0x09 && code <= 0x0d);
    });
}

} // namespace

bool holds_text(const column& c) noexcept
{
    if (c.format == format::text) return true;
    switch (c.type) {
    case oid::text:
    case oid::varchar:
    case oid::bpchar:
    case oid::name:
    case oid::char_:
    case oid::unknown:
    case oid::cstring:
    case oid::json:
    case oid::jsonb:
    case oid::jsonpath:
    case oid::xml:
    case oid::refcursor:
    case oid::pg_node_tree:
        return true;
    default:
        return is_user_type(c.type);
    }
}

errc read_text(const field& f, std::string_view& out) noexcept
{
    std::string_view text = f.view();
    if (f.format() == format::binary) {
        if (f.type() == oid::jsonb || f.type() == oid::jsonpath) { // a version byte, 1, then the text
            if (text.empty() || text.front() != '\1') return errc::invalid_value;
            text.remove_prefix(1);
        } else if (f.type() == oid::char_ && text == std::string_view("\0", 1)) {
            text = {}; // as in text format
        } else if (is_user_type(f.type()) && has_control_bytes(text)) {
            // Enums and citext travel as their text; a composite, say, does not.
            return errc::invalid_value;
        }
    }
    out = text;
    return {};
}

} // namespace detail

bool encode_traits<char>::encodes(oid target) noexcept
{
    return target == oid::char_ || target == oid::text || target == oid::varchar || target == oid::bpchar;
}

errc encode_traits<char>::encode(const char& value, encoder& out)
{
    const auto code = static_cast<unsigned char>(value);
    if (out.target() != oid::none && out.target() != oid::char_) {
        if (code == 0) return errc::nul_in_text;
        if (code >= 0x80) return errc::value_out_of_range; // one byte of several in UTF-8
    }
    out.u8(code);
    return {};
}

bool decode_traits<char>::accepts(const column& c) noexcept { return c.type == oid::char_; }

errc decode_traits<char>::decode(const field& f, char& out) noexcept
{
    const std::string_view text = f.view();
    if (text.size() == 1) {
        out = text.front();
        return {};
    }
    if (f.format() == format::binary) return errc::invalid_value;
    if (text.empty()) { // how the server writes the byte 0
        out = '\0';
        return {};
    }
    // a byte above 127, from PostgreSQL 16 on: a backslash and three octal digits
    if (text.size() != 4 || text.front() != '\\') return errc::invalid_value;
    unsigned code = 0;
    for (const char c : text.substr(1)) {
        if (c < '0' || c > '7') return errc::invalid_value;
        code = code * 8 + static_cast<unsigned>(c - '0');
    }
    if (code > std::numeric_limits<unsigned char>::max()) return errc::invalid_value;
    out = static_cast<char>(code);
    return {};
}

} // namespace tusk
