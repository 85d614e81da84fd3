// Distributed under the Boost Software License, Version 1.0.
#include "conversation_peer.hpp"

#include "session/deadlines.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <random>
#include <vector>

namespace {

using session_test::recorder;
using tusk::session::deadlines;

deadlines::time_point at(int seconds) { return deadlines::time_point(std::chrono::seconds(seconds)); }

std::unique_ptr<recorder> one()
{
    return std::make_unique<recorder>(tusk::detail::request_kind::query, std::vector<tusk::bound>{"a"});
}

TEST(deadlines, earliest_first)
{
    const auto a = one(), b = one(), c = one();
    deadlines all;
    all.add(*a, at(3));
    all.add(*b, at(1));
    all.add(*c, at(2));
    EXPECT_EQ(&all.front(), b.get());
    all.remove(*b);
    EXPECT_EQ(&all.front(), c.get());
    all.remove(*a);
    all.remove(*a); // it is not there any more
    EXPECT_EQ(&all.front(), c.get());
    EXPECT_EQ(all.size(), 1U);
    all.remove(*c);
    EXPECT_TRUE(all.empty());
}

TEST(deadlines, of_many_that_come_and_go)
{
    std::mt19937 random(5); // the same each time
    std::vector<std::unique_ptr<recorder>> requests;
    for (int i = 0; i < 200; ++i) requests.push_back(one());
    std::vector<recorder*> inside;
    deadlines all;
    for (int step = 0; step < 20'000; ++step) {
        recorder& r = *requests[random() % requests.size()];
        if (const auto found = std::ranges::find(inside, &r); found != inside.end()) {
            inside.erase(found);
            all.remove(r);
            EXPECT_EQ(r.deadline_place, r.none);
        } else {
            inside.push_back(&r);
            all.add(r, at(static_cast<int>(random() % 50)));
        }
        ASSERT_EQ(all.size(), inside.size());
        if (inside.empty()) continue;
        const auto earliest = std::ranges::min(inside, {}, [](const recorder* x) { return x->deadline; });
        ASSERT_EQ(all.front().deadline, earliest->deadline);
    }
}

} // namespace
