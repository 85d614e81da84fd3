// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/detail/parts.hpp>
#include <tusk/detail/range_cursor.hpp>
#include <tusk/detail/type_links.hpp>
#include <tusk/range.hpp>

#include <cstddef>
#include <utility>
#include <vector>

/// tusk::range<T> is the range type over T's SQL type, tusk::multirange<T> its multirange type: int4range,
/// int8range, numrange, daterange, tsrange, tstzrange.
///
/// Range types of users are sent where tusk::as_type or tusk::as_oid names them. In binary they do not say what type
/// their bounds have: a typed query looks that up, `field::as` needs a connection that knows it
/// (`connection::async_describe_type`).
/// Errors: errc::parameter_mismatch for a T over which there is no built-in range type.
namespace tusk {
namespace detail {

/// The column of the bounds. `multi`: c is a multirange.
template <class T>
[[nodiscard]] column bound_column(const column& c, bool multi)
{
    column inner = c;
    if (multi && !is_unknown_text(c)) inner.type = subtype_of(c);
    return inner_column<T>(subtype_of(inner), c);
}

template <class T>
[[nodiscard]] bool accepts_range(const column& c, bool multi)
{
    if (borrowing<T> && c.format == format::text) return false;
    if (is_multirange(c) != multi && !is_unknown_text(c)) return false;
    const column inner = bound_column<T>(c, multi);
    return inner.type != oid::none && decode_traits<T>::accepts(inner);
}

template <class T>
[[nodiscard]] errc read_bound(const column& c, const range_parts::end& from, range_bound<T>& out)
{
    out.kind = from.kind;
    if (from.kind == bound_kind::infinite) return {};
    return decode_traits<T>::decode(field(c, from.data, from.length), out.value);
}

template <class T>
[[nodiscard]] errc read_range(range_cursor& cursor, const column& c, range_parts& parts, range<T>& out)
{
    if (const errc e = cursor.next(parts); e != errc{}) return e;
    if (parts.empty) {
        out = range<T>();
        return {};
    }
    range_bound<T> lower;
    range_bound<T> upper;
    if (const errc e = read_bound(c, parts.lower, lower); e != errc{}) return e;
    if (const errc e = read_bound(c, parts.upper, upper); e != errc{}) return e;
    out = range<T>(std::move(lower), std::move(upper));
    return {};
}

template <class T>
[[nodiscard]] errc write_range(const range<T>& value, oid bounds, encoder& out)
{
    out.u8(range_flags(value.is_empty(), value.lower().kind, value.upper().kind));
    if (value.is_empty()) return out.error();
    for (const range_bound<T>* b : {&value.lower(), &value.upper()}) {
        if (b->kind == bound_kind::infinite) continue;
        if (is_null(b->value)) return errc::value_out_of_range; // a bound is not NULL
        if (const errc e = write_part(b->value, bounds, out); e != errc{}) return e;
    }
    return {};
}

/// The type of the bounds of a range or multirange that is to be written; oid::none: T's own.
[[nodiscard]] oid bounds_of(oid target, bool multi) noexcept;

template <class T>
[[nodiscard]] bool encodes_range(oid target, bool multi)
{
    const oid bounds = is_dynamic(target) ? oid::none : bounds_of(target, multi);
    return bounds != oid::none && encodes<T>(bounds);
}

} // namespace detail

template <encodable T>
struct encode_traits<range<T>> {
    static constexpr oid type = detail::range_of(detail::part_type<T>);
    static constexpr tusk::format format = tusk::format::binary;
    static constexpr bool structured = true;

    [[nodiscard]] static bool encodes(oid target) noexcept { return detail::encodes_range<T>(target, false); }
    [[nodiscard]] static errc encode(const range<T>& value, encoder& out)
    {
        if (type == oid::none && out.target() == oid::none) return errc::parameter_mismatch;
        const oid inside = out.inside(detail::inner_type::subtype);
        return detail::write_range(
            value, inside != oid::none ? inside : detail::bounds_of(out.target(), false), out);
    }
};

template <encodable T>
struct encode_traits<multirange<T>> {
    static constexpr oid type = detail::multirange_of(encode_traits<range<T>>::type);
    static constexpr tusk::format format = tusk::format::binary;
    static constexpr bool structured = true;

    [[nodiscard]] static bool encodes(oid target) noexcept { return detail::encodes_range<T>(target, true); }
    [[nodiscard]] static errc encode(const multirange<T>& value, encoder& out)
    {
        if (type == oid::none && out.target() == oid::none) return errc::parameter_mismatch;
        oid bounds = detail::bounds_of(out.target(), true);
        if (const oid range = out.inside(detail::inner_type::subtype); range != oid::none) {
            const encoder::scope as(out, range);
            bounds = out.inside(detail::inner_type::subtype);
        }
        if (value.size() > encoder::max_value) return errc::request_too_large;
        out.u32(static_cast<std::uint32_t>(value.size()));
        for (std::size_t i = 0; i < value.size(); ++i) {
            const encoder::part p = out.begin_part(oid::none);
            errc e = detail::write_range(value[i], bounds, out);
            out.end_part(p);
            if (e == errc{}) e = out.error();
            if (e == errc{}) continue;
            out.failed_in(i + 1);
            return e;
        }
        return {};
    }
};

template <decodable T>
struct decode_traits<range<T>> {
    static constexpr bool needs_types = true;
    static constexpr bool borrows = detail::borrowing<T>;

    [[nodiscard]] static bool accepts(const column& c) { return detail::accepts_range<T>(c, false); }
    [[nodiscard]] static errc decode(const field& f, range<T>& out)
    {
        const column inner = detail::bound_column<T>(f.column(), false);
        detail::range_cursor cursor;
        detail::range_parts parts;
        if (const errc e = cursor.open(f, false); e != errc{}) return e;
        return detail::read_range(cursor, inner, parts, out);
    }
};

template <decodable T>
struct decode_traits<multirange<T>> {
    static constexpr bool needs_types = true;
    static constexpr bool borrows = detail::borrowing<T>;

    [[nodiscard]] static bool accepts(const column& c) { return detail::accepts_range<T>(c, true); }
    [[nodiscard]] static errc decode(const field& f, multirange<T>& out)
    {
        const column inner = detail::bound_column<T>(f.column(), true);
        detail::range_cursor cursor;
        detail::range_parts parts;
        if (const errc e = cursor.open(f, true); e != errc{}) return e;
        std::vector<range<T>>& ranges = out.ranges();
        ranges.clear();
        ranges.reserve(cursor.count());
        while (cursor.more())
            if (const errc e = detail::read_range(cursor, inner, parts, ranges.emplace_back()); e != errc{})
                return e;
        return {};
    }
};

} // namespace tusk
