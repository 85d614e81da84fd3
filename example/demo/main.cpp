// Distributed under the Boost Software License, Version 1.0.
// Shows what tusk does, on a server of its own: ./dev demo
#include "report.hpp"
#include "steps.hpp"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <cstdio>
#include <exception>

namespace {

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await demo::introduce(db, where);
    co_await demo::fill(db);
    co_await demo::typed(db);
    co_await demo::point_selects(db);
    co_await demo::violation(db);
    co_await demo::dynamic(db);
    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) return std::fprintf(stderr, "usage: tusk_demo CONNECTION-STRING\n"), 2;
    try {
        asio::io_context io;
        tusk::connection db(io);
        bool done = false;
        asio::co_spawn(io, run(db, argv[1]), [&done](std::exception_ptr failure) {
            if (failure) std::rethrow_exception(failure);
            done = true;
        });
        io.run();
        demo::expect(done, "the demo came to its end");
        std::printf("\nAll of it was checked, and is as it should be.\n");
    } catch (const std::exception& e) {
        std::fflush(stdout);
        std::fprintf(stderr, "\nThe demo failed: %s\n", e.what());
        return 1;
    }
}
