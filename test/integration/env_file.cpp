// Distributed under the Boost Software License, Version 1.0.
#include "integration/env_file.hpp"

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace tusk_test {

std::map<std::string, std::string> read_env_file(const std::string& path)
{
    std::ifstream file(path);
    if (!file)
        throw std::runtime_error(path + " cannot be read: it is the env file of a running test server");
    std::map<std::string, std::string> values;
    for (std::string line; std::getline(file, line);)
        if (const auto equals = line.find('='); equals != std::string::npos)
            values[line.substr(0, equals)] = line.substr(equals + 1);
    return values;
}

std::map<std::string, std::string> read_env_file()
{
    const char* path = std::getenv("TUSK_TEST_SERVER");
    if (!path) throw std::runtime_error("TUSK_TEST_SERVER must name the env file of a running test server");
    return read_env_file(std::string(path));
}

} // namespace tusk_test
