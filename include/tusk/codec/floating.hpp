// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/detail/bytes.hpp>
#include <tusk/field.hpp>

#include <bit>
#include <cstdint>

namespace tusk {
namespace detail {

/// Reads float8 and float4, binary or text.
[[nodiscard]] errc read_double(const field& f, double& out) noexcept;

} // namespace detail

/// float is float4; to a described statement also float8.
template <>
struct encode_traits<float> {
    static constexpr oid type = oid::float4;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static bool encodes(oid target) noexcept;
    [[nodiscard]] static errc encode(const float& value, encoder& out);
};

/// double is float8; to a described statement also float4, rounded; errc::value_out_of_range where that
/// overflows.
template <>
struct encode_traits<double> {
    static constexpr oid type = oid::float8;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static bool encodes(oid target) noexcept;
    [[nodiscard]] static errc encode(const double& value, encoder& out);
};

/// float reads float4.
template <>
struct decode_traits<float> {
    [[nodiscard]] static bool accepts(const column& c) noexcept;
    [[nodiscard]] static errc decode(const field& f, float& out) noexcept;
};

/// double reads float8 and float4.
template <>
struct decode_traits<double> {
    [[nodiscard]] static bool accepts(const column& c) noexcept;
    [[nodiscard]] static errc decode(const field& f, double& out) noexcept
    {
        const auto bytes = f.bytes();
        if (f.type() != oid::float8 || f.format() != format::binary || bytes.size() != sizeof out)
            [[unlikely]]
            return detail::read_double(f, out);
        out = std::bit_cast<double>(detail::load_be<std::uint64_t>(bytes.first<sizeof out>()));
        return {};
    }
};

} // namespace tusk
