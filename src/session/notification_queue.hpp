// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/diagnostics.hpp>
#include <tusk/notification.hpp>

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string_view>

namespace tusk::session {

/// Notifications that wait to be received, as many as fit. It knows how many were dropped, and where.
class notification_queue {
public:
    explicit notification_queue(notification_limits limits) noexcept
        : limits_(limits)
    {
    }

    void push(std::int32_t pid, std::string_view channel, std::string_view payload) noexcept;
    /// Fits always; several without a message in between are one.
    void push_gap(const diagnostics& cause) noexcept;

    [[nodiscard]] bool empty() const noexcept { return items_.empty() && dropped_ == 0; }
    /// The next; only when it is not empty.
    [[nodiscard]] notification pop() noexcept;
    void clear() noexcept;

private:
    [[nodiscard]] bool append(notification&& item) noexcept;

    notification_limits limits_;
    std::deque<notification> items_; // `lost` of each: how many were dropped before it
    std::size_t bytes_ = 0;
    std::uint64_t dropped_ = 0; // behind the last
};

} // namespace tusk::session
