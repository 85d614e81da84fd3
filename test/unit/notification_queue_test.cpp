// Distributed under the Boost Software License, Version 1.0.
#include "session/notification_queue.hpp"
#include "values/channel.hpp"

#include <gtest/gtest.h>

#include <string>

namespace {

using tusk::notification;
using tusk::session::notification_queue;

/// All that it holds: payloads, and "-3" for three that were lost.
std::string drained(notification_queue& q)
{
    std::string all;
    while (!q.empty()) {
        const notification n = q.pop();
        all += n.is_lost() ? "-" + std::to_string(n.lost) : n.is_gap() ? std::string("gap") : n.payload;
        all += ' ';
    }
    return all;
}

void push(notification_queue& q, std::string_view payloads)
{
    for (const char c : payloads) q.push(1, "c", std::string_view(&c, 1));
}

TEST(notification_queue, what_does_not_fit_is_counted_in_its_place)
{
    notification_queue q({.messages = 2, .bytes = 1000});
    push(q, "abcde");
    EXPECT_EQ(drained(q), "a b -3 ");
    push(q, "abc");
    EXPECT_EQ(q.pop().payload, "a");
    push(q, "de"); // there is room for the first of them, behind one that was lost
    EXPECT_EQ(drained(q), "b -1 d -1 ");
    push(q, "z");
    EXPECT_EQ(drained(q), "z ");
}

TEST(notification_queue, bytes_count_too)
{
    notification_queue q({.messages = 100, .bytes = 10});
    push(q, "abcdefg"); // two bytes each, with the channel
    EXPECT_EQ(drained(q), "a b c d e -2 ");
    q.push(1, "c", std::string(7999, 'x')); // one fits always
    push(q, "a");
    EXPECT_EQ(q.pop().payload.size(), 7999u);
    push(q, "b");
    EXPECT_EQ(drained(q), "-1 b ");
    notification_queue none({.messages = 0, .bytes = 0});
    push(none, "ab");
    EXPECT_EQ(drained(none), "a -1 ");
}

TEST(notification_queue, gaps_fit_always_and_are_one_when_nothing_is_in_between)
{
    notification_queue q({.messages = 2, .bytes = 1000});
    push(q, "abc");
    q.push_gap(tusk::diagnostics::client("first"));
    q.push_gap(tusk::diagnostics::client("second"));
    push(q, "d");
    EXPECT_EQ(q.pop().payload, "a");
    EXPECT_EQ(q.pop().payload, "b");
    EXPECT_EQ(q.pop().lost, 1u);
    EXPECT_EQ(q.pop().cause.message(), "second");
    EXPECT_EQ(drained(q), "-1 ");
    push(q, "ab");
    q.clear();
    EXPECT_TRUE(q.empty());
}

TEST(channel, names)
{
    using tusk::detail::is_channel;
    for (const std::string& name : {std::string("a"), std::string(63, 'x'), std::string("€ \"'\\;")})
        EXPECT_TRUE(is_channel(name)) << name;
    for (const std::string& name :
         {std::string(), std::string(64, 'x'), std::string("a\0", 2), std::string("\xe2\x82")})
        EXPECT_FALSE(is_channel(name)) << name;
    EXPECT_EQ(tusk::detail::channel_statement("listen", "a\"; drop"), "listen \"a\"\"; drop\"");
}

} // namespace
