// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "async/results.hpp"

#include <string>
#include <vector>

namespace async_bench {

struct suite_options {
    std::string uri;
    bool quick = false;
    int rounds = 0;                ///< 0: 5, or 1 for a quick run
    int client_cpu = -1;           ///< -1: any
    std::vector<std::string> only; ///< experiments; empty: all
};

/// What the server is asked to wait.
struct waiting {
    double ms = 0;
    double share = 1; ///< of the requests; the others do not wait

    [[nodiscard]] std::string name() const;  ///< in workloads: "wait5", "mixed20"
    [[nodiscard]] std::string title() const; ///< "server waits 5 ms"
};

/// What the experiments range over; the tables and plots ask for the same.
struct ranges {
    std::vector<double> waits_ms;       ///< sequential
    std::vector<int> connections;       ///< open load
    std::vector<waiting> open_waits;    ///< open load
    std::vector<int> loads_percent;     ///< open load
    std::vector<double> round_trips_ms; ///< proxy
    int proxy_connections = 2;
    int proxy_in_flight = 64;
    std::vector<int> idle_connections;
};
[[nodiscard]] ranges ranges_of(bool quick);

/// The names of workloads.
[[nodiscard]] std::string sequential_name(double wait_ms);
[[nodiscard]] std::string capacity_name(int connections, const waiting& w);
[[nodiscard]] std::string open_name(int connections, const waiting& w, int load_percent);
[[nodiscard]] std::string proxy_name(double round_trip_ms);
[[nodiscard]] std::string idle_name(int connections);

/// Runs the experiments, each measurement in a process of its own, the arms in turn. A measurement that fails
/// is reported on the standard error and left out; `failures` counts them.
[[nodiscard]] results run_suite(const suite_options& options, int& failures);

} // namespace async_bench
