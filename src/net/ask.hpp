// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "auth/secret_string.hpp"
#include "net/transport.hpp"
#include "session/startup.hpp"

#include <tusk/options.hpp>

#include <asio/awaitable.hpp>

#include <string>
#include <system_error>

namespace tusk::net {

/// A secret, or the reason why there is none.
struct credential {
    auth::secret_string secret;
    std::error_code ec;
    std::string sentence;
    bool lost = false; ///< the stream was closed meanwhile, or failed: `ec` is its error
};

/// Asks the user's function for what the start-up wants. Closing the stream (a time limit) and cancelling end the
/// waiting; an answer that comes later is dropped.
[[nodiscard]] asio::awaitable<credential> ask(transport& stream, const session::startup& machine,
                                              const connection_options& options);

} // namespace tusk::net
