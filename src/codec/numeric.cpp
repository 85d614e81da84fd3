// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/integer.hpp>
#include <tusk/codec/numeric.hpp>
#include <tusk/detail/bytes.hpp>

#include <limits>

namespace tusk {
namespace {

// Int16 digits, Int16 weight, Int16 sign, Int16 scale; then the digits, to the base of 10 000.
constexpr std::size_t header_size = 8;
constexpr std::uint16_t sign_positive = 0x0000;
constexpr std::uint16_t sign_negative = 0x4000;
constexpr std::uint16_t sign_nan = 0xc000;
constexpr std::uint16_t sign_infinity = 0xd000;
constexpr std::uint16_t sign_minus_infinity = 0xf000;

std::uint16_t sign_of(const numeric& value) noexcept
{
    if (value.is_nan()) return sign_nan;
    if (value.is_infinite()) return value.is_negative() ? sign_minus_infinity : sign_infinity;
    return value.is_negative() ? sign_negative : sign_positive;
}

errc read_binary(std::span<const std::byte> bytes, numeric& out)
{
    if (bytes.size() < header_size) return errc::invalid_value;
    const auto word = [bytes](std::size_t i) {
        return detail::load_be<std::uint16_t>(bytes.subspan(2 * i).first<2>());
    };
    const std::size_t count = word(0);
    const auto weight = static_cast<std::int16_t>(word(1));
    const std::uint16_t sign = word(2);
    const std::uint16_t scale = word(3);
    if (bytes.size() != header_size + 2 * count || scale > numeric::max_scale) return errc::invalid_value;
    if (sign == sign_nan || sign == sign_infinity || sign == sign_minus_infinity) {
        if (count != 0) return errc::invalid_value;
        out = sign == sign_nan ? numeric::nan() : numeric::infinity();
        if (sign == sign_minus_infinity) out = -out;
        return {};
    }
    if (sign != sign_positive && sign != sign_negative) return errc::invalid_value;
    detail::small_vector<std::uint16_t, 64> digits;
    std::uint16_t* to = digits.extend(count);
    for (std::size_t i = 0; i < count; ++i) to[i] = word(header_size / 2 + i);
    std::error_code ec;
    out = numeric::from_digits(sign == sign_negative, weight, scale, digits.span(), ec);
    return ec ? errc::invalid_value : errc{};
}

} // namespace

namespace detail {

void write_numeric(bool negative, std::uint64_t magnitude, encoder& out)
{
    const numeric value(magnitude); // without the heap
    static_cast<void>(encode_traits<numeric>::encode(negative ? -value : value, out));
}

bool holds_whole_numeric(const column& c) noexcept
{
    if (c.type != oid::numeric) return false;
    if (c.modifier < 4) return true; // numeric without precision and scale
    // precision << 16 | scale, 11 bits with a sign, and 4 added; a negative scale is whole as well
    const std::int32_t scale = (((c.modifier - 4) & 0x7ff) ^ 1024) - 1024;
    return scale <= 0;
}

errc read_whole_numeric(const field& f, bool& negative, std::uint64_t& magnitude) noexcept
{
    numeric value;
    try {
        if (const errc e = decode_traits<numeric>::decode(f, value); e != errc{}) return e;
        negative = value.is_negative();
        value = value.abs();
    } catch (...) { // no memory for more digits than any integer has
        return errc::value_not_representable;
    }
    return value.get(magnitude) ? errc::value_not_representable : errc{};
}

} // namespace detail

errc encode_traits<numeric>::encode(const numeric& value, encoder& out)
{
    const auto digits = value.digits(); // 36 864 at most
    out.u16(static_cast<std::uint16_t>(digits.size()));
    out.i16(static_cast<std::int16_t>(value.weight()));
    out.u16(sign_of(value));
    out.u16(static_cast<std::uint16_t>(value.scale()));
    for (const std::uint16_t d : digits) out.u16(d);
    return {};
}

errc decode_traits<numeric>::decode(const field& f, numeric& out)
{
    if (f.format() == format::binary) return read_binary(f.bytes(), out);
    std::error_code ec;
    out = numeric::parse(f.view(), ec);
    return ec ? errc::invalid_value : errc{};
}

} // namespace tusk
