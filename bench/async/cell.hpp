// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace async_bench {

/// How a client asks: the library, and who waits for the answer.
struct arm {
    enum class library { libpq, tusk };
    enum class style {
        blocking,  ///< a thread per connection that waits for its answer
        async,     ///< one thread for all connections, one request at a time on each
        coroutine, ///< the same, written with co_await
        pipelined, ///< one thread, requests do not wait for the answers before them
    };
    library lib = library::tusk;
    style how = style::async;

    friend bool operator==(const arm&, const arm&) = default;
};

[[nodiscard]] std::string to_string(arm a);
/// "libpq-blocking" and the like. Throws std::invalid_argument.
[[nodiscard]] arm parse_arm(std::string_view name);

/// One measurement. Each is made in a process of its own, so that processor time, context switches and memory
/// are those of nothing else.
struct cell {
    std::string uri;
    int port = 0;           ///< of the delaying proxy in front of the server; 0: none
    std::string experiment; ///< closed, open, idle
    arm who;
    int connections = 1;
    int in_flight = 1;      ///< closed: requests that wait for an answer at any time
    double wait_ms = 0;     ///< what the server waits before it answers
    double slow_share = 1;  ///< of the requests, that wait so long; the others do not wait
    double rate = 0;        ///< open: requests per second
    double seconds = 1;     ///< of measuring
    std::uint64_t seed = 1; ///< of the arrival times
    int cpu = -1;           ///< the processor to stay on; -1: any
};

struct metric {
    std::string name;
    std::string unit;
    double value = 0;
};
using metrics = std::vector<metric>;

/// A fixed number of requests is always outstanding; each answer makes room for the next.
[[nodiscard]] metrics run_closed(const cell& c);
/// Requests arrive at random moments, whether or not earlier ones have been answered.
[[nodiscard]] metrics run_open(const cell& c);
/// Connections that were used once and do nothing.
[[nodiscard]] metrics run_idle(const cell& c);

/// What request `number` asks the server to wait. Which ones are slow is the same for all arms.
[[nodiscard]] double wait_seconds(const cell& c, std::int32_t number);

/// The request of all experiments: gives back its first parameter after as many seconds as the second says.
inline constexpr std::string_view statement = "select $1::int4 from pg_sleep($2)";

} // namespace async_bench
