// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>

/// Names of enumerators, without macros.
///
/// Limits: scoped enumerations; enumerators from 0 to 127; of several with one value the compiler chooses one.
namespace tusk::detail {

inline constexpr std::size_t enum_range = 128;

/// One instantiation has all values in its name.
template <auto... V>
[[nodiscard]] constexpr std::string_view all_value_names() noexcept
{
    // g++: "... [with auto ...V = {mood::sad, (mood)1}; std::string_view = ...]",
    // clang++: "... [V = <mood::sad, (mood)1>]"
    std::string_view text = __PRETTY_FUNCTION__;
    const std::size_t start = text.find("V = ") + 5;
    return text.substr(start, text.rfind(text[start - 1] == '{' ? '}' : '>') - start);
}

template <class E, std::size_t... I>
[[nodiscard]] constexpr std::array<std::string_view, sizeof...(I)>
make_enum_names(std::index_sequence<I...>) noexcept
{
    std::array<std::string_view, sizeof...(I)> names{};
    std::string_view text = all_value_names<static_cast<E>(I)...>();
    std::size_t depth = 0; // of brackets: a type's own name may hold commas
    std::size_t index = 0;
    std::size_t start = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size()) {
            if (text[i] == '<' || text[i] == '(') ++depth;
            if (text[i] == '>' || text[i] == ')') --depth;
            if (depth != 0 || text[i] != ',') continue;
        }
        std::string_view name = text.substr(start, i - start);
        while (name.starts_with(' ')) name.remove_prefix(1);
        const char last =
            name.empty()
                ? '0'
                : name[name.find_last_of(":)") == std::string_view::npos ? 0 : name.find_last_of(":)") + 1];
        // "(mood)1" is a value without a name
        if (index < names.size() && !name.starts_with('(') && !(last >= '0' && last <= '9'))
            names[index] = name.substr(name.rfind(':') + 1);
        ++index;
        start = i + 1;
    }
    return names;
}

/// By value; empty where there is no enumerator.
template <class E>
inline constexpr auto enum_names = make_enum_names<E>(std::make_index_sequence<enum_range>{});

} // namespace tusk::detail
