// Distributed under the Boost Software License, Version 1.0.
// What connections cost that were used once and now do nothing: a thread each, or all on one thread.

#include "async/clients.hpp"
#include "async/usage.hpp"

#include <exception>
#include <latch>
#include <thread>

namespace async_bench {

namespace {

[[nodiscard]] metrics report()
{
    const memory m = memory::of_process();
    return {{"resident_kb", "kB", m.resident_kb}, {"private_kb", "kB", m.private_kb}};
}

/// As in a program: each thread opens its connection, uses it, and waits for work.
[[nodiscard]] metrics idle_threads(const cell& c)
{
    std::vector<std::exception_ptr> failures(static_cast<std::size_t>(c.connections));
    std::latch opened(c.connections + 1);
    std::latch measured(1);
    std::vector<std::jthread> threads;
    for (int i = 0; i < c.connections; ++i)
        threads.emplace_back([&, i] {
            std::unique_ptr<blocking_client> client;
            try {
                client = make_blocking_client(c);
            } catch (...) {
                failures[static_cast<std::size_t>(i)] = std::current_exception();
            }
            opened.count_down();
            measured.wait();
        });
    opened.arrive_and_wait();
    const metrics m = report();
    measured.count_down();
    threads.clear();
    for (const auto& f : failures)
        if (f) std::rethrow_exception(f);
    return m;
}

} // namespace

metrics run_idle(const cell& c)
{
    if (c.who.how == arm::style::blocking) return idle_threads(c);
    const auto client = make_loop_client(c);
    return report();
}

} // namespace async_bench
