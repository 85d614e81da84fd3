// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tusk::auth {

[[nodiscard]] std::string base64_encode(std::span<const std::byte> data);

/// Strict (RFC 4648 §3): groups of four, padding only at the end and only where needed, no white space, no
/// bits left over. False when `text` is anything else; `out` is empty then.
[[nodiscard]] bool base64_decode(std::string_view text, std::vector<std::byte>& out);

} // namespace tusk::auth
