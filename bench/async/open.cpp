// Distributed under the Boost Software License, Version 1.0.
// Requests arrive at random moments (a Poisson process), whether or not those before them are answered, and a
// request's latency counts from the moment at which it should have been made: waiting is not hidden.
//
// The arrivals come from a thread of their own, the same for all arms, whose processor time is not counted.

#include "async/clients.hpp"
#include "async/usage.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <random>
#include <thread>

#include <sys/prctl.h>

namespace async_bench {

namespace {

/// What the generator and the clients share.
struct traffic {
    std::vector<clock::time_point> intended;
    std::vector<double> latencies; // by request
    std::atomic<std::size_t> completed = 0;
    std::size_t connections = 1;
    double queue_sum = 0; // sampled at each arrival: those that no connection can be serving
    double queue_max = 0;
    usage generator;

    traffic(const cell& c)
        : connections(static_cast<std::size_t>(c.connections))
    {
        std::mt19937_64 random(c.seed);
        std::exponential_distribution<double> gap(c.rate);
        const auto n = std::max<std::size_t>(1, static_cast<std::size_t>(c.rate * c.seconds));
        intended.reserve(n);
        latencies.resize(n);
        double at = 0.01; // seconds
        const auto began = clock::now();
        for (std::size_t i = 0; i < n; ++i, at += gap(random))
            intended.push_back(
                began + std::chrono::duration_cast<clock::duration>(std::chrono::duration<double>(at)));
    }

    void finish(std::size_t request)
    {
        latencies[request] = microseconds(clock::now() - intended[request]);
        completed.fetch_add(1, std::memory_order_relaxed);
    }
};

/// Calls `arrive(n)` when the requests before the n-th are due.
template <class Arrive>
void generate(traffic& t, Arrive&& arrive)
{
    ::prctl(PR_SET_TIMERSLACK, 1UL, 0UL, 0UL, 0UL); // the kernel's default of 50 us is a latency of its own
    for (std::size_t i = 0; i < t.intended.size();) {
        std::this_thread::sleep_until(t.intended[i]);
        const auto now = clock::now();
        const std::size_t answered = t.completed.load(std::memory_order_relaxed);
        for (; i < t.intended.size() && t.intended[i] <= now; ++i) {
            const std::size_t inside = i - answered;
            const auto queue = static_cast<double>(inside > t.connections ? inside - t.connections : 0);
            t.queue_sum += queue;
            t.queue_max = std::max(t.queue_max, queue);
        }
        arrive(i);
    }
    t.generator = usage::of_this_thread();
}

[[nodiscard]] metrics report(const traffic& t, usage used)
{
    const auto n = static_cast<double>(t.intended.size());
    clock::time_point last = t.intended.front();
    for (std::size_t i = 0; i < t.intended.size(); ++i)
        last = std::max(last, t.intended[i] + std::chrono::duration_cast<clock::duration>(
                                                  std::chrono::duration<double, std::micro>(t.latencies[i])));
    metrics m;
    m.push_back({"offered", "1/s", n * 1e6 / microseconds(t.intended.back() - t.intended.front())});
    m.push_back({"per_second", "1/s", n * 1e6 / microseconds(last - t.intended.front())});
    add_latencies(m, t.latencies);
    m.push_back({"queue_mean", "requests", t.queue_sum / n});
    m.push_back({"queue_max", "requests", t.queue_max});
    add_usage(m, used - t.generator, t.intended.size());
    return m;
}

// --- a thread per connection, from a shared queue ---------------------------------------------------------

class shared_queue {
public:
    void arrived(std::size_t n)
    {
        {
            const std::lock_guard lock(mutex_);
            arrived_ = n;
        }
        for (; announced_ < n; ++announced_) any_.notify_one();
    }
    void close()
    {
        {
            const std::lock_guard lock(mutex_);
            closed_ = true;
        }
        any_.notify_all();
    }
    /// False when there will be no more.
    [[nodiscard]] bool take(std::size_t& request)
    {
        std::unique_lock lock(mutex_);
        any_.wait(lock, [this] { return taken_ < arrived_ || closed_; });
        if (taken_ == arrived_) return false;
        request = taken_++;
        return true;
    }

private:
    std::mutex mutex_;
    std::condition_variable any_;
    std::size_t arrived_ = 0;
    std::size_t taken_ = 0;
    std::size_t announced_ = 0; // of the generator alone
    bool closed_ = false;
};

[[nodiscard]] metrics open_blocking(const cell& c)
{
    std::vector<std::unique_ptr<blocking_client>> clients;
    for (int i = 0; i < c.connections; ++i) clients.push_back(make_blocking_client(c));
    shared_queue queue;
    std::optional<traffic> t;
    std::vector<std::exception_ptr> failures(clients.size());
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < clients.size(); ++i)
        threads.emplace_back([&, i] {
            try {
                for (std::size_t request = 0; queue.take(request);) {
                    const auto number = static_cast<std::int32_t>(request);
                    clients[i]->ask(number, wait_seconds(c, number));
                    t->finish(request);
                }
            } catch (...) {
                failures[i] = std::current_exception();
            }
        });

    const usage before = usage::of_process();
    t.emplace(c);
    std::jthread([&] { generate(*t, [&](std::size_t n) { queue.arrived(n); }); }).join();
    queue.close();
    threads.clear();
    const usage used = usage::of_process() - before;
    for (const auto& f : failures)
        if (f) std::rethrow_exception(f);
    return report(*t, used);
}

// --- one thread -------------------------------------------------------------------------------------------

class dispatcher final : public listener {
public:
    dispatcher(loop_client& client, const cell& c, traffic& t)
        : client_(client)
        , traffic_(t)
        , cell_(c)
        , pipelined_(c.who.how == arm::style::pipelined)
        , load_(static_cast<std::size_t>(c.connections), 0)
    {
        for (std::size_t i = 0; i < load_.size(); ++i) free_.push_back(i);
    }

    void arrived(std::size_t n)
    {
        arrived_.store(n, std::memory_order_release);
        client_.wake();
    }

    void woken() override
    {
        const std::size_t n = arrived_.load(std::memory_order_acquire);
        if (pipelined_)
            while (asked_ < n) ask(least_loaded());
        else
            ask_free_ones(n);
    }

    void answered(std::size_t connection, std::int32_t number) override
    {
        traffic_.finish(static_cast<std::size_t>(number));
        --load_[connection];
        ++answered_;
        if (!pipelined_) {
            free_.push_back(connection);
            ask_free_ones(arrived_.load(std::memory_order_acquire));
        }
        if (answered_ == traffic_.intended.size()) client_.stop();
    }

private:
    void ask(std::size_t connection)
    {
        ++load_[connection];
        const auto number = static_cast<std::int32_t>(asked_++);
        client_.ask(connection, number, wait_seconds(cell_, number));
    }
    void ask_free_ones(std::size_t n)
    {
        for (; asked_ < n && !free_.empty();) {
            const std::size_t connection = free_.front();
            free_.pop_front();
            ask(connection);
        }
    }
    [[nodiscard]] std::size_t least_loaded() const
    {
        return static_cast<std::size_t>(std::min_element(load_.begin(), load_.end()) - load_.begin());
    }

    loop_client& client_;
    traffic& traffic_;
    const cell& cell_;
    bool pipelined_;
    std::vector<std::uint32_t> load_;
    std::deque<std::size_t> free_;
    std::atomic<std::size_t> arrived_ = 0;
    std::size_t asked_ = 0;
    std::size_t answered_ = 0;
};

[[nodiscard]] metrics open_loop(const cell& c)
{
    const auto client = make_loop_client(c);
    const usage before = usage::of_process();
    traffic t(c);
    dispatcher d(*client, c, t);
    std::jthread generator([&] { generate(t, [&](std::size_t n) { d.arrived(n); }); });
    client->run(d);
    generator.join();
    return report(t, usage::of_process() - before);
}

} // namespace

metrics run_open(const cell& c)
{
    if (c.rate <= 0) throw std::invalid_argument("no rate of arrivals was given");
    if (c.who.how == arm::style::coroutine)
        throw std::invalid_argument("the coroutine arm does not take part in the open load");
    return c.who.how == arm::style::blocking ? open_blocking(c) : open_loop(c);
}

} // namespace async_bench
