// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstdint>

namespace tusk {

/// What `connection::async_reset` takes back.
enum class reset_kind : std::uint8_t {
    touched, ///< what statements are known to have left behind since the last reset
    all,     ///< everything, by DISCARD ALL
};

} // namespace tusk
