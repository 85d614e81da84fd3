// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/json.hpp>
#include <tusk/codec/text.hpp>

#include <string>
#include <string_view>

namespace tusk {
namespace {

constexpr std::uint8_t version = 1; // of the binary forms of jsonb and jsonpath; json has none

void write(std::string_view text, oid as, encoder& out)
{
    if (as != oid::json) out.u8(version);
    out.text(text);
}

oid target_or(oid own, const encoder& out) noexcept { return out.target() == oid::none ? own : out.target(); }

} // namespace

errc encode_traits<json>::encode(const json& value, encoder& out)
{
    write(value.text, target_or(oid::json, out), out);
    return {};
}

errc decode_traits<json>::decode(const field& f, json& out)
{
    return decode_traits<std::string>::decode(f, out.text);
}

errc encode_traits<jsonb>::encode(const jsonb& value, encoder& out)
{
    write(value.text, target_or(oid::jsonb, out), out);
    return {};
}

errc decode_traits<jsonb>::decode(const field& f, jsonb& out)
{
    return decode_traits<std::string>::decode(f, out.text);
}

errc encode_traits<jsonpath>::encode(const jsonpath& value, encoder& out)
{
    write(value.text, oid::jsonpath, out);
    return {};
}

errc decode_traits<jsonpath>::decode(const field& f, jsonpath& out)
{
    return decode_traits<std::string>::decode(f, out.text);
}

} // namespace tusk
