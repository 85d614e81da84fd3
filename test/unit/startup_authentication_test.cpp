// Distributed under the Boost Software License, Version 1.0.
#include "startup_dialogues.hpp"

#include <gtest/gtest.h>

namespace {

using namespace session_test;
using tusk::errc;
using tusk::conn::auth_method;
using verdict = startup_peer::verdict;

TEST(startup_authentication, scram_must_be_finished_before_the_client_is_let_in)
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

TEST(startup_authentication, scram_of_a_server_that_does_not_know_the_password)
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

TEST(startup_authentication, scram_twice_or_out_of_order)
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

TEST(startup_authentication, scram_with_too_many_iterations)
{
    tusk::session::login who = somebody();
    who.scram.max_iterations = 2;
    auto d = login_after_hello(who);
    d.server(server::authentication(10, mechanisms));
    d.server_makes([](startup_peer& p) { return server::authentication(11, p.scram.first(p.output())); });
    expect_failure(d, errc::authentication_refused);
}

TEST(startup_authentication, sasl_without_a_mechanism_of_ours)
{
    auto other = login_after_hello(somebody());
    other.server(server::authentication(10, zero_ended("SCRAM-SHA-1") + zero_ended("PLAIN") + '\0'));
    expect_failure(other, errc::authentication_unsupported);
    for (const std::string& list : {std::string(), std::string(1, '\0'), std::string("SCRAM-SHA-256"),
                                    zero_ended("SCRAM-SHA-256"), mechanisms + "x"}) {
        auto d = login_after_hello(somebody());
        d.server(server::authentication(10, list));
        const auto end = d.play_every_way();
        EXPECT_EQ(end->now, verdict::failed);
        EXPECT_EQ(end->output(), "");
    }
}

TEST(startup_authentication, require_auth)
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

TEST(startup_authentication, no_password_in_clear_over_an_open_network)
{
    auto d = login_after_hello(somebody());
    d.server(server::authentication(3)).client("");
    expect_failure(d, errc::authentication_refused);

    auto allowed = login_after_hello(requiring({auth_method::password}));
    allowed.server(server::authentication(3)).client(message('p', zero_ended("secret")));
    allowed.server(server::authentication(0), welcome());
    EXPECT_EQ(allowed.play()->now, verdict::ready);
}

TEST(startup_authentication, a_password_is_asked_for_and_there_is_none)
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

TEST(startup_authentication, a_password_with_a_nul_byte)
{
    tusk::session::login who = somebody();
    who.private_channel = true;
    who.password = tusk::auth::secret_string(std::string_view("a\0b", 3));
    auto d = login_after_hello(who);
    d.server(server::authentication(3)).client("");
    expect_failure(d, errc::nul_in_text);
}

TEST(startup_authentication, methods_that_are_not_there)
{
    for (std::uint32_t method : {2U, 9U, 1U, 6U, 99U, 0xffffffffU}) {
        auto d = login_after_hello(somebody());
        d.server(server::authentication(method));
        expect_failure(d, errc::authentication_unsupported);
    }
}

TEST(startup_authentication, salts_of_a_wrong_length)
{
    for (const char* salt : {"", "abc", "abcde"}) {
        auto d = login_after_hello(somebody());
        d.server(server::authentication(5, salt));
        EXPECT_EQ(d.play_every_way()->now, verdict::failed);
    }
}

TEST(startup_authentication, authentication_after_its_end)
{
    auto d = login_after_hello(somebody());
    d.server(server::authentication(0), server::authentication(0));
    expect_failure(d, errc::protocol_violation);
}

} // namespace
