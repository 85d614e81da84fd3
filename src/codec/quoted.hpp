// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tusk::detail {

/// Reads one value from the text of a composite or a range, up to one of the characters `ends`, which stays. A
/// value may stand in quotes, where a quote is doubled, and a backslash takes the character behind it as it
/// is. `out` looks into the text or into `unescaped`; `quoted` tells "" from nothing. False when a quote has
/// no end, or nothing ends the value.
[[nodiscard]] bool read_quoted(std::string_view& text, std::string_view ends, std::string& unescaped,
                               std::string_view& out, bool& quoted);

} // namespace tusk::detail
