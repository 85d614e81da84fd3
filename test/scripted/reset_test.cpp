// Distributed under the Boost Software License, Version 1.0.
// Resets that fail: what is said, and what the next one does.
#include "scripted/client.hpp"

#include <tusk/reset_kind.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>

using namespace scripted;
using namespace std::chrono_literals;
using tusk::errc;
using tusk::outcome;
using tusk::reset_kind;
using tusk::sqlstate;
using tusk::transaction_status;

namespace {

const std::string lock_timed_out = error_response("55P03", "canceling statement due to lock timeout");

/// The text of the Query that comes next.
std::string query(peer& p) { return p.expect("Q").at(0).body; }

/// Sets a parameter and makes a temporary table, which a reset takes back.
void touch(peer& p)
{
    p.expect("PDBES");
    p.send(first_done("SET"));
    p.expect("PDBES");
    p.send(first_done("CREATE TABLE"));
}

void touch(client& c)
{
    done set, create;
    c.db.async_execute("set work_mem to '1MB'", set);
    c.db.async_execute("create temp table t()", create);
    c.wait(set, create);
    EXPECT_FALSE(set.ec() || create.ec());
}

event reset(client& c, reset_kind how = reset_kind::touched)
{
    event e;
    c.db.async_reset(how, e);
    c.wait(e);
    return e;
}

/// The answers to the statements of a reset.
std::string answered(std::initializer_list<std::string_view> tags)
{
    std::string all;
    for (const std::string_view tag : tags) all += command_complete(tag);
    return all;
}

} // namespace

TEST(reset, one_that_the_server_refuses_is_made_up_for_by_the_next)
{
    client c;
    scripted_server server(scripted_server::session([&](peer& p) {
        touch(p);
        const std::string first = query(p);
        EXPECT_NE(first.find("reset all"), std::string::npos);
        EXPECT_NE(first.find("discard temp"), std::string::npos);
        p.send(answered({"SET", "RESET", "RESET"}) + lock_timed_out + ready()); // and takes those back
        p.expect("PDBES");
        p.send(first_answer(1));
        EXPECT_EQ(query(p), first);
        p.send(answered({"SET", "RESET", "RESET", "DISCARD TEMP"}) + ready());
        p.expect("BES");
        p.send(cached_answer(2));
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    touch(c);
    const event failed = reset(c);
    expect_failure(failed, sqlstate::lock_not_available, outcome::completed);
    EXPECT_EQ(failed.diag().message(), "canceling statement due to lock timeout");
    EXPECT_TRUE(c.db.is_open());
    EXPECT_EQ(c.db.transaction_status(), transaction_status::idle);
    const number one = c.ask("select 1");
    c.wait(one);
    expect_number(one, 1);
    EXPECT_FALSE(reset(c).ec());
    EXPECT_FALSE(reset(c).ec()); // there is nothing left, and nothing is asked
    const number again = c.ask("select 1");
    c.wait(again);
    expect_number(again, 2);
    c.drop();
}

TEST(reset, what_was_touched_before_and_after_a_failure_adds_up)
{
    client c;
    scripted_server server(scripted_server::session([&](peer& p) {
        touch(p);
        (void)query(p);
        p.send(lock_timed_out + ready());
        p.expect("PDBES");
        p.send(first_done("LISTEN"));
        const std::string second = query(p);
        EXPECT_NE(second.find("reset all"), std::string::npos);
        EXPECT_NE(second.find("unlisten *"), std::string::npos);
        EXPECT_NE(second.find("discard temp"), std::string::npos);
        p.send(answered({"SET", "RESET", "RESET", "UNLISTEN", "DISCARD TEMP"}) + ready());
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    touch(c);
    EXPECT_EQ(reset(c).ec(), sqlstate::lock_not_available);
    done listened;
    c.db.async_execute("listen c", listened);
    c.wait(listened);
    EXPECT_FALSE(listened.ec());
    EXPECT_FALSE(reset(c).ec());
    c.drop();
}

TEST(reset, discard_all_that_fails_forgets_nothing)
{
    client c;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        p.send(first_answer(1));
        touch(p);
        EXPECT_EQ(query(p), cstring("discard all"));
        p.send(lock_timed_out + ready());
        p.expect("BES"); // the statement is still prepared
        p.send(cached_answer(2));
        EXPECT_NE(query(p).find("discard temp"), std::string::npos);
        p.send(answered({"SET", "RESET", "RESET", "DISCARD TEMP"}) + ready());
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    const number one = c.ask("select 1");
    c.wait(one);
    touch(c);
    expect_failure(reset(c, reset_kind::all), sqlstate::lock_not_available, outcome::completed);
    const number again = c.ask("select 1");
    c.wait(again);
    expect_number(again, 2);
    EXPECT_FALSE(reset(c).ec());
    c.drop();
}

TEST(reset, cancelled_it_is_ended_on_the_server_and_the_next_does_it_all)
{
    client c;
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        touch(p);
        const std::string first = query(p);
        {
            peer asking = s.accept();
            asking.expect_cancel_request();
            p.send(command_complete("SET") +
                   error_response("57014", "canceling statement due to user request") + ready());
        }
        EXPECT_EQ(query(p), first);
        p.send(answered({"SET", "RESET", "RESET", "DISCARD TEMP"}) + ready());
        p.wait_for_end();
    });
    ASSERT_TRUE(c.open(server.where()));
    touch(c);
    asio::cancellation_signal stop;
    event cancelled;
    c.db.async_reset(reset_kind::touched, asio::bind_cancellation_slot(stop.slot(), cancelled));
    stop.emit(asio::cancellation_type::terminal);
    c.wait(cancelled);
    expect_failure(cancelled, asio::error::operation_aborted, outcome::unknown);
    EXPECT_TRUE(c.db.is_open());
    EXPECT_FALSE(reset(c).ec()); // which waits until the first has ended
    c.drop();
}

TEST(reset, a_time_limit)
{
    tusk::connection_options options;
    options.request_timeout = 1ms;
    client c(options);
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        p.send(parameter_status("application_name", "touched"));
        EXPECT_NE(query(p).find("reset all"), std::string::npos);
        {
            peer asking = s.accept();
            asking.expect_cancel_request();
            p.send(error_response("57014", "canceling statement due to user request") + ready());
        }
        p.expect("PDBES");
        p.send(first_answer(1));
        p.wait_for_end();
    });
    ASSERT_TRUE(c.open(server.where()));
    run_until(c.ctx, [&] { return c.db.parameter("application_name") == "touched"; });
    const event late = reset(c);
    expect_failure(late, errc::timed_out, outcome::unknown);
    EXPECT_TRUE(c.db.is_open());
    number one;
    c.db.async_query_one<std::int32_t>(tusk::sql("select 1").timeout(0ms), one);
    c.wait(one);
    expect_number(one, 1);
    c.drop();
}

TEST(reset, a_server_that_goes_away_in_it)
{
    client c;
    scripted_server server(scripted_server::session([&](peer& p) {
        touch(p);
        (void)query(p);
        p.send(error_response("57P01", "terminating connection due to administrator command", "FATAL"));
    }));
    ASSERT_TRUE(c.open(server.where()));
    touch(c);
    const event failed = reset(c);
    EXPECT_TRUE(failed.ec());
    EXPECT_NE(failed.text().find("terminating connection"), std::string::npos) << failed.text();
    EXPECT_FALSE(c.db.is_open());
    expect_failure(reset(c), errc::connection_lost, outcome::not_sent);
}
