// Distributed under the Boost Software License, Version 1.0.
#include "scripted/client.hpp"

#include <asio/error.hpp>
#include <asio/strand.hpp>
#include <asio/thread_pool.hpp>

#include <gtest/gtest.h>

#include <future>
#include <optional>
#include <stdexcept>

using namespace scripted;
using tusk::errc;
using tusk::outcome;

namespace {

scripted_server::script silent_session()
{
    return scripted_server::session([](peer& p) { p.wait_for_end(); });
}

/// Something that a handler owns: it must go with the handler, whether that runs or not.
class witness {
public:
    [[nodiscard]] std::shared_ptr<int> held() const { return held_; }
    /// Nobody else holds it any more.
    [[nodiscard]] bool alone() const { return held_.use_count() == 1; }

private:
    std::shared_ptr<int> held_ = std::make_shared<int>(0);
};

} // namespace

TEST(lifetime, destroyed_with_requests_outstanding)
{
    tusk::connection_options two_at_a_time;
    two_at_a_time.max_in_flight = 2;
    client c(two_at_a_time);
    bool sent = false;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBESBES");
        c.tell(sent);
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    std::vector<number> all;
    for (int i = 0; i < 4; ++i) all.push_back(c.ask("select n"));
    run_until(c.ctx, [&] { return sent; });
    c.drop();
    for (const number& n : all) EXPECT_EQ(n.calls(), 0); // no handler runs in the destructor
    run_ready(c.ctx);
    for (std::size_t i = 0; i < 4; ++i)
        expect_failure(all[i], aborted, i < 2 ? outcome::unknown : outcome::not_sent);
    EXPECT_TRUE(c.ctx.stopped()); // nothing is left behind
}

TEST(lifetime, destroyed_while_connecting)
{
    client c;
    bool started = false;
    scripted_server server(scripted_server::once([&](peer& p) {
        p.expect_startup();
        c.tell(started);
        p.wait_for_end();
    }));
    event opened;
    c.db.async_connect(server.where(), opened);
    run_until(c.ctx, [&] { return started; });
    c.drop();
    EXPECT_EQ(opened.calls(), 0);
    c.wait(opened);
    expect_failure(opened, aborted, outcome::not_sent);
    run_ready(c.ctx);
    EXPECT_TRUE(c.ctx.stopped());
}

TEST(lifetime, destroyed_when_the_end_of_connecting_is_ready_to_run)
{
    for (const std::string& answer : {error_response("28000", "no", "FATAL"), joined(login_messages())}) {
        client c;
        bool started = false;
        gate go_on, sent;
        scripted_server server(scripted_server::once([&](peer& p) {
            p.expect_startup();
            c.tell(started);
            go_on.pass();
            p.send(answer);
            sent.open();
            p.wait_for_end();
        }));
        event opened;
        c.db.async_connect(server.where(), opened);
        run_until(c.ctx, [&] { return started; });
        go_on.open();
        sent.pass();
        asio::post(c.ctx, [] {});
        c.ctx.poll_one(); // what is ready has been gathered, and only the first of it has run
        c.drop();
        EXPECT_EQ(opened.calls(), 0);
        c.wait(opened);
        EXPECT_TRUE(opened.ec());
        run_ready(c.ctx);
        EXPECT_TRUE(c.ctx.stopped());
        EXPECT_EQ(opened.calls(), 1);
    }
}

TEST(lifetime, destroyed_in_its_own_handler)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBESBES");
        p.send(first_answer(1));
        p.send(cached_answer(2));
        p.wait_for_end();
    }));
    asio::io_context ctx;
    auto db = std::make_unique<tusk::connection>(ctx);
    event opened;
    number second;
    db->async_connect(server.where(), [&](std::error_code ec, tusk::diagnostics d) {
        opened(ec, std::move(d));
        db->async_query_one<std::int32_t>("select n", [&](std::error_code, const auto&) { db.reset(); });
        db->async_query_one<std::int32_t>("select n", second);
    });
    run_until(ctx, [&] { return second.done(); });
    EXPECT_EQ(second.calls(), 1); // its answer may have come before the handler ran
    EXPECT_TRUE(!second.ec() || second.ec() == aborted) << second.text();
    run_ready(ctx);
    EXPECT_TRUE(ctx.stopped());
}

TEST(lifetime, context_destroyed_without_being_run)
{
    witness w;
    {
        asio::io_context ctx;
        auto db = std::make_shared<tusk::connection>(ctx);
        tusk::connection& c = *db;
        c.async_connect("host=127.0.0.1 user=ada", [db, h = w.held()](auto&&...) { FAIL(); });
        c.async_execute("select 1", [db, h = w.held()](auto&&...) { FAIL(); });
        c.async_close([db, h = w.held()](auto&&...) { FAIL(); });
    }
    EXPECT_TRUE(w.alone());
}

TEST(lifetime, context_destroyed_in_the_middle_of_connecting)
{
    for (const bool owning : {false, true}) {
        witness w;
        auto ctx = std::make_unique<asio::io_context>();
        bool started = false;
        scripted_server server(scripted_server::once([&](peer& p) {
            p.expect_startup();
            asio::post(*ctx, [&] { started = true; });
            p.wait_for_end();
        }));
        auto db = std::make_shared<tusk::connection>(*ctx);
        auto owner = owning ? db : nullptr;
        db->async_connect(server.where(), [owner, h = w.held()](auto&&...) { FAIL(); });
        run_until(*ctx, [&] { return started; });
        owner = nullptr;
        db = nullptr; // with `owning` the handler alone keeps it; else this is its end
        ctx = nullptr;
        EXPECT_TRUE(w.alone());
    }
}

TEST(lifetime, context_destroyed_with_requests_that_own_the_connection)
{
    tusk::connection_options one_at_a_time;
    one_at_a_time.max_in_flight = 1;
    witness w;
    auto ctx = std::make_unique<asio::io_context>();
    bool asked = false;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        asio::post(*ctx, [&] { asked = true; });
        p.wait_for_end();
    }));
    auto db = std::make_shared<tusk::connection>(*ctx, one_at_a_time);
    event opened;
    db->async_connect(server.where(), opened);
    run_until(*ctx, [&] { return opened.done(); });
    for (int i = 0; i < 3; ++i) db->async_execute("select n", [db, h = w.held()](auto&&...) { FAIL(); });
    db->async_close([db, h = w.held()](auto&&...) { FAIL(); });
    run_until(*ctx, [&] { return asked; });
    db->async_execute("too late", [db, h = w.held()](auto&&...) { FAIL(); }); // finished, handler not yet run
    db = nullptr;
    ctx = nullptr;
    EXPECT_TRUE(w.alone());
}

TEST(lifetime, handler_that_throws_leaves_run_and_the_others_complete)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBESBESBES");
        p.send(joined(first_answer(1)) + joined(cached_answer(2)) + joined(cached_answer(3)));
        p.expect("BES");
        p.send(cached_answer(4));
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    const number first = c.ask("select n");
    int thrown = 0;
    c.db.async_query_one<std::int32_t>("select n",
                                       [](auto&&...) { throw std::runtime_error("thrown by a handler"); });
    const number third = c.ask("select n");
    while (!third.done()) {
        try {
            if (!c.wait(third)) break;
        } catch (const std::runtime_error& e) {
            EXPECT_STREQ(e.what(), "thrown by a handler");
            ++thrown;
        }
    }
    EXPECT_EQ(thrown, 1);
    expect_number(first, 1);
    expect_number(third, 3);
    const number fourth = c.ask("select n");
    c.wait(fourth);
    expect_number(fourth, 4);
}

TEST(lifetime, connect_handler_that_throws_leaves_run)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        p.send(first_answer(1));
        p.wait_for_end();
    }));
    client c;
    bool called = false;
    c.db.async_connect(server.where(), [&](std::error_code ec, const tusk::diagnostics&) {
        EXPECT_FALSE(ec);
        called = true;
        throw std::runtime_error("thrown by a handler");
    });
    EXPECT_THROW(run_until(c.ctx, [&] { return called; }), std::runtime_error);
    EXPECT_TRUE(called);
    EXPECT_TRUE(c.db.is_open());
    const number n = c.ask("select n");
    c.wait(n);
    expect_number(n, 1);
}

TEST(lifetime, moved_with_requests_outstanding)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        p.send(first_answer(1));
        p.expect("BES");
        p.send(cached_answer(2));
        p.wait_for_end();
    }));
    scripted_server other(silent_session());
    client c;
    ASSERT_TRUE(c.open(server.where()));
    const number first = c.ask("select n");
    tusk::connection moved(std::move(c.db));
    c.wait(first);
    expect_number(first, 1);
    EXPECT_TRUE(moved.is_open());

    tusk::connection target(c.ctx);
    event opened;
    target.async_connect(other.where(), opened);
    c.wait(opened);
    number lost;
    target.async_query_one<std::int32_t>("select n", lost);
    target = std::move(moved); // ends what the target was in the middle of
    c.wait(lost);
    expect_failure(lost, aborted, outcome::unknown);
    number second;
    target.async_query_one<std::int32_t>("select n", second);
    c.wait(second);
    expect_number(second, 2);
}

TEST(lifetime, on_a_strand_of_a_thread_pool)
{
    constexpr int count = 200;
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        p.send(first_answer(0));
        for (int i = 1; i < count; ++i) {
            p.expect("BES");
            p.send(cached_answer(static_cast<std::uint32_t>(i)));
        }
        p.expect("X");
        p.expect_end();
    }));
    asio::thread_pool pool(4);
    auto strand = asio::make_strand(pool);
    tusk::connection db(strand);
    std::promise<void> over;
    int answered = 0; // on the strand alone
    db.async_connect(server.where(), [&](std::error_code ec, const tusk::diagnostics&) {
        EXPECT_FALSE(ec);
        EXPECT_TRUE(strand.running_in_this_thread());
        for (int i = 0; i < count; ++i)
            db.async_query_one<std::int32_t>("select n", [&, i](std::error_code e, const auto& value) {
                EXPECT_FALSE(e);
                EXPECT_EQ(value.value(), i);
                EXPECT_TRUE(strand.running_in_this_thread());
                if (++answered == count) db.async_close([&](auto&&...) { over.set_value(); });
            });
    });
    EXPECT_EQ(over.get_future().wait_for(std::chrono::seconds(30)), std::future_status::ready);
    pool.join();
    EXPECT_EQ(answered, count);
}
