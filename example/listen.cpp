// Distributed under the Boost Software License, Version 1.0.
// LISTEN and NOTIFY: a subscription beside queries, and a listener that outlives the loss of its connection.

#include "run.hpp"

#include <tusk.hpp>

#include <asio/this_coro.hpp>

#include <chrono>
#include <cstdio>
#include <optional>
#include <string>

namespace {

using tusk::sql;

asio::awaitable<void> subscribed(tusk::connection& db)
{
    tusk::subscription jobs = co_await db.async_listen("jobs");
    co_await db.async_execute(sql("select pg_notify('jobs', $1)", "7"));
    const tusk::notification n = co_await jobs.async_receive();
    std::printf("a job on %s: %s\n", n.channel.c_str(), n.payload.c_str());
    expect(n.payload == "7", "what was notified is received");
}

asio::awaitable<void> slow(tusk::connection& db)
{
    tusk::subscription ticks = co_await db.async_listen("ticks", {.messages = 10});
    co_await db.async_execute("select pg_notify('ticks', i::text) from generate_series(1, 100) i");
    int received = 0, lost = 0;
    while (const std::optional<tusk::notification> n = ticks.try_receive())
        if (n->is_lost())
            lost += static_cast<int>(n->lost);
        else
            ++received;
    expect(received == 10 && lost == 90, "what did not fit is counted");
}

/// Follows the prices through the loss of the connection.
asio::awaitable<void> healed(tusk::connection& db, std::string where)
{
    const auto executor = co_await asio::this_coro::executor;
    tusk::listener_options options;
    options.first_pause = std::chrono::milliseconds(10);
    tusk::listener prices(executor, where, options);
    co_await prices.async_listen("prices");
    co_await db.async_execute(sql("select pg_notify('prices', $1)", "oranges 3"));
    for (int gaps = 0; gaps < 1;) {
        const tusk::notification n = co_await prices.async_receive();
        if (n.is_message()) {
            std::printf("%s\n", n.payload.c_str());
            co_await db.async_execute(sql("select pg_terminate_backend(pid) from pg_stat_activity where "
                                          "query like 'listen \"prices\"%'"));
        } else { // some may have been missed: look at the whole again
            std::printf("the prices may have changed (%s)\n", std::string(n.cause.message()).c_str());
            ++gaps;
        }
    }
}

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);
    co_await subscribed(db);
    co_await slow(db);
    co_await healed(db, where);
    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv) { return run_example(argc, argv, "listen", run); }
