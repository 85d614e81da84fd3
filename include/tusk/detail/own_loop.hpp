// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <asio/any_io_executor.hpp>
#include <asio/associated_cancellation_slot.hpp>

#include <chrono>
#include <memory>
#include <system_error>

namespace tusk::detail {

/// The execution context of a blocking connection: it runs while a call waits, on the caller's thread.
class own_loop {
public:
    own_loop();
    own_loop(const own_loop&) = delete;
    own_loop& operator=(const own_loop&) = delete;
    ~own_loop();

    [[nodiscard]] asio::any_io_executor executor() const noexcept;
    /// Where the operation of the next `run` is cancelled.
    [[nodiscard]] asio::cancellation_slot slot() noexcept;

    /// How a call waits.
    struct how {
        std::chrono::milliseconds limit{0}; ///< 0: none
        bool interruptible = true;
    };
    /// Runs handlers until `done`. True when the limit ran out, so that the operation was cancelled. What a handler
    /// throws, which is a hook of the user's, is thrown again at the end.
    [[nodiscard]] bool run(const bool& done, how wait);

    /// Cancels the operation of the `run` that is under way, or of the next. From any thread, and from signal handlers.
    void interrupt() noexcept;
    /// Forgets an interruption that no `run` has seen yet.
    void forget_interrupt() noexcept;

    /// Of calls that have no limit of their own.
    std::chrono::milliseconds limit{0};

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// Whether an operation ended since it was cancelled.
[[nodiscard]] bool was_cancelled(std::error_code ec) noexcept;

} // namespace tusk::detail
