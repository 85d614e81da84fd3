// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "../step_name.hpp"
#include "examination.hpp"

#include <string_view>

/// How both reports name things.
namespace doctor {

[[nodiscard]] std::string_view name_of(enum tusk::conninfo::source from);
using ::name_of; // of steps
[[nodiscard]] std::string_view name_of(tusk::tls_verification how);

} // namespace doctor
