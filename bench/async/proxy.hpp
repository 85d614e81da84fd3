// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <string>

namespace async_bench {

/// Serves until standard input ends: listens on a free port of 127.0.0.1, prints its number, and passes on
/// what it receives, each direction late by half of the round trip. Any amount may be under way.
void serve_proxy(const std::string& host, const std::string& port, double round_trip_ms);

} // namespace async_bench
