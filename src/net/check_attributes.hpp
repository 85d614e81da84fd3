// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/login.hpp"

namespace tusk::net {

/// Whether the open session of `a` is what target_session_attrs asks for. If not, it is closed in good order, and `a` says
/// why it will not do; another host may.
[[nodiscard]] asio::awaitable<void> check_attributes(attempt& a, conn::session_kind wanted);

} // namespace tusk::net
