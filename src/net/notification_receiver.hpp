// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "session/notification_queue.hpp"

#include <tusk/detail/listen_sinks.hpp>
#include <tusk/detail/submitter.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/notification.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>

namespace tusk::detail {

/// What waits to be received, and the async_receive that waits for it: of a subscription or a listener.
class notification_receiver : public submitter, public std::enable_shared_from_this<notification_receiver> {
public:
    explicit notification_receiver(notification_limits limits) noexcept
        : queue_(limits)
    {
    }
    notification_receiver(const notification_receiver&) = delete;
    notification_receiver& operator=(const notification_receiver&) = delete;

    // submitter, for async_receive
    void submit(request& op) noexcept final;
    void cancel(std::uint64_t id) noexcept final;
    void advance() noexcept final {}

    [[nodiscard]] std::optional<notification> try_receive() noexcept;
    void take(std::int32_t pid, std::string_view channel, std::string_view payload) noexcept;
    void take_gap(const diagnostics& cause) noexcept;

    /// Nothing more will come: what was received is handed out, then this.
    void end(std::error_code why, const diagnostics& what) noexcept;
    /// Ends the async_receive that waits, and nothing else.
    void cancel_receive(std::error_code why, const diagnostics& what) noexcept;
    /// The execution context is gone: no handler runs.
    void forsake() noexcept;
    [[nodiscard]] bool has_ended() const noexcept { return ended_; }
    /// Whether somebody waits.
    [[nodiscard]] bool is_awaited() const noexcept { return op_ != nullptr; }

protected:
    ~notification_receiver();

    /// An operation that is not async_receive is to be cancelled.
    virtual void cancel_other(std::uint64_t) noexcept {}
    /// Somebody looks for what has not come yet.
    virtual void look() noexcept {}
    /// More may come again.
    void begin() noexcept { ended_ = false; }
    void drop() noexcept { queue_.clear(); }

private:
    void cancel_now(std::uint64_t id) noexcept;
    void serve() noexcept;

    session::notification_queue queue_;
    receive_op* op_ = nullptr; // never while there is something in the queue
    bool ended_ = false;
    std::error_code end_;
    diagnostics end_diag_;
};

} // namespace tusk::detail
