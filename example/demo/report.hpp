// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace demo {

using clock = std::chrono::steady_clock;

/// Ends the demo: something is not as it should be.
void expect(bool holds, std::string_view what);

/// A line over a part of the demo.
void heading(std::string_view text);
/// One line: a name and what there is to say about it.
void line(std::string_view name, const std::string& text);
/// The result as a table: names and types of the columns, then the rows.
void print(const tusk::result& table);

/// 12 345 678
[[nodiscard]] std::string grouped(std::uint64_t number);
/// "1.23 s", "45.6 ms", "78 us"
[[nodiscard]] std::string spell(clock::duration time);
/// How many a second.
[[nodiscard]] double rate(std::uint64_t count, clock::duration time);

} // namespace demo
