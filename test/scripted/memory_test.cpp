// Distributed under the Boost Software License, Version 1.0.
#include "scripted/client.hpp"
#include "scripted/failing_memory.hpp"

#include <asio/recycling_allocator.hpp>
#include <gtest/gtest.h>

using namespace scripted;

namespace {

/// Makes Asio give back the memory that it keeps of finished operations, so that the next one needs some: it frees a
/// piece that is too small for what is asked for, and keeps none as large as this.
void empty_recycled_memory()
{
    constexpr std::size_t large = 1 << 20;
    asio::recycling_allocator<char> memory;
    for (int i = 0; i < 8; ++i) memory.deallocate(memory.allocate(large), large);
}

} // namespace

// The handler of a read that could not be posted is dropped; those of the requests are called all the same.
TEST(memory, requests_end_once_when_no_read_can_be_posted)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        p.expect("BES");
        p.expect("BES");
        p.send(first_answer(1));
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    number first;
    c.db.async_query_one<std::int32_t>("select n", [&](std::error_code ec, tusk::single<std::int32_t> n) {
        first(ec, std::move(n));
        empty_recycled_memory();
        fail_next_operation(); // which is the read
    });
    const number second = c.ask("select n");
    const number third = c.ask("select n");
    c.wait(first, second, third);
    EXPECT_FALSE(take_back_failure()) << "nothing was allocated: the test proves nothing";
    expect_number(first, 1);
    for (const number& n : {second, third})
        expect_failure(n, std::make_error_code(std::errc::not_enough_memory), tusk::outcome::unknown);
    EXPECT_FALSE(c.db.is_open());
    EXPECT_EQ(c.ask("select n").calls(), 0); // never from within
    run_ready(c.ctx);
}

// With many requests on the wire a pause stands before the read. Where it cannot be posted, the read is.
TEST(memory, a_pause_that_cannot_be_posted_is_left_out)
{
    constexpr int count = 64;
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        for (int i = 1; i < count; ++i) p.expect("BES");
        std::string half = joined(first_answer(0));
        for (int i = 1; i < count / 2; ++i) half += joined(cached_answer(static_cast<std::uint32_t>(i)));
        p.send(half);
        p.expect("BES");
        for (int i = count / 2; i <= count; ++i) p.send(cached_answer(static_cast<std::uint32_t>(i)));
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    std::vector<number> all(count);
    number another;
    asio::post(c.ctx, [&] {
        for (int i = 0; i < count; ++i)
            c.db.async_query_one<std::int32_t>("select n",
                                               [&, i](std::error_code ec, tusk::single<std::int32_t> n) {
                                                   all[static_cast<std::size_t>(i)](ec, std::move(n));
                                                   if (i + 1 != count / 2) return;
                                                   another = c.ask("select n");
                                                   empty_recycled_memory();
                                                   fail_next_operation();
                                               });
    });
    run_until(c.ctx, [&] { return another.done(); });
    EXPECT_FALSE(take_back_failure()) << "nothing was allocated: the test proves nothing";
    for (int i = 0; i < count; ++i) expect_number(all[static_cast<std::size_t>(i)], i);
    expect_number(another, count);
}
