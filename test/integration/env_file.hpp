// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <map>
#include <string>

namespace tusk_test {

/// The lines KEY=value of a file that test/support/pg_server.sh wrote. Throws when it cannot be read.
std::map<std::string, std::string> read_env_file(const std::string& path);

/// The same, of the file that TUSK_TEST_SERVER names.
std::map<std::string, std::string> read_env_file();

} // namespace tusk_test
