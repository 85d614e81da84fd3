// Distributed under the Boost Software License, Version 1.0.
#include "scripted/client.hpp"

#include <asio/associated_allocator.hpp>
#include <asio/bind_executor.hpp>
#include <asio/error.hpp>
#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

using namespace scripted;
using tusk::errc;

namespace {

scripted_server::script answers(std::uint32_t count)
{
    return scripted_server::session([count](peer& p) {
        for (std::uint32_t i = 1; i <= count; ++i) {
            p.expect(i == 1 ? "PDBES" : "BES");
            p.send(i == 1 ? first_answer(i) : cached_answer(i));
        }
        p.wait_for_end();
    });
}

struct counts {
    std::size_t allocations = 0;
    std::size_t bytes = 0; // not given back yet
};

template <class T>
class counting_allocator {
public:
    using value_type = T;

    explicit counting_allocator(counts& c) noexcept
        : counts_(&c)
    {
    }
    template <class U>
    counting_allocator(const counting_allocator<U>& other) noexcept
        : counts_(other.counts_)
    {
    }

    [[nodiscard]] T* allocate(std::size_t n)
    {
        ++counts_->allocations;
        counts_->bytes += n * sizeof(T);
        return std::allocator<T>().allocate(n);
    }
    void deallocate(T* p, std::size_t n) noexcept
    {
        counts_->bytes -= n * sizeof(T);
        std::allocator<T>().deallocate(p, n);
    }

    friend bool operator==(const counting_allocator&, const counting_allocator&) = default;

private:
    template <class>
    friend class counting_allocator;
    counts* counts_;
};

/// A handler with an allocator of its own.
template <class Function>
struct counted {
    using allocator_type = counting_allocator<std::byte>;
    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type(*numbers); }

    template <class... Args>
    void operator()(Args&&... args)
    {
        function(std::forward<Args>(args)...);
    }

    counts* numbers;
    Function function;
};
template <class Function>
counted(counts*, Function) -> counted<Function>;

} // namespace

TEST(associated, executor_of_another_context)
{
    scripted_server server(answers(2));
    client c;
    asio::io_context elsewhere;
    event opened;
    c.db.async_connect(server.where(), asio::bind_executor(elsewhere, opened));
    run_until(c.ctx, [&] { return c.db.is_open(); });
    run_ready(c.ctx);
    EXPECT_EQ(opened.calls(), 0);
    run_until(elsewhere, [&] { return opened.done(); }); // it was kept running by the operation
    EXPECT_FALSE(opened.ec()) << opened.text();

    number n;
    c.db.async_query_one<std::int32_t>("select n", asio::bind_executor(elsewhere, n));
    const number behind = c.ask("select n");
    elsewhere.restart();
    EXPECT_EQ(elsewhere.poll(), 0U);
    EXPECT_FALSE(elsewhere.stopped()); // outstanding work
    c.wait(behind);
    EXPECT_EQ(n.calls(), 0);
    elsewhere.poll();
    expect_number(n, 1);
    expect_number(behind, 2);
    elsewhere.restart();
    elsewhere.poll();
    EXPECT_TRUE(elsewhere.stopped());

    // also for what fails before it is sent
    number late;
    c.db.async_query_one<std::int32_t>(std::string_view("select\0", 7), asio::bind_executor(elsewhere, late));
    run_ready(c.ctx);
    EXPECT_EQ(late.calls(), 0);
    elsewhere.restart();
    elsewhere.poll();
    expect_failure(late, errc::nul_in_text, tusk::outcome::not_sent);
}

TEST(associated, executor_in_other_threads)
{
    constexpr std::uint32_t count = 100;
    scripted_server server(answers(count));
    client c;
    asio::thread_pool pool(2);
    const auto strand = asio::make_strand(pool);
    ASSERT_TRUE(c.open(server.where()));
    std::uint32_t sum = 0, calls = 0; // in the strand
    std::atomic<bool> over = false;
    for (std::uint32_t i = 0; i < count; ++i)
        c.db.async_query_one<std::int32_t>(
            "select n", asio::bind_executor(strand, [&](std::error_code ec, const auto& value) {
                EXPECT_FALSE(ec);
                EXPECT_TRUE(strand.running_in_this_thread());
                sum += static_cast<std::uint32_t>(value.value());
                if (++calls < count) return;
                over = true;
                asio::post(c.ctx, [] {}); // wakes who waits below
            }));
    run_until(c.ctx, [&] { return over.load(); });
    pool.join();
    EXPECT_EQ(sum, count * (count + 1) / 2);
}

TEST(associated, context_of_the_handler_destroyed_first)
{
    scripted_server server(answers(1));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    const auto owned = std::make_shared<int>(0);
    {
        asio::io_context elsewhere;
        c.db.async_query_one<std::int32_t>("select n",
                                           asio::bind_executor(elsewhere, [owned](auto&&...) { FAIL(); }));
        run_until(c.ctx, [&] { return c.db.statistics().reads > 0; });
        run_ready(c.ctx);
    }
    EXPECT_EQ(owned.use_count(), 1);
}

TEST(associated, allocator_is_used_and_memory_is_free_before_the_handler_runs)
{
    scripted_server server(answers(2));
    client c;
    counts numbers;
    int calls = 0;
    c.db.async_connect(server.where(), counted{&numbers, [&](std::error_code ec, const auto&) {
                                                   EXPECT_FALSE(ec);
                                                   EXPECT_EQ(numbers.bytes, 0U);
                                                   ++calls;
                                               }});
    EXPECT_EQ(numbers.allocations, 1U);
    run_until(c.ctx, [&] { return calls == 1; });
    numbers = {};
    const auto one = [&](std::error_code ec, const auto& value) {
        EXPECT_FALSE(ec);
        EXPECT_EQ(value.value(), calls);
        ++calls;
    };
    c.db.async_query_one<std::int32_t>("select n", counted{&numbers, one});
    EXPECT_EQ(numbers.allocations, 1U);
    EXPECT_GT(numbers.bytes, 0U);
    run_until(c.ctx, [&] { return calls == 2; });
    EXPECT_EQ(numbers.bytes, 0U);

    // through throwing(), which stands in between
    numbers = {};
    c.db.async_query_one<std::int32_t>(
        "select n", tusk::throwing(counted{&numbers, [&](const std::exception_ptr& e, std::int32_t n) {
                                               EXPECT_FALSE(e);
                                               EXPECT_EQ(n, 2);
                                               ++calls;
                                           }}));
    EXPECT_EQ(numbers.allocations, 1U);
    run_until(c.ctx, [&] { return calls == 3; });
    EXPECT_EQ(numbers.bytes, 0U);
}

TEST(associated, allocator_when_the_handler_never_runs)
{
    counts numbers;
    {
        asio::io_context ctx;
        tusk::connection db(ctx);
        db.async_execute("select 1", counted{&numbers, [](auto&&...) { FAIL(); }});
        EXPECT_EQ(numbers.allocations, 1U);
    }
    EXPECT_EQ(numbers.bytes, 0U);
}
