// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "common/statistics.hpp"
#include "compare/runner.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

/// What was measured: for each workload, arm and metric a value per round.
class results {
public:
    using key = std::pair<std::string, std::string>; // workload, arm
    using metrics = std::map<std::string, std::vector<double>, std::less<>>;

    void add(std::string_view workload, std::string_view arm, std::string_view metric, double value)
    {
        auto& of = values_[key(workload, arm)];
        const auto at = of.find(metric);
        (at == of.end() ? of.emplace(metric, std::vector<double>()).first : at)->second.push_back(value);
    }
    [[nodiscard]] std::optional<summary> get(std::string_view workload, std::string_view arm,
                                             std::string_view metric) const
    {
        const auto of = values_.find(key(workload, arm));
        if (of == values_.end()) return std::nullopt;
        const auto at = of->second.find(metric);
        if (at == of->second.end()) return std::nullopt;
        return summarise(at->second);
    }
    /// Whether anything is known of a workload.
    [[nodiscard]] bool has(std::string_view workload) const
    {
        const auto first = values_.lower_bound(key(workload, ""));
        return first != values_.end() && first->first.first == workload;
    }

private:
    std::map<key, metrics> values_;
};

/// How the values came to be, for the report.
struct circumstances {
    std::string command;
    std::string server_version;
    std::string pinning;
    std::string system_call_counter;
    std::string plots; ///< names of files, separated by spaces
    int rounds = 0;
    bool quick = false;
    std::vector<client> clients;
    std::vector<const workload*> workloads;
    std::vector<std::size_t> in_flight; ///< numbers of the sweep, if there was one
};

/// The workload's name of a sweep's point.
[[nodiscard]] std::string sweep_name(std::size_t in_flight);

void print_table(const results& r, const circumstances& c);
void write_csv(const std::string& file, const results& r, const circumstances& c);
void write_report(const std::string& file, const results& r, const circumstances& c);
/// Gives the names of the files.
[[nodiscard]] std::string write_plots(const std::string& folder, const results& r, const circumstances& c);

} // namespace bench
