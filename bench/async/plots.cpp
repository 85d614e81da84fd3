// Distributed under the Boost Software License, Version 1.0.
#include "async/plots.hpp"

#include "async/suite.hpp"

#include "common/line_chart.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace async_bench {

namespace {

[[nodiscard]] std::string shown(double v)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%g", v);
    return text.data();
}

struct step {
    double at; ///< on the x axis
    std::string label;
    std::string workload;
};

/// One line for each arm, over the steps that were measured.
void add_lines(bench::chart& c, const results& all, const std::vector<step>& steps, const std::string& metric,
               double scale)
{
    for (const step& s : steps) {
        if (all.arms(s.workload).empty()) continue;
        c.x_ticks.push_back({s.at, s.label});
        for (const std::string& name : all.arms(s.workload)) {
            const auto found = all.find(s.workload, name, metric);
            if (!found) continue;
            auto line = std::ranges::find(c.lines, name, &bench::chart_line::name);
            if (line == c.lines.end()) {
                const arm a = parse_arm(name);
                const bool tusk = a.lib == arm::library::tusk;
                const char* dashes = a.how == arm::style::blocking ? ""
                                     : a.how == arm::style::async  ? "7 3"
                                                                   : "2 3";
                line = c.lines.insert(c.lines.end(), {name, tusk ? "#1f6fb4" : "#d9731a", dashes, {}});
            }
            line->points.push_back({s.at, found->median * scale});
        }
    }
}

/// A chart for each number of connections and waiting time.
[[nodiscard]] std::vector<bench::chart> open_charts(const results& all, const std::string& metric,
                                                    const std::string& label, double scale, bool logarithmic)
{
    std::vector<bench::chart> charts;
    const ranges full = ranges_of(false);
    for (const waiting& wait : full.open_waits)
        for (const int n : full.connections) {
            bench::chart c;
            c.title = std::to_string(n) + " connections, " + wait.title();
            c.x_label = "offered load, % of capacity";
            c.y_label = label;
            c.logarithmic = logarithmic;
            std::vector<step> steps;
            for (const int load : full.loads_percent)
                steps.push_back({static_cast<double>(load), std::to_string(load), open_name(n, wait, load)});
            add_lines(c, all, steps, metric, scale);
            if (!c.lines.empty()) charts.push_back(std::move(c));
        }
    return charts;
}

[[nodiscard]] std::vector<bench::chart> proxy_charts(const results& all)
{
    const auto make = [&](const std::string& metric, const std::string& label, double scale) {
        bench::chart c;
        c.title = "64 in flight over 2 connections";
        c.x_label = "added round trip, ms";
        c.y_label = label;
        c.logarithmic = true;
        std::vector<step> steps;
        for (const double rtt : ranges_of(false).round_trips_ms)
            steps.push_back({static_cast<double>(steps.size()), shown(rtt), proxy_name(rtt)});
        add_lines(c, all, steps, metric, scale);
        return c;
    };
    return {make("per_second", "requests/s", 1), make("p50_us", "p50 latency, ms", 1e-3)};
}

[[nodiscard]] std::vector<bench::chart> idle_charts(const results& all)
{
    bench::chart c;
    c.title = "Private memory of the client";
    c.x_label = "idle connections";
    c.y_label = "MB";
    std::vector<step> steps;
    for (const int n : ranges_of(false).idle_connections)
        steps.push_back({static_cast<double>(n), std::to_string(n), idle_name(n)});
    add_lines(c, all, steps, "private_kb", 1e-3);
    return {c};
}

} // namespace

std::vector<std::string> draw_plots(const std::filesystem::path& folder, const results& all)
{
    std::vector<std::string> drawn;
    const auto draw = [&](const std::string& name, std::vector<bench::chart> charts) {
        std::erase_if(charts, [](const bench::chart& c) { return c.lines.empty(); });
        if (charts.empty()) return;
        bench::write_charts(folder / name, charts, 3);
        drawn.push_back(name);
    };
    draw("open-latency.svg", open_charts(all, "p99_us", "p99 latency, ms", 1e-3, true));
    draw("open-processor.svg", open_charts(all, "cpu_us", "client µs/request", 1, false));
    draw("open-switches.svg", open_charts(all, "switches", "context switches/request", 1, false));
    draw("proxy.svg", proxy_charts(all));
    draw("idle.svg", idle_charts(all));
    return drawn;
}

} // namespace async_bench
