// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/own_loop.hpp>

#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>

#include <sys/eventfd.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <exception>
#include <system_error>
#include <utility>

namespace tusk::detail {

namespace {

/// write() to an eventfd is all that a signal handler may do here, and wakes the event loop.
[[nodiscard]] int new_bell()
{
    const int fd = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (fd < 0) throw std::system_error(errno, std::system_category(), "eventfd");
    return fd;
}

using time_point = std::chrono::steady_clock::time_point;

/// The end of time for a limit that goes beyond it.
[[nodiscard]] time_point after(std::chrono::milliseconds limit) noexcept
{
    const time_point now = std::chrono::steady_clock::now();
    return limit < std::chrono::floor<std::chrono::milliseconds>(time_point::max() - now) ? now + limit
                                                                                          : time_point::max();
}

} // namespace

struct own_loop::state {
    asio::io_context io{ASIO_CONCURRENCY_HINT_UNSAFE_IO}; // others only post to it
    asio::posix::stream_descriptor bell{io, new_bell()};
    asio::cancellation_signal stop;
    std::atomic<bool> rung = false; // an interruption has come; the bell wakes who waits
    static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");
    bool interruptible = false; // a call is under way that heeds it
    bool stopped = false;       // and has been told

    void wait_for_bell()
    {
        bell.async_wait(asio::posix::stream_descriptor::wait_read, [this](std::error_code ec) {
            if (ec) return;
            silence();
            heed();
            wait_for_bell();
        });
    }

    void silence() noexcept
    {
        std::uint64_t count = 0;
        [[maybe_unused]] const auto n = ::read(bell.native_handle(), &count, sizeof(count));
    }

    void heed()
    {
        if (!interruptible || !rung.exchange(false)) return;
        stopped = true;
        stop.emit(asio::cancellation_type::terminal);
    }

    /// True when nothing more is to be run before the limit.
    [[nodiscard]] bool ran_out(const time_point* limit)
    {
        if (!limit) return io.run_one() == 0;
        return io.run_one_until(*limit) == 0;
    }
};

std::error_code interrupted(diagnostics& why)
{
    why = diagnostics::client("interrupted before it began", outcome::not_sent);
    return asio::error::operation_aborted;
}

bool was_cancelled(std::error_code ec) noexcept { return ec == asio::error::operation_aborted; }

own_loop::own_loop()
    : state_(std::make_unique<state>())
{
    state_->wait_for_bell(); // which is work: the context never runs out of it
}

own_loop::~own_loop() = default;

asio::any_io_executor own_loop::executor() const noexcept { return state_->io.get_executor(); }

asio::cancellation_slot own_loop::slot() noexcept { return state_->stop.slot(); }

bool own_loop::is_interrupted(how wait) noexcept
{
    return wait.interruptible && state_->rung.exchange(false);
}

bool own_loop::run(const bool& done, const std::error_code& ec, how wait)
{
    state& s = *state_;
    const bool limited = wait.limit.count() > 0;
    const auto limit = limited ? after(wait.limit) : time_point::max();
    bool expired = false;
    std::exception_ptr thrown;
    s.interruptible = wait.interruptible;
    s.stopped = false;
    while (!done) {
        try {
            if (s.ran_out(limited && !expired ? &limit : nullptr) && !done) {
                expired = true;
                s.io.restart();
                s.stop.emit(asio::cancellation_type::terminal);
            }
        } catch (...) {
            if (!std::exchange(thrown, std::current_exception()))
                s.stop.emit(asio::cancellation_type::terminal);
        }
    }
    s.interruptible = false;
    if (s.stopped && !was_cancelled(ec)) s.rung = true;
    if (thrown) std::rethrow_exception(thrown);
    return expired;
}

bool own_loop::run_ready() { return state_->io.poll_one() > 0; }

void own_loop::interrupt() noexcept
{
    state_->rung = true;
    const int before = errno;
    constexpr std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(state_->bell.native_handle(), &one, sizeof(one));
    errno = before;
}

void own_loop::forget_interrupt() noexcept { state_->rung = false; }

} // namespace tusk::detail
