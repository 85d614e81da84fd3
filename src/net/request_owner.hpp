// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/request.hpp>

#include <memory>

namespace tusk::detail {

/// Owns a request whose handler has not run: dropped, it frees it without running it.
struct destroy_request {
    void operator()(request* r) const noexcept { r->destroy(); }
};
using request_owner = std::unique_ptr<request, destroy_request>;

} // namespace tusk::detail
