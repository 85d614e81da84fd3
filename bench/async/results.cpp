// Distributed under the Boost Software License, Version 1.0.
#include "async/results.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace async_bench {

namespace {

[[nodiscard]] std::string key(const std::string& workload, const std::string& arm, const std::string& metric)
{
    return workload + ',' + arm + ',' + metric;
}

} // namespace

void results::add(const std::string& workload, const std::string& arm, const metrics& round)
{
    for (const metric& m : round) {
        const auto [at, fresh] = index_.try_emplace(key(workload, arm, m.name), all_.size());
        if (fresh) all_.push_back({workload, arm, m.name, m.unit, {}});
        all_[at->second].rounds.push_back(m.value);
    }
}

std::optional<bench::summary> results::find(const std::string& workload, const std::string& arm,
                                            const std::string& metric) const
{
    const auto at = index_.find(key(workload, arm, metric));
    if (at == index_.end()) return std::nullopt;
    return bench::summarise(all_[at->second].rounds);
}

std::vector<std::string> results::arms(const std::string& workload) const
{
    std::vector<std::string> names;
    for (const series& s : all_)
        if (s.workload == workload && std::ranges::find(names, s.arm) == names.end()) names.push_back(s.arm);
    return names;
}

void results::write_csv(const std::filesystem::path& file) const
{
    std::ofstream out(file);
    out.precision(6);
    out << "workload,arm,metric,unit,median,min,max\n";
    for (const series& s : all_) {
        const bench::summary v = bench::summarise(s.rounds);
        out << s.workload << ',' << s.arm << ',' << s.name << ',' << s.unit << ',' << v.median << ',' << v.min
            << ',' << v.max << '\n';
    }
    if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

} // namespace async_bench
