// Distributed under the Boost Software License, Version 1.0.
#include "scripted/client.hpp"

#include <tusk/sqlstate.hpp>

#include <asio/error.hpp>

#include <gtest/gtest.h>

#include <cerrno>

using namespace scripted;
using tusk::errc;
using tusk::outcome;

namespace {

scripted_server::script login_and_wait()
{
    return scripted_server::session([](peer& p) { p.wait_for_end(); });
}

} // namespace

TEST(connect, logs_in)
{
    scripted_server server(scripted_server::once([](peer& p) {
        const auto parameters = p.expect_startup();
        std::string seen;
        for (const auto& [name, value] : parameters) seen += name + '=' + value + ';';
        EXPECT_EQ(seen, "user=ada;database=shop;client_encoding=UTF8;application_name=till;");
        p.send(login_messages());
        p.wait_for_end();
    }));
    client c;
    EXPECT_FALSE(c.db.is_open());
    const event e = c.connect(server.where("application_name=till"));
    EXPECT_EQ(e.calls(), 1);
    EXPECT_FALSE(e.ec()) << e.text();
    EXPECT_TRUE(c.db.is_open());
    EXPECT_EQ(c.db.parameter("server_version"), "18.4");
    EXPECT_EQ(c.db.process_id(), 4711);
    EXPECT_EQ(c.db.protocol_version(), 0x0003'0000U);
    EXPECT_EQ(c.db.authentication_method(), "trust");
}

TEST(connect, unix_socket)
{
    scripted_server server(login_and_wait(), {.unix_socket = true});
    client c;
    EXPECT_TRUE(c.open(server.where()));
}

TEST(connect, missing_backend_key_data_is_no_error)
{
    scripted_server server(scripted_server::once([](peer& p) {
        p.expect_startup();
        p.send(authentication_ok() + ready());
        p.expect("PDBES");
        p.send(first_answer(5));
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    EXPECT_EQ(c.db.process_id(), 0);
    const number n = c.ask("select 5");
    c.wait(n);
    expect_number(n, 5);
}

TEST(connect, notices_anywhere_in_the_login)
{
    scripted_server server(scripted_server::once([](peer& p) {
        p.expect_startup();
        for (const std::string& m : login_messages()) p.send(notice("by the way") + m);
        p.wait_for_end();
    }));
    client c;
    EXPECT_TRUE(c.open(server.where()));
}

TEST(connect, answers_that_came_with_the_login_are_not_lost)
{
    scripted_server server(scripted_server::once([](peer& p) {
        p.expect_startup();
        p.send(joined(login_messages()) + notification(7, "news", "early") +
               parameter_status("TimeZone", "UTC"));
        p.expect("PDBES");
        p.send(first_answer(1));
        p.wait_for_end();
    }));
    client c;
    std::string heard;
    c.db.on_notification([&](std::int32_t pid, std::string_view channel, std::string_view payload) {
        heard = std::to_string(pid) + ' ' + std::string(channel) + ' ' + std::string(payload);
    });
    ASSERT_TRUE(c.open(server.where()));
    const number n = c.ask("select 1");
    c.wait(n);
    expect_number(n, 1);
    EXPECT_EQ(heard, "7 news early");
    EXPECT_EQ(c.db.parameter("TimeZone"), "UTC");
}

TEST(connect, refused_port)
{
    const refusing_port nobody;
    client c;
    const event e = c.connect("host=127.0.0.1 port=" + nobody.port() + " user=ada");
    expect_failure(e, asio::error::connection_refused, outcome::not_sent);
    EXPECT_NE(e.text().find("127.0.0.1:" + nobody.port()), std::string::npos) << e.text();
    EXPECT_FALSE(c.db.is_open());
}

TEST(connect, silent_server_runs_into_the_timeout)
{
    gate over;
    scripted_server server(scripted_server::once([&](peer& p) {
        p.expect_startup();
        p.expect_end();
        over.pass();
    }));
    client c;
    const auto begin = std::chrono::steady_clock::now();
    const event e = c.connect(server.where("connect_timeout=1"));
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(990));
    expect_failure(e, errc::connect_timeout, outcome::not_sent);
    over.open();
}

TEST(connect, server_that_stops_in_the_middle_of_a_message_runs_into_the_timeout)
{
    scripted_server server(scripted_server::once([](peer& p) {
        p.expect_startup();
        p.send(authentication_ok() + "S\0\0"); // and no more
        p.expect_end();
    }));
    client c;
    expect_failure(c.connect(server.where("connect_timeout=1")), errc::connect_timeout, outcome::not_sent);
}

TEST(connect, unknown_host_name)
{
    client c; // a label of 64 characters exists nowhere, and no resolver asks the network for it
    const event e = c.connect("host=" + std::string(64, 'a') + ".invalid user=ada");
    EXPECT_EQ(e.calls(), 1);
    EXPECT_TRUE(e.ec());
    EXPECT_TRUE(e.diag().safe_to_retry());
    EXPECT_NE(e.text().find("cannot be found"), std::string::npos) << e.text();
}

TEST(connect, unreachable_address)
{
    client c; // nobody can have a stream to the broadcast address: the kernel says so at once
    const event e = c.connect("hostaddr=255.255.255.255 user=ada");
    EXPECT_EQ(e.calls(), 1);
    EXPECT_TRUE(e.ec());
    EXPECT_TRUE(e.diag().safe_to_retry());
    EXPECT_NE(e.text().find("255.255.255.255:5432"), std::string::npos) << e.text();
}

TEST(connect, unix_socket_path_too_long)
{
    client c;
    const event e = c.connect("host=/tmp/" + std::string(200, 'x') + " user=ada");
    EXPECT_EQ(e.calls(), 1);
    EXPECT_TRUE(e.ec());
    EXPECT_TRUE(e.diag().safe_to_retry());
    EXPECT_NE(e.text().find("/tmp/xxx"), std::string::npos) << e.text();
}

TEST(connect, unix_socket_that_is_not_there)
{
    client c;
    const event e = c.connect("host=/tmp/tusk-there-is-no-such-directory user=ada");
    expect_failure(e, {ENOENT, asio::error::get_system_category()}, outcome::not_sent);
    EXPECT_NE(e.text().find("/tmp/tusk-there-is-no-such-directory/.s.PGSQL.5432"), std::string::npos)
        << e.text();
}

TEST(connect, malformed_and_unsupported_connection_strings)
{
    client c;
    expect_failure(c.connect("host='open"), errc::invalid_conninfo, outcome::not_sent);
    expect_failure(c.connect("colour=red"), errc::invalid_conninfo, outcome::not_sent);
    expect_failure(c.connect("host=127.0.0.1 user=ada client_encoding=LATIN1"), errc::unsupported_parameter,
                   outcome::not_sent);
    const event secret = c.connect("host=127.0.0.1 password=xyzzy port=nonsense");
    expect_failure(secret, errc::invalid_conninfo, outcome::not_sent);
    EXPECT_EQ(secret.text().find("xyzzy"), std::string::npos) << secret.text();
}

TEST(connect, goes_on_to_the_next_host)
{
    const refusing_port nobody;
    scripted_server hangs_up(scripted_server::once([](peer& p) { p.expect_startup(); }));
    scripted_server no_server(scripted_server::once([](peer& p) {
        p.expect_startup();
        p.send("SSH-2.0-OpenSSH_9.2\r\n");
    }));
    scripted_server starting(scripted_server::once([](peer& p) {
        p.expect_startup();
        p.send(error_response("57P03", "the database system is starting up", "FATAL"));
    }));
    scripted_server good(login_and_wait());
    client c;
    EXPECT_TRUE(
        c.open("host=127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1,127.0.0.1 user=ada port=" + nobody.port() + ',' +
               hangs_up.port() + ',' + no_server.port() + ',' + starting.port() + ',' + good.port()));
}

TEST(connect, several_addresses_of_one_name)
{
    scripted_server server(login_and_wait()); // on 127.0.0.1 alone; localhost is often ::1 first
    client c;
    EXPECT_TRUE(c.open("host=localhost user=ada port=" + server.port()));
}

TEST(connect, the_refusal_of_a_server_is_the_answer)
{
    scripted_server refuses(scripted_server::once([](peer& p) {
        p.expect_startup();
        p.send(error_response("28000", "role \"ada\" does not exist", "FATAL"));
    }));
    scripted_server second([](scripted_server& s) { s.expect_nobody(); });
    client c;
    const event e =
        c.connect("host=127.0.0.1,127.0.0.1 user=ada port=" + refuses.port() + ',' + second.port());
    expect_failure(e, tusk::sqlstate::invalid_authorization_specification, outcome::not_sent);
    EXPECT_EQ(e.diag().message(), "role \"ada\" does not exist");
    EXPECT_EQ(e.diag().severity(), "FATAL");
}

TEST(connect, all_hosts_fail_with_a_line_each)
{
    const refusing_port first;
    const refusing_port second;
    client c;
    const event e = c.connect("host=127.0.0.1,127.0.0.1 user=ada port=" + first.port() + ',' + second.port());
    expect_failure(e, errc::all_hosts_failed, outcome::not_sent);
    EXPECT_NE(e.text().find(first.port()), std::string::npos) << e.text();
    EXPECT_NE(e.text().find(second.port()), std::string::npos) << e.text();
}

TEST(connect, error_after_authentication_fails_the_login)
{
    scripted_server server(scripted_server::once([](peer& p) {
        p.expect_startup();
        p.send(authentication_ok() + error_response("3D000", "database \"shop\" does not exist", "FATAL"));
    }));
    client c;
    const event e = c.connect(server.where());
    expect_failure(e, tusk::sqlstate::invalid_catalog_name, outcome::not_sent);
    EXPECT_FALSE(c.db.is_open());
}

TEST(connect, twice_is_refused_and_harmless)
{
    scripted_server server(login_and_wait());
    client c;
    event first, second, third;
    c.db.async_connect(server.where(), first);
    c.db.async_connect(server.where(), second);
    EXPECT_EQ(second.calls(), 0); // never from within the call
    c.wait(first, second);
    EXPECT_FALSE(first.ec()) << first.text();
    expect_failure(second, errc::already_connected, outcome::not_sent);
    c.db.async_connect(server.where(), third);
    c.wait(third);
    expect_failure(third, errc::already_connected, outcome::not_sent);
    EXPECT_TRUE(c.db.is_open());
}

TEST(connect, requests_before_the_session_is_open)
{
    scripted_server server(login_and_wait());
    client c;
    const number before = c.ask("select 1");
    event opened;
    c.db.async_connect(server.where(), opened);
    const number during = c.ask("select 2");
    EXPECT_EQ(before.calls() + during.calls(), 0);
    c.wait(before, during, opened);
    expect_failure(before, errc::not_connected, outcome::not_sent);
    expect_failure(during, errc::not_connected, outcome::not_sent);
    EXPECT_FALSE(opened.ec()) << opened.text();
}

TEST(connect, server_that_insists_on_another_encoding)
{
    scripted_server server(scripted_server::once([](peer& p) {
        p.expect_startup();
        p.send(authentication_ok() + parameter_status("client_encoding", "LATIN1") + ready());
        p.wait_for_end();
    }));
    client c;
    expect_failure(c.connect(server.where()), errc::client_encoding_changed, outcome::not_sent);
}
