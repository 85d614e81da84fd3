// Distributed under the Boost Software License, Version 1.0.
#include "startup_dialogues.hpp"

#include <gtest/gtest.h>

namespace {

using namespace session_test;
using tusk::errc;
using tusk::conn::auth_method;
using verdict = startup_peer::verdict;

const std::string ask = server::authentication(7);
const std::string proof = server::authentication(8, "t2");
const std::string ok = server::authentication(0);

TEST(startup_gss, one_token_each_way)
{
    for (const auto& who : {somebody(), nobody(), requiring({auth_method::gss})}) {
        auto d = login_after_hello(who);
        d.server(ask).client(message('p', "t1")).server(proof).client("").server(ok, welcome());
        const auto end = d.play_every_way();
        EXPECT_EQ(end->now, verdict::ready) << end->summary();
        EXPECT_EQ(end->machine.server().authentication, "gss");
    }
}

TEST(startup_gss, a_server_that_proves_nothing)
{
    auto d = login_after_hello(somebody());
    d.server(ask).client(message('p', "t1")).server(ok);
    expect_failure(d, errc::server_not_verified);
}

TEST(startup_gss, tokens_that_are_none)
{
    for (const char* token : {"t3", "t", "t22"}) {
        auto d = login_after_hello(somebody());
        d.server(ask).client(message('p', "t1")).server(server::authentication(8, token));
        expect_failure(d, errc::gssapi_failed);
    }
    auto empty = login_after_hello(somebody());
    empty.server(ask).client(message('p', "t1")).server(server::authentication(8, ""));
    expect_failure(empty, errc::authentication_protocol);
}

TEST(startup_gss, out_of_order)
{
    for (const std::string& wrong :
         {ask, server::authentication(3), server::authentication(5, "salt"),
          server::authentication(10, mechanisms), server::authentication(11, "t2")}) {
        auto early = login_after_hello(somebody());
        early.server(ask).client(message('p', "t1")).server(wrong).client("");
        expect_failure(early, errc::authentication_protocol);
        auto late = login_after_hello(somebody());
        late.server(ask).client(message('p', "t1")).server(proof, wrong).client("");
        expect_failure(late, errc::authentication_protocol);
    }
    auto again = login_after_hello(somebody());
    again.server(ask).client(message('p', "t1")).server(proof, proof);
    expect_failure(again, errc::authentication_protocol);
}

TEST(startup_gss, require_auth)
{
    tusk::session::login forbidden = somebody();
    forbidden.policy.forbid(auth_method::gss);
    for (const auto& who : {forbidden, requiring({auth_method::scram_sha_256})}) {
        auto d = login_after_hello(who);
        d.server(ask).client("");
        expect_failure(d, errc::authentication_refused);
    }
    auto trusted = login_after_hello(requiring({auth_method::gss}));
    trusted.server(ok);
    expect_failure(trusted, errc::authentication_refused);
}

TEST(startup_gss, encryption_has_proved_both_sides_already)
{
    tusk::session::login who = requiring({auth_method::gss});
    who.gss_encrypted = true;
    auto d = login_after_hello(who);
    d.server(ok, welcome());
    const auto end = d.play_every_way();
    EXPECT_EQ(end->now, verdict::ready) << end->summary();
    EXPECT_EQ(end->machine.server().authentication, "gss");

    tusk::session::login other = requiring({auth_method::scram_sha_256});
    other.gss_encrypted = true;
    auto refused = login_after_hello(other);
    refused.server(ok);
    expect_failure(refused, errc::authentication_refused);
}

TEST(startup_gss, channel_binding_cannot_be_had)
{
    tusk::session::login who = somebody();
    who.channel_binding = tusk::conn::wish::require;
    auto d = login_after_hello(who);
    d.server(ask).client("");
    expect_failure(d, errc::channel_binding_required);
}

} // namespace
