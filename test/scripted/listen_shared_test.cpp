// Distributed under the Boost Software License, Version 1.0.
// Several async_listen of one channel at once send one LISTEN.
#include "scripted/listening.hpp"

#include <tusk/sql.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>

#include <optional>

using namespace scripted;
using namespace std::chrono_literals;
using tusk::errc;

namespace {

const std::string unlistened = joined(first_done("UNLISTEN"));
const std::string refusal = error_response("25006", "cannot execute LISTEN during recovery");

listening listen(client& c, const std::string& channel, asio::cancellation_signal& stop)
{
    listening l;
    c.db.async_listen(channel, asio::bind_cancellation_slot(stop.slot(), l));
    return l;
}

/// The client has said this and no more.
void expect_statement(peer& p, const std::string& text)
{
    EXPECT_EQ(text_of(p.expect("PDBES")), text);
    p.expect_nothing();
}

void expect_listening(const listening& l)
{
    EXPECT_EQ(l.said->calls, 1);
    EXPECT_FALSE(l.said->ec) << l.said->ec.message();
    EXPECT_TRUE(l.get().is_open());
}

void expect_failed(const listening& l, std::error_code ec)
{
    EXPECT_EQ(l.said->calls, 1);
    EXPECT_EQ(l.said->ec, ec) << l.said->ec.message();
    EXPECT_FALSE(l.get().is_open());
}

} // namespace

TEST(listen_shared, one_listen_and_one_unlisten)
{
    client c;
    gate asked;
    scripted_server server(scripted_server::session([&](peer& p) {
        asked.pass();
        expect_statement(p, "listen \"a\"");
        p.send(listened + notification(1, "a", "x"));
        expect_statement(p, "unlisten \"a\"");
        p.send(unlistened);
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    const std::vector<listening> all = {listen(c, "a"), listen(c, "a"), listen(c, "a")};
    asked.open();
    c.wait(all);
    for (const listening& l : all) {
        expect_listening(l);
        const auto n = l.get().try_receive();
        EXPECT_TRUE(n && n->payload == "x");
    }
    for (const listening& l : all) l.get() = {};
    c.close();
}

TEST(listen_shared, all_fail_and_one_unlisten_is_sent)
{
    client c;
    gate asked;
    scripted_server server(scripted_server::session([&](peer& p) {
        asked.pass();
        expect_statement(p, "listen \"a\"");
        p.send(refusal + ready());
        EXPECT_EQ(text_of(p.expect("PDBES")), "unlisten \"a\"");
        expect_statement(p, "listen \"a\"");
        p.send(unlistened + listened);
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    const std::vector<listening> all = {listen(c, "a"), listen(c, "a")};
    asked.open();
    c.wait(all);
    for (const listening& l : all) {
        expect_failed(l, tusk::sqlstate::read_only_sql_transaction);
        EXPECT_EQ(l.get().diag().message(), "cannot execute LISTEN during recovery");
    }
    const listening again = listen(c, "a");
    c.wait(again);
    expect_listening(again);
    c.drop();
}

TEST(listen_shared, failure_behind_the_command_tag)
{
    client c;
    gate asked;
    scripted_server server(scripted_server::session([&](peer& p) {
        asked.pass();
        expect_statement(p, "listen \"a\"");
        p.send(parse_complete() + parameter_description() + no_data() + bind_complete() +
               command_complete("LISTEN") + notice("now") + refusal + ready());
        expect_statement(p, "unlisten \"a\"");
        p.send(unlistened);
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    std::optional<listening> late;
    c.db.on_notice([&](const tusk::diagnostics&) { late = listen(c, "a"); });
    const listening first = listen(c, "a"), second = listen(c, "a");
    asked.open();
    c.wait(first, second);
    ASSERT_TRUE(late);
    c.wait(*late);
    for (const listening& l : {first, second, *late})
        expect_failed(l, tusk::sqlstate::read_only_sql_transaction);
    c.close();
}

TEST(listen_shared, inside_a_transaction_block)
{
    client c;
    gate asked;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("Q");
        p.send(command_complete("BEGIN") + ready('T'));
        asked.pass();
        expect_statement(p, "listen \"a\"");
        p.send(parse_complete() + parameter_description() + no_data() + bind_complete() +
               command_complete("LISTEN") + ready('T'));
        expect_statement(p, "unlisten \"a\"");
        p.send(parse_complete() + parameter_description() + no_data() + bind_complete() +
               command_complete("UNLISTEN") + ready('T'));
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    answer<tusk::script_result> begun;
    c.db.async_script("begin", begun);
    c.wait(begun);
    const listening first = listen(c, "a"), second = listen(c, "a");
    asked.open();
    c.wait(first, second);
    for (const listening& l : {first, second}) expect_failed(l, errc::already_in_transaction);
    c.close();
}

TEST(listen_shared, the_next_asks_when_the_first_is_cancelled_on_the_wire)
{
    client c;
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        expect_statement(p, "listen \"a\"");
        {
            peer asking = s.accept();
            asking.expect_cancel_request();
            p.send(error_response("57014", "canceling statement due to user request") + ready());
        }
        expect_statement(p, "listen \"a\"");
        p.send(listened);
        p.wait_for_end();
    });
    ASSERT_TRUE(c.open(server.where()));
    asio::cancellation_signal stop;
    const listening first = listen(c, "a", stop), second = listen(c, "a"), third = listen(c, "a");
    stop.emit(asio::cancellation_type::terminal);
    c.wait(first, second, third);
    expect_failed(first, aborted);
    expect_listening(second);
    expect_listening(third);
    c.drop();
}

TEST(listen_shared, the_next_asks_when_the_first_is_cancelled_in_the_queue)
{
    tusk::connection_options options;
    options.max_in_flight = 1;
    client c(options);
    gate cancelled;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        cancelled.pass();
        p.send(first_answer(1));
        expect_statement(p, "listen \"a\"");
        p.send(listened);
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    const number n = c.ask("select 1");
    asio::cancellation_signal stop;
    const listening first = listen(c, "a", stop), second = listen(c, "a");
    stop.emit(asio::cancellation_type::terminal);
    c.wait(first);
    expect_failed(first, aborted);
    EXPECT_TRUE(first.get().diag().safe_to_retry());
    cancelled.open();
    c.wait(n, second);
    expect_listening(second);
    c.drop();
}

TEST(listen_shared, whoever_shares_is_cancelled_without_the_server)
{
    client c;
    gate cancelled;
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        cancelled.pass();
        expect_statement(p, "listen \"a\"");
        p.send(listened);
        expect_statement(p, "unlisten \"a\"");
        p.send(unlistened);
        p.wait_for_end();
        s.expect_nobody();
    });
    ASSERT_TRUE(c.open(server.where()));
    asio::cancellation_signal stop;
    const listening first = listen(c, "a"), second = listen(c, "a", stop), third = listen(c, "a");
    stop.emit(asio::cancellation_type::terminal);
    c.wait(second);
    expect_failed(second, aborted);
    EXPECT_TRUE(second.get().diag().safe_to_retry());
    cancelled.open();
    c.wait(first, third);
    expect_listening(first);
    expect_listening(third);
    first.get() = {};
    third.get() = {};
    c.close();
}

TEST(listen_shared, cancel_token)
{
    client c;
    scripted_server server([&](scripted_server& s) {
        peer p = s.accept();
        p.login();
        expect_statement(p, "listen \"a\"");
        {
            peer asking = s.accept();
            asking.expect_cancel_request();
            p.send(error_response("57014", "canceling statement due to user request") + ready());
        }
        expect_statement(p, "unlisten \"a\""); // the server may have come to it
        p.send(unlistened);
        p.wait_for_end();
    });
    ASSERT_TRUE(c.open(server.where()));
    const listening first = listen(c, "a"), second = listen(c, "a");
    c.db.get_cancel_token().cancel();
    c.wait(first, second);
    expect_failed(first, aborted);
    expect_failed(second, aborted);
    EXPECT_TRUE(second.get().diag().safe_to_retry());
    c.close();
}

TEST(listen_shared, time_limit)
{
    tusk::connection_options options;
    options.request_timeout = 1ms;
    options.max_in_flight = 1;
    client c(options);
    gate over;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        over.pass();
        p.expect_nothing();
        p.send(first_answer(1));
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    number unlimited;
    c.db.async_query_one<std::int32_t>(tusk::sql("select 1").timeout(0ms), unlimited);
    const listening first = listen(c, "a"), second = listen(c, "a"), third = listen(c, "a");
    c.wait(first, second, third);
    for (const listening& l : {first, second, third}) {
        expect_failed(l, errc::timed_out);
        EXPECT_TRUE(l.get().diag().safe_to_retry());
    }
    over.open();
    c.wait(unlimited);
    expect_number(unlimited, 1);
    c.drop();
}

TEST(listen_shared, the_end_of_the_session)
{
    client c;
    gate asked;
    scripted_server server(scripted_server::session([&](peer& p) {
        asked.pass();
        expect_statement(p, "listen \"a\"");
        p.send(error_response("57P01", "terminating connection", "FATAL"));
    }));
    ASSERT_TRUE(c.open(server.where()));
    const listening first = listen(c, "a"), second = listen(c, "a");
    asked.open();
    c.wait(first, second);
    for (const listening& l : {first, second}) {
        expect_failed(l, l.said->ec);
        EXPECT_TRUE(l.said->ec);
        EXPECT_EQ(l.get().diag().message(), "terminating connection");
        EXPECT_FALSE(l.get().diag().safe_to_retry());
    }
}

TEST(listen_shared, unlisten_of_one_while_another_listens)
{
    client c;
    gate asked;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        p.send(listened);
        asked.pass();
        EXPECT_EQ(text_of(p.expect("PDBES")), "unlisten \"a\"");
        expect_statement(p, "listen \"a\"");
        p.send(unlistened + listened + notification(1, "a", "x"));
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    const listening first = listen(c, "a");
    c.wait(first);
    event ended;
    first.get().async_unlisten(ended);
    const listening second = listen(c, "a"), third = listen(c, "a");
    run_ready(c.ctx);
    asked.open();
    c.wait(ended, second, third);
    EXPECT_FALSE(ended.ec());
    expect_listening(second);
    expect_listening(third);
    const received got = receive(second.get()), also = receive(third.get());
    c.wait(got, also);
    EXPECT_EQ(got.value()->payload, "x");
    EXPECT_EQ(first.get().try_receive(), std::nullopt);
    c.drop();
}

TEST(listen_shared, listening_again_from_the_handler_of_the_failure)
{
    client c;
    gate asked;
    scripted_server server(scripted_server::session([&](peer& p) {
        asked.pass();
        expect_statement(p, "listen \"a\"");
        p.send(refusal + ready());
        expect_statement(p, "listen \"a\""); // and no UNLISTEN in between
        p.send(listened);
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    std::optional<listening> again;
    c.db.async_listen("a", [&](std::error_code ec, const tusk::subscription&) {
        EXPECT_EQ(ec, tusk::sqlstate::read_only_sql_transaction);
        again = listen(c, "a");
    });
    const listening second = listen(c, "a");
    asked.open();
    c.wait(second);
    expect_failed(second, tusk::sqlstate::read_only_sql_transaction);
    ASSERT_TRUE(again);
    c.wait(*again);
    expect_listening(*again);
    c.drop();
}

/// Receives on one subscription, and owns another.
TEST(listen_shared, the_context_goes)
{
    std::optional<client> c(std::in_place);
    bool asked = false;
    const auto held = std::make_shared<int>();
    {
        scripted_server server(scripted_server::session([&](peer& p) {
            p.expect("PDBES");
            p.send(listened);
            p.expect("PDBES");
            p.send(listened);
            p.expect("PDBES");
            c->tell(asked);
            p.wait_for_end();
        }));
        ASSERT_TRUE(c->open(server.where()));
        const listening owner = listen(*c, "owner");
        c->wait(owner);
        {
            const listening owned = listen(*c, "owned");
            c->wait(owned);
            auto s = std::make_shared<tusk::subscription>(std::move(owned.get()));
            owner.get().async_receive(
                [s, held](std::error_code, const tusk::single<tusk::notification>&) { ADD_FAILURE(); });
        }
        for (int i = 0; i < 3; ++i)
            c->db.async_listen("new", [held](std::error_code, const tusk::subscription&) { ADD_FAILURE(); });
        run_until(c->ctx, [&] { return asked; });
        // a handle may outlive the connection, but not the context: it goes with that
        asio::post(c->ctx, [last = std::make_shared<tusk::subscription>(std::move(owner.get()))] {});
        c.reset();
    }
    EXPECT_EQ(held.use_count(), 1);
}
