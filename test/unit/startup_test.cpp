// Distributed under the Boost Software License, Version 1.0.
#include "startup_dialogues.hpp"

#include <gtest/gtest.h>

namespace {

using namespace session_test;
using tusk::errc;
using verdict = startup_peer::verdict;

// --- the good ways

TEST(startup, trust)
{
    auto d = login_after_hello(nobody());
    d.server(server::authentication(0), welcome());
    d.play_and_break();
    const auto end = d.play();
    ASSERT_EQ(end->now, verdict::ready);
    EXPECT_EQ(end->machine.server().parameter("server_version"), "18.4");
    EXPECT_EQ(end->machine.server().process_id, 42);
    EXPECT_EQ(end->machine.server().secret_key.size(), 4U);
    EXPECT_EQ(end->machine.server().transaction, 'I');
    EXPECT_EQ(end->machine.server().authentication, "trust");
    EXPECT_TRUE(end->machine.authenticated());
}

TEST(startup, further_parameters)
{
    tusk::session::login who = nobody();
    who.parameters = {{"application_name", "tests"}, {"TimeZone", "UTC"}};
    std::string body = hello().substr(4);
    body.pop_back();
    body += zero_ended("application_name") + zero_ended("tests") + zero_ended("TimeZone") +
            zero_ended("UTC") + '\0';
    auto d = login(who);
    d.client(int32(static_cast<std::uint32_t>(body.size() + 4)), body);
    (void)d.play();
}

TEST(startup, password_in_clear_over_a_private_channel)
{
    tusk::session::login who = somebody();
    who.private_channel = true;
    auto d = login_after_hello(who);
    d.server(server::authentication(3)).client(message('p', zero_ended("secret")));
    d.server(server::authentication(0), welcome());
    d.play_and_break();
    EXPECT_EQ(d.play()->machine.server().authentication, "password");
}

TEST(startup, md5)
{
    auto d = login_after_hello(somebody());
    d.server(server::authentication(5, "salt"));
    // md5(md5("secret" "ada") "salt")
    d.client(message('p', zero_ended("md5020da75c9b0640aabc4609320fe23b45")));
    d.server(server::authentication(0), welcome());
    d.play_and_break();
    EXPECT_EQ(d.play()->machine.server().authentication, "md5");
}

TEST(startup, scram)
{
    auto d = scram_until_final();
    d.server_makes([](startup_peer& p) {
        return server::authentication(12, p.damaged() ? "x" : p.scram.final(p.output()));
    });
    d.server(server::authentication(0), welcome());
    d.play_and_break();
    EXPECT_EQ(d.play()->machine.server().authentication, "scram-sha-256");
}

TEST(startup, without_key_data_and_with_notices_anywhere)
{
    auto d = login_after_hello(nobody());
    d.server(server::notice("one"), server::authentication(0), server::notice("two"),
             server::parameter("a", "b"), server::notice("three"), server::ready());
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ(end->now, verdict::ready);
    EXPECT_TRUE(end->machine.server().secret_key.empty());
}

// --- errors and what is no PostgreSQL

TEST(startup, an_error_is_the_servers)
{
    auto early = login_after_hello(nobody());
    early.server(server::fatal("too many clients", "53300"));
    expect_failure(early, tusk::sqlstate::too_many_connections);
    EXPECT_FALSE(early.play()->machine.authenticated());

    auto late = login_after_hello(nobody());
    late.server(server::authentication(0), server::fatal("no such database", "3D000"));
    expect_failure(late, tusk::sqlstate::invalid_catalog_name);
    EXPECT_TRUE(late.play()->machine.authenticated());

    auto wrong = login_after_hello(somebody());
    wrong.server(server::authentication(5, "salt")).act([](startup_peer& p) { (void)p.output(); });
    wrong.server(server::fatal("password authentication failed", "28P01"));
    expect_failure(wrong, tusk::sqlstate::invalid_password);
}

/// What arrives, raw, from the first byte on; and then the end of the stream.
std::unique_ptr<startup_peer> fed(std::string_view bytes, std::size_t piece)
{
    auto peer = std::make_unique<startup_peer>(nobody());
    for (; !bytes.empty() && !peer->over(); bytes.remove_prefix(std::min(piece, bytes.size())))
        (void)peer->receive(bytes.substr(0, piece));
    if (!peer->over()) peer->lose();
    return peer;
}

TEST(startup, an_error_of_a_server_before_protocol_3)
{
    const std::string old = zero_ended("EFATAL:  unsupported frontend protocol 3.0\n");
    for (std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1000}}) {
        const auto peer = fed(old, piece);
        EXPECT_EQ(peer->machine.error(), errc::unsupported_protocol) << piece;
        EXPECT_EQ(peer->machine.diag().message(),
                  "the server says: FATAL:  unsupported frontend protocol 3.0\n");
    }
    EXPECT_EQ(fed(zero_ended("E\1\1\1\1"), 1)->machine.error(), errc::unsupported_protocol);
    // without an end, whether the stream goes on or not
    EXPECT_EQ(fed("Efor ever", 1)->machine.error(), errc::not_postgresql);
    EXPECT_EQ(fed("E" + std::string(100'000, 'x'), 1000)->machine.error(), errc::not_postgresql);
}

TEST(startup, what_is_no_postgresql)
{
    const std::vector<std::string> strange{"HTTP/1.1 400 Bad Request\r\n\r\n",
                                           "SSH-2.0-OpenSSH\r\n",
                                           "220 mail.example.com ESMTP\r\n",
                                           std::string(100, '\0'),
                                           "\x15\x03\x01\x00\x02\x02\x46",
                                           "Random bytes that begin like an authentication request",
                                           "Never mind",
                                           "version",
                                           "Z\0\0\0\5I"};
    for (const std::string& bytes : strange)
        for (std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{1000}}) {
            const auto peer = fed(bytes, piece);
            EXPECT_EQ(peer->machine.error(), errc::not_postgresql) << bytes << piece;
        }
}

TEST(startup, every_first_byte_and_noise)
{
    std::uint32_t seed = 12345;
    for (int first = 0; first < 256; ++first) {
        std::string bytes(1, static_cast<char>(first));
        for (int i = 0; i < 60; ++i) {
            seed = seed * 1664525 + 1013904223;
            bytes += static_cast<char>(seed >> 24);
        }
        const auto peer = fed(bytes, 9);
        EXPECT_NE(peer->now, verdict::ready);
        EXPECT_EQ(peer->now == verdict::failed, bool(peer->machine.error()));
    }
}

TEST(startup, the_end_of_the_stream_says_nothing_of_itself)
{
    // the caller tells of it: nothing is wrong with what has come
    for (const std::string& begun :
         {std::string(), std::string("R"), server::authentication(0), std::string("E\0\0\0", 4)}) {
        const auto peer = fed(begun, 1);
        EXPECT_FALSE(peer->machine.error()) << peer->summary();
        EXPECT_EQ(peer->now, verdict::more);
    }
}

TEST(startup, notices_before_authentication_are_bounded)
{
    auto few = login_after_hello(nobody());
    for (int i = 0; i < 100; ++i) few.server(server::notice("x"));
    few.server(server::authentication(0), welcome());
    EXPECT_EQ(few.play()->now, verdict::ready);

    auto many = login_after_hello(nobody());
    for (int i = 0; i < 101; ++i) many.server(server::notice("x"));
    EXPECT_EQ(many.play()->now, verdict::failed);
}

TEST(startup, a_message_that_is_too_long_before_authentication)
{
    auto d = login_after_hello(nobody());
    d.server(server::notice(std::string(30'001, 'x')));
    EXPECT_EQ(d.play()->now, verdict::failed);
}

// --- negotiation and what follows authentication

TEST(startup, negotiate_protocol_version)
{
    const auto negotiated = [](std::uint32_t newest, std::uint32_t oldest,
                               const std::vector<std::string>& answers) {
        auto d = login_after_hello(speaking(newest, oldest));
        for (const std::string& a : answers) d.server(a);
        d.server(server::authentication(0), welcome());
        return d.play_every_way();
    };
    // the whole version, or its minor part alone
    for (std::uint32_t version : {0x00030000U, 0U}) {
        const auto end = negotiated(0x00030002, 0x00030000, {server::negotiate(version)});
        EXPECT_EQ(end->now, verdict::ready);
        EXPECT_EQ(end->machine.server().protocol, 0x00030000U);
    }
    EXPECT_EQ(negotiated(0x00030002, 0x00030002, {server::negotiate(0x00030000)})->machine.error(),
              errc::unsupported_protocol);
    EXPECT_EQ(negotiated(0x00030000, 0x00030000, {server::negotiate(0x00030002)})->machine.error(),
              errc::protocol_violation);
    EXPECT_EQ(negotiated(0x00030002, 0x00030000, {server::negotiate(0x00030002)})->machine.error(),
              errc::protocol_violation);
    const std::string twice = server::negotiate(0x00030000);
    EXPECT_EQ(negotiated(0x00030002, 0x00030000, {twice, twice})->machine.error(), errc::protocol_violation);
    for (const std::uint32_t newest : {0x00030000U, 0x00030002U}) // options are never asked for
        EXPECT_EQ(
            negotiated(newest, 0x00030000, {server::negotiate(0x00030000, {"_pq_.x"})})->machine.error(),
            errc::protocol_violation);
    // only before authentication
    auto late = login_after_hello(speaking(0x00030002));
    late.server(server::authentication(0), server::negotiate(0x00030000));
    expect_failure(late, errc::protocol_violation);
    auto between = login_after_hello(somebody());
    between.server(server::authentication(10, mechanisms)).act([](startup_peer& p) { (void)p.output(); });
    between.server(server::negotiate(0x00030000, {"_pq_.x"}));
    expect_failure(between, errc::protocol_violation);
}

TEST(startup, a_downgrade_is_broken_everywhere)
{
    auto d = login_after_hello(speaking(0x00030002));
    d.server(server::negotiate(0x00030000), server::authentication(0), welcome());
    d.play_and_break();
}

TEST(startup, key_lengths)
{
    const auto with_key = [](std::uint32_t newest, std::size_t length) {
        auto d = login_after_hello(speaking(newest));
        d.server(server::authentication(0), server::key_data(1, std::string(length, 'k')), server::ready());
        return d.play();
    };
    EXPECT_EQ(with_key(0x00030000, 4)->now, verdict::ready);
    for (std::size_t wrong : {0U, 3U, 5U, 32U})
        EXPECT_EQ(with_key(0x00030000, wrong)->machine.error(), errc::protocol_violation) << wrong;
    for (std::size_t right : {4U, 32U, 256U})
        EXPECT_EQ(with_key(0x00030002, right)->now, verdict::ready) << right;
    for (std::size_t wrong : {0U, 3U, 257U})
        EXPECT_EQ(with_key(0x00030002, wrong)->machine.error(), errc::protocol_violation) << wrong;

    auto twice = login_after_hello(nobody());
    twice.server(server::authentication(0), server::key_data(1, "abcd"), server::key_data(1, "abcd"));
    expect_failure(twice, errc::protocol_violation);
}

TEST(startup, too_many_parameters)
{
    auto d = login_after_hello(nobody());
    d.server(server::authentication(0));
    for (std::size_t i = 0; i <= tusk::session::server_state::max_parameters; ++i)
        d.server(server::parameter("p" + std::to_string(i), ""));
    EXPECT_EQ(d.play()->machine.error(), errc::protocol_violation);
}

TEST(startup, an_encoding_that_is_not_utf8)
{
    auto d = login_after_hello(nobody());
    d.server(server::authentication(0), server::parameter("client_encoding", "LATIN1"), server::ready());
    expect_failure(d, errc::client_encoding_changed);
}

TEST(startup, what_cannot_be_sent)
{
    tusk::session::login nul = nobody();
    nul.parameters = {{"application_name", std::string("x\0user\0postgres", 15)}};
    tusk::session::login user = nobody();
    user.user = std::string("ada\0", 4);
    for (const auto& who : {nul, user}) {
        startup_peer peer(who);
        EXPECT_EQ(peer.now, verdict::failed);
        EXPECT_EQ(peer.machine.error(), errc::nul_in_text);
        EXPECT_EQ(peer.output(), "");
    }
    tusk::session::login large = nobody();
    large.parameters = {{"options", std::string(10'000, 'x')}};
    startup_peer peer(large);
    EXPECT_EQ(peer.machine.error(), errc::request_too_large);
    EXPECT_TRUE(peer.machine.diag().safe_to_retry());
}

TEST(startup, hashing_that_nobody_asked_for)
{
    startup_peer peer(somebody());
    EXPECT_EQ(peer.machine.hash(1, peer.out), verdict::failed);
}

} // namespace
