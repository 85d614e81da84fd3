// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/integer.hpp>

#include "codec/parse.hpp"

namespace tusk {
namespace detail {
namespace {

/// Bytes of a binary integer of this type, 0 for other types.
std::size_t integer_size(oid type) noexcept
{
    switch (type) {
    case oid::int2:
        return 2;
    case oid::int4:
        return 4;
    case oid::int8:
        return 8;
    default:
        return 0;
    }
}

/// Types that are an unsigned 32-bit number in both formats.
bool is_identifier(oid type) noexcept { return type == oid::oid_ || type == oid::xid || type == oid::cid; }

/// Types that are an object identifier in binary and a name in text.
bool is_alias(oid type) noexcept
{
    switch (type) {
    case oid::regproc:
    case oid::regprocedure:
    case oid::regoper:
    case oid::regoperator:
    case oid::regclass:
    case oid::regtype:
    case oid::regconfig:
    case oid::regdictionary:
    case oid::regnamespace:
    case oid::regrole:
    case oid::regcollation:
        return true;
    default:
        return false;
    }
}

template <class To>
bool exact(std::int64_t value) noexcept
{
    constexpr std::int64_t most = std::int64_t{1} << std::numeric_limits<To>::digits;
    return value >= -most && value <= most;
}

} // namespace

bool holds_integer(const column& c, std::size_t size, bool identifiers) noexcept
{
    const std::size_t have = integer_size(c.type);
    if (have != 0) return have <= size;
    return identifiers && (is_identifier(c.type) || (is_alias(c.type) && c.format == format::binary));
}

errc read_integer(const field& f, std::int64_t& out) noexcept
{
    if (f.format() == format::text) return parse_number(f.view(), out) ? errc{} : errc::invalid_value;
    const auto bytes = f.bytes();
    const std::size_t size = integer_size(f.type());
    if (bytes.size() != (size == 0 ? 4 : size)) return errc::invalid_value;
    switch (size) {
    case 0:
        out = load_be<std::uint32_t>(bytes.first<4>());
        break;
    case 2:
        out = static_cast<std::int16_t>(load_be<std::uint16_t>(bytes.first<2>()));
        break;
    case 4:
        out = static_cast<std::int32_t>(load_be<std::uint32_t>(bytes.first<4>()));
        break;
    default:
        out = static_cast<std::int64_t>(load_be<std::uint64_t>(bytes.first<8>()));
        break;
    }
    return {};
}

bool takes_integer(oid target) noexcept
{
    switch (target) {
    case oid::int2:
    case oid::int4:
    case oid::int8:
    case oid::float4:
    case oid::float8:
    case oid::numeric:
    case oid::oid_:
        return true;
    default:
        return false;
    }
}

errc write_integer(std::int64_t value, oid target, encoder& out)
{
    bool fits = true;
    switch (target) {
    case oid::int2:
        if ((fits = std::in_range<std::int16_t>(value))) out.i16(static_cast<std::int16_t>(value));
        break;
    case oid::int4:
        if ((fits = std::in_range<std::int32_t>(value))) out.i32(static_cast<std::int32_t>(value));
        break;
    case oid::oid_:
        if ((fits = std::in_range<std::uint32_t>(value))) out.u32(static_cast<std::uint32_t>(value));
        break;
    case oid::float4:
        if ((fits = exact<float>(value))) out.f32(static_cast<float>(value));
        break;
    case oid::float8:
        if ((fits = exact<double>(value))) out.f64(static_cast<double>(value));
        break;
    case oid::numeric:
        write_numeric(value < 0,
                      value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value),
                      out);
        break;
    case oid::int8:
        out.i64(value);
        break;
    default:
        return errc::parameter_mismatch;
    }
    return fits ? errc{} : errc::value_out_of_range;
}

} // namespace detail

bool encode_traits<oid>::encodes(oid target) noexcept
{
    return target == oid::oid_ || target == oid::int8 || target == oid::xid || target == oid::cid ||
           detail::is_alias(target);
}

errc encode_traits<oid>::encode(const oid& value, encoder& out)
{
    if (out.target() == oid::int8)
        out.i64(static_cast<std::uint32_t>(value));
    else
        out.u32(static_cast<std::uint32_t>(value));
    return {};
}

bool decode_traits<oid>::accepts(const column& c) noexcept
{
    return detail::integer_size(c.type) == 0 && detail::holds_integer(c, 0, true);
}

errc decode_traits<oid>::decode(const field& f, oid& out) noexcept
{
    std::uint32_t number = 0;
    const errc e = decode_traits<std::uint32_t>::decode(f, number);
    if (e == errc{}) out = static_cast<oid>(number);
    return e;
}

} // namespace tusk
