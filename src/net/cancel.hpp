// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "auth/gss_client.hpp"
#include "conninfo/resolve.hpp"
#include "net/try_address.hpp"

#include <asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace tusk::net {

/// How to ask a server to cancel what a session of it is doing: over the address that was really connected, encrypted
/// as that is.
struct cancel_route {
    enum class encryption : std::uint8_t { none, tls, gss };

    endpoint address;
    encryption encrypted = encryption::none;
    std::string host; ///< the server's name, for TLS
    conn::tls_settings tls;
    tls_context own_tls;
    auth::gss_target gss;
    std::int32_t process_id = 0;
    std::vector<std::byte> key;
};

/// Null where the server gave no key: then there is no way.
[[nodiscard]] std::shared_ptr<const cancel_route>
cancel_route_of(const conn::settings& where, const conn::host_target& host, const endpoint& address,
                const connection_options& options, const dialled& session);

/// Sends CancelRequest, and waits until the server closes the connection: until then it may still be about to interrupt
/// the session. All of that within `limit`, 0 being none.
[[nodiscard]] asio::awaitable<std::error_code> send_cancel(std::shared_ptr<const cancel_route> to,
                                                           std::chrono::milliseconds limit);

} // namespace tusk::net
