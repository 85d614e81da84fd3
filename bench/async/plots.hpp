// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "async/results.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace async_bench {

/// Draws what was measured as SVG files in a folder, and gives their names.
[[nodiscard]] std::vector<std::string> draw_plots(const std::filesystem::path& folder, const results& all);

} // namespace async_bench
