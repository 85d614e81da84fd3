// Distributed under the Boost Software License, Version 1.0.
#include "async/cell.hpp"

#include <array>
#include <stdexcept>

namespace async_bench {

namespace {

constexpr std::array<std::string_view, 2> libraries{"libpq", "tusk"};
constexpr std::array<std::string_view, 4> styles{"blocking", "async", "coroutine", "pipelined"};

} // namespace

std::string to_string(arm a)
{
    std::string name(libraries[static_cast<std::size_t>(a.lib)]);
    name += '-';
    name += styles[static_cast<std::size_t>(a.how)];
    return name;
}

arm parse_arm(std::string_view name)
{
    for (std::size_t l = 0; l < libraries.size(); ++l)
        for (std::size_t s = 0; s < styles.size(); ++s) {
            const arm a{static_cast<arm::library>(l), static_cast<arm::style>(s)};
            if (to_string(a) == name) return a;
        }
    throw std::invalid_argument("there is no arm '" + std::string(name) + "'");
}

double wait_seconds(const cell& c, std::int32_t number)
{
    // Spread by a multiplicative hash (2^32 divided by the golden ratio).
    const std::uint32_t spread = static_cast<std::uint32_t>(number) * 2'654'435'769U;
    return c.slow_share >= 1 || spread < c.slow_share * 0x1p32 ? c.wait_ms / 1000 : 0;
}

} // namespace async_bench
