// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <string>
#include <string_view>

namespace tusk::detail {

/// The name of T as the compiler writes it; never worked out while the program runs.
template <class T>
[[nodiscard]] consteval std::string_view raw_type_name() noexcept
{
    // g++: "... raw_type_name() [with T = X; std::string_view = ...]", clang++: "... raw_type_name() [T = X]"
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.find("T = ") + 4);
    const auto end = text.rfind("; std::string_view =");
    return text.substr(0, end == std::string_view::npos ? text.size() - 1 : end);
}

/// A compiler's name of a type as people write it: std::string, not std::__cxx11::basic_string<char>.
[[nodiscard]] std::string readable_type(std::string_view raw);

/// The name of T for messages.
template <class T>
[[nodiscard]] std::string type_name()
{
    return readable_type(raw_type_name<T>());
}

} // namespace tusk::detail
