// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/postgis.hpp>

#include "codec/parse.hpp"

#include <string>
#include <string_view>
#include <utility>

namespace tusk {

// In text format two hexadecimal digits a byte.
errc encode_traits<ewkb>::encode(const ewkb& value, encoder& out)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text;
    text.reserve(2 * value.bytes.size());
    for (const std::byte byte : value.bytes) {
        const auto code = static_cast<unsigned>(byte);
        text += digits[code >> 4];
        text += digits[code & 15];
    }
    out.text(text);
    return {};
}

errc encode_traits<ewkb>::encode_binary(const ewkb& value, encoder& out)
{
    out.bytes(value.bytes);
    return {};
}

errc decode_traits<ewkb>::decode(const field& f, ewkb& out)
{
    if (f.format() == format::binary) {
        const auto bytes = f.bytes();
        out.bytes.assign(bytes.begin(), bytes.end());
        return {};
    }
    std::vector<std::byte> bytes;
    if (!detail::parse_hex(f.view(), bytes)) return errc::invalid_value;
    out.bytes = std::move(bytes);
    return {};
}

} // namespace tusk
