// Distributed under the Boost Software License, Version 1.0.
#include "common/machine.hpp"

#include <sys/utsname.h>
#include <unistd.h>

#include <cstdio>
#include <ctime>
#include <fstream>
#include <string_view>

namespace bench {
namespace {

/// What stands behind `key` and `separator` in a file of such lines.
std::string look_up(const char* file, std::string_view key, char separator)
{
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        if (!line.starts_with(key)) continue;
        const auto at = line.find(separator);
        if (at == std::string::npos) continue;
        const auto from = line.find_first_not_of(" \t\"", at + 1);
        const auto to = line.find_last_not_of(" \"");
        if (from != std::string::npos && to >= from) return line.substr(from, to - from + 1);
    }
    return "unknown";
}

} // namespace

std::string machine()
{
    const double memory = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) *
                          static_cast<double>(::sysconf(_SC_PAGESIZE)) / (1 << 30);
    char size[32];
    std::snprintf(size, sizeof size, "%.1f GB", memory);
    return look_up("/proc/cpuinfo", "model name", ':') + ", " +
           std::to_string(::sysconf(_SC_NPROCESSORS_ONLN)) + " cores, " + size;
}

std::string operating_system()
{
    utsname u{};
    ::uname(&u);
    return look_up("/etc/os-release", "PRETTY_NAME", '=') + ", Linux " + u.release;
}

std::string compiler()
{
#if defined(__clang__)
    const std::string name = "clang " __clang_version__;
#elif defined(__GNUC__)
    const std::string name = "GCC " __VERSION__;
#else
    const std::string name = "unknown";
#endif
#if defined(NDEBUG)
    return name + ", optimised build";
#else
    return name + ", with assertions";
#endif
}

std::string today()
{
    const std::time_t now = std::time(nullptr);
    char text[16];
    std::strftime(text, sizeof text, "%Y-%m-%d", std::gmtime(&now));
    return text;
}

} // namespace bench
