// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "integration/support.hpp"

namespace tusk_test {

/// Runs a coroutine with a connection that is not open yet, and closes it behind.
template <class Body>
void with_unconnected(Body body)
{
    run_loop([&body]() -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::connection db(executor);
        co_await body(db);
        co_await db.async_close();
    });
}

} // namespace tusk_test
