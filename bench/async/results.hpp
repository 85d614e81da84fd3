// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "async/cell.hpp"

#include "common/statistics.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace async_bench {

/// What was measured, in the order in which it was first measured.
class results {
public:
    /// One round of an arm at a workload.
    void add(const std::string& workload, const std::string& arm, const metrics& round);

    /// Over the rounds; none when that was not measured.
    [[nodiscard]] std::optional<bench::summary> find(const std::string& workload, const std::string& arm,
                                                     const std::string& metric) const;
    /// The arms that were measured at a workload.
    [[nodiscard]] std::vector<std::string> arms(const std::string& workload) const;

    /// workload,arm,metric,unit,median,min,max
    void write_csv(const std::filesystem::path& file) const;

private:
    struct series {
        std::string workload;
        std::string arm;
        std::string name;
        std::string unit;
        std::vector<double> rounds;
    };
    std::vector<series> all_;
    std::map<std::string, std::size_t> index_; // by the three names
};

} // namespace async_bench
