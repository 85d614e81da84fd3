// Distributed under the Boost Software License, Version 1.0.
#include "scripted/client.hpp"

#include <gtest/gtest.h>

#include <random>

using namespace scripted;
using tusk::errc;
using tusk::outcome;

namespace {

/// Connects to a server that answers the StartupMessage with these bytes, and then ends or resets the stream.
enum class ending { end, reset };
event connect_to(std::string_view bytes, ending how = ending::end)
{
    scripted_server server(scripted_server::once([&](peer& p) {
        p.expect_startup();
        p.send(bytes);
        if (how == ending::reset) return p.reset();
        p.shut_down();
        p.wait_for_end();
    }));
    client c;
    event e = c.connect(server.where());
    EXPECT_FALSE(c.db.is_open());
    return e;
}

} // namespace

TEST(not_postgresql, http_server)
{
    const event e = connect_to("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    expect_failure(e, errc::not_postgresql, outcome::not_sent);
}

TEST(not_postgresql, is_told_by_the_first_byte)
{
    scripted_server server(scripted_server::once([](peer& p) {
        p.expect_startup();
        p.send("H"); // and the server neither goes on nor closes
        p.expect_end();
    }));
    client c;
    expect_failure(c.connect(server.where()), errc::not_postgresql, outcome::not_sent);
}

TEST(not_postgresql, other_greetings)
{
    using namespace std::string_view_literals;
    const std::string_view greetings[] = {
        "SSH-2.0-OpenSSH_9.2\r\n",
        "220 mail.example.org ESMTP\r\n",
        "\x4a\0\0\0\x0a\x38\x2e\x30"sv,     // MySQL
        "\x15\x03\x01\0\x02\x02\x46"sv,     // a TLS alert
        "-ERR unknown command\r\n",         // Redis
        "RST\r\n and a long line of text",  // begins as Authentication does
        "Nothing to see here, move along ", // begins as NoticeResponse does
        "\0\0\0\0\0\0\0\0"sv,
    };
    for (const std::string_view greeting : greetings) {
        SCOPED_TRACE(greeting);
        expect_failure(connect_to(greeting), errc::not_postgresql, outcome::not_sent);
    }
}

TEST(not_postgresql, random_bytes)
{
    std::mt19937 random(2026); // the same bytes each time
    for (int round = 0; round < 100; ++round) {
        std::string bytes(1 + random() % 200, '\0');
        for (char& b : bytes) b = static_cast<char>(random());
        if (round % 2) bytes[0] = "RNEvSKZ"[random() % 7];
        SCOPED_TRACE(round);
        const event e = connect_to(bytes);
        EXPECT_EQ(e.calls(), 1);
        EXPECT_TRUE(e.ec());
        EXPECT_TRUE(e.diag().safe_to_retry());
    }
}

TEST(not_postgresql, immediate_end)
{
    expect_failure(connect_to(""), errc::connection_lost, outcome::not_sent);
    scripted_server slams_the_door([](scripted_server& s) { s.accept().reset(); });
    client c;
    const event e = c.connect(slams_the_door.where());
    EXPECT_EQ(e.calls(), 1);
    EXPECT_TRUE(e.ec());
    EXPECT_TRUE(e.diag().safe_to_retry());
}

TEST(not_postgresql, error_of_a_server_older_than_protocol_3)
{
    using namespace std::string_view_literals;
    const event e =
        connect_to("EFATAL:  unsupported frontend protocol 3.0: server supports 1.0 to 2.0\n\0"sv);
    expect_failure(e, errc::unsupported_protocol, outcome::not_sent);
    EXPECT_NE(e.text().find("server supports 1.0 to 2.0"), std::string::npos) << e.text();
    // also when the text is shorter than a header, or ends without NUL
    expect_failure(connect_to("Eno\n\0"sv), errc::unsupported_protocol, outcome::not_sent);
    EXPECT_TRUE(connect_to("EFATAL:  unsupported").ec());
}

TEST(not_postgresql, huge_lengths_are_refused_without_waiting_for_them)
{
    using namespace std::string_view_literals;
    for (const std::string_view header : {"R\x7f\xff\xff\xff"sv, "R\xff\xff\xff\xff"sv, "R\x80\0\0\0"sv,
                                          "R\0\0\x75\x31"sv, "N\x10\0\0\0"sv, "R\0\0\0\3"sv}) {
        scripted_server server(scripted_server::once([&](peer& p) {
            p.expect_startup();
            p.send(header);
            p.wait_for_end();
        }));
        client c;
        expect_failure(c.connect(server.where()), errc::not_postgresql, outcome::not_sent);
    }
}

TEST(not_postgresql, a_flood_of_notices_ends)
{
    std::string flood;
    for (int i = 0; i < 200; ++i) flood += notice("wait");
    const event e = connect_to(flood);
    EXPECT_EQ(e.calls(), 1);
    EXPECT_TRUE(e.ec());
}

TEST(startup, end_of_file_at_every_byte)
{
    const std::string whole = joined(login_messages());
    for (std::size_t n = 0; n < whole.size(); ++n) {
        SCOPED_TRACE(n);
        expect_failure(connect_to(whole.substr(0, n)), errc::connection_lost, outcome::not_sent);
    }
}

TEST(startup, reset_after_every_message)
{
    std::string sent;
    for (const std::string& m : login_messages()) {
        SCOPED_TRACE(sent.size());
        const event e = connect_to(sent, ending::reset);
        EXPECT_EQ(e.calls(), 1);
        EXPECT_TRUE(e.ec());
        EXPECT_TRUE(e.diag().safe_to_retry());
        sent += m;
    }
}

TEST(startup, byte_by_byte)
{
    scripted_server server(scripted_server::once([](peer& p) {
        p.expect_startup();
        const std::string whole = joined(login_messages());
        for (std::size_t i = 0; i < whole.size(); ++i) p.send(whole.substr(i, 1));
        p.wait_for_end();
    }));
    client c;
    EXPECT_TRUE(c.open(server.where()));
}

TEST(startup, illegal_messages_at_every_step)
{
    const std::vector<std::string> login = login_messages();
    const std::string illegal[] = {parse_complete(),
                                   data_row({int32(1)}),
                                   command_complete("SELECT 1"),
                                   message_of('?', "what is this"),
                                   message_of('Z', "X"),
                                   message_of('K', int32(1) + "short"),
                                   message_of('S', "no terminator"),
                                   authentication(99)};
    for (std::size_t step = 1; step < login.size(); ++step) {
        const std::string before = joined({login.begin(), login.begin() + static_cast<std::ptrdiff_t>(step)});
        for (const std::string& message : illegal) {
            SCOPED_TRACE(std::to_string(step) + ' ' + message.front());
            expect_failure(connect_to(before + message), errc::protocol_violation, outcome::not_sent);
        }
    }
}

TEST(startup, protocol_negotiation)
{
    const auto negotiate = [](std::uint32_t version, std::vector<std::string> options) {
        std::string body = int32(version) + int32(static_cast<std::uint32_t>(options.size()));
        for (const std::string& o : options) body += cstring(o);
        return message_of('v', body);
    };
    const std::string rest = joined(login_messages());
    // 3.0 was asked for: there is nothing to negotiate about
    expect_failure(connect_to(negotiate(0x0003'0000, {}) + rest), errc::protocol_violation,
                   outcome::not_sent);
    expect_failure(connect_to(negotiate(0x0003'0002, {}) + rest), errc::protocol_violation,
                   outcome::not_sent);
    const std::string option = negotiate(0x0003'0000, {"_pq_.unknown"});
    expect_failure(connect_to(option + option + rest), errc::protocol_violation, outcome::not_sent);
    expect_failure(connect_to(authentication_ok() + option), errc::protocol_violation, outcome::not_sent);
}
