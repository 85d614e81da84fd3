// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/auth_policy.hpp"
#include "conninfo/failure.hpp"
#include "conninfo/parameters.hpp"

#include <tusk/conninfo.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tusk::conn {

/// The pieces of a comma list: one more than there are commas, empty ones included.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

/// A decimal number that fits an int, white space around it allowed. `name` is for the message.
failure read_integer(const std::string& name, std::string_view text, int& out);

/// The same for a parameter, which keeps the value of `out` when unset.
failure read_integer(const conninfo& merged, key which, int& out);

/// Checks a value against the table's list of choices.
failure check_choice(const conninfo& merged, key which);

/// require_auth: method (',' method)* | '!' method (',' '!' method)*
failure read_auth_policy(const conninfo& merged, auth_policy& out);

/// The bounds of TLS's version: known ones, the lower not above the upper.
failure check_tls_versions(const conninfo& merged);

/// min_protocol_version and max_protocol_version, as they are sent (0x00030002 for 3.2). A lower bound above 3.0 raises
/// the upper one that is not given to the latest.
failure read_protocol_versions(const conninfo& merged, std::uint32_t& oldest, std::uint32_t& newest);

} // namespace tusk::conn
