// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace tusk {

/// What a wire trace leaves out, as PQsetTraceFlags does.
enum class trace_flags : std::uint8_t {
    none = 0,
    suppress_timestamps = 1, ///< no time in front of each message (PQTRACE_SUPPRESS_TIMESTAMPS)
    regress_mode = 2,        ///< nor what differs from run to run, such as OIDs and process numbers
                             ///< (PQTRACE_REGRESS_MODE)
};

[[nodiscard]] constexpr trace_flags operator|(trace_flags a, trace_flags b) noexcept
{
    return static_cast<trace_flags>(static_cast<std::uint8_t>(a) | static_cast<std::uint8_t>(b));
}

/// Whether `all` has `one`.
[[nodiscard]] constexpr bool has(trace_flags all, trace_flags one) noexcept
{
    return (static_cast<std::uint8_t>(all) & static_cast<std::uint8_t>(one)) != 0;
}

/// Where a wire trace goes: called with a message's text, which ends with a line break. One that is longer than a few KB
/// comes in several pieces, the last of which ends with it. Strings stand in it as they are, so that a text with line
/// breaks has them here too.
using trace_sink = std::function<void(std::string_view text)>;

/// A trace of the messages between client and server in the form of libpq's PQtrace: time, F (frontend, the client) or
/// B, length, name and fields, with tabs in between.
///
/// Parameters, rows, COPY data and SQL stand in it. Passwords, tokens, all of what SASL and GSSAPI exchange, and the key of
/// BackendKeyData never do.
struct wire_trace {
    trace_sink sink{}; ///< none: no trace
    trace_flags flags = trace_flags::none;
};

} // namespace tusk
