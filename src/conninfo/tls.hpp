// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/environment.hpp"
#include "conninfo/resolve.hpp"

namespace tusk::conn {

/// Reads sslmode and its kin, and channel_binding, which have been checked.
void read_tls(const conninfo& merged, const environment& env, settings& out);

} // namespace tusk::conn
