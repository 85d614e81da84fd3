// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <string>
#include <string_view>

namespace tusk::auth {

/// A password as SCRAM hashes it: mapped, normalized (NFKC) and checked by RFC 4013. One that is not valid
/// UTF-8 or that the profile prohibits is hashed as it is: the server does the same, so such passwords work.
/// Secrets: the caller wipes the string.
[[nodiscard]] std::string saslprep(std::string_view utf8);

} // namespace tusk::auth
