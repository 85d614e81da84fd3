// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/field.hpp>

#include <cstddef>
#include <span>
#include <vector>

namespace tusk {

/// Bytes are bytea.
template <>
struct encode_traits<std::span<const std::byte>> {
    static constexpr oid type = oid::bytea;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const std::span<const std::byte>& value, encoder& out)
    {
        out.bytes(value);
        return {};
    }
};

template <>
struct encode_traits<std::vector<std::byte>> {
    static constexpr oid type = oid::bytea;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const std::vector<std::byte>& value, encoder& out)
    {
        out.bytes(value);
        return {};
    }
};

/// Reads bytea, in text format as the server writes it under either setting of bytea_output.
template <>
struct decode_traits<std::vector<std::byte>> {
    [[nodiscard]] static bool accepts(const column& c) noexcept;
    [[nodiscard]] static errc decode(const field& f, std::vector<std::byte>& out);
};

/// Reads bytea in binary format without a copy.
/// Lifetimes: looks into the result; typed queries, which keep no result, do not take it.
template <>
struct decode_traits<std::span<const std::byte>> {
    static constexpr bool borrows = true;

    [[nodiscard]] static bool accepts(const column& c) noexcept;
    [[nodiscard]] static errc decode(const field& f, std::span<const std::byte>& out) noexcept;
};

} // namespace tusk
