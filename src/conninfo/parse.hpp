// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/failure.hpp"

#include <tusk/conninfo.hpp>

#include <cstdint>
#include <string_view>

namespace tusk::conn {

/// Reads a connection string of either syntax into `out`. On failure `out` holds what came before.
failure parse(std::string_view text, conninfo& out);

/// Whether a dbname is a connection string, as libpq tells it.
[[nodiscard]] bool is_connection_string(std::string_view text) noexcept;

/// keyword = value pairs.
failure parse_pairs(std::string_view text, conninfo& out);

/// postgresql://[user[:password]@][host[:port],...][/dbname][?keyword=value&...]; `text` without the scheme.
/// `offset` is what was cut off, for positions in messages.
failure parse_uri(std::string_view text, std::size_t offset, conninfo& out);

/// Whether an unknown keyword may stand in a message: behind a password that was not quoted or not
/// percent-encoded, it may be a piece of that password.
enum class mention : std::uint8_t { by_name, no };

/// `no` as soon as a password or a key is set.
[[nodiscard]] mention mention_unknown(const conninfo& so_far) noexcept;

/// Stores an explicit value: the one door for both syntaxes and for `conninfo::set`.
failure store(conninfo& to, std::string_view keyword, std::string_view value, mention unknown);

/// The C locale's isspace, whatever the program's locale is.
[[nodiscard]] constexpr bool is_space(char c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

} // namespace tusk::conn
