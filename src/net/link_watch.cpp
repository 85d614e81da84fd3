// Distributed under the Boost Software License, Version 1.0.
#include "net/link.hpp"

#include <tusk/close_event.hpp>

#include <utility>

namespace tusk::net {

/// Once for each link.
void link::tell_close(bool on_purpose) noexcept
try {
    const auto tell = std::exchange(on_close_, nullptr);
    if (!tell) return;
    close_event e;
    if (!on_purpose) {
        e.ec = talk_.error();
        e.diag = talk_.diag();
    }
    e.process_id = talk_.server().process_id;
    e.statistics = talk_.statistics();
    tell(e);
} catch (...) {
    // what the function throws is nobody's business: the connection has ended all the same
}

/// A message that is not the conversation's.
void link::show_sent(std::span<const std::byte> message) noexcept
{
    if (const auto tracer = talk_.tracer()) tracer->sent(message);
}

} // namespace tusk::net
