// Distributed under the Boost Software License, Version 1.0.
// Requests that are given up are cancelled on the server, behind a fence; time limits.
#include "scripted/client.hpp"

#include <tusk/copy_in.hpp>
#include <tusk/sql.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

using namespace scripted;
using tusk::errc;
using tusk::outcome;

namespace {

using namespace std::chrono_literals;

const std::string cancelled_by_user = error_response("57014", "canceling statement due to user request");

number ask_within(client& c, std::string_view sql, std::chrono::milliseconds limit)
{
    number n;
    c.db.async_query_one<std::int32_t>(tusk::sql(sql).timeout(limit), n);
    return n;
}

} // namespace

TEST(fence, nothing_is_sent_before_the_end_of_the_asking)
{
    client c;
    gate answered;
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        p.expect("PDBES");
        peer asking = s.accept();
        asking.expect_cancel_request();
        p.send(cancelled_by_user + ready() + notification(1, "answered", ""));
        answered.pass();
        p.expect_nothing();
        asking.close(); // only now may the next one come
        p.expect("PDBES");
        p.send(first_answer(2));
        p.wait_for_end();
    });
    bool noticed = false;
    c.db.on_notification([&](auto&&...) { noticed = true; });
    ASSERT_TRUE(c.open(server.where()));
    asio::cancellation_signal stop;
    const number first = ask(c, "select 1", stop);
    stop.emit(asio::cancellation_type::terminal);
    c.wait(first);
    expect_failure(first, aborted, outcome::unknown);
    const number second = c.ask("select 2");
    run_until(c.ctx, [&] { return noticed; });
    answered.open();
    c.wait(second);
    expect_number(second, 2);
    c.drop();
}

TEST(fence, nor_before_the_answer)
{
    client c;
    gate next_asked;
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        p.expect("PDBES");
        {
            peer asking = s.accept();
            asking.expect_cancel_request();
        }
        {
            peer again = s.accept(); // the first one may have come too early
            again.expect_cancel_request();
            next_asked.pass();
            p.send(cancelled_by_user + ready());
        }
        p.expect("PDBES");
        p.send(first_answer(2));
        p.wait_for_end();
    });
    ASSERT_TRUE(c.open(server.where()));
    asio::cancellation_signal stop;
    const number first = ask(c, "select 1", stop);
    stop.emit(asio::cancellation_type::terminal);
    c.wait(first);
    const number second = c.ask("select 2");
    next_asked.open();
    c.wait(second);
    expect_number(second, 2);
    c.drop();
}

TEST(fence, no_cancel_request_while_others_are_on_the_wire)
{
    client c;
    gate cancelled;
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        p.expect("PDBES");
        p.expect("PDBES");
        cancelled.pass();
        p.send(first_answer(1));
        p.send(first_answer(2));
        p.wait_for_end();
        s.expect_nobody();
    });
    ASSERT_TRUE(c.open(server.where()));
    asio::cancellation_signal stop;
    const number first = ask(c, "select 1", stop), second = c.ask("select 2");
    stop.emit(asio::cancellation_type::terminal);
    c.wait(first);
    cancelled.open();
    c.wait(second);
    expect_number(second, 2);
    c.drop();
}

TEST(fence, token_gives_up_everything_that_is_outstanding)
{
    tusk::connection_options two_at_a_time;
    two_at_a_time.max_in_flight = 2;
    client c(two_at_a_time);
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        p.expect("PDBES");
        p.expect("PDBES");
        {
            peer asking = s.accept();
            asking.expect_cancel_request();
            p.send(cancelled_by_user + ready());
            p.send(first_answer(2));
        }
        p.expect("PDBES");
        p.send(first_answer(4));
        p.wait_for_end();
    });
    ASSERT_TRUE(c.open(server.where()));
    const tusk::cancel_token token = c.db.get_cancel_token();
    const number first = c.ask("select 1"), second = c.ask("select 2"), third = c.ask("select 3");
    run_ready(c.ctx); // both have left
    std::thread([token] { token.cancel(); }).join();
    c.wait(first, second, third);
    expect_failure(first, aborted, outcome::unknown);
    expect_failure(second, aborted, outcome::unknown);
    expect_failure(third, aborted, outcome::not_sent);
    const number fourth = c.ask("select 4");
    c.wait(fourth);
    expect_number(fourth, 4);
    c.drop();
    token.cancel(); // the connection is gone
}

TEST(fence, time_limit_ends_a_request_at_once_and_the_connection_heals)
{
    client c;
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        p.expect("PDBES");
        {
            peer asking = s.accept();
            asking.expect_cancel_request();
            p.send(cancelled_by_user + ready());
        }
        p.expect("PDBES");
        p.send(first_answer(2));
        p.wait_for_end();
    });
    ASSERT_TRUE(c.open(server.where()));
    const number first = ask_within(c, "select 1", 1ms);
    c.wait(first);
    expect_failure(first, errc::timed_out, outcome::unknown);
    const number second = ask_within(c, "select 2", std::chrono::hours(1));
    c.wait(second);
    expect_number(second, 2);
    c.drop();
}

TEST(fence, time_limit_of_a_request_that_waits)
{
    tusk::connection_options options;
    options.max_in_flight = 1;
    options.request_timeout = 1ms; // of those that have no limit of their own
    client c(options);
    gate over;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        over.pass();
        p.send(first_answer(1));
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    const number first = ask_within(c, "select 1", 0ms); // none
    const number second = c.ask("select 2");
    c.wait(second);
    expect_failure(second, errc::timed_out, outcome::not_sent);
    over.open();
    c.wait(first);
    expect_number(first, 1);
    c.drop();
}

TEST(fence, server_that_does_not_end_the_request)
{
    tusk::connection_options options;
    options.cancel_timeout = 20ms;
    client c(options);
    gate over;
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        p.expect("PDBES");
        p.wait_for_end();
        over.pass();
    });
    ASSERT_TRUE(c.open(server.where()));
    const number first = ask_within(c, "select 1", 1ms);
    c.wait(first);
    expect_failure(first, errc::timed_out, outcome::unknown);
    const number second = c.ask("select 2");
    c.wait(second);
    expect_failure(second, errc::cancel_timed_out, outcome::not_sent);
    EXPECT_FALSE(c.db.is_open());
    over.open();
}

TEST(fence, server_that_dies_behind_it)
{
    client c;
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        p.expect("PDBES");
        peer asking = s.accept();
        asking.expect_cancel_request();
        p.close();
    });
    ASSERT_TRUE(c.open(server.where()));
    asio::cancellation_signal stop;
    const number first = ask(c, "select 1", stop);
    stop.emit(asio::cancellation_type::terminal);
    c.wait(first);
    const number second = c.ask("select 2");
    c.wait(second);
    expect_failure(second, errc::connection_lost, outcome::not_sent);
}

TEST(fence, server_that_never_ends_the_asking)
{
    tusk::connection_options options;
    options.cancel_timeout = 20ms;
    client c(options);
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        p.expect("PDBES");
        peer asking = s.accept();
        asking.expect_cancel_request();
        p.send(cancelled_by_user + ready());
        p.wait_for_end();
        asking.wait_for_end();
    });
    ASSERT_TRUE(c.open(server.where()));
    asio::cancellation_signal stop;
    const number first = ask(c, "select 1", stop);
    stop.emit(asio::cancellation_type::terminal);
    const number second = c.ask("select 2"); // it could still be hit
    c.wait(first, second);
    expect_failure(second, errc::cancel_timed_out, outcome::not_sent);
    run_ready(c.ctx); // the asking is given up too
}

TEST(fence, server_that_gave_no_key)
{
    client c;
    gate given_up;
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.expect_startup();
        p.send(authentication_ok() + ready());
        p.expect("PDBES");
        given_up.pass();
        p.expect("PDBES"); // nothing has to wait
        p.send(first_answer(1));
        p.send(first_answer(2));
        p.wait_for_end();
        s.expect_nobody();
    });
    ASSERT_TRUE(c.open(server.where()));
    asio::cancellation_signal stop;
    const number first = ask(c, "select 1", stop);
    stop.emit(asio::cancellation_type::terminal);
    c.wait(first);
    expect_failure(first, aborted, outcome::unknown);
    given_up.open();
    const number second = c.ask("select 2");
    c.wait(second);
    expect_number(second, 2);
    c.drop();
}

namespace {

const std::string copy_in_response = parse_complete() + parameter_description() + no_data() +
                                     bind_complete() + message_of('G', std::string(3, '\0'));

/// A COPY FROM STDIN that takes data.
tusk::copy_in<> begin_copy(client& c)
{
    bool open = false;
    tusk::copy_in<> copy;
    c.db.async_copy_in("copy t from stdin", [&](std::error_code ec, tusk::copy_in<> opened) {
        EXPECT_FALSE(ec) << ec.message();
        copy = std::move(opened);
        open = true;
    });
    run_until(c.ctx, [&] { return open; });
    return copy;
}

} // namespace

TEST(fence, copy_in_is_ended_by_copy_fail)
{
    client c;
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        p.expect("PDBES");
        p.send(copy_in_response);
        p.expect("fS");
        p.expect_nothing();
        s.expect_nobody();
        p.send(error_response("57014", "COPY from stdin failed") + ready());
        p.expect("PDBES");
        p.send(first_answer(2));
        p.wait_for_end();
        s.expect_nobody();
    });
    ASSERT_TRUE(c.open(server.where()));
    begin_copy(c) = {}; // given up
    const number next = c.ask("select 2");
    c.wait(next);
    expect_number(next, 2);
    c.drop();
}

TEST(fence, copy_in_whose_end_is_never_answered)
{
    tusk::connection_options options;
    options.cancel_timeout = 20ms;
    client c(options);
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        p.expect("PDBES");
        p.send(copy_in_response);
        p.expect("fS");
        p.wait_for_end();
        s.expect_nobody();
    });
    ASSERT_TRUE(c.open(server.where()));
    begin_copy(c) = {};
    const number next = c.ask("select 2");
    c.wait(next);
    expect_failure(next, errc::cancel_timed_out, outcome::not_sent);
    EXPECT_FALSE(c.db.is_open());
}

TEST(fence, copy_in_that_is_given_up_while_the_server_takes_nothing)
{
    tusk::connection_options options;
    options.cancel_timeout = 20ms;
    options.send_buffer = 4096;
    client c(options);
    gate over;
    scripted_server server(
        [&](scripted_server& s) {
            peer p = s.accept();
            p.login();
            p.expect("PDBES");
            p.send(copy_in_response);
            over.pass();
        },
        {.receive_buffer = 4096});
    ASSERT_TRUE(c.open(server.where()));
    tusk::copy_in<> copy = begin_copy(c);
    const std::string much(16'000'000, 'x');
    event written;
    copy.async_write(much, written);
    run_ready(c.ctx); // the socket is full
    EXPECT_FALSE(written.done());
    copy = {};
    const number next = c.ask("select 2");
    c.wait(written, next);
    EXPECT_TRUE(written.ec());
    expect_failure(next, errc::cancel_timed_out, outcome::not_sent);
    over.open();
}
