// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/environment.hpp"
#include "conninfo/failure.hpp"

#include <tusk/conninfo.hpp>

#include <string>
#include <string_view>

namespace tusk::conn {

/// Adds what the service's section says about parameters that `out` leaves open. Looks into $PGSERVICEFILE,
/// else
/// ~/.pg_service.conf, and then into pg_service.conf of $PGSYSCONFDIR or /etc/postgresql-common.
failure apply_service(const std::string& service, const environment& env, conninfo& out);

/// One file: ('[' name ']' | keyword=value | '#' comment)*; the first section of the name counts, and in it
/// the first line of a keyword. `found` tells whether there was such a section.
failure read_service(std::string_view text, const std::string& path, std::string_view service, conninfo& out,
                     bool& found);

} // namespace tusk::conn
