// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/notification_receiver.hpp"

#include <tusk/detail/listen_sinks.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/result.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace tusk::detail {
class connection_core;
class silent_unlisten;
} // namespace tusk::detail

namespace tusk::net {

class link;

/// Who listens to what on a session. It belongs to the link, and ends with it.
///
/// SQL may end the listening behind its back. The conversation notices that by the command tag, and the server is asked
/// what is left (`check`).
class subscriptions {
public:
    explicit subscriptions(link& of) noexcept
        : link_(of)
    {
    }
    subscriptions(const subscriptions&) = delete;
    subscriptions& operator=(const subscriptions&) = delete;

    /// From now on it gets what comes. True when the server listens already.
    [[nodiscard]] bool add(detail::subscription_core& s);
    /// LISTEN has been answered. False inside a transaction block, whose end may undo it.
    [[nodiscard]] bool confirm(const std::string& channel) noexcept;
    /// True when it was the last of its channel.
    [[nodiscard]] bool remove(detail::subscription_core& s) noexcept;
    void heed_own_unlisten() noexcept;
    /// Whether somebody waits for a notification.
    [[nodiscard]] bool is_awaited() const noexcept;

    void take(std::int32_t pid, std::string_view channel, std::string_view payload) noexcept;
    /// Asks the server to which channels it listens.
    void check();
    /// What it has answered; null when it has not.
    void checked(const result* channels, std::error_code why) noexcept;

    /// Ends what waits in async_receive, and nothing else.
    void cancel_receives(std::error_code why) noexcept;
    /// The session has ended.
    void end(std::error_code why, const diagnostics& what) noexcept;
    /// The execution context is gone.
    void forsake() noexcept;

    std::function<void(std::error_code, const diagnostics&)> on_end; ///< for the listener; it runs no handler

private:
    struct channel {
        std::vector<detail::subscription_core*> members;
        bool confirmed = false;
        bool in_check = false; // it was confirmed before the check under way was sent
    };

    link& link_;
    std::map<std::string, channel, std::less<>> channels_;
    std::uint32_t checks_ = 0; // under way; what the last one answers counts
};

} // namespace tusk::net

namespace tusk::detail {

/// What a subscription handle stands for.
class subscription_core final : public notification_receiver {
public:
    subscription_core(std::shared_ptr<connection_core> connection, std::string_view channel,
                      notification_limits limits);
    ~subscription_core();

    // submitter
    [[nodiscard]] const asio::any_io_executor& executor() const noexcept override;
    [[nodiscard]] std::uint64_t next_id() noexcept override;
    void finish(request& op) noexcept override;

    [[nodiscard]] const std::string& channel() const noexcept { return channel_; }
    [[nodiscard]] const std::shared_ptr<connection_core>& connection() const noexcept { return connection_; }

    void listen(request& op);
    void unlisten(request& op);
    /// LISTEN has been answered.
    [[nodiscard]] bool confirm() noexcept;
    /// The handle is gone. `tell`: the server may know of it.
    void abandon(bool tell = true) noexcept;
    /// It does not belong to the session's subscriptions any more.
    void detach() noexcept { of_ = nullptr; }

private:
    void look() noexcept override;

    std::shared_ptr<connection_core> connection_;
    std::string channel_;
    net::subscriptions* of_ = nullptr;
    std::unique_ptr<silent_unlisten> unlisten_; // made beforehand, so that it cannot fail
};

} // namespace tusk::detail
