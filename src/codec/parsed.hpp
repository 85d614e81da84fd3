// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/error.hpp>

#include <string_view>
#include <utility>

namespace tusk::detail {

/// Reads a value in text format by its own parse().
template <class T>
[[nodiscard]] errc read_parsed(std::string_view text, T& out)
{
    auto parsed = T::parse(text);
    if (!parsed) return errc::invalid_value;
    out = std::move(*parsed);
    return {};
}

} // namespace tusk::detail
