// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/detail/parts.hpp>

#include <string_view>
#include <type_traits>
#include <utility>

namespace tusk {

/// A value with the SQL type that it is sent as; `as_oid` and `as_type` make it. Where the type is known by name alone
/// a number stands for it that is no OID.
template <class T>
struct typed {
    oid type{};
    T value{};
    bool known = true; ///< false when `type` was asked for by what is no name of a type
};

/// The value, sent as the SQL type with this OID, whatever its C++ type would be sent as.
///
/// A built-in type is checked: errc::parameter_mismatch when the C++ type cannot be sent as that. A type of
/// users is not known to tusk, and the caller answers for it: a composite, array, range, enum or text is
/// encoded for it, any other value as what its C++ type is sent as, which is right for a domain.
/// Lifetimes: holds a copy of the value; of a string literal, a pointer to it.
/// \code
/// tusk::sql("select f($1)", tusk::as_oid(tusk::oid::numeric, 42));
/// \endcode
template <class T>
[[nodiscard]] typed<std::decay_t<T>> as_oid(oid type, T&& value)
{
    return {type, std::forward<T>(value), true};
}

/// The same with the name of a type, as SQL writes it: with a schema or without, in quotes or not, "mood[]" for arrays;
/// without modifiers, such as that of "varchar(10)".
///
/// A type of users or extensions is looked up by the connection before it sends the request: one query for each type
/// and connection. The types inside of a value are then those that the type has: fields of composites, elements of
/// arrays, bounds of ranges; none of them needs a name of its own.
/// Errors: errc::unknown_type when there is no such type; errc::parameter_mismatch when something inside of the value
/// was encoded as another type than it is. Both before anything of the request is sent.
/// Limits: a process may use 65 536 names; it keeps them.
/// \code
/// tusk::sql("select f($1, $2)", tusk::as_type("int8[]", std::vector{1, 2}), tusk::as_type("app.address", castle));
/// \endcode
template <class T>
[[nodiscard]] typed<std::decay_t<T>> as_type(std::string_view name, T&& value)
{
    const oid type = detail::named_type(name);
    return {type, std::forward<T>(value), type != oid::none};
}

template <encodable T>
struct encode_traits<typed<T>> {
    static constexpr oid type = oid::none;
    static constexpr tusk::format format = encode_traits<T>::format;
    static constexpr oid part_type = oid::none; // it is told by type_of()

    [[nodiscard]] static oid type_of(const typed<T>& v) noexcept { return v.type; }
    [[nodiscard]] static tusk::format format_of(const typed<T>& v) noexcept
    {
        return detail::format_of(v.value);
    }
    [[nodiscard]] static bool is_null(const typed<T>& v) noexcept
    {
        return v.known && detail::is_null(v.value);
    }
    [[nodiscard]] static bool encodes(oid) noexcept { return true; } // a value tells

    [[nodiscard]] static errc encode(const typed<T>& v, encoder& out)
    {
        if (!v.known) return errc::unknown_type;
        if (out.target() != oid::none && out.target() != v.type) {
            if (!detail::is_named(v.type)) return errc::parameter_mismatch;
            out.sent_as(v.type, out.target());
        }
        const bool dynamic = detail::is_dynamic(v.type);
        if (v.type != oid::none && !dynamic && !detail::encodes<T>(v.type)) return errc::parameter_mismatch;
        oid target = v.type;
        if (detail::is_named(v.type) && (out.in_part() || format_of(v) == tusk::format::binary))
            target = detail::named_part_target(v.value, v.type, out);
        else if (dynamic && !detail::structured<T> && detail::type_of(v.value) != oid::none)
            target = oid::none; // what has a type of its own knows nothing of one of users
        const encoder::scope as(out, target);
        return out.in_part() ? detail::encode_in_part(v.value, out) : encode_traits<T>::encode(v.value, out);
    }
};

} // namespace tusk
