// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/error.hpp>

#include <string>
#include <string_view>

/// Floating point numbers as the server reads and writes them: shortest exact digits, NaN, Infinity, -Infinity.
namespace tusk::detail {

/// Reads a number that is the whole of the text; errc::value_not_representable when it does not fit.
[[nodiscard]] errc parse_float(std::string_view text, float& out) noexcept;
[[nodiscard]] errc parse_float(std::string_view text, double& out) noexcept;

/// Appends the number as the server writes it: 0.1, 1e+15, -0, NaN. Where the shortest digits lie on the border to the
/// next number, the server takes one more digit; both are read as the same number.
void append_float(std::string& to, float value);
void append_float(std::string& to, double value);

} // namespace tusk::detail
