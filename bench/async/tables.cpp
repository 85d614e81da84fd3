// Distributed under the Boost Software License, Version 1.0.
#include "async/tables.hpp"

#include "async/suite.hpp"

#include "common/machine.hpp"

#include <asio/version.hpp>
#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <cstdio>

namespace async_bench {

namespace {

struct column {
    std::string heading;
    std::string workload;
    std::string metric;
    double scale = 1;
};

/// Three digits that count.
[[nodiscard]] std::string shown(double v)
{
    std::array<char, 32> text{};
    const double size = v < 0 ? -v : v;
    std::snprintf(text.data(), text.size(), "%.*f", size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2, v);
    std::string all = text.data();
    if (size >= 9999.5)
        for (std::size_t at = all.size(); at > 3; at -= 3) all.insert(at - 3, " ");
    return all;
}

/// A row for each arm, medians, without the columns of which nothing was measured; empty when nothing at all
/// was.
[[nodiscard]] std::string table(const results& all, std::vector<column> columns)
{
    std::vector<std::string> arms;
    for (const column& c : columns)
        for (std::string& a : all.arms(c.workload))
            if (std::ranges::find(arms, a) == arms.end()) arms.push_back(std::move(a));
    const auto known = [&](const column& c) {
        return std::ranges::any_of(
            arms, [&](const std::string& a) { return all.find(c.workload, a, c.metric).has_value(); });
    };
    std::erase_if(columns, [&](const column& c) { return !known(c); });
    if (columns.empty()) return {};

    std::string text = "| client |";
    std::string line = "|---|";
    for (const column& c : columns) {
        text += ' ' + c.heading + " |";
        line += "---:|";
    }
    text += '\n' + line + '\n';
    for (const std::string& a : arms) {
        text += "| " + a + " |";
        for (const column& c : columns) {
            const auto found = all.find(c.workload, a, c.metric);
            text += ' ' + (found ? shown(found->median * c.scale) : "–") + " |";
        }
        text += '\n';
    }
    return text;
}

[[nodiscard]] std::string short_number(double v)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%g", v);
    return text.data();
}

[[nodiscard]] std::string circumstances(const run_facts& facts)
{
    const int pq = PQlibVersion();
    std::string text = "Measured on " + bench::today() + " by `" + facts.command + "`: ";
    text += "PostgreSQL " + facts.server + ", libpq " + std::to_string(pq / 10000) + '.' +
            std::to_string(pq % 10000) + ", Asio " + std::to_string(ASIO_VERSION / 100000) + '.' +
            std::to_string(ASIO_VERSION / 100 % 1000) + '.' + std::to_string(ASIO_VERSION % 100);
    text += "; " + bench::compiler() + "; " + bench::operating_system() + "; " + bench::machine();
    return text + "; " + facts.cores + ".\n";
}

[[nodiscard]] named_table open_table(const results& all, int connections, const waiting& wait)
{
    const auto at = [&](int load) { return open_name(connections, wait, load); };
    named_table t;
    t.name = "open-c" + std::to_string(connections) + '-' + wait.name();
    t.title = std::to_string(connections) + " connections, " + wait.title();
    t.text = table(all, {{"all busy: requests/s", capacity_name(connections, wait), "per_second"},
                         {"50 %: p50 ms", at(50), "p50_us", 1e-3},
                         {"50 %: p99 ms", at(50), "p99_us", 1e-3},
                         {"50 %: client µs/request", at(50), "cpu_us"},
                         {"50 %: switches/request", at(50), "switches"},
                         {"80 %: p50 ms", at(80), "p50_us", 1e-3},
                         {"80 %: p99 ms", at(80), "p99_us", 1e-3},
                         {"100 %: p99 ms", at(100), "p99_us", 1e-3},
                         {"120 %: requests/s", at(120), "per_second"},
                         {"120 %: p99 ms", at(120), "p99_us", 1e-3},
                         {"120 %: longest queue", at(120), "queue_max"},
                         {"120 %: client µs/request", at(120), "cpu_us"}});
    return t;
}

} // namespace

std::vector<named_table> make_tables(const results& all, const run_facts& facts)
{
    const ranges range = ranges_of(facts.quick);
    std::vector<named_table> made{{"circumstances", "Circumstances", circumstances(facts)}};
    for (const double wait : range.waits_ms) {
        const std::string w = sequential_name(wait);
        made.push_back({w, "One request at a time, the server waits " + short_number(wait) + " ms",
                        table(all, {{"requests/s", w, "per_second"},
                                    {"p50 µs", w, "p50_us"},
                                    {"p99 µs", w, "p99_us"},
                                    {"client µs/request", w, "cpu_us"},
                                    {"switches/request", w, "switches"}})});
    }
    for (const int connections : range.connections)
        for (const waiting& wait : range.open_waits) made.push_back(open_table(all, connections, wait));

    std::vector<column> columns;
    for (const double rtt : range.round_trips_ms)
        columns.push_back({"requests/s at " + short_number(rtt) + " ms", proxy_name(rtt), "per_second"});
    for (const double rtt : range.round_trips_ms)
        columns.push_back({"p50 ms at " + short_number(rtt) + " ms", proxy_name(rtt), "p50_us", 1e-3});
    columns.push_back({"client µs/request at 1 ms", proxy_name(1), "cpu_us"});
    made.push_back({"proxy", "64 requests in flight over 2 connections, by round trip", table(all, columns)});

    columns.clear();
    for (const int n : range.idle_connections)
        columns.push_back({"kB with " + std::to_string(n), idle_name(n), "private_kb"});
    columns.push_back({"kB per connection", idle_name(range.idle_connections.back()), "kb_per_connection"});
    made.push_back(
        {"idle", "Private memory of the client process, by idle connections", table(all, columns)});

    std::erase_if(made, [](const named_table& t) { return t.text.empty(); });
    return made;
}

} // namespace async_bench
