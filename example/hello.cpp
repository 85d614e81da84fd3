// Distributed under the Boost Software License, Version 1.0.
// The first program: connect, ask, say goodbye.

#include <tusk.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

asio::awaitable<void> hello(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);

    auto sum = co_await db.async_query_one<int>(tusk::sql("select $1 + $2", 40, 2));
    auto version = co_await db.async_query_one<std::string>("select version()");
    std::printf("%d, says %s\n", sum, version.c_str());

    co_await db.async_close();
    if (sum != 42) throw std::runtime_error("the server cannot add");
}

int main(int argc, char** argv)
{
    if (argc != 2) return std::fprintf(stderr, "usage: hello postgresql://user@host/database\n"), 2;
    try {
        asio::io_context io;
        tusk::connection db(io);
        asio::co_spawn(io, hello(db, argv[1]), [](std::exception_ptr failure) {
            if (failure) std::rethrow_exception(failure);
        });
        io.run();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
