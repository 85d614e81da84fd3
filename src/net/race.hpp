// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/look_up.hpp"

#include <tusk/options.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <system_error>
#include <vector>

namespace tusk::net {

/// A socket that is connected, and since when it has been tried.
struct connected_socket {
    asio::generic::stream_protocol::socket socket;
    std::chrono::steady_clock::time_point began;
};

struct race_result {
    struct loss {
        std::size_t index = 0;
        std::error_code ec;
    };
    std::size_t winner = 0;                 ///< with `socket`
    std::optional<connected_socket> socket; ///< none: all have failed
    std::vector<loss> failed;               ///< the others were given up, and may be tried again
};

/// IPv6 and IPv4 by turns, each in its order, beginning with the first (RFC 8305, section 4).
[[nodiscard]] std::vector<endpoint> interleaved(const std::vector<endpoint>& addresses);

/// Connects to the addresses of a host beside each other, each `delay` after the one before or when that has failed; the
/// first to be connected wins. Each may take as long as connect_timeout says.
[[nodiscard]] asio::awaitable<race_result>
race(const conn::settings& where, const connection_options& options, const std::vector<endpoint>& addresses);

} // namespace tusk::net
