// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/detail/parts.hpp>
#include <tusk/type_info.hpp>

#include <string_view>
#include <type_traits>
#include <utility>

namespace tusk {

/// A value with the SQL type that it is sent as; `as_oid` and `as_type` make it.
template <class T>
struct typed {
    oid type{};
    T value{};
    bool known = true; ///< false when `type` was asked for by a name that nobody knows
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

/// The same with the name of a built-in type, as `find_type` takes it. A name that is not known makes the
/// request fail with errc::unknown_type.
/// \code
/// tusk::sql("select f($1)", tusk::as_type("int8[]", std::vector{1, 2, 3}));
/// \endcode
template <class T>
[[nodiscard]] typed<std::decay_t<T>> as_type(std::string_view name, T&& value)
{
    const type_info* const known = find_type(name);
    return {known ? known->id : oid::none, std::forward<T>(value), known != nullptr};
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
        if (out.target() != oid::none && out.target() != v.type) return errc::parameter_mismatch;
        const bool dynamic = detail::is_dynamic(v.type);
        if (v.type != oid::none && !dynamic && !detail::encodes<T>(v.type)) return errc::parameter_mismatch;
        // What has a type of its own knows nothing of one of users.
        const bool own = dynamic && detail::type_of(v.value) != oid::none;
        if (out.in_part() && !detail::binary_in_parts<T> && detail::format_of(v.value) == tusk::format::text)
            if (const errc e = detail::begin_text_part(v.type, out); e != errc{}) return e;
        const encoder::scope as(out, own ? oid::none : v.type);
        return encode_traits<T>::encode(v.value, out);
    }
};

} // namespace tusk
