// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "compare/arm.hpp"
#include "compare/waiting_line.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace bench {

/// A blocking connection, used by one thread.
class worker_connection {
public:
    virtual ~worker_connection() = default;
    /// Does `count` requests from number `first` on, which became due at `since`, and says so to `m`. Gives the
    /// time.
    virtual meter::clock::time_point requests(std::uint64_t first, std::uint64_t count,
                                              meter::clock::time_point since, meter& m) = 0;
};

/// Blocking clients: a thread for each connection, each taking the next `grain` requests when it is free. With a
/// single connection there is no thread but the caller's.
template <class Connection>
class threads final : public arm {
public:
    explicit threads(const job& j, std::size_t grain = 1)
        : job_(j)
        , grain_(grain)
    {
        for (std::size_t i = 0; i < j.what->connections; ++i)
            connections_.push_back(std::make_unique<Connection>(j));
    }

    void run(std::uint64_t requests, meter& m) override
    {
        if (connections_.size() == 1) {
            auto now = m.now();
            for (std::uint64_t left = requests, n = 0; left > 0; left -= n) {
                n = std::min<std::uint64_t>(left, grain_);
                now = connections_[0]->requests(number_, n, now, m);
                number_ += n;
            }
            return;
        }
        run_threads(requests, m);
    }

private:
    void run_threads(std::uint64_t requests, meter& m)
    {
        waiting_line line(job_, m.now());
        std::mutex lock; // guards line, left, number_, m, failure
        std::exception_ptr failure;
        std::uint64_t left = requests;
        const auto work = [&](Connection& c) {
            meter mine(m.taking());
            auto now = mine.now();
            try {
                for (;;) {
                    std::uint64_t first = 0, count = 0;
                    meter::clock::time_point since;
                    {
                        const std::lock_guard guard(lock);
                        if (left == 0 || failure) break;
                        first = number_;
                        count = std::min<std::uint64_t>(left, grain_);
                        number_ += count;
                        left -= count;
                        since = line.next(now);
                    }
                    now = c.requests(first, count, since, mine);
                }
            } catch (...) {
                const std::lock_guard guard(lock);
                failure = std::current_exception();
            }
            const std::lock_guard guard(lock);
            m.merge(mine);
        };
        std::vector<std::thread> all;
        for (const auto& c : connections_) all.emplace_back(work, std::ref(*c));
        for (auto& t : all) t.join();
        if (failure) std::rethrow_exception(failure);
    }

    job job_;
    std::size_t grain_;
    std::vector<std::unique_ptr<Connection>> connections_;
    std::uint64_t number_ = 0;
};

} // namespace bench
