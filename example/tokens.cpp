// Distributed under the Boost Software License, Version 1.0.
// Any completion token: callbacks, futures, coroutines with error codes. No coroutine is needed.

#include "run.hpp"

#include <tusk.hpp>

#include <asio/co_spawn.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <asio/use_future.hpp>
#include <asio/version.hpp>
#if ASIO_VERSION >= 102300
#include <asio/as_tuple.hpp>
#else
#include <asio/experimental/as_tuple.hpp>
#endif

#include <cstdio>
#include <future>
#include <stdexcept>
#include <string>
#include <thread>

namespace {

#if ASIO_VERSION >= 102300
using asio::as_tuple;
#else
using asio::experimental::as_tuple;
#endif

/// Callbacks, all on the thread that runs the context.
void with_callbacks(const char* where)
{
    asio::io_context io;
    tusk::connection db(io);
    int answer = 0;
    db.async_connect(where, [&](std::error_code ec, const tusk::diagnostics& why) {
        if (ec) throw tusk::error(ec, why);
        db.async_query_one<int>("select 42", [&](std::error_code failed, const tusk::single<int>& n) {
            if (!failed) answer = *n;
            db.async_close([](std::error_code, const tusk::diagnostics&) {});
        });
    });
    io.run();
    expect(answer == 42, "a callback gets error code and value");
}

asio::awaitable<int> with_codes(tusk::connection& db)
{
    auto [ec, value] = co_await db.async_query_one<int>("select 1 / 0", as_tuple(asio::use_awaitable));
    expect(ec == tusk::sqlstate::division_by_zero && !value.diag().message().empty(),
           "no exception is thrown");
    co_return co_await db.async_query_one<int>("select 43");
}

/// Futures: another thread runs the context, and the connection is touched on that thread alone.
void with_futures(const char* where)
{
    asio::io_context io;
    auto work = asio::make_work_guard(io);
    tusk::connection db(io);
    std::jthread runner([&io] { io.run(); });

    const auto future = tusk::throwing(asio::use_future);
    db.async_connect(where, future).get(); // nothing else uses the connection yet
    std::future<int> answer = asio::co_spawn(io, with_codes(db), asio::use_future);
    expect(answer.get() == 43, "a coroutine's value in a future");

    asio::post(io, [&db] { db.async_close([](std::error_code, const tusk::diagnostics&) {}); });
    work.reset();
}

} // namespace

int main(int argc, char** argv)
try {
    if (argc != 2) return std::fprintf(stderr, "usage: tokens CONNECTION-STRING\n"), 2;
    with_callbacks(argv[1]);
    with_futures(argv[1]);
} catch (const std::exception& e) {
    return std::fprintf(stderr, "%s\n", e.what()), 1;
}
