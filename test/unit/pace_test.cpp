// Distributed under the Boost Software License, Version 1.0.
#include "net/pace.hpp"

#include <gtest/gtest.h>

namespace {

using tusk::net::pace;
using namespace std::chrono_literals;

constexpr auto start = pace::clock::time_point(1h);

TEST(pace, few_requests_are_never_delayed)
{
    pace p;
    for (std::size_t in_flight = 0; in_flight < pace::least_in_flight; ++in_flight)
        for (int i = 0; i < 100; ++i) EXPECT_EQ(p.after_read(1, in_flight, start + i * 10us), 0ns);
}

TEST(pace, reads_that_answer_nothing_are_never_delayed)
{
    pace p; // rows of a large result
    for (int i = 0; i < 100; ++i) EXPECT_EQ(p.after_read(0, 1000, start + i * 10us), 0ns);
}

TEST(pace, many_requests_wait_for_an_eighth_of_the_answers)
{
    pace p;
    std::chrono::nanoseconds pause{};
    for (int i = 0; i < 200; ++i) pause = p.after_read(1, 64, start + i * 4us);
    EXPECT_GT(pause, 30us);
    EXPECT_LT(pause, 35us);
}

TEST(pace, no_pause_is_longer_than_the_longest)
{
    pace p;
    std::chrono::nanoseconds pause{};
    for (int i = 0; i < 200; ++i) pause = p.after_read(1, 100'000, start + i * 10us);
    EXPECT_EQ(pause, pace::longest);
}

TEST(pace, answers_that_come_slowly_are_read_at_once)
{
    pace p;
    std::chrono::nanoseconds pause{};
    for (int i = 0; i < 200; ++i) pause = p.after_read(1, 64, start + i * 200us);
    EXPECT_EQ(pause, 0ns);
}

TEST(pace, a_long_silence_does_not_count)
{
    pace p, q;
    std::chrono::nanoseconds steady{}, broken{};
    auto now = start;
    for (int i = 0; i < 200; ++i, now += 5us) {
        steady = p.after_read(1, 64, start + i * 5us);
        if (i == 150) now += 10s;
        broken = q.after_read(1, 64, now);
    }
    EXPECT_LE(steady - broken, 5us);
    EXPECT_LE(broken - steady, 5us);
}

} // namespace
