// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/encoder.hpp>
#include <tusk/column.hpp>
#include <tusk/detail/named_types.hpp>
#include <tusk/error.hpp>
#include <tusk/oid.hpp>

#include <concepts>
#include <string_view>

namespace tusk {

class field;

/// How values of T are sent as parameters. Specialise it for your own type:
/// \code
/// template <> struct tusk::encode_traits<celsius> {
///     static constexpr oid type = oid::float8;                      // what the server is told; none: let it infer
///     static constexpr tusk::format format = tusk::format::binary;  // how the bytes are written
///     static errc encode(const celsius& v, encoder& out) { out.f64(v.degrees); return {}; }
///     // optional: types besides `type` that encode() can write when encoder::target() asks for one
///     static bool encodes(oid target) noexcept { return target == oid::float8; }
///     // optional, with `type` oid::none and binary: the type's name, which is looked up once per connection
///     static constexpr std::string_view type_name = "app.celsius";
///     // optional, for types that have a NULL: true sends NULL, and encode() is not called
///     static bool is_null(const celsius& v) noexcept { return v.unknown; }
///     // optional, where type or format differ from value to value; `type` and `format` are then for NULL
///     static oid type_of(const celsius& v) noexcept { return oid::float8; }
///     static tusk::format format_of(const celsius& v) noexcept { return format::binary; }
/// };
/// \endcode
/// Inside of arrays, composites and ranges values are binary. What `format` calls text goes there as it is
/// where its binary form is the same: for text types, json, jsonb, and types of users.
///
/// encode() gives `errc{}` for success; what the encoder itself refuses need not be passed on. It may throw.
template <class T>
struct encode_traits;

/// How values of T are read from a result. Specialise it for your own type:
/// \code
/// template <> struct tusk::decode_traits<celsius> {
///     // asked once per result and column, not per row
///     static bool accepts(const column& c) noexcept
///     {
///         return c.type == oid::float8 && c.format == format::binary;
///     }
///     // the column was accepted and the value is not NULL; any bytes may come: check their length
///     static errc decode(const field& f, celsius& out) { return decode_traits<double>::decode(f,
///     out.degrees); }
///     // optional, for types that have a NULL
///     static errc decode_null(celsius& out) { out.unknown = true; return {}; }
/// };
/// \endcode
/// decode() gives `errc{}` for success, errc::invalid_value for bytes that are no value of the type, and
/// errc::value_not_representable for a value that T cannot hold. It may throw. It may be called with an
/// object that holds an earlier value, which it overwrites.
template <class T>
struct decode_traits;

/// A type that can be a parameter.
///
/// If the compiler sent you here: the type is no parameter yet. Convert it to one that is (integers, bool,
/// double, std::string, std::chrono times, std::optional of such...), include the codec that knows it
/// (<tusk/codec/...>), or specialise tusk::encode_traits for it.
template <class T>
concept encodable = requires(const T& value, encoder& out)
{
    // `static constexpr oid type`: its SQL type, oid::none to let the server infer one
    {
        encode_traits<T>::type
        } -> std::convertible_to<oid>;
    // `static constexpr tusk::format format`: text or binary
    {
        encode_traits<T>::format
        } -> std::convertible_to<tusk::format>;
    // `static errc encode(const T&, encoder&)`: writes the value
    {
        encode_traits<T>::encode(value, out)
        } -> std::same_as<errc>;
};

/// A type that the value of one column can be read into.
///
/// If the compiler sent you here: the type does not know how to be read from a column. Read one that does,
/// include its codec (<tusk/codec/...>), or specialise tusk::decode_traits for it. A whole row is read into a
/// std::tuple, or into an aggregate whose members are named like the columns.
template <class T>
concept decodable = std::default_initializable<T> && requires(const column& c, const field& f, T& out)
{
    // `static bool accepts(const column&)`: may values of this column be read into T?
    {
        decode_traits<T>::accepts(c)
        } -> std::same_as<bool>;
    // `static errc decode(const field&, T&)`: reads a value that is not NULL
    {
        decode_traits<T>::decode(f, out)
        } -> std::same_as<errc>;
};

namespace detail {

/// Whether T can be read from NULL.
template <class T>
concept nullable = requires(T& out)
{
    {
        decode_traits<T>::decode_null(out)
        } -> std::same_as<errc>;
};

/// Whether a decoded T looks into the result, so that it must not outlive it (`static constexpr bool
/// borrows`).
template <class T>
inline constexpr bool borrowing = [] {
    if constexpr (requires { decode_traits<T>::borrows; })
        return bool(decode_traits<T>::borrows);
    else
        return false;
}();

/// Whether a column of a type of users can be read into T only where something is known of that type (`static constexpr
/// bool needs_types`).
template <class T>
inline constexpr bool needs_types = [] {
    if constexpr (requires { decode_traits<T>::needs_types; })
        return bool(decode_traits<T>::needs_types);
    else
        return false;
}();

/// Whether a parameter's value stands for NULL.
template <encodable T>
[[nodiscard]] constexpr bool is_null(const T& value) noexcept
{
    if constexpr (requires { encode_traits<T>::is_null(value); })
        return encode_traits<T>::is_null(value);
    else
        return false;
}

/// A type that is sent as one that is known by name: `static constexpr std::string_view type_name`.
template <class T>
concept has_type_name = requires
{
    {
        encode_traits<T>::type_name
        } -> std::convertible_to<std::string_view>;
};

/// What stands for that name.
template <has_type_name T>
[[nodiscard]] oid type_by_name()
{
    static const oid named = named_type(encode_traits<T>::type_name);
    return named;
}

/// The SQL type that a value is sent as; oid::none: the server infers one.
template <encodable T>
[[nodiscard]] constexpr oid type_of(const T& value) noexcept
{
    if constexpr (requires { encode_traits<T>::type_of(value); })
        return encode_traits<T>::type_of(value);
    else if constexpr (has_type_name<T> && oid{encode_traits<T>::type} == oid::none &&
                       encode_traits<T>::format == format::binary)
        return type_by_name<T>();
    else
        return encode_traits<T>::type;
}

/// The format that a value is sent in.
template <encodable T>
[[nodiscard]] constexpr tusk::format format_of(const T& value) noexcept
{
    if constexpr (requires { encode_traits<T>::format_of(value); })
        return encode_traits<T>::format_of(value);
    else
        return encode_traits<T>::format;
}

/// Whether a T can be sent where a statement wants `target`.
template <encodable T>
[[nodiscard]] constexpr bool encodes(oid target) noexcept
{
    if constexpr (requires { encode_traits<T>::encodes(target); })
        return encode_traits<T>::encodes(target);
    else
        return target == encode_traits<T>::type;
}

} // namespace detail
} // namespace tusk
