// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "compare/results.hpp"

namespace bench {

/// What is to be measured.
struct plan {
    std::vector<const workload*> workloads;
    std::vector<client> clients;
    int rounds = 5;
    bool quick = false;
    bool times = true; ///< rounds of timed runs, with system calls and allocations
    bool instructions = false;
    std::vector<std::size_t> in_flight; ///< points of the sweep
};

/// Does all of it, and says on the terminal how far it is. Gives false when arms decoded different values.
[[nodiscard]] bool measure(const runner& with, const plan& p, results& into);

} // namespace bench
