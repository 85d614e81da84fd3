// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/hstore.hpp>

#include "codec/parsed.hpp"
#include "wire/reader.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>

namespace tusk {
namespace {

constexpr std::size_t least_pair = 8; // two lengths
constexpr std::int32_t null_length = -1;

/// Int32 length, then the text.
errc write(std::string_view text, encoder& out)
{
    if (text.size() > encoder::max_value) return errc::request_too_large;
    out.i32(static_cast<std::int32_t>(text.size()));
    out.text(text);
    return {};
}

std::string read_text(wire::reader& in, std::int32_t length)
{
    if (length < 0) in.fail();
    if (in.fault()) return {};
    const auto bytes = in.bytes(static_cast<std::size_t>(length));
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool read_pair(wire::reader& in, hstore& out)
{
    std::string key = read_text(in, in.i32());
    const std::int32_t length = in.i32();
    std::optional<std::string> content;
    if (length != null_length) content = read_text(in, length);
    return !in.fault() && out.pairs.emplace(std::move(key), std::move(content)).second;
}

} // namespace

errc encode_traits<hstore>::encode(const hstore& value, encoder& out)
{
    out.text(value.to_string());
    return {};
}

// Int32 number of pairs; for each the key, and the value or Int32 -1.
errc encode_traits<hstore>::encode_binary(const hstore& value, encoder& out)
{
    if (value.pairs.size() > encoder::max_value / least_pair) return errc::request_too_large;
    out.i32(static_cast<std::int32_t>(value.pairs.size()));
    for (const auto& [key, content] : value.pairs) {
        if (const errc e = write(key, out); e != errc{}) return e;
        if (!content)
            out.i32(null_length);
        else if (const errc e = write(*content, out); e != errc{})
            return e;
    }
    return {};
}

errc decode_traits<hstore>::decode(const field& f, hstore& out)
{
    if (f.format() == format::text) return detail::read_parsed(f.view(), out);
    wire::reader in(f.bytes());
    const std::int32_t count = in.i32();
    if (count < 0 || static_cast<std::size_t>(count) > in.remaining() / least_pair)
        return errc::invalid_value;
    hstore value;
    for (std::int32_t i = 0; i < count; ++i)
        if (!read_pair(in, value)) return errc::invalid_value;
    if (!in.done()) return errc::invalid_value;
    out = std::move(value);
    return {};
}

} // namespace tusk
