// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/pgvector.hpp>

#include "codec/half.hpp"
#include "codec/parsed.hpp"
#include "wire/reader.hpp"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>

namespace tusk {
namespace {

constexpr std::size_t max_dimensions = std::numeric_limits<std::int16_t>::max();

bool too_large(float value) noexcept { return !detail::float_to_half(value); }

/// Int16 dimensions, Int16 0.
errc write_header(std::size_t dimensions, encoder& out)
{
    if (dimensions > max_dimensions) return errc::value_out_of_range;
    out.u16(static_cast<std::uint16_t>(dimensions));
    out.u16(0);
    return {};
}

/// Reads as many numbers of `size` bytes as the header tells.
template <class Read>
errc read_list(const field& f, std::size_t size, std::vector<float>& out, Read read)
{
    wire::reader in(f.bytes());
    const std::size_t dimensions = in.u16();
    const std::uint16_t unused = in.u16();
    if (in.fault() || unused != 0 || dimensions == 0 || dimensions > max_dimensions ||
        in.remaining() != dimensions * size)
        return errc::invalid_value;
    out.resize(dimensions);
    for (float& x : out) x = read(in);
    return {};
}

float read_float(wire::reader& in) noexcept { return std::bit_cast<float>(in.u32()); }

} // namespace

errc encode_traits<pgvector>::encode(const pgvector& value, encoder& out)
{
    out.text(value.to_string());
    return {};
}

// The header, then float4s.
errc encode_traits<pgvector>::encode_binary(const pgvector& value, encoder& out)
{
    if (const errc e = write_header(value.values.size(), out); e != errc{}) return e;
    for (const float x : value.values) out.f32(x);
    return {};
}

errc decode_traits<pgvector>::decode(const field& f, pgvector& out)
{
    if (f.format() == format::text) return detail::read_parsed(f.view(), out);
    return read_list(f, 4, out.values, read_float);
}

errc encode_traits<halfvec>::encode(const halfvec& value, encoder& out)
{
    if (std::ranges::any_of(value.values, too_large)) return errc::value_out_of_range;
    out.text(value.to_string());
    return {};
}

// The header, then numbers of 16 bits.
errc encode_traits<halfvec>::encode_binary(const halfvec& value, encoder& out)
{
    if (const errc e = write_header(value.values.size(), out); e != errc{}) return e;
    for (const float x : value.values) {
        const auto half = detail::float_to_half(x);
        if (!half) return errc::value_out_of_range;
        out.u16(*half);
    }
    return {};
}

errc decode_traits<halfvec>::decode(const field& f, halfvec& out)
{
    if (f.format() == format::text) return detail::read_parsed(f.view(), out);
    return read_list(f, 2, out.values, [](wire::reader& in) { return detail::half_to_float(in.u16()); });
}

errc encode_traits<sparsevec>::encode(const sparsevec& value, encoder& out)
{
    if (!value.valid()) return errc::value_out_of_range;
    out.text(value.to_string());
    return {};
}

// Int32 dimensions, Int32 number of elements, Int32 0, then all indices, then all values.
errc encode_traits<sparsevec>::encode_binary(const sparsevec& value, encoder& out)
{
    if (!value.valid()) return errc::value_out_of_range;
    if (value.elements.size() > encoder::max_value / 8) return errc::request_too_large;
    out.i32(value.dimensions);
    out.i32(static_cast<std::int32_t>(value.elements.size()));
    out.i32(0);
    for (const sparsevec::element& e : value.elements) out.i32(e.index);
    for (const sparsevec::element& e : value.elements) out.f32(e.value);
    return {};
}

errc decode_traits<sparsevec>::decode(const field& f, sparsevec& out)
{
    if (f.format() == format::text) return detail::read_parsed(f.view(), out);
    wire::reader in(f.bytes());
    sparsevec value;
    value.dimensions = in.i32();
    const std::int32_t count = in.i32();
    const std::int32_t unused = in.i32();
    if (in.fault() || unused != 0 || count < 0 || in.remaining() / 8 != static_cast<std::size_t>(count))
        return errc::invalid_value;
    value.elements.resize(static_cast<std::size_t>(count));
    for (sparsevec::element& e : value.elements) e.index = in.i32();
    for (sparsevec::element& e : value.elements) e.value = read_float(in);
    if (!in.done() || !value.valid()) return errc::invalid_value;
    out = std::move(value);
    return {};
}

} // namespace tusk
