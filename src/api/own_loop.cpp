// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/own_loop.hpp>

#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
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

} // namespace

struct own_loop::state {
    asio::io_context io{1};
    asio::posix::stream_descriptor bell{io, new_bell()};
    asio::cancellation_signal stop;
    bool interruptible = false; // a call is under way that heeds it
    bool interrupted = false;

    void wait_for_bell()
    {
        bell.async_wait(asio::posix::stream_descriptor::wait_read, [this](std::error_code ec) {
            if (ec) return;
            interrupted = silence() || interrupted;
            heed();
            wait_for_bell();
        });
    }

    /// Whether it had been rung.
    [[nodiscard]] bool silence() noexcept
    {
        std::uint64_t count = 0;
        return ::read(bell.native_handle(), &count, sizeof(count)) > 0;
    }

    void heed()
    {
        if (interruptible && std::exchange(interrupted, false)) stop.emit(asio::cancellation_type::terminal);
    }

    /// True when nothing more is to be run before the limit.
    [[nodiscard]] bool ran_out(const std::chrono::steady_clock::time_point* limit)
    {
        if (!limit) return io.run_one() == 0;
        return io.run_one_until(*limit) == 0;
    }
};

bool was_cancelled(std::error_code ec) noexcept { return ec == asio::error::operation_aborted; }

own_loop::own_loop()
    : state_(std::make_unique<state>())
{
    state_->wait_for_bell(); // which is work: the context never runs out of it
}

own_loop::~own_loop() = default;

asio::any_io_executor own_loop::executor() const noexcept { return state_->io.get_executor(); }

asio::cancellation_slot own_loop::slot() noexcept { return state_->stop.slot(); }

bool own_loop::run(const bool& done, how wait)
{
    state& s = *state_;
    auto limit = std::chrono::steady_clock::time_point::max();
    if (wait.limit.count() > 0) limit = std::chrono::steady_clock::now() + wait.limit;
    const bool limited = wait.limit.count() > 0;
    bool expired = false;
    std::exception_ptr thrown;
    s.interruptible = wait.interruptible;
    s.heed();
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
    if (thrown) std::rethrow_exception(thrown);
    return expired;
}

void own_loop::interrupt() noexcept
{
    const int before = errno;
    constexpr std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(state_->bell.native_handle(), &one, sizeof(one));
    errno = before;
}

void own_loop::forget_interrupt() noexcept
{
    (void)state_->silence();
    state_->interrupted = false;
}

} // namespace tusk::detail
