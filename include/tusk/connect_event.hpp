// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <system_error>

namespace tusk {

/// A step of `async_connect`, told to `connection_options::on_connect_event` while it happens. It holds no secret.
struct connect_event {
    enum class step : std::uint8_t {
        looking_up,     ///< the name of a host
        looked_up,      ///< `detail`: its addresses, in the order in which they are tried
        connecting,     ///< to an address
        connected,      ///< the socket is
        encrypted,      ///< `detail`: TLS's protocol and cipher
        authentication, ///< the server has asked for a method, `detail`
        authenticated,  ///< the server has accepted
        ready,          ///< the session may be used; `detail`: the server's version
        failed,         ///< this address, or all of a host, will not do: `ec`, and `detail` in a sentence
    };

    enum step step = step::looking_up;
    std::string host;    ///< as the connection string names it, with its port
    std::string address; ///< "127.0.0.1:5432", or the path of a unix socket; empty as long as there is none
    std::string detail;
    std::error_code ec;
    std::chrono::nanoseconds elapsed{0}; ///< since `async_connect` began
};

} // namespace tusk
