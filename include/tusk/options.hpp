// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/connect_event.hpp>
#include <tusk/credentials.hpp>
#include <tusk/request_event.hpp>
#include <tusk/tls_context.hpp>
#include <tusk/wire_trace.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace tusk {

struct close_event;

/// How statements travel.
enum class statement_mode : std::uint8_t {
    cached,  ///< named prepared statements, remembered per connection; the default and the fastest
    unnamed, ///< one unnamed statement, parsed at each use: for poolers that switch the server between
             ///< transactions
    simple,  ///< the simple query protocol, results as text, no parameters: for peers that know nothing else
};

/// What is tusk's own about a connection; all that libpq knows too is in `conninfo`.
struct connection_options {
    /// Statements that stay prepared on the server; the least recently used one gives way. 0 switches the
    /// cache off.
    std::size_t statement_cache_capacity = 256;
    statement_mode mode = statement_mode::cached;
    /// The largest message accepted from the server, in bytes. A larger one closes the connection.
    std::size_t max_message_size = (std::size_t{1} << 30) - 1;
    /// Requests on the wire at one time; what is over waits in the queue, where cancelling it costs nothing.
    std::size_t max_in_flight = 65'536;
    /// Requests are gathered into one write until it holds this many bytes.
    std::size_t write_size = 64 * 1024;
    /// The size of a block of received bytes. A result keeps its blocks alive.
    std::size_t read_size = 32 * 1024;
    /// SCRAM iteration counts above this are refused before any hashing.
    std::uint32_t scram_max_iterations = 100'000;
    /// What SCRAM derives from a password (ClientKey and ServerKey, not the password) stays in this process's memory
    /// after a login that succeeded, for the last 16 users: a further connection of the same user then saves
    /// the thousands of rounds of hashing. It is wiped when it gives way.
    bool scram_keep_keys = true;
    /// An OpenSSL context, such as an `asio::ssl::context`, in place of the files that the ssl parameters name.
    tls_context tls{};
    /// Asked for the password in place of the connection string and the password file.
    tusk::password_provider password_provider{};
    /// Asked for a bearer token when the server wants one (`require_auth=oauth`).
    tusk::token_provider token_provider{};
    /// Told each step of `async_connect`, on the connection's executor. It must not throw.
    std::function<void(const connect_event&)> on_connect_event{};
    /// Told when a request begins, is first answered, and ends. It may look at the connection, but not ask anything of it.
    /// What it throws is dropped, and the request goes on.
    std::function<void(const request_event&)> on_request_event{};
    /// Told when a session ends, and why, on the connection's executor, or by the destructor that ends it. What it throws
    /// is dropped.
    std::function<void(const close_event&)> on_close_event{};
    /// Shows all messages from the start of the login on; `connection::trace` begins later.
    wire_trace trace{};
    /// The next address of a host is tried beside the first when that has not answered for so long, and so on; the first
    /// to be connected is taken (RFC 8305, which recommends 250 ms). 0, as in libpq: one after the other.
    std::chrono::milliseconds connection_attempt_delay{0};
    /// The time limit of requests that have none of their own (`bound::timeout`, `batch::timeout`), and of async_close,
    /// counted from the call; 0: none. One that runs out completes with errc::timed_out.
    std::chrono::milliseconds request_timeout{0};
    /// How long the server may take to end requests that were given up, before the connection is closed with
    /// errc::cancel_timed_out; 0: as long as it likes.
    std::chrono::milliseconds cancel_timeout{10'000};
    /// Sizes of the socket's buffers in bytes; 0 leaves them to the system.
    int send_buffer = 0;
    int receive_buffer = 0;
};

/// What a connection has done since it was opened.
struct connection_statistics {
    std::uint64_t requests = 0; ///< requests handed to the socket
    std::uint64_t writes = 0;   ///< write operations on the socket
    std::uint64_t reads = 0;    ///< read operations on the socket
    std::uint64_t bytes_sent = 0;
    std::uint64_t bytes_received = 0;
    std::uint64_t cache_hits = 0;
    std::uint64_t cache_misses = 0;
    std::uint64_t cache_evictions = 0;
    std::uint64_t heals = 0; ///< requests that were sent once more since their statement had gone stale
    std::uint64_t type_lookups = 0; ///< queries of tusk's own for types; not among `requests`
};

} // namespace tusk
