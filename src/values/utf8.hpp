// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <string_view>

namespace tusk::detail {

/// Whether all of it is UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

} // namespace tusk::detail
