// Distributed under the Boost Software License, Version 1.0.
// LISTEN and NOTIFY on a blocking connection.
#include "integration/blocking_support.hpp"

#include <tusk/blocking.hpp>

#include <asio/error.hpp>

#include <chrono>
#include <string>
#include <thread>

namespace tusk_test {
namespace {

using namespace std::chrono_literals;
using tusk::errc;
using tusk::sql;

void notify(blocking_connection& db, const std::string& channel, const std::string& payload)
{
    db.execute(sql("select pg_notify($1, $2)", channel, payload));
}

TEST(blocking_listen, receives_what_came_before_and_what_comes_later)
{
    blocking_connection db(where()), other(where());
    const std::string channel = unique_name("jobs");
    auto jobs = db.listen(channel);
    EXPECT_EQ(jobs.channel(), channel);
    EXPECT_EQ(jobs.try_receive(), std::nullopt);
    EXPECT_EQ(jobs.receive(0ms), std::nullopt);
    EXPECT_EQ(jobs.receive(1ms), std::nullopt);

    notify(other, channel, "one");
    const tusk::notification one = jobs.receive();
    EXPECT_TRUE(one.is_message());
    EXPECT_EQ(one.payload, "one");
    EXPECT_EQ(one.channel, channel);
    EXPECT_EQ(one.process_id, other.async().process_id());
    notify(db, channel, "two"); // which is taken in by that call
    notify(db, channel, "three");
    EXPECT_EQ(jobs.try_receive()->payload, "two");
    EXPECT_EQ(jobs.receive(10s)->payload, "three");

    std::thread later([&] { notify(other, channel, "four"); });
    EXPECT_EQ(jobs.receive(60s)->payload, "four");
    later.join();
    EXPECT_EQ(jobs.receive(std::chrono::milliseconds(-1)), std::nullopt);
}

TEST(blocking_listen, the_time_limit_of_requests_does_not_count)
{
    blocking_connection db(where()), other(where());
    const std::string channel = unique_name("slow");
    auto slow = db.listen(channel);
    db.timeout(20ms);
    std::thread later([&] {
        other.execute("select pg_sleep(0.1)");
        notify(other, channel, "at last");
    });
    EXPECT_EQ(slow.receive().payload, "at last");
    later.join();
    EXPECT_EQ(slow.receive(5ms), std::nullopt); // nor is it an error
    db.timeout(0ms);
    notify(db, channel, "limits without an end");
    EXPECT_EQ(slow.receive(std::chrono::milliseconds::max())->payload, "limits without an end");
}

TEST(blocking_listen, interrupted_it_takes_nothing_away)
{
    blocking_connection db(where());
    const std::string channel = unique_name("interrupted");
    auto jobs = db.listen(channel);
    std::thread other([&] { db.interrupt(); });
    EXPECT_EQ(failure_of([&] { (void)jobs.receive(); }), asio::error::operation_aborted);
    other.join();
    db.interrupt();
    std::error_code ec;
    EXPECT_FALSE(jobs.receive(60s, ec));
    EXPECT_EQ(ec, asio::error::operation_aborted);
    std::thread token([&, t = db.get_cancel_token()] {
        blocking_connection waiting(where()); // until the call waits, or has failed
        t.cancel();
        db.interrupt(); // where the cancellation came too early
    });
    EXPECT_EQ(failure_of([&] { (void)jobs.receive(); }), asio::error::operation_aborted);
    token.join();
    db.forget_interrupt();
    notify(db, channel, "kept");
    EXPECT_EQ(jobs.receive().payload, "kept");
}

TEST(blocking_listen, goes_on_behind_what_is_for_others)
{
    blocking_connection db(where()), other(where());
    const std::string mine = unique_name("mine"), theirs = unique_name("theirs");
    auto a = db.listen(mine), b = db.listen(theirs);
    int seen = 0;
    db.async().on_notification([&](std::int32_t, std::string_view, std::string_view) { ++seen; });
    std::thread later([&] {
        notify(other, theirs, "1");
        other.execute("select pg_sleep(0.1)"); // so that they mostly come one by one
        notify(other, theirs, "2");
        other.execute("select pg_sleep(0.1)");
        notify(other, mine, "3");
    });
    EXPECT_EQ(a.receive().payload, "3");
    later.join();
    EXPECT_EQ(seen, 3);
    EXPECT_EQ(b.receive().payload, "1");
    EXPECT_EQ(b.try_receive()->payload, "2");
}

TEST(blocking_listen, several_subscriptions_and_their_ends)
{
    blocking_connection db(where());
    const std::string channel = unique_name("ends");
    const auto listening = [&] {
        return db.query_one<std::int64_t>("select count(*) from pg_listening_channels()");
    };
    {
        auto a = db.listen(channel, {.messages = 2});
        auto b = db.listen(channel);
        for (const char* payload : {"1", "2", "3"}) notify(db, channel, payload);
        EXPECT_EQ(a.receive().payload, "1");
        EXPECT_EQ(a.receive().payload, "2");
        EXPECT_EQ(a.receive().lost, 1u);
        EXPECT_EQ(b.receive().payload, "1");
        b.unlisten();
        EXPECT_EQ(b.receive().payload, "2"); // what came before
        EXPECT_EQ(b.try_receive()->payload, "3");
        EXPECT_FALSE(b.is_open());
        EXPECT_EQ(b.try_receive(), std::nullopt);
        EXPECT_EQ(failure_of([&] { (void)b.receive(); }), errc::already_ended);
        EXPECT_EQ(failure_of([&] { (void)b.receive(0ms); }), errc::already_ended);
        EXPECT_EQ(failure_of([&] { (void)b.receive(1s); }), errc::already_ended);
        b.unlisten(); // again
        EXPECT_EQ(listening(), 1);
        a.close();
        EXPECT_EQ(failure_of([&] { (void)a.receive(); }), errc::already_ended);
        EXPECT_EQ(listening(), 0);
        a = db.listen(channel);
        EXPECT_EQ(listening(), 1);
    }
    EXPECT_EQ(listening(), 0);
}

TEST(blocking_listen, errors)
{
    blocking_connection db(where());
    EXPECT_EQ(failure_of([&] { (void)db.listen(""); }), errc::invalid_channel);
    std::error_code ec;
    auto none = db.listen(std::string(64, 'x'), ec);
    EXPECT_EQ(ec, errc::invalid_channel);
    EXPECT_NE(none.diag().message(), "");
    EXPECT_FALSE(none.is_open());
    EXPECT_EQ(failure_of([&] { (void)none.receive(); }), errc::already_ended);
    EXPECT_EQ(failure_of([&] { (void)none.try_receive(); }), errc::already_ended);
    EXPECT_EQ(failure_of([&] { none.unlisten(); }), errc::already_ended);
    none.close();

    const std::string channel = unique_name("lost");
    auto jobs = db.listen(channel, {}, ec);
    ASSERT_FALSE(ec);
    notify(db, channel, "first");
    blocking_connection killer(where());
    killer.execute(sql("select pg_terminate_backend($1)", db.async().process_id()));
    EXPECT_EQ(jobs.receive(60s, ec)->payload, "first");
    const auto gone = jobs.receive(60s, ec);
    EXPECT_FALSE(gone);
    EXPECT_EQ(ec, errc::connection_lost);
    EXPECT_NE(gone.diag().to_string().find("terminating connection"), std::string::npos)
        << gone.diag().to_string();
    db.connect(where());
    auto anew = db.listen(channel);
    notify(db, channel, "second");
    EXPECT_EQ(anew.receive().payload, "second");
    db.close();
    EXPECT_EQ(failure_of([&] { (void)anew.receive(); }), errc::not_connected);
}

TEST(blocking_listen, a_listener_by_the_token)
{
    blocking_connection db; // for its loop alone
    blocking_connection other(where());
    const std::string channel = unique_name("renewed");
    tusk::listener prices(db.async().get_executor(), where());
    prices.async_listen(channel, db.wait());
    notify(other, channel, "1");
    EXPECT_EQ(prices.async_receive(db.wait()).payload, "1");
    other.execute(sql("select pg_terminate_backend(pid) from pg_stat_activity where query like $1",
                      "listen%" + channel + "%"));
    const tusk::notification gap = prices.async_receive(db.wait());
    EXPECT_TRUE(gap.is_gap());
    notify(other, channel, "2");
    EXPECT_EQ(prices.async_receive(db.wait()).payload, "2");
}

} // namespace
} // namespace tusk_test
