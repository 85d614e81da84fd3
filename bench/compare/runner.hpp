// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "compare/workloads.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace bench {

/// A client library: a program that does one run of one workload.
struct client {
    std::string name;
    std::string program;
    std::string note;
    std::string version;
    std::vector<std::string> workloads;

    [[nodiscard]] bool supports(std::string_view workload) const;
};

/// The server's place, and the core for the clients (negative: any).
struct setting {
    std::string host, port, database, user, password;
    int client_core = -1;
    std::string folder; ///< of the arms' programs
    std::string out;    ///< for what is written
};

/// How large a run is.
struct extent {
    std::uint64_t requests = 0;
    std::uint64_t warm_up = 0;
    std::size_t tasks = 0; ///< 0: the workload's
    std::size_t rows = 0;  ///< 0: the workload's
};

/// The values that a run printed, by their names; "sum" is kept apart since it is exact.
struct run_values {
    std::map<std::string, double> numbers;
    std::string sum;
};

/// Runs the arms' programs.
class runner {
public:
    explicit runner(setting s);

    /// Asks a program what it is; empty when it is not there.
    [[nodiscard]] std::optional<client> describe(const std::string& name) const;
    /// One timed run. Empty after a failure, which has been told.
    [[nodiscard]] std::optional<run_values> time(const client& c, const workload& w, const extent& e) const;
    /// The number of allocations per unit, counted in a run of its own.
    [[nodiscard]] std::optional<double> allocations(const client& c, const workload& w,
                                                    const extent& e) const;
    /// The number of system calls per unit, by the difference of two runs.
    [[nodiscard]] std::optional<double> system_calls(const client& c, const workload& w,
                                                     const extent& e) const;
    /// The number of instructions per unit under callgrind, by the difference of two runs.
    [[nodiscard]] std::optional<double> instructions(const client& c, const workload& w,
                                                     const extent& e) const;

    [[nodiscard]] bool counts_system_calls() const { return counter_ != counter::none; }
    [[nodiscard]] std::string system_call_counter() const;
    [[nodiscard]] const setting& where() const { return setting_; }

private:
    enum class counter { none, perf, strace };

    [[nodiscard]] std::vector<std::string> command(const client& c, const workload& w, const extent& e,
                                                   bool timed) const;
    /// Runs the arm behind `tool`, and gives the units of the run.
    [[nodiscard]] std::optional<double> under(std::vector<std::string> tool, const client& c,
                                              const workload& w, const extent& e) const;
    [[nodiscard]] std::optional<double> calls_of(const client& c, const workload& w, const extent& e,
                                                 double& units) const;

    setting setting_;
    counter counter_ = counter::none;
};

/// Says something on its own line on the terminal.
void tell(const std::string& line);

} // namespace bench
