// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "async/cell.hpp"

#include <chrono>
#include <cstdint>
#include <vector>

namespace async_bench {

using clock = std::chrono::steady_clock;

[[nodiscard]] inline double microseconds(clock::duration d)
{
    return std::chrono::duration<double, std::micro>(d).count();
}

/// What the operating system says that a process or a thread has used.
struct usage {
    double cpu_us = 0;   ///< processor time, user and system
    double switches = 0; ///< context switches, voluntary or not

    [[nodiscard]] static usage of_process();
    [[nodiscard]] static usage of_this_thread();

    friend usage operator-(usage a, usage b) { return {a.cpu_us - b.cpu_us, a.switches - b.switches}; }
};

struct memory {
    double resident_kb = 0;
    double private_kb = 0; ///< of it, what no other process shares
    [[nodiscard]] static memory of_process();
};

/// Adds p50_us and p99_us of latencies in microseconds.
void add_latencies(metrics& out, std::vector<double> latencies);
/// Adds cpu_us and switches, each per request.
void add_usage(metrics& out, usage used, std::size_t requests);

} // namespace async_bench
