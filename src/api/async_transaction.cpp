// Distributed under the Boost Software License, Version 1.0.
#include <tusk/async_transaction.hpp>

#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <random>

namespace tusk::detail {

bool may_repeat(std::error_code ec) noexcept
{
    return ec == sqlstate::serialization_failure || ec == sqlstate::deadlock_detected;
}

asio::awaitable<void> pause_before(int attempt, repetition how)
{
    using std::chrono::milliseconds;
    milliseconds limit = std::max(how.first_pause, milliseconds(1));
    for (int i = 2; i < attempt && limit < how.longest_pause; ++i) limit *= 2;
    limit = std::max(std::min(limit, how.longest_pause), milliseconds(1));
    std::random_device seed;
    std::uniform_int_distribution<milliseconds::rep> any(1, limit.count());
    const milliseconds pause(any(seed));
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, pause);
    co_await timer.async_wait(asio::use_awaitable);
}

} // namespace tusk::detail
