// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/reflection.hpp>
#include <tusk/row_traits.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

/// What row_traits<T> says, whether it says it or not.
namespace tusk::detail {

/// Whether a column must be there for a member.
enum class presence : std::uint8_t { required, defaulted, ignored };

template <class T>
[[nodiscard]] constexpr bool is_member(std::string_view name) noexcept
{
    return std::find(member_names<T>.begin(), member_names<T>.end(), name) != member_names<T>.end();
}

/// The name of the column for a member.
template <class T>
[[nodiscard]] constexpr std::string_view column_of(std::string_view member) noexcept
{
    if constexpr (requires { row_traits<T>::columns; }) {
        for (const member_column& m : row_traits<T>::columns)
            if (m.member == member) return m.column;
    }
    return member;
}

template <class T>
[[nodiscard]] constexpr presence presence_of(std::string_view member) noexcept
{
    if constexpr (requires { row_traits<T>::ignored; }) {
        for (const std::string_view name : row_traits<T>::ignored)
            if (name == member) return presence::ignored;
    }
    if constexpr (requires { row_traits<T>::defaulted; }) {
        for (const std::string_view name : row_traits<T>::defaulted)
            if (name == member) return presence::defaulted;
    }
    if constexpr (requires { row_traits<T>::missing_columns; }) {
        if (row_traits<T>::missing_columns) return presence::defaulted;
    }
    return presence::required;
}

template <class T>
inline constexpr bool extra_columns = [] {
    if constexpr (requires { row_traits<T>::extra_columns; })
        return bool(row_traits<T>::extra_columns);
    else
        return false;
}();

/// Whether all names in row_traits<T> are members.
template <class T>
[[nodiscard]] constexpr bool names_members() noexcept
{
    bool good = true;
    if constexpr (requires { row_traits<T>::columns; })
        for (const member_column& m : row_traits<T>::columns) good = good && is_member<T>(m.member);
    if constexpr (requires { row_traits<T>::ignored; })
        for (const std::string_view name : row_traits<T>::ignored) good = good && is_member<T>(name);
    if constexpr (requires { row_traits<T>::defaulted; })
        for (const std::string_view name : row_traits<T>::defaulted) good = good && is_member<T>(name);
    return good;
}

/// Whether no two members want the same column.
template <class T>
[[nodiscard]] constexpr bool has_own_columns() noexcept
{
    const auto& names = member_names<T>;
    for (std::size_t i = 0; i < names.size(); ++i)
        for (std::size_t k = 0; k < i; ++k)
            if (presence_of<T>(names[i]) != presence::ignored &&
                presence_of<T>(names[k]) != presence::ignored &&
                column_of<T>(names[i]) == column_of<T>(names[k]))
                return false;
    return true;
}

} // namespace tusk::detail
