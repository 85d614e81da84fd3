// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// User and system time of this process, all threads, in seconds.
[[nodiscard]] double processor_time();
/// Resident memory in kB, now and at most since the process began.
[[nodiscard]] std::size_t memory_now();
[[nodiscard]] std::size_t memory_peak();

/// Restricts a process (0: this one) to one core. False when the system refuses.
bool pin_process(int pid, int core);
/// The same for a process and all its descendants, threads included; gives the number of processes.
int pin_tree(int pid, int core);
/// Cores that this process may use.
[[nodiscard]] std::vector<int> usable_cores();

/// What a child process came to.
struct outcome {
    int status = -1; ///< exit status; 128 + signal when one ended it; 127 when it could not be started
    std::string out; ///< standard output
    std::string err; ///< standard error
};

/// Runs a program found by PATH and waits for it, on one core when `core` is not negative, with more environment.
[[nodiscard]] outcome run_process(const std::vector<std::string>& command, int core = -1,
                                  const std::vector<std::pair<std::string, std::string>>& environment = {});
/// Whether PATH leads to the program.
[[nodiscard]] bool has_program(const std::string& name);

} // namespace bench
