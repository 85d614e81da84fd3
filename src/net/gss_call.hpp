// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "auth/gss_client.hpp"
#include "net/transport.hpp"

#include <asio/awaitable.hpp>

#include <memory>
#include <span>

namespace tusk::net {

/// What one call of the library came to.
struct gss_called {
    auth::gss_answer answer;
    std::error_code
        interrupted; ///< why it was not waited for to the end: cancelled, or the socket was closed or lost
};

/// gss_client::feed() on a thread of its own, since it may ask the KDC: others on the executor have their turn.
///
/// Waiting ends at once when the coroutine is cancelled, and when the socket is closed (which a time limit does) or lost.
/// The library cannot be interrupted: its thread then ends when the KDC has answered or has not, with nobody waiting;
/// it keeps `client` and touches nothing else. The end of the process waits for such threads.
[[nodiscard]] asio::awaitable<gss_called> call_gss(transport::socket_type& socket,
                                                   std::shared_ptr<auth::gss_client> client,
                                                   std::span<const std::byte> token);

} // namespace tusk::net
