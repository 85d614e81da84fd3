// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "examination.hpp"

#include <string_view>

/// How both reports name things.
namespace doctor {

[[nodiscard]] std::string_view name_of(enum tusk::conninfo::source from);
[[nodiscard]] std::string_view name_of(enum tusk::connect_event::step what);
[[nodiscard]] std::string_view name_of(tusk::tls_verification how);

} // namespace doctor
