// Distributed under the Boost Software License, Version 1.0.
#include "compare/marks.hpp"
#include "compare/results.hpp"

#include "common/machine.hpp"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace bench {
namespace {

struct metric {
    const char* name;
    const char* title;
    const char* unit;      ///< "%" stands for the workload's unit
    const char* in_report; ///< null: only in results.csv
};

constexpr metric metrics[] = {
    {"per_second", "per second", "%/s", "per second"},
    {"cpu_us", "cpu us", "us/%", "processor time, us"},
    {"x_floor", "x floor", "ratio", "× floor"},
    {"p50_us", "p50 us", "us", "p50, us"},
    {"p99_us", "p99 us", "us", "p99, us"},
    {"syscalls", "syscalls", "1/%", "system calls"},
    {"allocations", "allocs", "1/%", "allocations"},
    {"instructions", "instr.", "1/%", "instructions"},
    {"peak_kb", "peak kB", "kB", "peak, kB"},
    {"above_idle_kb", "above idle kB", "kB", "above idle, kB"},
    {"p1_us", "", "us", nullptr},
    {"p5_us", "", "us", nullptr},
    {"p10_us", "", "us", nullptr},
    {"p20_us", "", "us", nullptr},
    {"p30_us", "", "us", nullptr},
    {"p40_us", "", "us", nullptr},
    {"p60_us", "", "us", nullptr},
    {"p70_us", "", "us", nullptr},
    {"p80_us", "", "us", nullptr},
    {"p90_us", "", "us", nullptr},
    {"p95_us", "", "us", nullptr},
    {"p99.9_us", "", "us", nullptr},
    {"first_cpu_us", "", "us/%", nullptr},
};

/// Three digits that count.
std::string number(double v)
{
    char text[32];
    const double a = std::fabs(v);
    const int digits = a >= 100 ? 0 : a >= 10 ? 1 : a >= 1 ? 2 : a >= 0.0005 ? 3 : 0;
    std::snprintf(text, sizeof text, "%.*f", digits, v);
    return text;
}

std::string unit_of(const metric& m, std::string_view of)
{
    std::string text = m.unit;
    if (const auto at = text.find('%'); at != std::string::npos) text.replace(at, 1, of);
    return text;
}

std::ofstream open(const std::string& file)
{
    std::ofstream out(file);
    if (!out) throw std::runtime_error("cannot write " + file);
    return out;
}

void csv_rows(std::ofstream& out, const results& r, const circumstances& c, const std::string& name,
              std::string_view unit)
{
    for (const auto& arm : c.clients) {
        for (const auto& m : metrics) {
            const auto s = r.get(name, arm.name, m.name);
            if (!s) continue;
            char numbers[96];
            std::snprintf(numbers, sizeof numbers, "%.10g,%.10g,%.10g", s->median, s->min, s->max);
            out << name << ',' << arm.name << ',' << m.name << ',' << unit_of(m, unit) << ',' << numbers
                << '\n';
        }
    }
}

void report_table(std::ofstream& out, const results& r, const circumstances& c, const std::string& name)
{
    out << "| arm |";
    for (const auto& m : metrics)
        if (m.in_report) out << ' ' << m.in_report << " |";
    out << "\n|---|";
    for (const auto& m : metrics)
        if (m.in_report) out << "--:|";
    out << '\n';
    for (const auto& arm : c.clients) {
        std::string line = "| " + arm.name + " |";
        bool any = false;
        for (const auto& m : metrics) {
            if (!m.in_report) continue;
            const auto s = r.get(name, arm.name, m.name);
            line += ' ' + (s ? number(s->median) : "–");
            if (s && s->min != s->max) line += " (" + number(s->min) + "–" + number(s->max) + ")";
            line += " |";
            any = any || s;
        }
        if (any) out << line << '\n';
    }
    out << '\n';
}

/// What tusk was to reach, and whether it did.
void report_mark(std::ofstream& out, const results& r, const std::string& name)
{
    const mark* m = find_mark(name);
    if (!m) return;
    const auto line = [&](const char* metric, const char* what, double most) {
        const auto s = r.get(name, "tusk", metric);
        if (most == 0 || !s) return;
        out << "- Mark for tusk: at most " << number(most) << ' ' << what << ". "
            << (s->median <= most ? "Reached: " : "**Not reached**: ") << number(s->median) << ".\n";
    };
    line("instructions", "instructions", m->instructions);
    line("x_floor", "times the floor's processor time", m->x_floor);
    line("cpu_us", "us of processor time", m->cpu_us);
    out << '\n';
}

/// A client may remember what it derived from the password: the first connection of a process could not.
void report_first(std::ofstream& out, const results& r, const circumstances& c, const std::string& name)
{
    out << "The first connection of each process, processor time in us:";
    const char* between = " ";
    for (const auto& arm : c.clients) {
        const auto s = r.get(name, arm.name, "first_cpu_us");
        if (!s) continue;
        out << between << arm.name << ' ' << number(s->median);
        between = ", ";
    }
    out << ".\n\n";
}

void report_circumstances(std::ofstream& out, const circumstances& c)
{
    out << "# tusk against libpq, libpqxx and the wire's own limit\n\n"
        << "Made by `" << c.command << "` on " << today() << ".\n\n"
        << "- Machine: " << machine() << "\n"
        << "- System: " << operating_system() << "\n"
        << "- Compiler: " << compiler() << "\n"
        << "- Server: PostgreSQL " << c.server_version << ", private, TCP loopback; " << c.pinning << "\n"
        << "- Rounds: " << c.rounds << ", interleaved (each arm once, then again); medians, with min–max\n"
        << "- System calls counted by: " << c.system_call_counter
        << ", the difference of two runs, so that the start cancels\n"
        << "- Allocations: what malloc and its kin were asked for in the measured section, counted by a "
           "preloaded library in a run of its own\n"
        << "- Instructions: user space, callgrind, the difference of two runs\n"
        << "- Processor time: user and system of the client, getrusage; × floor compares it with the floor's "
           "of the same round\n"
        << "- Latencies: of a request (a query, a batch, a whole result, a connection)\n";
    if (c.quick) out << "- **A quick run: for sanity, not for comparing.**\n";
    out << "\n| arm | library | how |\n|---|---|---|\n";
    for (const auto& arm : c.clients)
        out << "| " << arm.name << " | " << arm.version << " | " << arm.note << " |\n";
    out << '\n';
}

} // namespace

std::string sweep_name(std::size_t in_flight) { return "in-flight-" + std::to_string(in_flight); }

void print_table(const results& r, const circumstances& c)
{
    for (const auto* w : c.workloads) {
        const std::string name(w->name);
        if (!r.has(name)) continue;
        std::printf("\n%s: %s (per %s)\n  %-15s", name.c_str(), std::string(w->title).c_str(),
                    std::string(w->unit).c_str(), "");
        for (const auto& m : metrics)
            if (m.in_report) std::printf(" %13s", m.title);
        std::printf("\n");
        for (const auto& arm : c.clients) {
            if (!arm.supports(name)) continue;
            std::printf("  %-15s", arm.name.c_str());
            for (const auto& m : metrics) {
                if (!m.in_report) continue;
                const auto s = r.get(name, arm.name, m.name);
                std::printf(" %13s", s ? number(s->median).c_str() : "-");
            }
            std::printf("\n");
        }
    }
}

void write_csv(const std::string& file, const results& r, const circumstances& c)
{
    auto out = open(file);
    out << "workload,arm,metric,unit,median,min,max\n";
    for (const auto* w : c.workloads) csv_rows(out, r, c, std::string(w->name), w->unit);
    for (const auto n : c.in_flight) csv_rows(out, r, c, sweep_name(n), "query");
}

void write_report(const std::string& file, const results& r, const circumstances& c)
{
    auto out = open(file);
    report_circumstances(out, c);
    for (const auto* w : c.workloads) {
        const std::string name(w->name);
        if (!r.has(name)) continue;
        out << "## " << name << ": " << w->title << "\n\n";
        if (!w->sql.empty()) out << "`" << w->sql << "`; figures per " << w->unit << ".\n\n";
        report_table(out, r, c, name);
        report_mark(out, r, name);
        if (w->kind == shape::connect) report_first(out, r, c, name);
    }
    if (!c.in_flight.empty()) {
        out << "## Throughput against requests in flight\n\nOne connection, a Sync each; queries per "
               "second.\n\n"
            << "| arm |";
        for (const auto n : c.in_flight) out << ' ' << n << " |";
        out << "\n|---|";
        for (std::size_t i = 0; i < c.in_flight.size(); ++i) out << "--:|";
        out << '\n';
        for (const auto& arm : c.clients) {
            if (!r.get(sweep_name(c.in_flight[0]), arm.name, "per_second")) continue;
            out << "| " << arm.name << " |";
            for (const auto n : c.in_flight) {
                const auto s = r.get(sweep_name(n), arm.name, "per_second");
                out << ' ' << (s ? number(s->median) : "–") << " |";
            }
            out << '\n';
        }
        out << '\n';
    }
    std::string rest = c.plots;
    while (!rest.empty()) {
        const auto space = rest.find(' ');
        out << "![](" << rest.substr(0, space) << ")\n";
        rest = space == std::string::npos ? "" : rest.substr(space + 1);
    }
}

} // namespace bench
