// Distributed under the Boost Software License, Version 1.0.
#include "async/suite.hpp"

#include "async/process.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <sstream>
#include <thread>

#include <unistd.h>

namespace async_bench {

namespace {

using style = arm::style;
using library = arm::library;

[[nodiscard]] std::vector<arm> both(std::vector<style> styles)
{
    std::vector<arm> arms;
    for (const style s : styles)
        for (const library l : {library::libpq, library::tusk}) arms.push_back({l, s});
    return arms;
}

[[nodiscard]] std::string number(double v)
{
    std::ostringstream s;
    s << v;
    return s.str();
}

class runner {
public:
    runner(const suite_options& options, int& failures)
        : options_(options)
        , ranges_(ranges_of(options.quick))
        , rounds_(options.rounds > 0 ? options.rounds
                  : options.quick    ? 1
                                     : 3)
        , failures_(failures)
    {
        base_.uri = options.uri;
        base_.cpu = options.client_cpu;
    }

    [[nodiscard]] results run()
    {
        if (wanted("sequential")) sequential();
        if (wanted("open")) open_load();
        if (wanted("proxy")) proxy();
        if (wanted("idle")) idle();
        return std::move(all_);
    }

private:
    [[nodiscard]] bool wanted(const std::string& experiment) const
    {
        return options_.only.empty() || std::ranges::find(options_.only, experiment) != options_.only.end();
    }

    /// A B C A B C ...
    void measure(const std::string& workload, const std::vector<arm>& arms, cell c)
    {
        for (int round = 0; round < rounds_; ++round)
            for (const arm a : arms) {
                c.who = a;
                c.seed = static_cast<std::uint64_t>(round) + 1;
                measure(workload, c, round);
            }
    }

    void measure(const std::string& workload, const cell& c, int round)
    {
        const std::string name = to_string(c.who);
        const char* const end = ::isatty(STDERR_FILENO) == 1 ? "\033[K\r" : "\n";
        std::fprintf(stderr, "%s, round %d of %d: %s%s", workload.c_str(), round + 1, rounds_, name.c_str(),
                     end);
        try {
            all_.add(workload, name, run_cell(c));
        } catch (const std::exception& e) {
            ++failures_;
            std::fprintf(stderr, "%s: %s failed: %s\n", workload.c_str(), name.c_str(), e.what());
        }
        // The server is still busy with the end of many sessions.
        if (c.connections >= 50) std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }

    void sequential()
    {
        std::vector<arm> arms = both({style::blocking, style::async});
        arms.push_back({library::tusk, style::coroutine});
        for (const double wait : ranges_.waits_ms) {
            cell c = base_;
            c.experiment = "closed";
            c.wait_ms = wait;
            c.seconds = options_.quick ? 0.3 : 2;
            measure(sequential_name(wait), arms, c);
        }
    }

    void open_load()
    {
        for (const int connections : ranges_.connections)
            for (const waiting& w : ranges_.open_waits) {
                if (w.share < 1 && connections > 50) continue; // so many, that none waits behind a slow one
                cell c = base_;
                c.connections = c.in_flight = connections;
                c.wait_ms = w.ms;
                c.slow_share = w.share;
                c.seconds = options_.quick ? 0.3 : 1;
                const double capacity = measure_capacity(c, w);
                c.experiment = "open";
                for (const int load : ranges_.loads_percent) {
                    c.rate = capacity * load / 100;
                    if (c.rate > 0)
                        measure(open_name(connections, w, load),
                                both({style::blocking, style::async, style::pipelined}), c);
                }
            }
    }

    /// The most that any arm gets through without pipelining when all connections are busy all the time.
    [[nodiscard]] double measure_capacity(cell c, const waiting& w)
    {
        const std::string name = capacity_name(c.connections, w);
        c.experiment = "closed";
        measure(name, both({style::blocking, style::async}), c);
        double best = 0;
        for (const std::string& a : all_.arms(name))
            if (const auto found = all_.find(name, a, "per_second")) best = std::max(best, found->median);
        return best;
    }

    void proxy()
    {
        for (const double round_trip : ranges_.round_trips_ms) try {
                const proxy_process between(options_.uri, round_trip);
                cell c = base_;
                c.experiment = "closed";
                c.port = between.port();
                c.connections = ranges_.proxy_connections;
                c.in_flight = ranges_.proxy_in_flight;
                c.seconds = options_.quick ? 0.3 : 1;
                measure(proxy_name(round_trip), both({style::blocking, style::async, style::pipelined}), c);
            } catch (const std::exception& e) {
                ++failures_;
                std::fprintf(stderr, "%s: %s\n", proxy_name(round_trip).c_str(), e.what());
            }
    }

    void idle()
    {
        const std::vector<arm> arms = both({style::blocking, style::async});
        for (const int connections : ranges_.idle_connections) {
            cell c = base_;
            c.experiment = "idle";
            c.connections = connections;
            measure(idle_name(connections), arms, c);
        }
        const int most = ranges_.idle_connections.back();
        for (const arm a : arms) {
            const std::string name = to_string(a);
            const auto none = all_.find(idle_name(0), name, "private_kb");
            const auto many = all_.find(idle_name(most), name, "private_kb");
            if (none && many)
                all_.add(idle_name(most), name,
                         {{"kb_per_connection", "kB", (many->median - none->median) / most}});
        }
    }

    const suite_options& options_;
    ranges ranges_;
    int rounds_;
    int& failures_;
    cell base_;
    results all_;
};

} // namespace

ranges ranges_of(bool quick)
{
    const waiting none{0, 1};
    const waiting some{5, 1};
    const waiting mixed{20, 0.1};
    if (quick) return {{0, 1}, {4, 32}, {none, some}, {50, 120}, {0, 1}, 2, 64, {0, 50}};
    return {{0, 1, 5}, {4, 32, 200}, {none, some, mixed}, {10, 50, 80, 100, 120}, {0, 0.2, 1, 5},
            2,         64,           {0, 50, 200}};
}

std::string sequential_name(double wait_ms) { return "sequential-wait" + number(wait_ms); }

std::string waiting::name() const { return (share < 1 ? "mixed" : "wait") + number(ms); }

std::string waiting::title() const
{
    if (share >= 1) return "server waits " + number(ms) + " ms";
    return "one in " + number(1 / share) + " waits " + number(ms) + " ms";
}

std::string capacity_name(int connections, const waiting& w)
{
    return "capacity-c" + std::to_string(connections) + '-' + w.name();
}

std::string open_name(int connections, const waiting& w, int load_percent)
{
    return "open-c" + std::to_string(connections) + '-' + w.name() + "-load" + std::to_string(load_percent);
}

std::string proxy_name(double round_trip_ms) { return "proxy-rtt" + number(round_trip_ms); }

std::string idle_name(int connections) { return "idle-c" + std::to_string(connections); }

results run_suite(const suite_options& options, int& failures) { return runner(options, failures).run(); }

} // namespace async_bench
