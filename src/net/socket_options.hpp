// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/resolve.hpp"
#include "net/transport.hpp"

#include <tusk/options.hpp>

#include <system_error>

namespace tusk::net {

/// Sets what settings and options say, before the socket connects: no delay, keepalive, time-outs, buffer
/// sizes.
[[nodiscard]] std::error_code prepare_socket(transport::socket_type& socket, bool tcp,
                                             const conn::settings& where, const connection_options& options);

} // namespace tusk::net
