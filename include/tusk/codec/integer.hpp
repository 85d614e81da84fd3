// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/detail/bytes.hpp>
#include <tusk/field.hpp>

#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

namespace tusk {
namespace detail {

/// short, int, long, long long and their unsigned forms: numbers, not characters.
template <class T>
concept number = std::integral<T> && sizeof(T) >= 2 && !std::same_as<T, bool> && !std::same_as<T, char16_t> &&
                 !std::same_as<T, char32_t> && !std::same_as<T, wchar_t>;

/// A SQL type that every value of T fits in; 64-bit unsigned values are checked one by one.
template <number T>
inline constexpr oid number_type = std::is_signed_v<T> ? (sizeof(T) == 2   ? oid::int2
                                                          : sizeof(T) == 4 ? oid::int4
                                                                           : oid::int8)
                                                       : (sizeof(T) == 2 ? oid::int4 : oid::int8);

/// Whether a column holds integers of at most `size` bytes; object identifiers count when `identifiers` is
/// set.
[[nodiscard]] bool holds_integer(const column& c, std::size_t size, bool identifiers) noexcept;
/// Reads any such column, binary or text.
[[nodiscard]] errc read_integer(const field& f, std::int64_t& out) noexcept;

/// Whether a column holds numeric without decimals: by its declaration, or, where it has none, by hope.
[[nodiscard]] bool holds_whole_numeric(const column& c) noexcept;
/// Reads a numeric that is whole and has a magnitude of 64 bits; others are errc::value_not_representable.
[[nodiscard]] errc read_whole_numeric(const field& f, bool& negative, std::uint64_t& magnitude) noexcept;
template <class T>
[[nodiscard]] errc read_numeric(const field& f, T& out) noexcept
{
    bool negative = false;
    std::uint64_t magnitude = 0;
    if (const errc e = read_whole_numeric(f, negative, magnitude); e != errc{}) return e;
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<T>::max());
    constexpr std::uint64_t least = std::is_signed_v<T> ? most + 1 : 0; // without its sign
    if (magnitude > (negative ? least : most)) return errc::value_not_representable;
    out = static_cast<T>(negative ? 0 - magnitude : magnitude);
    return {};
}

/// Types that write_integer can write.
[[nodiscard]] bool takes_integer(oid target) noexcept;
/// Writes `value` as `target`; errc::value_out_of_range where it does not fit, or would lose digits.
[[nodiscard]] errc write_integer(std::int64_t value, oid target, encoder& out);
void write_numeric(bool negative, std::uint64_t magnitude, encoder& out);

} // namespace detail

/// Integers: int2, int4, int8 by their size; uint16_t is sent as int4, uint32_t and uint64_t as int8.
/// To a described statement they are also sent as any integer, float, numeric or oid that holds the value.
template <detail::number T>
struct encode_traits<T> {
    static constexpr oid type = detail::number_type<T>;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static bool encodes(oid target) noexcept { return detail::takes_integer(target); }

    [[nodiscard]] static errc encode(const T& value, encoder& out)
    {
        if (out.target() == oid::none || out.target() == type) {
            if constexpr (type == oid::int2) return out.i16(static_cast<std::int16_t>(value)), errc{};
            if constexpr (type == oid::int4) return out.i32(static_cast<std::int32_t>(value)), errc{};
            if constexpr (type == oid::int8 && std::is_signed_v<T>)
                return out.i64(static_cast<std::int64_t>(value)), errc{};
        }
        if constexpr (sizeof(T) == 8 && std::is_unsigned_v<T>) {
            if (out.target() == oid::numeric) {
                detail::write_numeric(false, value, out);
                return {};
            }
        }
        if (!std::in_range<std::int64_t>(value)) return errc::value_out_of_range;
        return detail::write_integer(static_cast<std::int64_t>(value),
                                     out.target() == oid::none ? type : out.target(), out);
    }
};

/// Integers: columns of the same size or smaller. Unsigned ones read the type they are sent as and smaller;
/// uint32_t and all of 64 bits also read oid, xid and the like. 64 bits also read numeric, unless the column is
/// declared with decimals. A value that does not fit, or has a fraction, is errc::value_not_representable.
template <detail::number T>
struct decode_traits<T> {
    [[nodiscard]] static bool accepts(const column& c) noexcept
    {
        constexpr std::size_t size = std::is_signed_v<T> || sizeof(T) == 8 ? sizeof(T) : 2 * sizeof(T);
        return detail::holds_integer(c, size, sizeof(T) == 8 || std::is_same_v<T, std::uint32_t>) ||
               (sizeof(T) == 8 && detail::holds_whole_numeric(c));
    }

    [[nodiscard]] static errc decode(const field& f, T& out) noexcept
    {
        if constexpr (std::is_signed_v<T>) {
            const auto bytes = f.bytes();
            if (f.type() == detail::number_type<T> && f.format() == format::binary &&
                bytes.size() == sizeof(T)) [[likely]] {
                out = static_cast<T>(
                    detail::load_be<std::make_unsigned_t<T>>(bytes.template first<sizeof(T)>()));
                return {};
            }
        }
        if constexpr (sizeof(T) == 8)
            if (f.type() == oid::numeric) return detail::read_numeric(f, out);
        std::int64_t wide = 0;
        if (const errc e = detail::read_integer(f, wide); e != errc{}) return e;
        if (!std::in_range<T>(wide)) return errc::value_not_representable;
        out = static_cast<T>(wide);
        return {};
    }
};

/// Object identifiers: oid, and in binary its aliases (regclass, regtype, ...), xid and cid.
template <>
struct encode_traits<oid> {
    static constexpr oid type = oid::oid_;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static bool encodes(oid target) noexcept;
    [[nodiscard]] static errc encode(const oid& value, encoder& out);
};

template <>
struct decode_traits<oid> {
    [[nodiscard]] static bool accepts(const column& c) noexcept;
    [[nodiscard]] static errc decode(const field& f, oid& out) noexcept;
};

} // namespace tusk
