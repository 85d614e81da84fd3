// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/field.hpp>

#include <cstddef>
#include <optional>

namespace tusk {

/// An empty optional is NULL of T's type.
template <encodable T>
struct encode_traits<std::optional<T>> {
    static constexpr oid type = encode_traits<T>::type;
    static constexpr tusk::format format = encode_traits<T>::format;

    [[nodiscard]] static bool encodes(oid target) noexcept { return detail::encodes<T>(target); }
    [[nodiscard]] static constexpr bool is_null(const std::optional<T>& value) noexcept
    {
        return !value || detail::is_null(*value);
    }
    [[nodiscard]] static constexpr oid type_of(const std::optional<T>& value) noexcept
    {
        return value ? detail::type_of(*value) : type;
    }
    [[nodiscard]] static constexpr tusk::format format_of(const std::optional<T>& value) noexcept
    {
        return value ? detail::format_of(*value) : format;
    }
    [[nodiscard]] static errc encode(const std::optional<T>& value, encoder& out)
    {
        return value ? encode_traits<T>::encode(*value, out) : errc{};
    }
};

/// NULL is an empty optional.
template <decodable T>
struct decode_traits<std::optional<T>> {
    static constexpr bool borrows = detail::borrowing<T>;
    static constexpr bool needs_types = detail::needs_types<T>;

    [[nodiscard]] static bool accepts(const column& c) noexcept { return decode_traits<T>::accepts(c); }
    [[nodiscard]] static errc decode(const field& f, std::optional<T>& out)
    {
        return decode_traits<T>::decode(f, out ? *out : out.emplace()); // in place: a string keeps its memory
    }
    [[nodiscard]] static errc decode_null(std::optional<T>& out) noexcept
    {
        out.reset();
        return {};
    }
};

namespace detail {

/// NULL without a type, which the server infers.
template <class T>
struct null_encoding {
    static constexpr oid type = oid::none;
    static constexpr tusk::format format = tusk::format::text;

    [[nodiscard]] static bool encodes(oid) noexcept { return true; }
    [[nodiscard]] static constexpr bool is_null(const T&) noexcept { return true; }
    [[nodiscard]] static errc encode(const T&, encoder&) noexcept { return {}; }
};

} // namespace detail

template <>
struct encode_traits<std::nullopt_t> : detail::null_encoding<std::nullopt_t> {
};
template <>
struct encode_traits<std::nullptr_t> : detail::null_encoding<std::nullptr_t> {
};

} // namespace tusk
