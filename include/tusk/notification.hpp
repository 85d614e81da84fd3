// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/diagnostics.hpp>

#include <cstddef>
#include <cstdint>
#include <string>

namespace tusk {

/// What a subscription or a listener receives: a NOTIFY, or word that some did not reach you, in its place in the order.
struct notification {
    enum class what : std::uint8_t {
        message, ///< a NOTIFY
        lost,    ///< so many were dropped here, since those before them were not received in time
        gap, ///< the connection was lost and made again: those sent in between never came (`tusk::listener` only)
    };

    what kind = what::message;
    std::string channel;         ///< of a message
    std::string payload;         ///< of a message; empty when NOTIFY gave none
    std::int32_t process_id = 0; ///< the server process that sent a message
    std::uint64_t lost = 0;      ///< how many were dropped; 0 of the others
    diagnostics cause;           ///< of a gap: how the connection was lost

    [[nodiscard]] bool is_message() const noexcept { return kind == what::message; }
    [[nodiscard]] bool is_lost() const noexcept { return kind == what::lost; }
    [[nodiscard]] bool is_gap() const noexcept { return kind == what::gap; }
};

/// What may wait to be received. A notification that does not fit is dropped, and counted: see notification::what::lost.
/// One block of received bytes (connection_options::read_size) may hold 12 bytes a notification, and is taken in whole:
/// with room for as many, whoever always receives loses none.
struct notification_limits {
    std::size_t messages = 8192;
    std::size_t bytes = std::size_t{4} << 20; ///< of channels and payloads together
};

} // namespace tusk
