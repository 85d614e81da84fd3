// Distributed under the Boost Software License, Version 1.0.
// Rows that are on their way when their request is given up are dropped for a moment before the server is asked to stop.
#include "scripted/client.hpp"

#include <asio/error.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace scripted;
using tusk::outcome;

namespace {

/// The head of the answer and its first row, with a notification by which the test knows that they have come.
std::string beginning()
{
    return parse_complete() + parameter_description() + row_description({"n"}) + bind_complete() +
           data_row({int32(1)}) + notification(1, "middle", "");
}

/// In one read: between two the moment might be over.
std::string rest() { return data_row({int32(2)}) + command_complete("SELECT 2") + ready(); }

} // namespace

TEST(fence_drain, the_server_is_not_asked_where_the_rest_is_on_its_way)
{
    client c;
    gate cancelled, sent;
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        p.expect("PDBES");
        p.send(beginning());
        cancelled.pass();
        p.send(rest());
        sent.open();
        p.expect("PDBES");
        p.send(first_answer(2));
        p.wait_for_end();
        s.expect_nobody();
    });
    ASSERT_TRUE(c.open(server.where()));
    c.db.on_notification([&](auto&&...) {
        c.db.get_cancel_token().cancel(); // comes into effect behind this
        cancelled.open();
        sent.pass(); // so that the rest is read next
    });
    answer<tusk::result> first;
    c.db.async_query("select n", first);
    c.wait(first);
    expect_failure(first, aborted, outcome::unknown);
    const number second = c.ask("select 2");
    c.wait(second);
    expect_number(second, 2);
    c.drop();
}

TEST(fence_drain, it_is_where_nothing_more_comes)
{
    client c;
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        p.expect("PDBES");
        p.send(beginning());
        {
            peer asking = s.accept();
            asking.expect_cancel_request();
            p.expect_nothing();
            p.send(error_response("57014", "canceling statement due to user request") + ready());
        }
        p.expect("PDBES");
        p.send(first_answer(2));
        p.wait_for_end();
        s.expect_nobody();
    });
    ASSERT_TRUE(c.open(server.where()));
    c.db.on_notification([&](auto&&...) { c.db.get_cancel_token().cancel(); });
    answer<tusk::result> first;
    c.db.async_query("select n", first);
    c.wait(first);
    expect_failure(first, aborted, outcome::unknown);
    const number second = c.ask("select 2");
    c.wait(second);
    expect_number(second, 2);
    c.drop();
}
