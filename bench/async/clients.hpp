// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "async/cell.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

typedef struct pg_conn PGconn;

namespace async_bench {

/// A connection whose user waits.
class blocking_client {
public:
    virtual ~blocking_client() = default;
    /// Sends the request and waits for its answer. Throws std::runtime_error when that fails or is wrong.
    virtual void ask(std::int32_t number, double wait_seconds) = 0;
};

/// Opens a connection and uses it once, so that the statement is prepared.
[[nodiscard]] std::unique_ptr<blocking_client> make_blocking_client(const cell& c);

/// Who uses a loop. Called on the loop's thread.
class listener {
public:
    virtual void answered(std::size_t connection, std::int32_t number) = 0;
    /// wake() was called since the last time.
    virtual void woken() {}

protected:
    ~listener() = default;
};

/// Any number of connections on the one thread that calls run().
class loop_client {
public:
    virtual ~loop_client() = default;
    /// Answers come to the listener, on each connection in the order of the requests. Without pipelining only
    /// when none is outstanding there.
    virtual void ask(std::size_t connection, std::int32_t number, double wait_seconds) = 0;
    /// Serves until stop(). Throws what goes wrong.
    virtual void run(listener& l) = 0;
    /// From within a call to the listener.
    virtual void stop() = 0;
    /// From any thread; calls are gathered.
    virtual void wake() = 0;
};

/// Opens the connections and uses each once. `c.who` says which kind.
[[nodiscard]] std::unique_ptr<loop_client> make_loop_client(const cell& c);

// --- the parts of both, by library ------------------------------------------------------------------------

[[nodiscard]] std::unique_ptr<blocking_client> make_libpq_blocking(const cell& c);
[[nodiscard]] std::unique_ptr<blocking_client> make_tusk_blocking(const cell& c);
[[nodiscard]] std::unique_ptr<loop_client> make_libpq_loop(const cell& c);
[[nodiscard]] std::unique_ptr<loop_client> make_tusk_loop(const cell& c);

/// Opens a connection and prepares the statement under the name "s".
[[nodiscard]] PGconn* open_libpq(const cell& c);

} // namespace async_bench
