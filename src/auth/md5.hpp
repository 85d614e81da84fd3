// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tusk::auth {

/// The answer to AuthenticationMD5Password: "md5" and 32 hexadecimal digits.
/// Protocol: concat('md5', md5(concat(md5(concat(password, username)), random-salt))).
/// Errors: an empty string when the cryptographic library refuses MD5 (FIPS mode).
[[nodiscard]] std::string md5_password(std::string_view user, std::string_view password,
                                       std::span<const std::byte, 4> salt);

} // namespace tusk::auth
