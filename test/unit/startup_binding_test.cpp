// Distributed under the Boost Software License, Version 1.0.
// Channel binding: when the login is bound to the server's certificate, and when it must not go on without.
#include "startup_dialogues.hpp"

#include <gtest/gtest.h>

namespace {

using namespace session_test;
using tusk::errc;
using tusk::conn::wish;
using verdict = startup_peer::verdict;

const std::string hash = std::string("\0\1\2 hash of the certificate", 27);

tusk::session::login over_tls(wish binding = wish::allow, const std::string& end_point = hash)
{
    tusk::session::login who = somebody();
    who.tls = true;
    who.private_channel = true;
    who.channel_binding = binding;
    who.end_point = {end_point, end_point.empty() ? "could not find digest for NID UNDEF" : ""};
    return who;
}

/// Plays the whole login of a server that offers this, and expects this gs2 header.
std::string play(const tusk::session::login& who, const std::string& offer, const std::string& gs2)
{
    startup_peer p(who);
    p.scram = scram_server("secret", gs2, gs2.starts_with('p') ? hash : std::string());
    (void)p.output();
    p.receive(server::authentication(10, offer));
    if (p.now == verdict::failed) return p.summary();
    p.receive(server::authentication(11, p.scram.first(p.output())));
    p.receive(server::authentication(12, p.scram.final(p.output())));
    p.receive(server::authentication(0));
    p.receive(welcome());
    return p.now == verdict::ready ? std::string(p.machine.server().authentication) : p.summary();
}

void expect_refusal(const tusk::session::login& who, const std::string& first, errc why)
{
    auto d = login_after_hello(who);
    d.server(first);
    const auto end = d.play();
    EXPECT_EQ(end->now, verdict::failed);
    EXPECT_EQ(end->machine.error(), why) << end->summary();
    EXPECT_EQ(end->output(), ""); // not a byte of an answer
}

TEST(startup_binding, flags)
{
    const std::string bound = "p=tls-server-end-point,,";
    EXPECT_EQ(play(over_tls(), mechanisms_over_tls, bound), "scram-sha-256-plus");
    EXPECT_EQ(play(over_tls(wish::require), mechanisms_over_tls, bound), "scram-sha-256-plus");
    EXPECT_EQ(play(over_tls(wish::disable), mechanisms_over_tls, "n,,"), "scram-sha-256");
    // taken out on the way? The server will know.
    EXPECT_EQ(play(over_tls(), mechanisms, "y,,"), "scram-sha-256");
    EXPECT_EQ(play(over_tls(wish::disable), mechanisms, "n,,"), "scram-sha-256");
    // a certificate of Ed25519 has no hash
    EXPECT_EQ(play(over_tls(wish::allow, ""), mechanisms_over_tls, "n,,"), "scram-sha-256");
    EXPECT_EQ(play(somebody(), mechanisms, "n,,"), "scram-sha-256");
}

TEST(startup_binding, offered_without_tls)
{
    expect_refusal(somebody(), server::authentication(10, mechanisms_over_tls), errc::authentication_refused);
}

TEST(startup_binding, required)
{
    const auto none = errc::channel_binding_required;
    const std::string scram = server::authentication(10, mechanisms);
    expect_refusal(over_tls(wish::require), scram, none); // stripped
    expect_refusal(over_tls(wish::require, ""), server::authentication(10, mechanisms_over_tls), none);
    for (const std::string& other : {server::authentication(0), server::authentication(3),
                                     server::authentication(5, "salt"), server::authentication(7)})
        expect_refusal(over_tls(wish::require), other, none);
    tusk::session::login plain = somebody();
    plain.channel_binding = wish::require;
    expect_refusal(plain, scram, none);
    expect_refusal(plain, server::authentication(0), none);
}

TEST(startup_binding, why_it_is_impossible_is_told)
{
    const std::string why = play(over_tls(wish::require, ""), mechanisms_over_tls, "");
    EXPECT_NE(why.find("could not find digest for NID UNDEF"), std::string::npos) << why;
}

TEST(startup_binding, a_server_that_cannot_prove_itself)
{
    for (const std::string& wrong :
         {server::authentication(0), server::authentication(12, "v=" + std::string(44, 'A'))}) {
        startup_peer p(over_tls(wish::require));
        p.scram = scram_server("secret", "p=tls-server-end-point,,", hash);
        (void)p.output();
        p.receive(server::authentication(10, mechanisms_over_tls));
        p.receive(server::authentication(11, p.scram.first(p.output())));
        p.receive(wrong);
        EXPECT_EQ(p.now, verdict::failed);
    }
}

TEST(startup_binding, sslcertmode_require)
{
    tusk::session::login who = over_tls();
    who.certificate_lack = "the server did not request a certificate";
    expect_refusal(who, server::authentication(0), errc::authentication_refused);
}

} // namespace
