// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/transport.hpp"

#include <asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <system_error>

namespace tusk::net {

/// Closes the socket that is watched when the time is up, so that whatever it is doing ends.
class deadline {
public:
    deadline(const asio::any_io_executor& executor, std::chrono::milliseconds after,
             std::chrono::steady_clock::time_point since = std::chrono::steady_clock::now())
        : timer_(executor)
        , watched_(std::make_shared<watched>())
    {
        if (after.count() <= 0) return;
        timer_.expires_at(since + after);
        timer_.async_wait([w = watched_](std::error_code ec) {
            if (ec) return;
            w->expired = true;
            if (w->stream) w->stream->close();
        });
    }
    deadline(const deadline&) = delete;
    deadline& operator=(const deadline&) = delete;
    ~deadline() { watched_->stream = nullptr; } // the handler may be on its way already

    /// Null: nothing for now.
    void watch(transport* stream) noexcept { watched_->stream = stream; }
    [[nodiscard]] bool expired() const noexcept { return watched_->expired; }

private:
    struct watched {
        transport* stream = nullptr;
        bool expired = false;
    };

    asio::steady_timer timer_;
    std::shared_ptr<watched> watched_;
};

} // namespace tusk::net
