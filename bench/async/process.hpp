// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "async/cell.hpp"

#include <string>

#include <sys/types.h>

namespace async_bench {

/// Makes a measurement in a new process. Throws std::runtime_error with what that had to say when it failed.
[[nodiscard]] metrics run_cell(const cell& c);

/// A delaying proxy in a process of its own, for as long as the object lives.
class proxy_process {
public:
    /// `uri` says where the server is. Throws std::runtime_error when it is not reachable by TCP.
    proxy_process(const std::string& uri, double round_trip_ms);
    proxy_process(const proxy_process&) = delete;
    proxy_process& operator=(const proxy_process&) = delete;
    ~proxy_process();

    [[nodiscard]] int port() const noexcept { return port_; }

private:
    void stop() const;

    pid_t pid_ = -1;
    int control_ = -1; // the proxy ends when this closes
    int port_ = 0;
};

} // namespace async_bench
