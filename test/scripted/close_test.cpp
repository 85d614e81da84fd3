// Distributed under the Boost Software License, Version 1.0.
#include "scripted/client.hpp"

#include <tusk/sql.hpp>

#include <asio/error.hpp>

#include <gtest/gtest.h>

using namespace scripted;
using tusk::errc;
using tusk::outcome;

TEST(close, terminate_goes_out_behind_what_is_pending)
{
    client c;
    gate asked;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBESBES");
        asked.pass();
        p.send(first_answer(1));
        p.send(cached_answer(2));
        p.expect("X");
        p.expect_end(); // shutdown, not reset
    }));
    ASSERT_TRUE(c.open(server.where()));
    const number first = c.ask("select n"), second = c.ask("select n");
    event closed;
    c.db.async_close(closed);
    EXPECT_FALSE(c.db.is_open());
    const number late = c.ask("select n");
    c.wait(late);
    expect_failure(late, errc::not_connected, outcome::not_sent);
    EXPECT_EQ(closed.calls() + first.calls(), 0);
    asked.open();
    c.wait(first, second);
    c.wait(closed);
    expect_number(first, 1);
    expect_number(second, 2);
    EXPECT_EQ(closed.calls(), 1);
    EXPECT_FALSE(closed.ec()) << closed.text();
    run_ready(c.ctx);
    EXPECT_TRUE(c.ctx.stopped()); // nothing is posted any more
}

TEST(close, when_idle_when_closed_and_before_it_was_open)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("X");
        p.expect_end();
    }));
    client c;
    EXPECT_FALSE(c.close().ec());
    ASSERT_TRUE(c.open(server.where()));
    EXPECT_FALSE(c.close().ec());
    EXPECT_FALSE(c.close().ec());
    const number n = c.ask("select 1");
    c.wait(n);
    expect_failure(n, errc::not_connected, outcome::not_sent);
}

TEST(close, a_server_that_neither_answers_nor_closes)
{
    for (const bool answers : {false, true}) {
        tusk::connection_options options;
        options.request_timeout = std::chrono::milliseconds(10);
        client c(options);
        gate over;
        scripted_server server(scripted_server::session([&](peer& p) {
            if (!answers) p.expect("PDBES");
            if (answers) p.expect("X");
            over.pass();
        }));
        ASSERT_TRUE(c.open(server.where()));
        number pending;
        if (!answers)
            c.db.async_query_one<std::int32_t>(tusk::sql("select 1").timeout(std::chrono::hours(1)), pending);
        const event closed = c.close();
        EXPECT_EQ(closed.calls(), 1);
        if (answers)
            EXPECT_FALSE(closed.ec()) << closed.text(); // Terminate was sent
        else
            expect_failure(closed, errc::timed_out, outcome::unknown);
        if (!answers) c.wait(pending);
        if (!answers) expect_failure(pending, errc::timed_out, outcome::unknown);
        run_ready(c.ctx);
        EXPECT_TRUE(c.ctx.stopped());
        over.open();
    }
}

TEST(close, twice_at_a_time_and_opening_meanwhile)
{
    client c;
    gate asked;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        asked.pass();
        p.send(first_answer(1));
        p.expect("X");
        p.expect_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    const number n = c.ask("select n");
    event first, second, opened;
    c.db.async_close(first);
    c.db.async_close(second);
    c.db.async_connect(server.where(), opened);
    c.wait(opened);
    EXPECT_EQ(opened.ec(), errc::already_connected);
    EXPECT_EQ(first.calls() + second.calls(), 0); // both wait for the end
    asked.open();
    c.wait(n);
    c.wait(first);
    c.wait(second);
    expect_number(n, 1);
    EXPECT_FALSE(first.ec()) << first.text();
    EXPECT_FALSE(second.ec()) << second.text();
}

TEST(close, while_connecting_is_refused)
{
    client c;
    gate go_on;
    scripted_server server(scripted_server::once([&](peer& p) {
        p.expect_startup();
        go_on.pass();
        p.send(login_messages());
        p.wait_for_end();
    }));
    event opened, closed;
    c.db.async_connect(server.where(), opened);
    c.db.async_close(closed);
    c.wait(closed);
    EXPECT_TRUE(closed.ec());
    EXPECT_EQ(opened.calls(), 0);
    go_on.open();
    c.wait(opened);
    EXPECT_FALSE(opened.ec());
    EXPECT_TRUE(c.db.is_open());
    c.drop();
}

TEST(close, server_dies_while_something_is_pending)
{
    scripted_server server(scripted_server::session([](peer& p) { p.expect("PDBES"); }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    const number pending = c.ask("select 1");
    event closed;
    c.db.async_close(closed);
    c.wait(pending, closed);
    expect_failure(pending, errc::connection_lost, outcome::unknown);
    EXPECT_EQ(closed.calls(), 1);
    EXPECT_EQ(closed.ec(), errc::connection_lost);
}

TEST(close, reconnects_with_the_same_object)
{
    scripted_server server([](scripted_server& s) {
        const auto session = [&](const std::function<void(peer&)>& rest) {
            peer p = s.accept();
            p.login();
            p.expect("PDBES"); // each session begins with an empty cache
            p.send(notice("hello") + joined(first_answer(1)));
            rest(p);
        };
        session([](peer& p) {
            p.expect("X");
            p.expect_end();
        });
        session([](peer& p) {
            p.expect("BES");
            p.reset();
        });
        session([](peer& p) { p.wait_for_end(); });
    });
    client c;
    int notices = 0;
    c.db.on_notice([&](const tusk::diagnostics&) { ++notices; }); // stays for all sessions
    const auto open_and_ask = [&] {
        if (!c.open(server.where())) return;
        EXPECT_EQ(c.db.statistics().requests, 0U); // counted anew
        const number n = c.ask("select n");
        c.wait(n);
        expect_number(n, 1);
    };
    open_and_ask();
    EXPECT_FALSE(c.close().ec());
    open_and_ask();
    const number lost = c.ask("select n");
    c.wait(lost);
    expect_failure(lost, errc::connection_lost, outcome::unknown);
    EXPECT_FALSE(c.db.is_open());
    open_and_ask();
    EXPECT_EQ(notices, 3);
}

TEST(close, reconnects_from_the_handler_that_learns_of_the_loss)
{
    scripted_server server([](scripted_server& s) {
        {
            peer p = s.accept();
            p.login();
            p.expect("PDBES");
        }
        peer p = s.accept();
        p.login();
        p.expect("PDBES");
        p.send(first_answer(7));
        p.expect("X");
        p.expect_end();
    });
    client c;
    ASSERT_TRUE(c.open(server.where()));
    number again;
    event opened;
    c.db.async_query_one<std::int32_t>(
        "select n", [&](std::error_code ec, const tusk::single<std::int32_t>&) {
            EXPECT_EQ(ec, errc::connection_lost);
            EXPECT_FALSE(c.db.is_open());
            c.db.async_connect(server.where(), [&](std::error_code e, tusk::diagnostics d) {
                opened(e, std::move(d));
                c.db.async_query_one<std::int32_t>("select n", again);
            });
        });
    c.wait(opened, again);
    EXPECT_FALSE(opened.ec()) << opened.text();
    expect_number(again, 7);
    EXPECT_FALSE(c.close().ec());
}

TEST(close, from_the_handler_of_a_request)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        p.send(first_answer(1));
        p.expect("X");
        p.expect_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    event closed;
    c.db.async_query_one<std::int32_t>("select n",
                                       [&](std::error_code, const auto&) { c.db.async_close(closed); });
    c.wait(closed);
    EXPECT_FALSE(closed.ec()) << closed.text();
}
