// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/connect_steps.hpp"
#include "net/dial.hpp"
#include "session/startup.hpp"

namespace tusk::net {

/// What a single attempt came to.
struct attempt {
    std::optional<dialled> open;
    std::error_code ec;
    diagnostics diag;
    bool final = false;     ///< the answer of a server, which no further host may change
    bool other_way = false; ///< what failed with TLS may work without it, or the other way round
};

/// The start-up dialogue over a stream that is connected.
[[nodiscard]] asio::awaitable<attempt> log_in(transport& stream, session::login who,
                                              const connection_options& options, connect_steps& steps);

} // namespace tusk::net
