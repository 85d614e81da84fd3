// Distributed under the Boost Software License, Version 1.0.
// COPY FROM STDIN while the server fails, stops reading or goes away.
#include "scripted/client.hpp"
#include "scripted/copy_messages.hpp"

#include <tusk/sqlstate.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>

namespace scripted {
namespace {

using tusk::errc;
using tusk::outcome;

/// Reads the data of a COPY FROM STDIN up to what ends it, CopyDone or CopyFail.
char read_data(peer& p, std::size_t& bytes)
{
    for (;;) {
        const message m = p.expect_any();
        if (m.type != 'd') return m.type;
        bytes += m.body.size();
    }
}

/// A COPY FROM STDIN that is open, for what happens while data are sent.
struct sending {
    explicit sending(client& c)
    {
        c.db.async_copy_in("copy t from stdin", opened);
        c.wait(opened);
        EXPECT_FALSE(opened.ec()) << opened.text();
        copy = std::move(opened.value_to_move());
    }
    answer<tusk::copy_in<>> opened;
    tusk::copy_in<> copy;
};

TEST(copy_sending, an_error_while_data_are_sent)
{
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        p.send(before_copy() + copy_response('G', 1, 0));
        p.expect("d");
        p.send(error_response("22P02", "line 1"));
        std::size_t dropped = 0; // until the Sync that the server waits for
        EXPECT_EQ(read_data(p, dropped), 'S');
        p.send(ready());
        p.expect("PDBES");
        p.send(first_answer(42));
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    sending s(c);
    const std::string much(1'000'000, 'x');
    std::error_code ec;
    for (int i = 0; !ec && i < 1000; ++i) {
        event e;
        s.copy.async_write(std::string_view(much), e);
        if (!c.wait(e)) break;
        ec = e.ec();
    }
    EXPECT_EQ(ec, tusk::sqlstate::invalid_text_representation);
    const number after = c.ask("select n");
    c.wait(after);
    expect_number(after, 42);
    c.drop();
}

TEST(copy_sending, a_server_that_stops_reading_and_goes_on)
{
    gate go_on;
    std::size_t received = 0;
    scripted_server server(scripted_server::session([&](peer& p) {
                               p.expect("PDBES");
                               p.send(before_copy() + copy_response('G', 1, 0));
                               go_on.pass();
                               EXPECT_EQ(read_data(p, received), 'f');
                               p.expect("S");
                               p.send({error_response("57014", "given up"), ready()});
                               p.expect("PDBES");
                               p.send(first_answer(42));
                               p.wait_for_end();
                           }),
                           {.receive_buffer = 4096});
    client c;
    ASSERT_TRUE(c.open(server.where()));
    {
        sending s(c);
        const std::string much(64 << 20, 'x');
        asio::cancellation_signal stop;
        event write;
        s.copy.async_write(std::string_view(much), asio::bind_cancellation_slot(stop.slot(), write));
        while (c.ctx.poll() > 0) {
        }
        EXPECT_FALSE(write.done()); // neither side holds that much
        stop.emit(asio::cancellation_type::total);
        c.wait(write);
        EXPECT_EQ(write.calls(), 1);
        EXPECT_EQ(write.ec(), asio::error::operation_aborted);
    } // given up
    const number after = c.ask("select n");
    go_on.open();
    c.wait(after);
    expect_number(after, 42);
    EXPECT_LT(received, std::size_t{64} << 20);
    c.drop();
}

TEST(copy_sending, a_server_that_stops_reading_and_is_left)
{
    gate left;
    scripted_server server(scripted_server::session([&](peer& p) {
                               p.expect("PDBES");
                               p.send(before_copy() + copy_response('G', 1, 0));
                               left.pass();
                               p.wait_for_end();
                           }),
                           {.receive_buffer = 4096});
    client c;
    ASSERT_TRUE(c.open(server.where()));
    sending s(c);
    const std::string much(64 << 20, 'x');
    event write;
    s.copy.async_write(std::string_view(much), write);
    while (c.ctx.poll() > 0) {
    }
    EXPECT_FALSE(write.done());
    c.drop();
    left.open();
    c.wait(write);
    EXPECT_EQ(write.calls(), 1);
    EXPECT_EQ(write.ec(), asio::error::operation_aborted);
}

TEST(copy_sending, the_connection_ends_in_the_middle)
{
    for (const bool in : {false, true}) {
        scripted_server server(scripted_server::session([&](peer& p) {
            p.expect("PDBES");
            p.send(before_copy() + copy_response(in ? 'G' : 'H', 1, 0) + (in ? "" : copy_data("1\n")));
            if (in) p.expect("d");
        }));
        client c;
        ASSERT_TRUE(c.open(server.where()));
        if (in) {
            sending s(c);
            event e;
            const std::string some(200'000, 'x');
            s.copy.async_write(std::string_view(some), e);
            c.wait(e);
            done end;
            s.copy.async_finish(end);
            c.wait(end);
            expect_failure(end, errc::connection_lost, outcome::unknown);
        } else {
            answer<tusk::copy_out<>> opened;
            c.db.async_copy_out("copy t to stdout", opened);
            c.wait(opened);
            ASSERT_FALSE(opened.ec()) << opened.text();
            tusk::copy_out<> copy = std::move(opened.value_to_move());
            done end;
            copy.async_read_to_file("/dev/null", end);
            c.wait(end);
            expect_failure(end, errc::connection_lost, outcome::unknown);
        }
        EXPECT_FALSE(c.db.is_open());
    }
}

} // namespace
} // namespace scripted
