// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/geometric.hpp>

#include "codec/parsed.hpp"
#include "wire/reader.hpp"

#include <bit>
#include <cstdint>
#include <utility>

namespace tusk {
namespace {

constexpr std::size_t point_size = 16;

void write(const point& p, encoder& out)
{
    out.f64(p.x);
    out.f64(p.y);
}

/// Int32 count, then the points.
errc write(const std::vector<point>& points, encoder& out)
{
    if (points.empty()) return errc::value_out_of_range;
    if (points.size() > encoder::max_value / point_size) return errc::request_too_large;
    out.i32(static_cast<std::int32_t>(points.size()));
    for (const point& p : points) write(p, out);
    return {};
}

double read_double(wire::reader& in) noexcept { return std::bit_cast<double>(in.u64()); }

point read_point(wire::reader& in) noexcept
{
    const double x = read_double(in);
    return {x, read_double(in)};
}

std::vector<point> read_points(wire::reader& in)
{
    const std::int32_t count = in.i32();
    if (count <= 0 || static_cast<std::size_t>(count) != in.remaining() / point_size) {
        in.fail();
        return {};
    }
    std::vector<point> points(static_cast<std::size_t>(count));
    for (point& p : points) p = read_point(in);
    return points;
}

/// Text by parse(), binary by `read`, which must use up all bytes.
template <class T, class Read>
errc decode_with(const field& f, T& out, Read read)
{
    if (f.format() == format::text) return detail::read_parsed(f.view(), out);
    wire::reader in(f.bytes());
    T value = read(in);
    if (!in.done()) return errc::invalid_value;
    out = std::move(value);
    return {};
}

} // namespace

errc encode_traits<point>::encode(const point& value, encoder& out)
{
    write(value, out);
    return {};
}

errc decode_traits<point>::decode(const field& f, point& out) noexcept
{
    return decode_with(f, out, read_point);
}

errc encode_traits<line>::encode(const line& value, encoder& out)
{
    out.f64(value.a);
    out.f64(value.b);
    out.f64(value.c);
    return {};
}

errc decode_traits<line>::decode(const field& f, line& out) noexcept
{
    return decode_with(f, out, [](wire::reader& in) {
        const double a = read_double(in);
        const double b = read_double(in);
        return line{a, b, read_double(in)};
    });
}

errc encode_traits<lseg>::encode(const lseg& value, encoder& out)
{
    write(value.first, out);
    write(value.second, out);
    return {};
}

errc decode_traits<lseg>::decode(const field& f, lseg& out) noexcept
{
    return decode_with(f, out, [](wire::reader& in) {
        const point first = read_point(in);
        return lseg{first, read_point(in)};
    });
}

errc encode_traits<box>::encode(const box& value, encoder& out)
{
    write(value.high, out);
    write(value.low, out);
    return {};
}

errc decode_traits<box>::decode(const field& f, box& out) noexcept
{
    return decode_with(f, out, [](wire::reader& in) {
        const point high = read_point(in);
        return box{high, read_point(in)};
    });
}

errc encode_traits<path>::encode(const path& value, encoder& out)
{
    out.u8(value.closed ? 1 : 0);
    return write(value.points, out);
}

errc decode_traits<path>::decode(const field& f, path& out)
{
    return decode_with(f, out, [](wire::reader& in) {
        const std::uint8_t closed = in.u8();
        path p{read_points(in), closed == 1};
        if (closed > 1) in.fail();
        return p;
    });
}

errc encode_traits<polygon>::encode(const polygon& value, encoder& out) { return write(value.points, out); }

errc decode_traits<polygon>::decode(const field& f, polygon& out)
{
    return decode_with(f, out, [](wire::reader& in) { return polygon{read_points(in)}; });
}

errc encode_traits<circle>::encode(const circle& value, encoder& out)
{
    if (value.radius < 0) return errc::value_out_of_range;
    write(value.center, out);
    out.f64(value.radius);
    return {};
}

errc decode_traits<circle>::decode(const field& f, circle& out) noexcept
{
    return decode_with(f, out, [](wire::reader& in) {
        const point center = read_point(in);
        const circle c{center, read_double(in)};
        if (c.radius < 0) in.fail();
        return c;
    });
}

} // namespace tusk
