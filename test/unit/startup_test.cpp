// Distributed under the Boost Software License, Version 1.0.
#include "startup_peer.hpp"

#include <gtest/gtest.h>

namespace {

using namespace session_test;
using tusk::errc;
using tusk::conn::auth_method;
using verdict = startup_peer::verdict;

tusk::session::login somebody()
{
    tusk::session::login who;
    who.user = "ada";
    who.database = "engine";
    who.password = tusk::auth::secret_string("secret");
    who.has_password = true;
    return who;
}

tusk::session::login nobody()
{
    tusk::session::login who = somebody();
    who.has_password = false;
    who.password = {};
    return who;
}

/// Somebody who requires these methods.
tusk::session::login requiring(std::initializer_list<auth_method> methods)
{
    tusk::session::login who = somebody();
    for (auth_method m : methods) who.policy.list(m);
    return who;
}

tusk::session::login speaking(std::uint32_t newest, std::uint32_t oldest = 0x00030000)
{
    tusk::session::login who = nobody();
    who.max_protocol = newest;
    who.min_protocol = oldest;
    return who;
}

std::string hello(std::uint32_t version = 0x00030000)
{
    const std::string body = int32(version) + zero_ended("user") + zero_ended("ada") +
                             zero_ended("database") + zero_ended("engine") + zero_ended("client_encoding") +
                             zero_ended("UTF8") + '\0';
    return int32(static_cast<std::uint32_t>(body.size() + 4)) + body;
}

startup_dialogue login(const tusk::session::login& who)
{
    return startup_dialogue([who] { return std::make_unique<startup_peer>(who); });
}

startup_dialogue login_after_hello(const tusk::session::login& who)
{
    auto d = login(who);
    d.client(hello(who.max_protocol));
    return d;
}

/// What comes after AuthenticationOk.
std::string welcome()
{
    return server::parameter("client_encoding", "UTF8") + server::parameter("server_version", "18.4") +
           server::key_data(42, "abcd") + server::ready();
}

const std::string mechanisms = zero_ended("SCRAM-SHA-256-PLUS") + zero_ended("SCRAM-SHA-256") + '\0';

void expect_failure(const startup_dialogue& d, std::error_code why)
{
    const auto end = d.play_every_way();
    EXPECT_EQ(end->now, verdict::failed);
    EXPECT_EQ(end->machine.error(), why) << end->summary();
    EXPECT_FALSE(end->machine.diag().empty());
}

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

startup_dialogue scram_until_final()
{
    auto d = login_after_hello(somebody());
    d.server(server::authentication(10, mechanisms));
    d.server_makes([](startup_peer& p) {
        return server::authentication(11, p.damaged() ? "x" : p.scram.first(p.output()));
    });
    return d;
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

// --- authentication that is refused

TEST(startup, scram_must_be_finished_before_the_client_is_let_in)
{
    const std::string ok = server::authentication(0);
    auto begun = login_after_hello(somebody());
    begun.server(server::authentication(10, mechanisms))
        .act([](startup_peer& p) { (void)p.output(); })
        .server(ok);
    expect_failure(begun, errc::server_not_verified);

    auto half = scram_until_final();
    half.act([](startup_peer& p) { (void)p.output(); }).server(ok);
    expect_failure(half, errc::server_not_verified);
}

TEST(startup, scram_of_a_server_that_does_not_know_the_password)
{
    auto d = scram_until_final();
    d.server_makes([](startup_peer& p) {
        std::string final = p.scram.final(p.output());
        final[10] = final[10] == 'A' ? 'B' : 'A';
        return server::authentication(12, final);
    });
    expect_failure(d, errc::server_not_verified);

    auto e = scram_until_final();
    e.act([](startup_peer& p) { (void)p.output(); }).server(server::authentication(12, "e=invalid-proof"));
    EXPECT_EQ(e.play()->now, verdict::failed);
}

TEST(startup, scram_twice_or_out_of_order)
{
    for (const std::string& wrong : {server::authentication(10, mechanisms), server::authentication(3),
                                     server::authentication(5, "salt"), server::authentication(12, "v=x")}) {
        auto d = login_after_hello(somebody());
        d.server(server::authentication(10, mechanisms))
            .act([](startup_peer& p) { (void)p.output(); })
            .server(wrong);
        expect_failure(d, errc::authentication_protocol);
    }
    for (std::uint32_t early : {8U, 11U, 12U}) {
        auto d = login_after_hello(somebody());
        d.server(server::authentication(early, "x"));
        expect_failure(d, errc::authentication_protocol);
    }
    auto again = login_after_hello(somebody());
    again.server(server::authentication(5, "salt")).act([](startup_peer& p) { (void)p.output(); });
    again.server(server::authentication(5, "salt"));
    expect_failure(again, errc::authentication_protocol);
}

TEST(startup, scram_with_too_many_iterations)
{
    tusk::session::login who = somebody();
    who.scram.max_iterations = 2;
    auto d = login_after_hello(who);
    d.server(server::authentication(10, mechanisms));
    d.server_makes([](startup_peer& p) { return server::authentication(11, p.scram.first(p.output())); });
    expect_failure(d, errc::authentication_refused);
}

TEST(startup, sasl_without_a_mechanism_of_ours)
{
    auto plus = login_after_hello(somebody());
    plus.server(
        server::authentication(10, zero_ended("SCRAM-SHA-256-PLUS") + zero_ended("OAUTHBEARER") + '\0'));
    expect_failure(plus, errc::authentication_unsupported);
    for (const std::string& list : {std::string(), std::string(1, '\0'), std::string("SCRAM-SHA-256"),
                                    zero_ended("SCRAM-SHA-256"), mechanisms + "x"}) {
        auto d = login_after_hello(somebody());
        d.server(server::authentication(10, list));
        const auto end = d.play_every_way();
        EXPECT_EQ(end->now, verdict::failed);
        EXPECT_EQ(end->output(), "");
    }
}

TEST(startup, require_auth)
{
    const auto refused = [](const tusk::session::login& who, const std::string& request) {
        auto d = login_after_hello(who);
        d.server(request);
        expect_failure(d, errc::authentication_refused);
        EXPECT_EQ(d.play()->output(), ""); // not a byte of an answer
    };
    const std::string scram = server::authentication(10, mechanisms);
    refused(requiring({auth_method::scram_sha_256}), server::authentication(0));
    refused(requiring({auth_method::scram_sha_256}), server::authentication(3));
    refused(requiring({auth_method::scram_sha_256}), server::authentication(5, "salt"));
    refused(requiring({auth_method::md5}), scram);
    refused(requiring({auth_method::none}), server::authentication(5, "salt"));
    tusk::session::login no_md5 = somebody();
    no_md5.policy.forbid(auth_method::md5);
    refused(no_md5, server::authentication(5, "salt"));

    auto allowed = login_after_hello(requiring({auth_method::none, auth_method::md5}));
    allowed.server(server::authentication(0), welcome());
    EXPECT_EQ(allowed.play()->now, verdict::ready);
}

TEST(startup, no_password_in_clear_over_an_open_network)
{
    auto d = login_after_hello(somebody());
    d.server(server::authentication(3)).client("");
    expect_failure(d, errc::authentication_refused);

    auto allowed = login_after_hello(requiring({auth_method::password}));
    allowed.server(server::authentication(3)).client(message('p', zero_ended("secret")));
    allowed.server(server::authentication(0), welcome());
    EXPECT_EQ(allowed.play()->now, verdict::ready);
}

TEST(startup, a_password_is_asked_for_and_there_is_none)
{
    tusk::session::login who = nobody();
    who.private_channel = true;
    for (const std::string& request : {server::authentication(3), server::authentication(5, "salt"),
                                       server::authentication(10, mechanisms)}) {
        auto d = login_after_hello(who);
        d.server(request);
        expect_failure(d, errc::password_missing);
    }
}

TEST(startup, a_password_with_a_nul_byte)
{
    tusk::session::login who = somebody();
    who.private_channel = true;
    who.password = tusk::auth::secret_string(std::string_view("a\0b", 3));
    auto d = login_after_hello(who);
    d.server(server::authentication(3)).client("");
    expect_failure(d, errc::nul_in_text);
}

TEST(startup, methods_that_are_not_there)
{
    for (std::uint32_t method : {2U, 7U, 9U, 1U, 6U, 99U, 0xffffffffU}) {
        auto d = login_after_hello(somebody());
        d.server(server::authentication(method));
        expect_failure(d, errc::authentication_unsupported);
    }
}

TEST(startup, salts_of_a_wrong_length)
{
    for (const char* salt : {"", "abc", "abcde"}) {
        auto d = login_after_hello(somebody());
        d.server(server::authentication(5, salt));
        EXPECT_EQ(d.play_every_way()->now, verdict::failed);
    }
}

TEST(startup, authentication_after_its_end)
{
    auto d = login_after_hello(somebody());
    d.server(server::authentication(0), server::authentication(0));
    expect_failure(d, errc::protocol_violation);
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
    EXPECT_EQ(negotiated(0x00030000, 0x00030000, {server::negotiate(0x00030000, {"_pq_.x"})})->now,
              verdict::ready);
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
