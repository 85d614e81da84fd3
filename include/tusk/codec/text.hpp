// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/field.hpp>

#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

namespace tusk {
namespace detail {

/// Text is sent without a type, so that the server infers it from where it stands, and fits every described
/// type.
struct text_encoding {
    static constexpr oid type = oid::none;
    static constexpr tusk::format format = tusk::format::text;

    [[nodiscard]] static bool encodes(oid) noexcept { return true; }
};

[[nodiscard]] bool holds_text(const column& c) noexcept;
/// The characters of a value; a view into the field.
[[nodiscard]] errc read_text(const field& f, std::string_view& out) noexcept;

} // namespace detail

/// Text in UTF-8; a NUL byte in it is errc::nul_in_text.
template <>
struct encode_traits<std::string_view> : detail::text_encoding {
    [[nodiscard]] static errc encode(const std::string_view& value, encoder& out)
    {
        out.text(value);
        return {};
    }
};

template <>
struct encode_traits<std::string> : detail::text_encoding {
    [[nodiscard]] static errc encode(const std::string& value, encoder& out)
    {
        out.text(value);
        return {};
    }
};

/// A C string; a null pointer is NULL.
template <>
struct encode_traits<const char*> : detail::text_encoding {
    [[nodiscard]] static constexpr bool is_null(const char* value) noexcept { return value == nullptr; }
    [[nodiscard]] static errc encode(const char* const& value, encoder& out)
    {
        if (value) out.text(value);
        return {};
    }
};

template <>
struct encode_traits<char*> : encode_traits<const char*> {
};

/// A string literal, or an array that holds a C string.
template <std::size_t N>
struct encode_traits<char[N]> : detail::text_encoding {
    [[nodiscard]] static errc encode(const char (&value)[N], encoder& out)
    {
        const void* end = std::memchr(value, 0, N); // an array need not be terminated
        out.text({value, end ? static_cast<std::size_t>(static_cast<const char*>(end) - value) : N});
        return {};
    }
};

/// Reads text, varchar, char(n), name, "char", json, jsonb, jsonpath, xml, refcursor; the labels of enums and other
/// extension types that travel as text, such as citext; and any type at all where results are in text format.
///
/// Errors: errc::invalid_value for an extension type whose binary form is no text: ask for text results.
template <>
struct decode_traits<std::string> {
    [[nodiscard]] static bool accepts(const column& c) noexcept { return detail::holds_text(c); }
    [[nodiscard]] static errc decode(const field& f, std::string& out)
    {
        std::string_view text;
        const errc e = detail::read_text(f, text);
        if (e == errc{}) out.assign(text);
        return e;
    }
};

/// The same without a copy.
/// Lifetimes: looks into the result; typed queries, which keep no result, do not take it.
template <>
struct decode_traits<std::string_view> {
    static constexpr bool borrows = true;

    [[nodiscard]] static bool accepts(const column& c) noexcept { return detail::holds_text(c); }
    [[nodiscard]] static errc decode(const field& f, std::string_view& out) noexcept
    {
        return detail::read_text(f, out);
    }
};

/// char is "char", one byte; to a described statement also a text of that one ASCII character.
template <>
struct encode_traits<char> {
    static constexpr oid type = oid::char_;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static bool encodes(oid target) noexcept;
    [[nodiscard]] static errc encode(const char& value, encoder& out);
};

template <>
struct decode_traits<char> {
    [[nodiscard]] static bool accepts(const column& c) noexcept;
    [[nodiscard]] static errc decode(const field& f, char& out) noexcept;
};

} // namespace tusk
