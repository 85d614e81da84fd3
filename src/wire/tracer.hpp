// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "wire/backend.hpp"
#include "wire/inbox.hpp"

#include <tusk/wire_trace.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace tusk::wire {

/// Shows messages as libpq's PQtrace does, but no secret: see tusk::wire_trace. Malformed ones are shown as far as they
/// can be read. A sink that throws is not called again.
class tracer {
public:
    explicit tracer(const wire_trace& to);

    /// Shows no more; also from within the sink.
    void stop() noexcept { on_ = false; }

    /// Whole messages of the client.
    void sent(std::span<const std::byte> messages) noexcept;
    /// One that has no type: StartupMessage, SSLRequest, GSSENCRequest.
    void sent_untyped(std::span<const std::byte> message) noexcept;
    /// A message of the server.
    void received(const frame& f) noexcept;
    /// The one byte that answers SSLRequest ("SSLResponse") or GSSENCRequest ("GSSENCResponse").
    void received_answer(std::string_view name, char answer) noexcept;

private:
    template <class Show>
    void guarded(const Show& show) noexcept;

    bool on_ = true;
    trace_sink sink_;
    trace_flags flags_;
    auth_method asked_ = auth_method::ok; // which tells what a message of type 'p' is
};

} // namespace tusk::wire
