// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/resolve.hpp"
#include "net/transport.hpp"
#include "session/server_state.hpp"
#include "wire/inbox.hpp"

#include <tusk/diagnostics.hpp>
#include <tusk/options.hpp>

#include <asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <system_error>

namespace tusk::net {

struct cancel_route;

/// A session that has logged in and waits for its first request.
struct dialled {
    transport stream;
    session::server_state server;
    wire::inbox inbox;
    std::shared_ptr<const cancel_route> cancel =
        nullptr; ///< null: its requests cannot be cancelled on the server
};

/// How dialling ended: with a session, or with the reason why not.
struct dial_result {
    std::optional<dialled> open;
    std::error_code ec;
    diagnostics diag;
};

/// Tries hosts and their addresses in order until one lets the client in. Network errors, time-outs and a
/// server that is starting up move on to the next address; any other answer of a server is the answer.
///
/// Throws what cancels the coroutine (operation_aborted); then nothing is left open.
[[nodiscard]] asio::awaitable<dial_result> dial(conn::settings where, connection_options options);

} // namespace tusk::net
