// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/one_block.hpp>
#include <tusk/diagnostics.hpp>

#include <asio/any_io_executor.hpp>
#include <asio/associated_cancellation_slot.hpp>

#include <chrono>
#include <memory>
#include <system_error>
#include <utility>

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
    /// Whether an interruption came before the call: then it is not to begin.
    [[nodiscard]] bool is_interrupted(how wait) noexcept;
    /// Runs handlers until `done`. True when the limit ran out, so that the operation was cancelled. What a handler
    /// throws, which is a hook of the user's, is thrown again at the end. `ec`: how it ended. An interruption that came too
    /// late is for the next.
    [[nodiscard]] bool run(const bool& done, const std::error_code& ec, how wait);
    /// Runs one handler that is ready; false when there is none. What it throws comes through.
    bool run_ready();

    /// Cancels the operation of the `run` that is under way, or keeps the next from beginning. From any thread, and from signal handlers.
    void interrupt() noexcept;
    /// Forgets an interruption that no `run` has seen yet.
    void forget_interrupt() noexcept;

    /// Of calls that have no limit of their own.
    std::chrono::milliseconds limit{0};
    /// For the operation that is waited for.
    one_block memory;

private:
    struct state;
    std::unique_ptr<state> state_;
};

/// A handle of the asynchronous face, and the loop on which it waits. The handle goes first, also when it is assigned to:
/// the loop may be gone with its last user.
template <class Async>
struct on_loop {
    on_loop() noexcept = default;
    on_loop(std::shared_ptr<own_loop> l, Async a) noexcept
        : loop(std::move(l))
        , async(std::move(a))
    {
    }
    on_loop(on_loop&&) noexcept = default;
    on_loop& operator=(on_loop&& other) noexcept
    {
        async = std::move(other.async);
        loop = std::move(other.loop);
        return *this;
    }
    ~on_loop() = default;

    std::shared_ptr<own_loop> loop;
    Async async;
};

/// What a call ends with that was interrupted before it began.
[[nodiscard]] std::error_code interrupted(diagnostics& why);
/// Whether an operation ended since it was cancelled.
[[nodiscard]] bool was_cancelled(std::error_code ec) noexcept;

} // namespace tusk::detail
