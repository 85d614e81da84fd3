// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <string_view>

namespace bench {

/// What tusk is to need at most: 0 where nothing was set.
struct mark {
    std::string_view workload;
    double instructions = 0; ///< in user space, per unit
    double x_floor = 0;      ///< processor time, as a multiple of the floor's
    double cpu_us = 0;       ///< processor time per unit
};

/// Null when none was set.
[[nodiscard]] const mark* find_mark(std::string_view workload) noexcept;

} // namespace bench
