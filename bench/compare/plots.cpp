// Distributed under the Boost Software License, Version 1.0.
#include "common/bar_chart.hpp"
#include "common/line_chart.hpp"
#include "compare/results.hpp"

#include <cmath>

namespace bench {
namespace {

const char* colour_of(std::string_view arm)
{
    if (arm == "tusk") return "#c0392b";
    if (arm == "libpq") return "#2c6fbb";
    if (arm == "libpq-pipeline") return "#5fa8d3";
    if (arm == "libpq-epoll") return "#1b9e77";
    if (arm == "libpqxx") return "#8e6bbf";
    return "#777777";
}

chart_line line_of(const client& arm)
{
    return {arm.name, colour_of(arm.name), arm.name == "floor" ? "6 3" : "", {}};
}

bool bars(const std::string& file, const results& r, const circumstances& c)
{
    bar_chart chart{"Processor time per unit (query, row, insert, connection)", "microseconds", {}, {}};
    for (const auto& arm : c.clients) chart.series.push_back({arm.name, colour_of(arm.name)});
    for (const auto* w : c.workloads) {
        bar_group group{std::string(w->name), {}};
        bool any = false;
        for (const auto& arm : c.clients) {
            const auto s = r.get(w->name, arm.name, "cpu_us");
            group.values.push_back(s ? s->median : 0);
            any = any || s;
        }
        if (any) chart.groups.push_back(std::move(group));
    }
    if (chart.groups.empty()) return false;
    write_bars(file, chart);
    return true;
}

/// Latency against the share of the requests that are faster.
bool latencies(const std::string& file, const results& r, const circumstances& c)
{
    constexpr double shares[] = {1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95, 99, 99.9};
    std::vector<chart> all;
    for (const auto* w : c.workloads) {
        if (w->counts_rows() || !r.has(w->name)) continue;
        chart one{std::string(w->name), "% of requests", "latency, us", true, {}, {}};
        // The ends of the distribution get as much room as its middle.
        const auto x_of = [](double share) { return std::log(share / (100 - share)); };
        for (const double s : {1., 10., 50., 90., 99., 99.9}) {
            char label[16];
            std::snprintf(label, sizeof label, "%g", s);
            one.x_ticks.push_back({x_of(s), label});
        }
        for (const auto& arm : c.clients) {
            auto line = line_of(arm);
            for (const double s : shares) {
                char name[24];
                std::snprintf(name, sizeof name, "p%g_us", s);
                if (const auto v = r.get(w->name, arm.name, name); v && v->median > 0)
                    line.points.push_back({x_of(s), v->median});
            }
            if (!line.points.empty()) one.lines.push_back(std::move(line));
        }
        if (!one.lines.empty()) all.push_back(std::move(one));
    }
    if (all.empty()) return false;
    write_charts(file, all, 3);
    return true;
}

bool in_flight(const std::string& file, const results& r, const circumstances& c)
{
    if (c.in_flight.empty()) return false;
    chart rate{"Throughput", "requests in flight", "queries per second", true, {}, {}};
    chart cost{"Processor time", "requests in flight", "us per query", true, {}, {}};
    for (const auto n : c.in_flight) {
        const double x = std::log2(static_cast<double>(n));
        rate.x_ticks.push_back({x, std::to_string(n)});
        cost.x_ticks.push_back({x, std::to_string(n)});
    }
    for (const auto& arm : c.clients) {
        auto rates = line_of(arm), costs = line_of(arm);
        for (const auto n : c.in_flight) {
            const double x = std::log2(static_cast<double>(n));
            if (const auto v = r.get(sweep_name(n), arm.name, "per_second"))
                rates.points.push_back({x, v->median});
            if (const auto v = r.get(sweep_name(n), arm.name, "cpu_us"))
                costs.points.push_back({x, v->median});
        }
        if (rates.points.empty()) continue;
        rate.lines.push_back(std::move(rates));
        cost.lines.push_back(std::move(costs));
    }
    write_charts(file, {rate, cost}, 2);
    return true;
}

} // namespace

std::string write_plots(const std::string& folder, const results& r, const circumstances& c)
{
    std::string names;
    const auto took = [&](const char* name, auto make) {
        if (make(folder + "/" + name, r, c)) names += (names.empty() ? "" : " ") + std::string(name);
    };
    took("processor_time.svg", bars);
    took("latency.svg", latencies);
    took("in_flight.svg", in_flight);
    return names;
}

} // namespace bench
