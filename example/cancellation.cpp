// Distributed under the Boost Software License, Version 1.0.
// A time-out: the request is given up, the connection stays usable.

#include "run.hpp"

#include <tusk.hpp>

#include <asio/co_spawn.hpp>
#include <asio/experimental/awaitable_operators.hpp>
#include <asio/io_context.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace {

/// True when `statement` was answered within the time.
asio::awaitable<bool> within(std::chrono::milliseconds time, tusk::connection& db, std::string statement)
{
    using namespace asio::experimental::awaitable_operators;
    asio::steady_timer timer(db.get_executor(), time);
    auto first = co_await (db.async_execute(statement, tusk::throwing(asio::use_awaitable)) ||
                           timer.async_wait(asio::use_awaitable));
    co_return first.index() == 0;
}

asio::awaitable<void> run(tusk::connection& db, tusk::connection& other, std::string where)
{
    using namespace std::chrono_literals;
    co_await db.async_connect(where);
    co_await other.async_connect(where);

    // Another session holds a lock, so that this one waits.
    co_await other.async_execute("select pg_advisory_lock(8472)");
    const bool locked = co_await within(20ms, db, "select pg_advisory_lock(8472)");
    std::printf("%s\n", locked ? "locked" : "gave up");
    expect(!locked, "the lock is held elsewhere");

    // The server was asked to stop waiting for it, and the next one follows.
    co_await other.async_execute("select pg_advisory_unlock(8472)");
    auto n = co_await db.async_query_one<int>("select 1");
    expect(n == 1 && db.is_open(), "the connection goes on");

    // A time limit does that by itself, and the server is asked to stop.
    try {
        co_await db.async_execute(tusk::sql("select pg_sleep(1000)").timeout(20ms));
        expect(false, "it takes longer");
    } catch (const tusk::error& e) {
        expect(e.code() == tusk::errc::timed_out, "not after 1000 seconds");
    }
    n = co_await db.async_query_one<int>("select 2"); // waits until the server has stopped
    expect(n == 2 && db.is_open(), "the connection goes on");

    co_await other.async_close();
    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) return std::fprintf(stderr, "usage: cancellation CONNECTION-STRING\n"), 2;
    try {
        asio::io_context io;
        tusk::connection db(io), other(io);
        asio::co_spawn(io, run(db, other, argv[1]), [](std::exception_ptr failure) {
            if (failure) std::rethrow_exception(failure);
        });
        io.run();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
