// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace bench {

struct chart_point {
    double x = 0, y = 0;
};
struct chart_line {
    std::string name;
    std::string colour; ///< as SVG has it
    std::string dashes; ///< "6 3", or empty for a full line
    std::vector<chart_point> points;
};
struct chart_tick {
    double at = 0;
    std::string label;
};
struct chart {
    std::string title;
    std::string x_label, y_label;
    bool logarithmic = false; ///< the y axis
    std::vector<chart_tick> x_ticks;
    std::vector<chart_line> lines;
};

/// Writes charts side by side, `columns` in a row, with one legend for all, as an SVG file. Throws
/// std::runtime_error when the file cannot be written.
void write_charts(const std::filesystem::path& file, const std::vector<chart>& charts, std::size_t columns);

} // namespace bench
