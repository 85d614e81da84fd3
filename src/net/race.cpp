// Distributed under the Boost Software License, Version 1.0.
#include "net/race.hpp"

#include "net/socket_options.hpp"

#include <tusk/error.hpp>

#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace tusk::net {

namespace {

using clock = std::chrono::steady_clock;

struct runner {
    explicit runner(const asio::any_io_executor& executor)
        : socket(executor)
    {
    }
    asio::generic::stream_protocol::socket socket;
    clock::time_point began;
    bool connected = false;
    bool over = false; // its end has been seen
    std::error_code ec;
};

/// Shared with the handlers, which may come after the race is over.
struct field {
    field(const asio::any_io_executor& executor, std::size_t count)
        : event(executor)
    {
        for (std::size_t i = 0; i != count; ++i) runners.emplace_back(executor);
    }
    asio::steady_timer event; // cancelled when there is news
    std::vector<runner> runners;
};

/// Closes what is still running, however the race ends.
class referee {
public:
    explicit referee(std::shared_ptr<field> f)
        : field_(std::move(f))
    {
    }
    referee(const referee&) = delete;
    referee& operator=(const referee&) = delete;
    ~referee()
    {
        std::error_code ignored;
        for (runner& r : field_->runners) r.socket.close(ignored);
    }

private:
    std::shared_ptr<field> field_;
};

void start(const std::shared_ptr<field>& f, std::size_t i, const endpoint& to, const conn::settings& where,
           const connection_options& options)
{
    runner& r = f->runners[i];
    r.began = clock::now();
    r.socket.open(to.protocol(), r.ec);
    if (!r.ec) r.ec = prepare_socket(r.socket, true, where, options);
    if (r.ec) return;
    r.socket.async_connect(to, [f, i](std::error_code ec) {
        runner& mine = f->runners[i];
        if (!mine.ec) mine.ec = ec; // else it was given up
        mine.connected = !mine.ec;
        f->event.cancel();
    });
}

[[nodiscard]] bool is_v6(const endpoint& e) { return e.protocol().family() == AF_INET6; }

} // namespace

std::vector<endpoint> interleaved(const std::vector<endpoint>& addresses)
{
    std::vector<endpoint> first, second, all;
    for (const endpoint& e : addresses) (is_v6(e) == is_v6(addresses.front()) ? first : second).push_back(e);
    for (std::size_t i = 0; i < std::max(first.size(), second.size()); ++i) {
        if (i < first.size()) all.push_back(first[i]);
        if (i < second.size()) all.push_back(second[i]);
    }
    return all;
}

asio::awaitable<race_result> race(const conn::settings& where, const connection_options& options,
                                  const std::vector<endpoint>& addresses)
{
    const auto executor = co_await asio::this_coro::executor;
    const auto f = std::make_shared<field>(executor, addresses.size());
    const referee at_the_end(f);
    race_result result;
    std::size_t started = 0;
    auto next_start = clock::time_point::min();
    for (;;) {
        auto wake = clock::time_point::max();
        std::size_t running = 0;
        for (std::size_t i = 0; i != started; ++i) {
            runner& r = f->runners[i];
            if (r.over) continue;
            if (r.connected) {
                result.winner = i;
                result.socket.emplace(connected_socket{std::move(r.socket), r.began});
                co_return result;
            }
            const bool limited = where.connect_timeout.count() > 0;
            if (!r.ec && limited && clock::now() >= r.began + where.connect_timeout)
                r.ec = errc::connect_timeout;
            if (r.ec) {
                r.over = true;
                std::error_code ignored;
                r.socket.close(ignored);
                result.failed.push_back({i, r.ec});
                next_start = clock::time_point::min(); // a failure calls the next one at once
                continue;
            }
            ++running;
            if (limited) wake = std::min(wake, r.began + where.connect_timeout);
        }
        if (started != addresses.size() && (running == 0 || clock::now() >= next_start)) {
            start(f, started, addresses[started], where, options);
            ++started;
            next_start = clock::now() + options.connection_attempt_delay;
            continue;
        }
        if (running == 0) co_return result;
        if (started != addresses.size()) wake = std::min(wake, next_start);
        f->event.expires_at(wake);
        std::error_code news; // when it is a cancellation, the next wait throws
        co_await f->event.async_wait(asio::redirect_error(asio::use_awaitable, news));
    }
}

} // namespace tusk::net
