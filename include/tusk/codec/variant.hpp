// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/codec/void.hpp>
#include <tusk/detail/parts.hpp>
#include <tusk/field.hpp>

#include <cstddef>
#include <type_traits>
#include <variant>

/// A column that may be one of several types: std::variant reads it into the first alternative that accepts
/// the column, so that narrow types stand before wide ones. NULL is std::monostate. Sent is what it holds.
/// \code
/// using setting = std::variant<std::monostate, bool, std::int64_t, std::string>;
/// \endcode
namespace tusk {

/// std::monostate is NULL without a type.
template <>
struct encode_traits<std::monostate> {
    static constexpr oid type = oid::none;
    static constexpr tusk::format format = tusk::format::text;

    [[nodiscard]] static bool encodes(oid) noexcept { return true; }
    [[nodiscard]] static constexpr bool is_null(std::monostate) noexcept { return true; }
    [[nodiscard]] static errc encode(std::monostate, encoder&) noexcept { return {}; }
};

template <encodable... T>
struct encode_traits<std::variant<T...>> {
    using value_type = std::variant<T...>;
    static constexpr oid type = oid::none;
    static constexpr tusk::format format = tusk::format::text;
    static constexpr oid part_type = oid::none; // encode() looks after parts

    [[nodiscard]] static oid type_of(const value_type& value) noexcept
    {
        return visit(
            value, [](const auto& v) { return detail::type_of(v); }, type);
    }
    [[nodiscard]] static oid part_type_of(const value_type& value) noexcept
    {
        return visit(
            value, [](const auto& v) { return detail::part_type_of(v); }, type);
    }
    [[nodiscard]] static tusk::format format_of(const value_type& value) noexcept
    {
        return visit(
            value, [](const auto& v) { return detail::format_of(v); }, format);
    }
    [[nodiscard]] static bool is_null(const value_type& value) noexcept
    {
        return visit(
            value, [](const auto& v) { return detail::is_null(v); }, true);
    }
    [[nodiscard]] static bool encodes(oid target) noexcept { return (detail::encodes<T>(target) || ...); }

    [[nodiscard]] static errc encode(const value_type& value, encoder& out)
    {
        return std::visit(
            [&out]<class V>(const V& v) {
                if (out.target() != oid::none && !detail::is_dynamic(out.target()) &&
                    !detail::encodes<V>(out.target()))
                    return errc::parameter_mismatch;
                return out.in_part() ? detail::encode_in_part(v, out) : encode_traits<V>::encode(v, out);
            },
            value);
    }

private:
    template <class F, class R>
    [[nodiscard]] static R visit(const value_type& value, const F& f, R valueless) noexcept
    {
        return value.valueless_by_exception() ? valueless : std::visit(f, value);
    }
};

template <decodable... T>
struct decode_traits<std::variant<T...>> {
    static constexpr bool borrows = (detail::borrowing<T> || ...);
    static constexpr bool needs_types = (detail::needs_types<T> || ...);

    [[nodiscard]] static bool accepts(const column& c) { return (decode_traits<T>::accepts(c) || ...); }
    [[nodiscard]] static errc decode(const field& f, std::variant<T...>& out)
    {
        errc result = errc::column_mismatch;
        static_cast<void>((read<T>(f, out, result) || ...));
        return result;
    }
    [[nodiscard]] static errc decode_null(std::variant<T...>& out)
    {
        errc result = errc::unexpected_null;
        static_cast<void>((read_null<T>(out, result) || ...));
        return result;
    }

private:
    template <class V>
    [[nodiscard]] static bool read(const field& f, std::variant<T...>& out, errc& result)
    {
        if (!decode_traits<V>::accepts(f.column())) return false;
        V* const same = std::get_if<V>(&out);
        result = decode_traits<V>::decode(f, same ? *same : out.template emplace<V>());
        return true;
    }
    template <class V>
    [[nodiscard]] static bool read_null(std::variant<T...>& out, errc& result)
    {
        if constexpr (detail::nullable<V>) {
            result = decode_traits<V>::decode_null(out.template emplace<V>());
            return true;
        }
        return false;
    }
};

} // namespace tusk
