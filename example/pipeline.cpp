// Distributed under the Boost Software License, Version 1.0.
// Many requests in flight on one connection: nothing has to be switched on.

#include "run.hpp"

#include <tusk.hpp>

#include <asio/experimental/awaitable_operators.hpp>

#include <cstdio>
#include <string>

namespace {

asio::awaitable<void> together(tusk::connection& db)
{
    using namespace asio::experimental::awaitable_operators;
    constexpr auto token = tusk::throwing(asio::use_awaitable);

    auto [a, b, c] = co_await (db.async_query_one<int>("select 1", token) &&
                               db.async_query_one<std::string>("select 'two'", token) &&
                               db.async_query_one<double>("select 3.0::float8", token));
    expect(a == 1 && b == "two" && c == 3.0, "each request has its own answer");
}

asio::awaitable<void> thousand(tusk::connection& db)
{
    const auto before = db.statistics();
    int right = 0;
    for (int i = 0; i < 1000; ++i)
        db.async_query_one<int>(
            tusk::sql("select $1::int4", i),
            [&right, i](std::error_code ec, tusk::single<int> n) { right += !ec && *n == i; });
    co_await db.async_close(); // what was requested before is answered first

    const auto after = db.statistics();
    std::printf("1000 requests, %d right answers, writes on the socket: %d\n", right,
                static_cast<int>(after.writes - before.writes));
    expect(right == 1000, "every request selects its own number");
}

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);
    co_await together(db);
    co_await thousand(db);
}

} // namespace

int main(int argc, char** argv) { return run_example(argc, argv, "pipeline", run); }
