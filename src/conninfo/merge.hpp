// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/environment.hpp"
#include "conninfo/failure.hpp"

#include <tusk/conninfo.hpp>

#include <string>

namespace tusk::conn {

/// `info` completed: explicit > service file > environment > default. `out` has a source for every value.
failure merge(const conninfo& info, const environment& env, conninfo& out);

/// The same, and the password from the password file when all hosts agree on it.
failure merge_with_passfile(const conninfo& info, const environment& env, conninfo& out);

/// The directory of the local server's socket: Debian's when it exists, else PostgreSQL's own /tmp.
[[nodiscard]] std::string default_socket_directory(const environment& env);

/// A variable of the environment; empty when unset.
[[nodiscard]] std::string variable_or_empty(const environment& env, const std::string& name);

} // namespace tusk::conn
