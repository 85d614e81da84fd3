// Distributed under the Boost Software License, Version 1.0.
// Servers that do not keep to the rules by which TLS is begun.
#include "scripted/client.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>

#include <string>
#include <thread>

namespace scripted {
namespace {

using tusk::errc;
using tusk::outcome;

/// Answers the request for TLS with these bytes; nobody comes again.
event refuse_tls(const std::string& mode, const std::string& answer)
{
    event e;
    scripted_server server([&](scripted_server& s) {
        {
            peer p = s.accept();
            p.expect_ssl_request();
            p.send(answer);
            p.wait_for_end();
        }
        s.expect_nobody();
    });
    client c;
    e = c.connect(server.where("sslmode=" + mode));
    return e;
}

TEST(tls, answers_that_are_none)
{
    for (const char* mode : {"prefer", "require", "verify-full"}) {
        expect_failure(refuse_tls(mode, "X"), errc::not_postgresql, outcome::not_sent);
        expect_failure(refuse_tls(mode, "HTTP/1.1 400 Bad Request\r\n\r\n"), errc::not_postgresql,
                       outcome::not_sent);
        expect_failure(refuse_tls(mode, std::string(1, '\0')), errc::not_postgresql, outcome::not_sent);
    }
}

TEST(tls, an_error_in_clear_is_not_shown)
{
    for (const char* mode : {"prefer", "require"}) {
        const event e = refuse_tls(
            mode, error_response("28000", "call this number and tell them your password", "FATAL"));
        expect_failure(e, errc::tls_negotiation, outcome::not_sent);
        EXPECT_EQ(e.text().find("call this"), std::string::npos) << e.text();
    }
}

TEST(tls, bytes_behind_the_consent)
{
    for (const char* mode : {"prefer", "require"})
        for (const std::string& more :
             {std::string("x"), joined(login_messages()), std::string(20000, '\x16')})
            expect_failure(refuse_tls(mode, "S" + more), errc::tls_negotiation, outcome::not_sent);
}

TEST(tls, end_instead_of_an_answer)
{
    for (const char* mode : {"prefer", "require"}) {
        scripted_server server([](scripted_server& s) {
            s.accept().expect_ssl_request();
            s.expect_nobody();
        });
        client c;
        expect_failure(c.connect(server.where(std::string("sslmode=") + mode)), errc::connection_lost,
                       outcome::not_sent);
    }
}

TEST(tls, declined)
{
    expect_failure(refuse_tls("require", "N"), errc::tls_not_offered, outcome::not_sent);
    expect_failure(refuse_tls("verify-full", "N"), errc::tls_not_offered, outcome::not_sent);

    scripted_server server(scripted_server::once([](peer& p) {
        p.expect_ssl_request();
        p.send("N");
        p.login(); // on the same socket
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where("sslmode=prefer")));
    EXPECT_FALSE(c.db.tls());
    c.drop();
}

TEST(tls, a_login_refused_after_tls_was_declined_is_not_tried_again)
{
    scripted_server server([](scripted_server& s) {
        {
            peer p = s.accept();
            p.expect_ssl_request();
            p.send("N");
            p.expect_startup();
            p.send(error_response("28P01", "no", "FATAL"));
        }
        s.expect_nobody();
    });
    client c;
    EXPECT_EQ(c.connect(server.where("sslmode=prefer")).ec(), tusk::sqlstate::invalid_password);
}

TEST(tls, a_handshake_that_fails)
{
    const std::string garbage = "this is no ServerHello, nor is it meant to be one";
    for (const bool ends : {false, true})
        for (const char* mode : {"require", "prefer"}) {
            const bool again = std::string_view(mode) == "prefer";
            scripted_server server([&](scripted_server& s) {
                {
                    peer p = s.accept();
                    p.expect_ssl_request();
                    p.send("S");
                    p.expect_client_hello();
                    if (!ends) {
                        p.send(garbage);
                        p.wait_for_end();
                    }
                }
                if (again) { // without TLS, on another socket
                    peer p = s.accept();
                    p.login();
                    p.wait_for_end();
                }
                s.expect_nobody();
            });
            client c;
            const event e = c.connect(server.where(std::string("sslmode=") + mode));
            if (again) {
                EXPECT_FALSE(e.ec()) << e.text();
                EXPECT_FALSE(c.db.tls());
            } else {
                expect_failure(e, ends ? errc::connection_lost : errc::tls_failed, outcome::not_sent);
            }
            c.drop();
        }
}

TEST(tls, allow_asks_for_tls_when_the_server_refuses_without)
{
    scripted_server server([](scripted_server& s) {
        {
            peer p = s.accept();
            p.expect_startup();
            p.send(error_response("28000", "no pg_hba.conf entry, no encryption", "FATAL"));
        }
        peer p = s.accept();
        p.expect_ssl_request();
        p.send("N");
        p.wait_for_end();
    });
    client c;
    // what the server said first is more telling than that it has no TLS
    EXPECT_TRUE(c.connect(server.where("sslmode=allow")).ec());
}

TEST(tls, a_server_that_is_starting_up_is_not_asked_the_other_way)
{
    scripted_server server([](scripted_server& s) {
        {
            peer p = s.accept();
            p.expect_startup();
            p.send(error_response("57P03", "the database system is starting up", "FATAL"));
        }
        s.expect_nobody();
    });
    client c;
    EXPECT_EQ(c.connect(server.where("sslmode=allow")).ec(), tusk::sqlstate::cannot_connect_now);
}

TEST(tls, direct_begins_at_once)
{
    scripted_server server(scripted_server::once([](peer& p) {
        p.expect_client_hello(); // as an old server does that does not understand it
    }));
    client c;
    const event e = c.connect(server.where("sslmode=require sslnegotiation=direct"));
    expect_failure(e, errc::connection_lost, outcome::not_sent);
    EXPECT_NE(e.text().find("PostgreSQL 17"), std::string::npos) << e.text();
}

/// Up to where a silent server goes before it falls silent.
enum class silent { at_once, after_consent, in_handshake };

scripted_server::script silence(silent from, gate* reached)
{
    return [=](scripted_server& s) {
        {
            peer p = s.accept();
            p.expect_ssl_request();
            if (from != silent::at_once) {
                p.send("S");
                p.expect_client_hello();
            }
            if (from == silent::in_handshake)
                p.send(std::string("\x16\x03\x03\x00\x7a\x02\x00", 7)); // a part of ServerHello
            if (reached) reached->open();
            p.wait_for_end();
        }
        s.expect_nobody();
    };
}

TEST(tls, silence_with_a_time_limit)
{
    for (const silent from : {silent::at_once, silent::after_consent, silent::in_handshake}) {
        scripted_server server(silence(from, nullptr));
        client c;
        expect_failure(c.connect(server.where("sslmode=prefer connect_timeout=1")), errc::connect_timeout,
                       outcome::not_sent);
    }
}

TEST(tls, cancelled_in_the_middle_of_the_handshake)
{
    for (const silent from : {silent::at_once, silent::after_consent, silent::in_handshake}) {
        gate reached;
        scripted_server server(silence(from, &reached));
        client c;
        event e;
        asio::cancellation_signal stop;
        c.db.async_connect(server.where("sslmode=prefer"), asio::bind_cancellation_slot(stop.slot(), e));
        std::thread waiter([&] {
            reached.pass();
            asio::post(c.ctx, [&] { stop.emit(asio::cancellation_type::terminal); });
        });
        c.wait(e);
        waiter.join();
        EXPECT_EQ(e.ec(), asio::error::operation_aborted);
        EXPECT_EQ(e.calls(), 1);
        server.finish(); // the socket is closed, and no other is opened
    }
}

TEST(tls, destroyed_in_the_middle_of_the_handshake)
{
    for (const silent from : {silent::after_consent, silent::in_handshake}) {
        gate reached;
        scripted_server server(silence(from, &reached));
        event e;
        {
            client c;
            c.db.async_connect(server.where("sslmode=prefer"), e);
            std::thread waiter([&] {
                reached.pass();
                asio::post(c.ctx, [&] { c.drop(); });
            });
            c.wait(e);
            waiter.join();
        }
        EXPECT_EQ(e.ec(), asio::error::operation_aborted);
        server.finish();
    }
}

} // namespace
} // namespace scripted
