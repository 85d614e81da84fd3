// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/environment.hpp"
#include "conninfo/failure.hpp"
#include "conninfo/resolve.hpp"

#include <tusk/conninfo.hpp>

#include <string_view>
#include <vector>

namespace tusk::conn {

/// host, hostaddr and port, comma lists each, put together to the places to try.
failure read_hosts(const conninfo& merged, const environment& env, std::vector<host_target>& out);

/// A directory that a local server uses when nobody says otherwise: Debian's or PostgreSQL's own.
[[nodiscard]] bool is_default_socket_directory(std::string_view host) noexcept;

} // namespace tusk::conn
