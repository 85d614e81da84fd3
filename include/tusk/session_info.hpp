// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstdint>
#include <string>

namespace tusk {

/// What became of connecting, as `connection::session()` tells it. A plain value.
/// \code
/// const tusk::session_info s = db.session();
/// std::printf("%s, protocol %d.%d\n", s.address.c_str(), s.protocol_major(), s.protocol_minor());
/// \endcode
struct session_info {
    std::string address;         ///< "127.0.0.1:5432", "[::1]:5432", or the path of a unix socket
    std::uint32_t protocol = 0;  ///< 0x00030002 for 3.2
    std::string authentication;  ///< as `connection::authentication_method()` names it
    std::int32_t process_id = 0; ///< of the server, as pg_backend_pid() gives it; 0 when unknown
    bool cancellable = false;    ///< whether the server gave a key with which its statements can be cancelled

    [[nodiscard]] int protocol_major() const noexcept { return static_cast<int>(protocol >> 16); }
    [[nodiscard]] int protocol_minor() const noexcept { return static_cast<int>(protocol & 0xffff); }
};

} // namespace tusk
