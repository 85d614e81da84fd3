// Distributed under the Boost Software License, Version 1.0.
#include "compare/marks.hpp"

#include <algorithm>
#include <iterator>

namespace bench {
namespace {

constexpr mark marks[] = {
    {.workload = "W1", .instructions = 4000, .x_floor = 1.2},
    {.workload = "W2-64", .instructions = 2400, .x_floor = 1.25},
    {.workload = "W2-64-batch", .instructions = 1500, .x_floor = 1.3},
    {.workload = "W2-512-batch", .instructions = 1500, .x_floor = 2},
    {.workload = "W3-multiplexed", .instructions = 3000, .x_floor = 1.25},
    {.workload = "W4", .instructions = 2500, .x_floor = 1.25},
    {.workload = "W5a", .instructions = 1000, .x_floor = 1.5},
    {.workload = "W5b", .instructions = 120, .x_floor = 1.3},
    {.workload = "W5c", .instructions = 450, .x_floor = 1.5},
    {.workload = "W6a", .instructions = 300, .x_floor = 1.3},
    {.workload = "W6b", .instructions = 800, .x_floor = 1.25},
    {.workload = "W7-in", .instructions = 250},
    {.workload = "W7-out-raw", .instructions = 300},
    {.workload = "W7-out", .instructions = 500},
    {.workload = "W8", .instructions = 1500, .x_floor = 2},
    {.workload = "WC", .cpu_us = 1600},
};

} // namespace

const mark* find_mark(std::string_view workload) noexcept
{
    const auto* found = std::ranges::find(marks, workload, &mark::workload);
    return found == std::end(marks) ? nullptr : found;
}

} // namespace bench
