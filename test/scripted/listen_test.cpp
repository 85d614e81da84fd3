// Distributed under the Boost Software License, Version 1.0.
// Notifications between the messages of answers, and from servers that lie.
#include "scripted/listening.hpp"

#include <tusk/listener.hpp>

#include <asio/error.hpp>

#include <sys/resource.h>

#include <cstdlib>

using namespace scripted;
using namespace std::chrono_literals;
using tusk::errc;

TEST(listen, between_all_messages_of_its_own_answer_and_others)
{
    client c;
    scripted_server server(scripted_server::session([](peer& p) {
        EXPECT_EQ(text_of(p.expect("PDBES")), "listen \"a\"\"b\"");
        int i = 0;
        std::string all;
        const auto say = [&](const std::vector<std::string>& answers) {
            for (const std::string& m : answers)
                all += m + notification(7, "a\"b", std::to_string(i++)) + notification(8, "other", "x");
        };
        say(first_done("LISTEN"));
        p.send(all);
        p.expect("PDBES");
        all.clear();
        say(first_answer(42));
        p.send(all);
        EXPECT_EQ(text_of(p.expect("PDBES")), "unlisten \"a\"\"b\"");
        p.send(first_done("UNLISTEN"));
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    const listening first = listen(c, "a\"b");
    c.wait(first);
    ASSERT_FALSE(first.said->ec);
    const listening second = listen(c, "a\"b"); // nothing is sent
    c.wait(second);
    const number n = c.ask("select 42");
    c.wait(n);
    expect_number(n, 42);
    for (int i = 0; i < 13; ++i) {
        const received r = receive(first.get());
        EXPECT_FALSE(r.done()); // never from within the call
        c.wait(r);
        EXPECT_EQ(r.value()->payload, std::to_string(i));
        EXPECT_EQ(r.value()->process_id, 7);
    }
    EXPECT_FALSE(first.get().try_receive());
    first.get().close();
    second.get() = {};
    run_ready(c.ctx);
    c.drop();
}

TEST(listen, a_refusal_and_a_malformed_notification)
{
    client c;
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        p.send(error_response("25006", "cannot execute LISTEN during recovery") + ready());
        p.expect("PDBES"); // UNLISTEN, since nobody knows
        p.send(first_done("UNLISTEN"));
        p.expect("PDBES");
        p.send(listened);
        p.send(notification(1, "a", "good") + message_of('A', int32(1) + "a"));
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    const listening refused = listen(c, "a");
    c.wait(refused);
    EXPECT_EQ(refused.said->ec, tusk::sqlstate::read_only_sql_transaction);
    EXPECT_EQ(refused.get().diag().message(), "cannot execute LISTEN during recovery");
    const listening l = listen(c, "a");
    c.wait(l);
    ASSERT_FALSE(l.said->ec);
    const received good = receive(l.get());
    c.wait(good);
    EXPECT_EQ(good.value()->payload, "good");
    const received bad = receive(l.get());
    c.wait(bad);
    EXPECT_EQ(bad.ec(), errc::protocol_violation);
    c.drop();
}

TEST(listen, a_flood_of_channels_that_nobody_asked_for)
{
    const char* wanted = std::getenv("TUSK_LISTEN_FLOOD");
    const int flood = wanted ? std::atoi(wanted) : 100'000;
    const auto peak = [] {
        rusage used{};
        ::getrusage(RUSAGE_SELF, &used);
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
        used.ru_maxrss = 0; // they keep what was freed
#endif
        return used.ru_maxrss;
    };
    client c;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        p.send(listened);
        std::string some;
        for (int i = 0; i < flood; ++i) {
            some += notification(1, "unasked" + std::to_string(i), "x");
            if (some.size() > 60'000 || i + 1 == flood) p.send(std::exchange(some, {}));
        }
        p.send(notification(1, "a", "asked"));
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    const listening l = listen(c, "a");
    c.wait(l);
    const long idle = peak();
    const received r = receive(l.get());
    c.wait(r);
    EXPECT_EQ(r.value()->payload, "asked");
    EXPECT_LT(peak() - idle, 4096);
    c.drop();
}

TEST(listen, cancel_all_ends_receiving_and_nothing_else)
{
    client c;
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        p.send(listened);
        p.expect("PDBES");
        p.send(joined(first_answer(1)) + notification(1, "a", "later"));
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    const listening l = listen(c, "a");
    c.wait(l);
    const received cancelled = receive(l.get());
    c.db.get_cancel_token().cancel();
    c.wait(cancelled);
    EXPECT_EQ(cancelled.ec(), asio::error::operation_aborted);
    const received next = receive(l.get());
    const number n = c.ask("select 1");
    c.wait(n, next);
    EXPECT_EQ(next.value()->payload, "later");
    const received last = receive(l.get());
    l.get().close();
    c.wait(last);
    EXPECT_EQ(last.ec(), asio::error::operation_aborted);
    EXPECT_EQ(last.calls(), 1);
    c.drop();
}

TEST(listener, notices_a_server_that_says_nothing_any_more)
{
    asio::io_context ctx;
    scripted_server server([](scripted_server& s) {
        peer dead = s.accept();
        dead.expect_startup(); // no key, so that nothing is cancelled
        dead.send({authentication_ok(), parameter_status("client_encoding", "UTF8"), ready()});
        dead.expect("Q");
        dead.send(command_complete("LISTEN") + notification(1, "a", "first") + ready());
        dead.expect("PDBES"); // is it alive? no answer
        {
            peer refuses = s.accept();
            refuses.login();
            refuses.expect("Q");
            refuses.send(error_response("25006", "cannot execute LISTEN during recovery") + ready());
            refuses.wait_for_end();
        }
        peer p = s.accept();
        p.login();
        p.expect("Q");
        // behind the gap, though it comes before the end of the answer
        p.send(command_complete("LISTEN") + notification(1, "a", "second") + ready());
        p.wait_for_end();
    });
    std::vector<std::error_code> failures;
    tusk::listener_options options;
    options.first_pause = 1ms;
    options.longest_pause = 2ms;
    options.check_interval = 1ms;
    options.check_timeout = 20ms;
    options.on_failure = [&](std::error_code ec, const tusk::diagnostics&) { failures.push_back(ec); };
    tusk::listener l(ctx.get_executor(), server.where(), options);
    event listening_now;
    l.async_listen("a", listening_now);
    run_until(ctx, [&] { return listening_now.done(); });
    ASSERT_FALSE(listening_now.ec()) << listening_now.text();
    std::string seen;
    while (seen != "first gap second ") {
        received r;
        l.async_receive(r);
        if (!run_until(ctx, [&] { return r.done(); })) break;
        seen += r.value()->is_gap() ? "gap " : r.value()->payload + " ";
        if (r.ec()) break;
    }
    EXPECT_EQ(seen, "first gap second ");
    const std::vector<std::error_code> expected = {errc::timed_out,
                                                   tusk::sqlstate::read_only_sql_transaction};
    ASSERT_GE(failures.size(), 2u);
    EXPECT_EQ(std::vector<std::error_code>(failures.begin(), failures.begin() + 2), expected);
    l.stop();
    run_until(ctx, [&] { return ctx.stopped(); });
}
