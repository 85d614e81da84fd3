// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/notification_receiver.hpp"

#include <tusk/detail/listen_sinks.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/result.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
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

    /// What becomes of an async_listen.
    enum class place : std::uint8_t {
        listening, ///< the server listens already
        asking,    ///< it is to send LISTEN
        sharing,   ///< it is finished with the LISTEN that is under way
    };

    /// From now on the subscription gets what comes.
    [[nodiscard]] place add(detail::subscription_core& s, detail::request& op);
    /// LISTEN has been answered. False inside a transaction block, whose end may undo it.
    [[nodiscard]] bool confirm(const std::string& channel) noexcept;
    /// An async_listen is over, and with it those that share its LISTEN; but where it was given up by its owner, one of
    /// those is to send its own: that is returned, else null.
    [[nodiscard]] detail::request* settle(const std::string& channel, const detail::request& op) noexcept;
    /// `known`: the server may listen for it. True when UNLISTEN is due: it was the last of its channel.
    [[nodiscard]] bool remove(detail::subscription_core& s, bool known) noexcept;
    void heed_own_unlisten() noexcept;
    /// Whether somebody waits for a notification.
    [[nodiscard]] bool is_awaited() const noexcept;

    void take(std::int32_t pid, std::string_view channel, std::string_view payload) noexcept;
    /// Asks the server to which channels it listens.
    void check();
    /// What it has answered; null when it has not.
    void checked(const result* channels, std::error_code why) noexcept;

    /// Ends those async_listen, of these sorted ids, which share the LISTEN of another.
    void cancel(std::span<const std::uint64_t> ids, std::error_code why) noexcept;
    /// The same for those that are marked as unwanted.
    void cancel_unwanted(std::error_code why) noexcept;
    /// The same for all, and for what waits in async_receive.
    void cancel_all(std::error_code why) noexcept;
    /// The session has ended.
    void end(std::error_code why, const diagnostics& what) noexcept;
    /// The execution context is gone.
    void forsake() noexcept;

    std::function<void(std::error_code, const diagnostics&)> on_end; ///< for the listener; it runs no handler

private:
    struct channel {
        std::vector<detail::subscription_core*> members;
        const detail::request* asking = nullptr; // the async_listen whose LISTEN is under way
        detail::request_queue sharing;           // others, which are finished with it
        bool confirmed = false;
        bool known = false;    // the server may listen: the last to go tells it
        bool in_check = false; // it was confirmed before the check under way was sent
    };

    template <class Which>
    void drop_sharing(Which which, std::error_code why, const diagnostics& what) noexcept;
    [[nodiscard]] detail::request* next_sharing(channel& c) noexcept;

    link& link_;
    std::map<std::string, channel, std::less<>> channels_;
    std::size_t sharing_ = 0;  // of all channels
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
    /// `op`, the async_listen, is about to complete.
    void settle(const request& op) noexcept;
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
