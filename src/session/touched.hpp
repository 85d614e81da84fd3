// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tusk::session {

/// What statements have left behind in a session, as bits: what a reset is to take back.
inline constexpr std::uint8_t touched_settings = 1;    ///< parameters, role, session user
inline constexpr std::uint8_t touched_listening = 2;   ///< LISTEN
inline constexpr std::uint8_t touched_cursors = 4;     ///< DECLARE CURSOR
inline constexpr std::uint8_t touched_temporary = 8;   ///< temporary tables and the like
inline constexpr std::uint8_t touched_statements = 16; ///< PREPARE
inline constexpr std::uint8_t touched_locks = 32;      ///< advisory locks
inline constexpr std::uint8_t touched_all = 63;
inline constexpr std::uint8_t reset_under_way =
    128; ///< not a touch: a reset that had nothing to do is one too

/// What a statement has touched, by its command tag and whether it gave rows. Where the tag leaves it open (CREATE TABLE
/// may be temporary, DO may do anything) it is taken to have.
[[nodiscard]] std::uint8_t touched_by_tag(std::string_view tag, bool has_columns) noexcept;
/// What the tag of a query does not say, but its text: set_config(), and functions that take advisory locks.
[[nodiscard]] std::uint8_t touched_by_text(std::string_view sql) noexcept;
/// The statements that take it back. The statements that the client has prepared stay.
[[nodiscard]] std::string reset_text(std::uint8_t touched);

} // namespace tusk::session
