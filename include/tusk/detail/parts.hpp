// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/field.hpp>
#include <tusk/oid.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>

/// Values inside of values: the elements of arrays, the fields of composites, the bounds of ranges.
namespace tusk::detail {

/// Types from here on have another number in each version or each database: nothing is known of them without
/// asking the server.
[[nodiscard]] constexpr bool is_dynamic(oid type) noexcept
{
    return static_cast<std::uint32_t>(type) >= 10'000;
}

/// What can be known of the type inside of another one: `inner`; oid::unknown when only the value tells;
/// oid::none when there is none of that kind in it.
[[nodiscard]] oid element_of(const column& c) noexcept;
[[nodiscard]] oid subtype_of(const column& c) noexcept;
[[nodiscard]] bool is_composite(const column& c) noexcept;
[[nodiscard]] bool is_multirange(const column& c) noexcept;
/// Whether nothing is known of a type that has to be asked for.
[[nodiscard]] inline bool is_unknown_type(const column& c) noexcept
{
    return is_dynamic(c.type) && !c.types.find(c.type);
}

/// What a value holds is of a type of which nothing is known, so that it cannot be read yet.
class unknown_type_error : public error {
public:
    explicit unknown_type_error(oid type);

    [[nodiscard]] oid type() const noexcept { return type_; }

private:
    oid type_;
};

/// A value inside of another one cannot be read into what its column says: throws when that may be for want of
/// knowledge, else it is errc::column_mismatch.
[[nodiscard]] errc refused(const column& inner);
/// Text of which no type is known: what stands in the text of a composite.
[[nodiscard]] inline bool is_unknown_text(const column& c) noexcept
{
    return c.type == oid::unknown && c.format == format::text;
}
/// The same for a type that a parameter is encoded for, where oid::unknown is a type of users.
[[nodiscard]] oid element_of(oid type) noexcept;
[[nodiscard]] oid subtype_of(oid type) noexcept;

/// Reads a value, NULL or not.
template <class T>
[[nodiscard, gnu::always_inline]] inline errc decode_value(const field& f, T& out)
{
    if (!f.is_null()) [[likely]]
        return decode_traits<T>::decode(f, out);
    if constexpr (nullable<T>)
        return decode_traits<T>::decode_null(out);
    else
        return errc::unexpected_null;
}

/// The SQL type of a T that is written as a part: its own, text for what is sent as text without a type;
/// oid::none when it has to be named.
template <class T>
inline constexpr oid part_type = [] {
    if constexpr (!encodable<T> || has_type_name<T>)
        return oid::none;
    else if constexpr (requires { encode_traits<T>::part_type; })
        return oid{encode_traits<T>::part_type};
    else if constexpr (oid{encode_traits<T>::type} == oid::none && encode_traits<T>::format == format::text)
        return oid::text;
    else
        return oid{encode_traits<T>::type};
}();

template <class T>
inline constexpr oid part_type<std::optional<T>> = part_type<T>;

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// The same where it may have to be named.
template <class T>
[[nodiscard]] constexpr oid default_part_type() noexcept
{
    if constexpr (is_optional<T>)
        return default_part_type<typename T::value_type>();
    else if constexpr (has_type_name<T>)
        return type_by_name<T>();
    else
        return part_type<T>;
}

/// Whether a value of T named its type of users by itself.
template <class T>
[[nodiscard]] bool is_explicit(oid type)
{
    return is_dynamic(type) && type != default_part_type<T>();
}

/// The same of one value.
template <encodable T>
[[nodiscard]] constexpr oid part_type_of(const T& value) noexcept
{
    if constexpr (requires { encode_traits<T>::part_type_of(value); }) {
        return encode_traits<T>::part_type_of(value);
    } else {
        const oid own = type_of(value);
        return own != oid::none ? own : default_part_type<T>();
    }
}

/// Whether encode() itself writes binary when it writes a part, whatever `format` says.
template <class T>
inline constexpr bool binary_in_parts = requires
{
    encode_traits<T>::part_type;
};
template <class T>
inline constexpr bool binary_in_parts<std::optional<T>> = binary_in_parts<T>;

/// The column of values of type `type` inside of values of `outer`; of a domain it is what lies below. In text format
/// the type may not be known; then it is taken to be what T is sent as.
template <class T>
[[nodiscard]] column inner_column(oid type, const column& outer)
{
    column c;
    c.type = is_dynamic(type) ? outer.types.base(type) : type;
    c.format = outer.format;
    c.style = outer.style;
    c.types = outer.types;
    if (type == oid::unknown && c.format == format::text && !decode_traits<T>::accepts(c))
        c.type = part_type<T>;
    return c;
}

/// Whether values of a built-in type are their text in binary too.
[[nodiscard]] bool is_text_type(oid type) noexcept;
/// Text goes into a part of type `target` as it is, or behind what this writes; else it is a failure.
[[nodiscard]] errc begin_text_part(oid target, encoder& out);

/// Whether a value has types inside of it, which its own type tells: arrays, composites, ranges.
template <class T>
concept structured = requires
{
    encode_traits<T>::structured;
};

/// Whether a value that is sent as text has a binary form too, for where its type is known.
template <class T>
concept has_binary_form = requires(const T& value, encoder& out)
{
    encode_traits<T>::encode_binary(value, out);
};

/// Writes a value, which is not NULL, into a part that has begun.
template <encodable T>
[[nodiscard]] errc encode_in_part(const T& value, encoder& out)
{
    if constexpr (is_optional<T>) {
        return encode_in_part(*value, out);
    } else if constexpr (has_binary_form<T>) {
        return encode_traits<T>::encode_binary(value, out);
    } else {
        if (!binary_in_parts<T> && format_of(value) == format::text)
            if (const errc e = begin_text_part(out.target(), out); e != errc{}) return e;
        return encode_traits<T>::encode(value, out);
    }
}

/// The target of a part whose type is known by name alone. What has a type of its own is written as that, and taken
/// to be right.
template <encodable T>
[[nodiscard]] oid named_part_target(const T& value, oid named, encoder& out)
{
    if constexpr (is_optional<T>)
        if (value) return named_part_target(*value, named, out);
    const oid own = type_of(value);
    if (own == named || structured<T>) return is_dynamic(own) ? own : named;
    if (own != oid::none) {
        out.sent_as(named, own);
        return oid::none;
    }
    if (!has_binary_form<T> && !binary_in_parts<T> && format_of(value) == format::text)
        out.sent_as(named, oid::text);
    return named;
}

/// Writes a value as a part, NULL or not. `target`: its type, where that is known.
template <encodable T>
[[nodiscard]] errc write_part(const T& value, oid target, encoder& out)
{
    if (is_null(value)) {
        out.i32(-1);
        return out.error();
    }
    if constexpr (is_optional<T>) {
        return write_part(*value, target, out);
    } else {
        if (is_dynamic(target)) {
            if (is_named(target)) target = named_part_target(value, target, out);
        } else if (target != oid::none && !encodes<T>(target)) {
            return errc::parameter_mismatch;
        }
        const encoder::part p = out.begin_part(target);
        errc e = encode_in_part(value, out);
        if (e == errc{}) e = out.error();
        out.end_part(p);
        return e == errc{} ? out.error() : e;
    }
}

} // namespace tusk::detail
