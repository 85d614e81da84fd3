// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/single_type.hpp>
#include <tusk/geometric.hpp>

/// The geometric types, each for the struct of its name.
///
/// Errors: errc::value_out_of_range for a path or a polygon without points, and for a circle with a negative radius,
/// which the server does not take.
namespace tusk {

template <>
struct encode_traits<point> : detail::sent_as<oid::point> {
    [[nodiscard]] static errc encode(const point& value, encoder& out);
};
template <>
struct decode_traits<point> : detail::read_from<oid::point> {
    [[nodiscard]] static errc decode(const field& f, point& out) noexcept;
};

template <>
struct encode_traits<line> : detail::sent_as<oid::line> {
    [[nodiscard]] static errc encode(const line& value, encoder& out);
};
template <>
struct decode_traits<line> : detail::read_from<oid::line> {
    [[nodiscard]] static errc decode(const field& f, line& out) noexcept;
};

template <>
struct encode_traits<lseg> : detail::sent_as<oid::lseg> {
    [[nodiscard]] static errc encode(const lseg& value, encoder& out);
};
template <>
struct decode_traits<lseg> : detail::read_from<oid::lseg> {
    [[nodiscard]] static errc decode(const field& f, lseg& out) noexcept;
};

template <>
struct encode_traits<box> : detail::sent_as<oid::box> {
    [[nodiscard]] static errc encode(const box& value, encoder& out);
};
template <>
struct decode_traits<box> : detail::read_from<oid::box> {
    [[nodiscard]] static errc decode(const field& f, box& out) noexcept;
};

template <>
struct encode_traits<path> : detail::sent_as<oid::path> {
    [[nodiscard]] static errc encode(const path& value, encoder& out);
};
template <>
struct decode_traits<path> : detail::read_from<oid::path> {
    [[nodiscard]] static errc decode(const field& f, path& out);
};

template <>
struct encode_traits<polygon> : detail::sent_as<oid::polygon> {
    [[nodiscard]] static errc encode(const polygon& value, encoder& out);
};
template <>
struct decode_traits<polygon> : detail::read_from<oid::polygon> {
    [[nodiscard]] static errc decode(const field& f, polygon& out);
};

template <>
struct encode_traits<circle> : detail::sent_as<oid::circle> {
    [[nodiscard]] static errc encode(const circle& value, encoder& out);
};
template <>
struct decode_traits<circle> : detail::read_from<oid::circle> {
    [[nodiscard]] static errc decode(const field& f, circle& out) noexcept;
};

} // namespace tusk
