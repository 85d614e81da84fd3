// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "startup_peer.hpp"

#include <initializer_list>
#include <memory>
#include <string>

/// The pieces that dialogues of a start-up are put together from.
namespace session_test {

inline tusk::session::login somebody()
{
    tusk::session::login who;
    who.user = "ada";
    who.database = "engine";
    who.password = tusk::auth::secret_string("secret");
    who.has_password = true;
    return who;
}

inline tusk::session::login nobody()
{
    tusk::session::login who = somebody();
    who.has_password = false;
    who.password = {};
    return who;
}

/// Somebody who requires these methods.
inline tusk::session::login requiring(std::initializer_list<tusk::conn::auth_method> methods)
{
    tusk::session::login who = somebody();
    for (tusk::conn::auth_method m : methods) who.policy.list(m);
    return who;
}

inline tusk::session::login speaking(std::uint32_t newest, std::uint32_t oldest = 0x00030000)
{
    tusk::session::login who = nobody();
    who.max_protocol = newest;
    who.min_protocol = oldest;
    return who;
}

inline std::string hello(std::uint32_t version = 0x00030000)
{
    const std::string body = int32(version) + zero_ended("user") + zero_ended("ada") +
                             zero_ended("database") + zero_ended("engine") + zero_ended("client_encoding") +
                             zero_ended("UTF8") + '\0';
    return int32(static_cast<std::uint32_t>(body.size() + 4)) + body;
}

inline startup_dialogue login(const tusk::session::login& who)
{
    return startup_dialogue([who] { return std::make_unique<startup_peer>(who); });
}

inline startup_dialogue login_after_hello(const tusk::session::login& who)
{
    auto d = login(who);
    d.client(hello(who.max_protocol));
    return d;
}

/// What comes after AuthenticationOk.
inline std::string welcome()
{
    return server::parameter("client_encoding", "UTF8") + server::parameter("server_version", "18.4") +
           server::key_data(42, "abcd") + server::ready();
}

inline const std::string mechanisms = zero_ended("SCRAM-SHA-256") + '\0';
/// What a server offers over TLS.
inline const std::string mechanisms_over_tls = zero_ended("SCRAM-SHA-256-PLUS") + mechanisms;

inline void expect_failure(const startup_dialogue& d, std::error_code why)
{
    const auto end = d.play_every_way();
    EXPECT_EQ(end->now, startup_peer::verdict::failed);
    EXPECT_EQ(end->machine.error(), why) << end->summary();
    EXPECT_FALSE(end->machine.diag().empty());
}

inline startup_dialogue scram_until_final()
{
    auto d = login_after_hello(somebody());
    d.server(server::authentication(10, mechanisms));
    d.server_makes([](startup_peer& p) {
        return server::authentication(11, p.damaged() ? "x" : p.scram.first(p.output()));
    });
    return d;
}

} // namespace session_test
