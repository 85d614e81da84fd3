// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <asio/awaitable.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <cstddef>
#include <system_error>

namespace demo {

/// A coroutine waits here for a number of callbacks.
class gate {
public:
    gate(const asio::any_io_executor& executor, std::size_t callbacks)
        : timer_(executor, asio::steady_timer::time_point::max())
        , missing_(callbacks)
    {
    }

    void arrive()
    {
        if (--missing_ == 0) timer_.cancel();
    }

    asio::awaitable<void> wait()
    {
        std::error_code cancelled; // how a timer is told that it is over
        if (missing_ != 0) co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
    }

private:
    asio::steady_timer timer_;
    std::size_t missing_;
};

} // namespace demo
