// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "examination.hpp"

#include <string>
#include <system_error>
#include <vector>

namespace doctor {

/// What to do about a failure, in a sentence; empty when there is nothing to say beyond the failure itself.
[[nodiscard]] std::string remedy(std::error_code ec);

/// What to do about all that was seen: about each failure first, then about what works and might be better.
[[nodiscard]] std::vector<std::string> advice(const examination& seen);

} // namespace doctor
