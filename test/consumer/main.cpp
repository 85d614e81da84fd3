// Distributed under the Boost Software License, Version 1.0.
// Needs no server: a port where nobody listens must be an error that says so, and all of tusk must link.

#include <asio/io_context.hpp>
#include <tusk/connection.hpp>
#include <tusk/sqlstate.hpp>

#include <cstdio>

int main()
{
    asio::io_context context;
    tusk::connection db(context.get_executor());

    bool completed = false;
    std::error_code outcome;
    db.async_connect("host=127.0.0.1 port=1 user=nobody dbname=nothing connect_timeout=20",
                     [&](std::error_code ec, const auto&...) {
                         completed = true;
                         outcome = ec;
                     });
    context.run();

    const std::error_code unique = make_error_code(tusk::sqlstate::unique_violation);
    std::printf("connect: %s; 23505: %s\n", outcome.message().c_str(), unique.message().c_str());
    return completed && outcome && unique == tusk::sqlstate_class::integrity_constraint_violation ? 0 : 1;
}
