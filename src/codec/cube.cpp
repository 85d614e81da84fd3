// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/cube.hpp>

#include "codec/parsed.hpp"
#include "wire/reader.hpp"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace tusk {
namespace {

constexpr std::uint32_t point_flag = 0x8000'0000; // in the header, over the number of dimensions

bool sendable(const cube& value) noexcept
{
    return value.first.size() <= cube::max_dimensions &&
           (value.second.empty() || value.second.size() == value.first.size());
}

std::vector<double> read_corner(wire::reader& in, std::size_t dimensions)
{
    std::vector<double> corner(dimensions);
    for (double& x : corner) x = std::bit_cast<double>(in.u64());
    return corner;
}

} // namespace

errc encode_traits<cube>::encode(const cube& value, encoder& out)
{
    if (!sendable(value)) return errc::value_out_of_range;
    out.text(value.to_string());
    return {};
}

// Int32 header, then the corners' numbers; a point has one corner.
errc encode_traits<cube>::encode_binary(const cube& value, encoder& out)
{
    if (!sendable(value)) return errc::value_out_of_range;
    const auto dimensions = static_cast<std::uint32_t>(value.first.size());
    out.u32(value.second.empty() ? dimensions | point_flag : dimensions);
    for (const double x : value.first) out.f64(x);
    for (const double x : value.second) out.f64(x);
    return {};
}

errc decode_traits<cube>::decode(const field& f, cube& out)
{
    if (f.format() == format::text) return detail::read_parsed(f.view(), out);
    wire::reader in(f.bytes());
    const std::uint32_t header = in.u32();
    const std::size_t dimensions = header & ~point_flag;
    const bool is_point = (header & point_flag) != 0;
    if (dimensions > cube::max_dimensions ||
        in.remaining() != (is_point ? 1 : 2) * dimensions * sizeof(double))
        return errc::invalid_value;
    cube value;
    value.first = read_corner(in, dimensions);
    if (!is_point) value.second = read_corner(in, dimensions);
    if (!in.done()) return errc::invalid_value;
    out = std::move(value);
    return {};
}

} // namespace tusk
