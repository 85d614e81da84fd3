// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "compare/runner.hpp"

#include <span>
#include <string>

namespace bench {

struct place {
    std::string host, port, database, user, password; ///< the password is that of tusk_scram
    int pid = 0;                                      ///< 0: unknown
};

/// From the folder of pg_server.sh (its file `env`), or "host:port/database". Throws std::runtime_error.
[[nodiscard]] place find_server(const std::string& where);
/// Makes the tables for these workloads; gives the server's version. Throws std::exception when it does not
/// answer.
[[nodiscard]] std::string prepare_server(const setting& s, std::span<const workload* const> for_these);

} // namespace bench
