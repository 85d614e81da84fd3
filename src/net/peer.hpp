// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/transport.hpp"

#include <string>
#include <system_error>

namespace tusk::net {

/// Who runs the process at the other end of a unix socket, by the system's word.
[[nodiscard]] std::string owner_of_peer(transport& stream, std::error_code& ec);

/// The address that is connected: "127.0.0.1:5432", or the path of a unix socket; empty when the system does not say.
[[nodiscard]] std::string address_of_peer(transport& stream);

} // namespace tusk::net
