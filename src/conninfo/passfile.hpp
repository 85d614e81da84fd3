// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/environment.hpp"
#include "conninfo/resolve.hpp"

#include <tusk/conninfo.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace tusk::conn {

/// Whose password a line must be for.
struct passfile_query {
    std::string_view host, port, dbname, user;
};

/// The password of the first line that matches: host:port:dbname:user:password, '*' alone matches anything, a
/// backslash takes the next character as it is, lines that begin with '#' are comments. Empty when none
/// matches.
[[nodiscard]] secret find_password(std::string_view file, const passfile_query& query);

/// Fills in the password of each target from the password file. A file that is missing says nothing; one that
/// others may read is not used, which adds a warning.
void apply_passfile(const conninfo& merged, const environment& env, std::string_view user,
                    std::string_view dbname, std::vector<host_target>& hosts,
                    std::vector<std::string>& warnings);

} // namespace tusk::conn
