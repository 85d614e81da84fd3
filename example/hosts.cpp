// Distributed under the Boost Software License, Version 1.0.
// Two hosts of which the first is down, and each step on the way to the second.

#include "step_name.hpp"

#include <tusk.hpp>

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <chrono>
#include <cstdio>
#include <exception>
#include <string>

void show(const tusk::connect_event& e)
{
    const std::chrono::duration<double, std::milli> at = e.elapsed;
    std::printf("%8.2f ms  %s  %s %s\n", at.count(), (e.address.empty() ? e.host : e.address).c_str(),
                name_of(e.step), e.detail.c_str());
}

asio::awaitable<void> hosts(tusk::connection& db, std::string where)
{
    auto info = tusk::conninfo::parse(where);
    const std::string host(info.get("host"));
    const std::string port(info.get("port"));
    info.set("host", "127.0.0.1," + host);
    info.set("port", "1," + port); // where nobody listens
    info.set("target_session_attrs", "read-write");
    info.set("connect_timeout", "3"); // for each
    co_await db.async_connect(info);
    co_await db.async_close();
}

int main(int argc, char** argv)
{
    if (argc != 2) return std::fprintf(stderr, "usage: hosts postgresql://user@host:port/database\n"), 2;
    try {
        asio::io_context io;
        tusk::connection_options options;
        options.on_connect_event = show;
        tusk::connection db(io, options);
        asio::co_spawn(io, hosts(db, argv[1]), [](std::exception_ptr failure) {
            if (failure) std::rethrow_exception(failure);
        });
        io.run();
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
