// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/detail/enum_names.hpp>
#include <tusk/detail/parts.hpp>
#include <tusk/field.hpp>

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>

namespace tusk {

/// A value of a C++ enumeration and the label that SQL has for it.
template <class E>
struct enum_label {
    E value;
    std::string_view label;
};

/// The labels of an enumeration. Where there is no specialisation, a scoped enumeration has the names of its
/// enumerators from 0 to 127 for labels. Specialise it where labels are spelt otherwise, for other values, for
/// `enum` without `class`, and for enumerations inside of class templates:
/// \code
/// template <> struct tusk::enum_traits<mood> {
///     static constexpr tusk::enum_label<mood> labels[] = {{mood::happy, "very happy"}, {mood::sad, "sad"}};
/// };
/// \endcode
template <class E>
struct enum_traits;

namespace detail {

template <class E>
concept labelled_enum = requires
{
    enum_traits<E>::labels;
};

template <class E>
concept scoped_enum =
    std::is_enum_v<E> && !std::is_convertible_v<E, std::underlying_type_t<E>> && !std::same_as<E, std::byte>;

template <class E>
concept sql_enum = labelled_enum<E> || scoped_enum<E>;

/// The label of a value; empty when it has none.
template <sql_enum E>
[[nodiscard]] constexpr std::string_view label_of(E value) noexcept
{
    if constexpr (labelled_enum<E>) {
        for (const enum_label<E>& l : enum_traits<E>::labels)
            if (l.value == value) return l.label;
    } else {
        static_assert(std::any_of(enum_names<E>.begin(), enum_names<E>.end(),
                                  [](std::string_view name) { return !name.empty(); }),
                      "no enumerator from 0 to 127 was found: specialise tusk::enum_traits");
        const auto number = static_cast<std::underlying_type_t<E>>(value);
        for (std::size_t i = 0; i < enum_range; ++i)
            if (number == static_cast<std::underlying_type_t<E>>(i)) return enum_names<E>[i];
    }
    return {};
}

template <sql_enum E>
[[nodiscard]] constexpr bool find_label(std::string_view label, E& out) noexcept
{
    if (label.empty()) return false;
    if constexpr (labelled_enum<E>) {
        for (const enum_label<E>& l : enum_traits<E>::labels) {
            if (l.label != label) continue;
            out = l.value;
            return true;
        }
    } else {
        const auto at = std::find(enum_names<E>.begin(), enum_names<E>.end(), label);
        if (at == enum_names<E>.end()) return false;
        out = static_cast<E>(at - enum_names<E>.begin());
        return true;
    }
    return false;
}

/// Columns that hold labels: enums of users, and texts.
[[nodiscard]] bool holds_label(const column& c) noexcept;
/// Types that a label can be sent as.
[[nodiscard]] bool takes_label(oid target) noexcept;

} // namespace detail

/// The label of an enumerator, as SQL has it; empty for a value that has none.
template <class E>
requires(detail::sql_enum<E>) //
    [[nodiscard]] constexpr std::string_view to_label(E value) noexcept
{
    return detail::label_of(value);
}

/// Enumerations are sent as their labels, without a type like a text, for the server to infer.
/// Errors: errc::value_out_of_range for a value without a label.
template <class E>
requires(detail::sql_enum<E>) //
    struct encode_traits<E> {
    static constexpr oid type = oid::none;
    static constexpr tusk::format format = tusk::format::text;

    [[nodiscard]] static bool encodes(oid target) noexcept { return detail::takes_label(target); }
    [[nodiscard]] static errc encode(const E& value, encoder& out)
    {
        const std::string_view label = detail::label_of(value);
        if (label.empty()) return errc::value_out_of_range;
        out.text(label);
        return {};
    }
};

/// Reads labels of enums, and texts that are labels.
/// Errors: errc::value_not_representable for a label that the enumeration does not have.
template <class E>
requires(detail::sql_enum<E>) //
    struct decode_traits<E> {
    [[nodiscard]] static bool accepts(const column& c) noexcept { return detail::holds_label(c); }
    [[nodiscard]] static errc decode(const field& f, E& out) noexcept
    {
        return detail::find_label(f.view(), out) ? errc{} : errc::value_not_representable;
    }
};

} // namespace tusk
