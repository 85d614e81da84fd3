// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace bench {

struct bar_series {
    std::string name;
    std::string colour; ///< as SVG has it
};
struct bar_group {
    std::string name;
    std::vector<double> values; ///< one for each series; 0: none
};
struct bar_chart {
    std::string title;
    std::string y_label;
    std::vector<bar_series> series;
    std::vector<bar_group> groups;
};

/// Writes groups of bars over a logarithmic axis as an SVG file. Throws std::runtime_error when it cannot be
/// written.
void write_bars(const std::filesystem::path& file, const bar_chart& chart);

} // namespace bench
