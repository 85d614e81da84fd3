// Distributed under the Boost Software License, Version 1.0.
#include "scripted/client.hpp"

#include <gtest/gtest.h>

using namespace scripted;

TEST(pump, requests_of_one_turn_leave_in_few_writes)
{
    constexpr int count = 1000;
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        for (int i = 1; i < count; ++i) p.expect("BES");
        std::string all = joined(first_answer(0));
        for (int i = 1; i < count; ++i) all += joined(cached_answer(static_cast<std::uint32_t>(i)));
        p.send(all);
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    std::vector<number> all;
    asio::post(c.ctx, [&] {
        for (int i = 0; i < count; ++i) all.push_back(c.ask("select n"));
    });
    run_until(c.ctx, [&] { return !all.empty() && all.back().done(); });
    for (int i = 0; i < count; ++i) expect_number(all[static_cast<std::size_t>(i)], i);
    const tusk::connection_statistics done = c.db.statistics();
    EXPECT_EQ(done.requests, static_cast<std::uint64_t>(count));
    EXPECT_LT(done.writes, 20U);
    EXPECT_GT(done.bytes_sent, 0U);
    EXPECT_GT(done.reads, 0U);
}

TEST(pump, requests_made_by_handlers_leave_together)
{
    constexpr int count = 100;
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        for (int i = 1; i < count; ++i) p.expect("BES");
        std::string all = joined(first_answer(0));
        for (int i = 1; i < count; ++i) all += joined(cached_answer(0));
        p.send(all); // small enough for one segment: it comes as one block
        for (int i = 0; i < count; ++i) p.expect("BES");
        for (int i = 0; i < count; ++i) p.send(cached_answer(static_cast<std::uint32_t>(i)));
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    std::vector<number> second;
    std::uint64_t writes_before = 0;
    for (int i = 0; i < count; ++i)
        c.db.async_execute("select n", [&](std::error_code ec, const tusk::command&) {
            EXPECT_FALSE(ec);
            if (second.empty()) writes_before = c.db.statistics().writes;
            second.push_back(c.ask("select n"));
        });
    run_until(c.ctx, [&] { return second.size() == count && second.back().done(); });
    for (int i = 0; i < count; ++i) expect_number(second[static_cast<std::size_t>(i)], i);
    EXPECT_LT(c.db.statistics().writes - writes_before, 10U);
}

TEST(pump, idle_connection_writes_at_once)
{
    gate came;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        came.open();
        p.send(first_answer(1));
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    const number n = c.ask("select n");
    came.pass(); // although nobody runs the context
    c.wait(n);
    expect_number(n, 1);
}

TEST(pump, partial_writes_through_tiny_buffers)
{
    tusk::connection_options tiny;
    tiny.send_buffer = 4096;
    tiny.receive_buffer = 4096;
    gate all_asked;
    std::string large(3'000'000, '\0');
    for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>('a' + i % 23);
    scripted_server server(scripted_server::session([&](peer& p) {
                               all_asked.pass(); // until then nothing is read, so that writing must wait
                               const auto messages = p.expect("PDBES");
                               EXPECT_NE(messages[2].body.find(large), std::string::npos);
                               p.expect("PDBES");
                               auto answer = first_answer(1);
                               answer[2] = row_description({"t"}, 25);
                               answer[4] = data_row({large});
                               p.send(answer);
                               p.send(first_answer(2));
                               p.wait_for_end();
                           }),
                           {.receive_buffer = 4096});
    client c(tiny);
    ASSERT_TRUE(c.open(server.where()));
    answer<tusk::single<std::string>> echo;
    c.db.async_query_one<std::string>(tusk::sql("select $1::text", large), echo);
    const number next = c.ask("select 2");
    run_ready(c.ctx);
    EXPECT_EQ(echo.calls(), 0);
    all_asked.open();
    c.wait(echo, next);
    EXPECT_FALSE(echo.ec()) << echo.text();
    EXPECT_EQ(echo.value().value(), large);
    expect_number(next, 2);
    EXPECT_GT(c.db.statistics().writes, 2U); // it did take several
}

TEST(pump, both_sides_write_before_they_read)
{
    tusk::connection_options tiny;
    tiny.send_buffer = 4096;
    tiny.receive_buffer = 4096;
    const std::string large(500'000, 'x');
    constexpr int count = 8;
    scripted_server server(scripted_server::session([&](peer& p) {
                               p.expect("PDBES");
                               std::string all;
                               for (int i = 0; i < count; ++i) {
                                   auto answer = i ? cached_answer(0) : first_answer(0);
                                   if (!i) answer[2] = row_description({"t"}, 25);
                                   answer[answer.size() - 3] = data_row({large});
                                   all += joined(answer);
                               }
                               // answers to the rest before they were read: whoever waits for writing is stuck
                               p.send(all.substr(0, joined(first_answer(0)).size() + large.size() - 4));
                               all.erase(0, joined(first_answer(0)).size() + large.size() - 4);
                               for (int i = 1; i < count; ++i) p.expect("BES");
                               p.send(all);
                               p.wait_for_end();
                           }),
                           {.receive_buffer = 4096});
    client c(tiny);
    ASSERT_TRUE(c.open(server.where()));
    std::vector<answer<tusk::single<std::string>>> all(count);
    for (const auto& a : all) c.db.async_query_one<std::string>(tusk::sql("select $1::text", large), a);
    c.wait(all);
    for (const auto& a : all) {
        EXPECT_FALSE(a.ec()) << a.text();
        EXPECT_EQ(a.value().value(), large);
    }
}

TEST(pump, answers_dribble_in)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBESBES");
        const std::string all = joined(first_answer(1)) + joined(cached_answer(2));
        for (const char byte : all) p.send(std::string(1, byte));
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    const number first = c.ask("select n"), second = c.ask("select n");
    c.wait(first, second);
    expect_number(first, 1);
    expect_number(second, 2);
}

TEST(pump, in_flight_limit_holds_back_and_loses_nothing)
{
    tusk::connection_options few;
    few.max_in_flight = 3;
    constexpr int count = 50;
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBESBESBES");
        p.send(first_answer(0));
        for (int i = 1; i < count; ++i) {
            if (i + 2 < count) p.expect("BES");
            p.send(cached_answer(static_cast<std::uint32_t>(i)));
        }
        p.wait_for_end();
    }));
    client c(few);
    ASSERT_TRUE(c.open(server.where()));
    std::vector<number> all;
    for (int i = 0; i < count; ++i) all.push_back(c.ask("select n"));
    c.wait(all);
    for (int i = 0; i < count; ++i) expect_number(all[static_cast<std::size_t>(i)], i);
}
