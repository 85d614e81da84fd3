// Distributed under the Boost Software License, Version 1.0.
// A fixed number of requests is always outstanding: they wait for a connection, or for their answer.

#include "async/clients.hpp"
#include "async/tusk_support.hpp"
#include "async/usage.hpp"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <algorithm>
#include <chrono>
#include <deque>
#include <exception>
#include <latch>
#include <mutex>
#include <optional>
#include <thread>

namespace async_bench {

namespace {

struct outcome {
    std::vector<double> latencies;
    usage used;
    double seconds = 0;
};

[[nodiscard]] metrics report(outcome o)
{
    metrics m;
    const std::size_t requests = o.latencies.size();
    m.push_back({"per_second", "1/s", static_cast<double>(requests) / o.seconds});
    add_latencies(m, std::move(o.latencies));
    add_usage(m, o.used, requests);
    return m;
}

[[nodiscard]] clock::duration seconds(double s)
{
    return std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(s));
}

/// The moments at which the waiting requests were made, the oldest first.
class waiting_line {
public:
    explicit waiting_line(int n)
        : made_(static_cast<std::size_t>(n), clock::now())
    {
    }
    [[nodiscard]] clock::time_point take()
    {
        const std::lock_guard lock(mutex_);
        const auto oldest = made_.front();
        made_.pop_front();
        return oldest;
    }
    void put(clock::time_point made)
    {
        const std::lock_guard lock(mutex_);
        made_.push_back(made);
    }

private:
    std::mutex mutex_;
    std::deque<clock::time_point> made_;
};

// --- a thread per connection ------------------------------------------------------------------------------

[[nodiscard]] std::vector<double> ask_until(clock::time_point end, blocking_client& client,
                                            waiting_line& line, const cell& c)
{
    std::vector<double> latencies;
    latencies.reserve(1 << 16);
    std::int32_t number = 0;
    for (clock::time_point now{}; now < end;) {
        const auto made = line.take();
        ++number;
        client.ask(number, wait_seconds(c, number));
        now = clock::now();
        latencies.push_back(microseconds(now - made));
        line.put(now);
    }
    return latencies;
}

[[nodiscard]] outcome with_threads(std::vector<std::unique_ptr<blocking_client>>& clients, const cell& c,
                                   double duration)
{
    const auto n = static_cast<std::ptrdiff_t>(clients.size());
    std::latch ready(n + 1);
    std::latch start(n + 1);
    std::optional<waiting_line> line;
    clock::time_point end;
    std::vector<std::vector<double>> latencies(clients.size());
    std::vector<std::exception_ptr> failures(clients.size());
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < clients.size(); ++i)
        threads.emplace_back([&, i] {
            ready.arrive_and_wait();
            start.arrive_and_wait();
            try {
                latencies[i] = ask_until(end, *clients[i], *line, c);
            } catch (...) {
                failures[i] = std::current_exception();
            }
        });

    ready.arrive_and_wait();
    const usage before = usage::of_process();
    const auto began = clock::now();
    end = began + seconds(duration);
    line.emplace(c.in_flight);
    start.arrive_and_wait();
    threads.clear();
    outcome o;
    o.seconds = microseconds(clock::now() - began) / 1e6;
    o.used = usage::of_process() - before;
    for (const auto& f : failures)
        if (f) std::rethrow_exception(f);
    for (const auto& l : latencies) o.latencies.insert(o.latencies.end(), l.begin(), l.end());
    return o;
}

// --- one thread -------------------------------------------------------------------------------------------

class loop_run final : public listener {
public:
    loop_run(loop_client& client, const cell& c, double duration)
        : client_(client)
        , cell_(c)
        , pipelined_(c.who.how == arm::style::pipelined)
        , in_flight_(static_cast<std::size_t>(c.in_flight))
        , asked_(static_cast<std::size_t>(c.connections))
    {
        o_.latencies.reserve(1 << 18);
        const usage before = usage::of_process();
        const auto began = clock::now();
        end_ = began + seconds(duration);
        for (std::size_t i = 0; i < in_flight_; ++i)
            if (pipelined_ || i < asked_.size())
                ask(i % asked_.size(), began);
            else
                waiting_.push_back(began);
        client_.run(*this);
        o_.seconds = microseconds(clock::now() - began) / 1e6;
        o_.used = usage::of_process() - before;
    }

    [[nodiscard]] outcome take() { return std::move(o_); }

    void answered(std::size_t connection, std::int32_t) override
    {
        const auto now = clock::now();
        o_.latencies.push_back(microseconds(now - asked_[connection].front()));
        asked_[connection].pop_front();
        --outstanding_;
        if (now < end_) {
            waiting_.push_back(now);
            ask(connection, waiting_.front());
            waiting_.pop_front();
        } else if (outstanding_ == 0) {
            client_.stop();
        }
    }

private:
    void ask(std::size_t connection, clock::time_point made)
    {
        asked_[connection].push_back(made);
        ++outstanding_;
        ++number_;
        client_.ask(connection, number_, wait_seconds(cell_, number_));
    }

    loop_client& client_;
    const cell& cell_;
    bool pipelined_;
    std::size_t in_flight_;
    std::vector<std::deque<clock::time_point>> asked_; // for each connection
    std::deque<clock::time_point> waiting_;            // for a connection
    std::size_t outstanding_ = 0;
    std::int32_t number_ = 0;
    clock::time_point end_;
    outcome o_;
};

// --- coroutines -------------------------------------------------------------------------------------------

asio::awaitable<void> ask_in_turn(tusk::connection& db, const cell& c, clock::time_point end,
                                  std::vector<double>& latencies)
{
    std::int32_t number = 0;
    for (clock::time_point now = clock::now(); now < end;) {
        const auto made = now;
        ++number;
        const auto answer =
            co_await db.async_query_one<std::int32_t>(tusk::sql(statement, number, wait_seconds(c, number)));
        if (answer != number) throw std::runtime_error("tusk: the answer of another request");
        now = clock::now();
        latencies.push_back(microseconds(now - made));
    }
}

[[nodiscard]] outcome with_coroutine(asio::io_context& io, tusk::connection& db, const cell& c,
                                     double duration)
{
    outcome o;
    o.latencies.reserve(1 << 18);
    const usage before = usage::of_process();
    const auto began = clock::now();
    bool done = false;
    asio::co_spawn(io, ask_in_turn(db, c, began + seconds(duration), o.latencies),
                   [&done](const std::exception_ptr& failure) {
                       if (failure) std::rethrow_exception(failure);
                       done = true;
                   });
    while (!done) io.run_one();
    o.seconds = microseconds(clock::now() - began) / 1e6;
    o.used = usage::of_process() - before;
    return o;
}

[[nodiscard]] metrics run_coroutine(const cell& c, double warm_up)
{
    if (c.connections != 1 || c.in_flight != 1)
        throw std::invalid_argument("the coroutine arm has one connection and one request in flight");
    asio::io_context io{1};
    tusk::connection db(io);
    const auto open = [](tusk::connection& to, tusk::conninfo there) -> asio::awaitable<void> {
        co_await to.async_connect(std::move(there));
    };
    asio::co_spawn(io, open(db, where(c)), [](const std::exception_ptr& failure) {
        if (failure) std::rethrow_exception(failure);
    });
    while (!db.is_open()) io.run_one();
    static_cast<void>(with_coroutine(io, db, c, warm_up));
    return report(with_coroutine(io, db, c, c.seconds));
}

} // namespace

metrics run_closed(const cell& c)
{
    if (c.in_flight < c.connections) throw std::invalid_argument("fewer requests in flight than connections");
    const double warm_up = std::min(0.3, c.seconds / 4);
    switch (c.who.how) {
    case arm::style::blocking: {
        std::vector<std::unique_ptr<blocking_client>> clients;
        for (int i = 0; i < c.connections; ++i) clients.push_back(make_blocking_client(c));
        static_cast<void>(with_threads(clients, c, warm_up));
        return report(with_threads(clients, c, c.seconds));
    }
    case arm::style::coroutine:
        return run_coroutine(c, warm_up);
    case arm::style::async:
    case arm::style::pipelined:
        break;
    }
    const auto client = make_loop_client(c);
    static_cast<void>(loop_run(*client, c, warm_up).take());
    return report(loop_run(*client, c, c.seconds).take());
}

} // namespace async_bench
