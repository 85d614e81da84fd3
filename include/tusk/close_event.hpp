// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/diagnostics.hpp>
#include <tusk/options.hpp>

#include <cstdint>
#include <system_error>

namespace tusk {

/// The end of a session, told to `connection_options::on_close_event` once for each that was opened. What was outstanding
/// is completed behind it.
struct close_event {
    /// Why: none after `async_close`; `asio::error::operation_aborted` when the connection object, or the execution
    /// context, was destroyed; else errc::connection_lost and what else ends a connection.
    std::error_code ec;
    diagnostics diag; ///< the same in words: the server's own where it said farewell
    std::int32_t process_id = 0;
    connection_statistics statistics;
};

} // namespace tusk
