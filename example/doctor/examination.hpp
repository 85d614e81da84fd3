// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/connect_event.hpp>
#include <tusk/conninfo.hpp>
#include <tusk/session_info.hpp>
#include <tusk/tls_info.hpp>

#include <chrono>
#include <string>
#include <system_error>
#include <vector>

namespace doctor {

/// What the server says of itself.
struct server_facts {
    std::string version; ///< "15.14"
    std::string user;
    std::string database;
    bool standby = false;
    bool read_only = false;
    std::chrono::nanoseconds round_trip{0}; ///< the shortest of several
};

/// All that was seen on the way from a connection string to a session.
struct examination {
    std::vector<tusk::conninfo::entry> parameters; ///< those that have a value; secrets masked
    std::vector<tusk::connect_event> steps;
    std::error_code ec; ///< why there is no session, or why it could not be asked
    std::string reason; ///< the same, in words
    bool connected = false;
    tusk::session_info session;
    tusk::tls_info tls;
    server_facts server;
};

/// Connects, asks the server about itself, closes. A failure is a part of the result.
[[nodiscard]] examination examine(const std::string& connection_string, std::chrono::seconds patience);

} // namespace doctor
