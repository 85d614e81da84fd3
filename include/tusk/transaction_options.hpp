// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace tusk {

/// Which changes of others a transaction sees. PostgreSQL's "read uncommitted" is read_committed.
enum class isolation : std::uint8_t {
    by_default, ///< default_transaction_isolation of the session
    read_committed,
    repeatable_read,
    serializable,
};

/// How a transaction begins. What is left open is as the session's default_transaction_... parameters say.
struct transaction_options {
    tusk::isolation isolation = isolation::by_default;
    std::optional<bool> read_only = std::nullopt;
    /// With serializable and read_only: wait for a snapshot in which nothing can fail any more.
    std::optional<bool> deferrable = std::nullopt;
};

/// How often `connection::async_transaction` tries, and how long it waits in between: a random time up to a limit that
/// doubles each time, so that those who got into each other's way do not meet again.
struct repetition {
    int attempts = 5; ///< in all; what is below 1 is 1
    std::chrono::milliseconds first_pause{10};
    std::chrono::milliseconds longest_pause{1000};
};

} // namespace tusk
