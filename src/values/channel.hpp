// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <string>
#include <string_view>

namespace tusk::detail {

/// Whether PostgreSQL takes it as the name of a channel, as it is: 1 to 63 bytes of UTF-8 without NUL.
[[nodiscard]] bool is_channel(std::string_view name) noexcept;

/// "LISTEN" or "UNLISTEN" with the name in quotes.
[[nodiscard]] std::string channel_statement(std::string_view verb, std::string_view channel);

} // namespace tusk::detail
