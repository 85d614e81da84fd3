// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/floating.hpp>
#include <tusk/detail/bytes.hpp>

#include "codec/float_text.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace tusk {
namespace {

errc read_float4(const field& f, float& out) noexcept
{
    const auto bytes = f.bytes();
    if (bytes.size() != 4) return errc::invalid_value;
    out = std::bit_cast<float>(detail::load_be<std::uint32_t>(bytes.first<4>()));
    return {};
}

bool is_float(oid type) noexcept { return type == oid::float4 || type == oid::float8; }

} // namespace

bool encode_traits<float>::encodes(oid target) noexcept { return is_float(target); }

errc encode_traits<float>::encode(const float& value, encoder& out)
{
    if (out.target() == oid::float8)
        out.f64(static_cast<double>(value));
    else
        out.f32(value);
    return {};
}

bool encode_traits<double>::encodes(oid target) noexcept { return is_float(target); }

errc encode_traits<double>::encode(const double& value, encoder& out)
{
    if (out.target() != oid::float4) {
        out.f64(value);
        return {};
    }
    // Beyond float's largest value the conversion itself is undefined.
    if (std::isfinite(value) && std::abs(value) > static_cast<double>(std::numeric_limits<float>::max()))
        return errc::value_out_of_range;
    out.f32(static_cast<float>(value));
    return {};
}

bool decode_traits<float>::accepts(const column& c) noexcept { return c.type == oid::float4; }

errc decode_traits<float>::decode(const field& f, float& out) noexcept
{
    return f.format() == format::binary ? read_float4(f, out) : detail::parse_float(f.view(), out);
}

bool decode_traits<double>::accepts(const column& c) noexcept { return is_float(c.type); }

errc detail::read_double(const field& f, double& out) noexcept
{
    if (f.format() == format::text) return detail::parse_float(f.view(), out);
    const auto bytes = f.bytes();
    if (f.type() == oid::float4) {
        float narrow = 0;
        const errc e = read_float4(f, narrow);
        if (e == errc{}) out = static_cast<double>(narrow);
        return e;
    }
    if (bytes.size() != 8) return errc::invalid_value;
    out = std::bit_cast<double>(detail::load_be<std::uint64_t>(bytes.first<8>()));
    return {};
}

} // namespace tusk
