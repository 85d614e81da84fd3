// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/connection.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

/// What the examples share: they check what they show, and begin like hello.cpp.

inline void expect(bool holds, const char* what)
{
    if (!holds) throw std::runtime_error(std::string("this does not hold: ") + what);
}

/// The main of the example with this name: runs a coroutine with a connection and the connection string.
inline int run_example(int argc, char** argv, const char* name,
                       asio::awaitable<void> (*run)(tusk::connection&, std::string),
                       const tusk::connection_options& options = {})
{
    if (argc != 2) return std::fprintf(stderr, "usage: %s CONNECTION-STRING\n", name), 2;
    try {
        asio::io_context io;
        tusk::connection db(io, options);
        asio::co_spawn(io, run(db, argv[1]), [](std::exception_ptr failure) {
            if (failure) std::rethrow_exception(failure);
        });
        io.run();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
    return 0;
}
