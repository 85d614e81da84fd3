// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <algorithm>
#include <cstddef>
#include <ranges>
#include <vector>

namespace bench {

/// The value below which `q` (0 to 1) of the sorted values lie; 0 when there are none.
template <std::ranges::random_access_range Sorted>
[[nodiscard]] double quantile(const Sorted& sorted, double q)
{
    const auto n = std::ranges::size(sorted);
    if (n == 0) return 0;
    const auto at = static_cast<std::size_t>(q * static_cast<double>(n - 1) + 0.5);
    return static_cast<double>(sorted[std::min<std::size_t>(at, n - 1)]);
}

/// What the rounds came to.
struct summary {
    double median = 0, min = 0, max = 0;
};

[[nodiscard]] inline summary summarise(std::vector<double> rounds)
{
    if (rounds.empty()) return {};
    std::ranges::sort(rounds);
    const auto n = rounds.size();
    const double median = n % 2 ? rounds[n / 2] : (rounds[n / 2 - 1] + rounds[n / 2]) / 2;
    return {median, rounds.front(), rounds.back()};
}

} // namespace bench
