// Distributed under the Boost Software License, Version 1.0.
#include "gss/gss_support.hpp"

#include <array>

namespace tusk_test {
namespace {

using tusk::errc;

bool holds(const login_outcome& o, std::string_view words) { return o.text.find(words) != std::string::npos; }

TEST(gss_login, with_a_ticket)
{
    const kerberos k("ada.cc");
    for (const char* extra :
         {"", "require_auth=gss", "require_auth=!password,!none", "gssdelegation=1", "gsslib=gssapi",
          "krbsrvname=postgres", "sslmode=require", "connect_timeout=20"}) {
        const login_outcome o = try_gss("tusk_gss", extra);
        EXPECT_FALSE(o.ec) << extra << ": " << o.ec.message() << ": " << o.text;
        EXPECT_EQ(o.method, "gss");
        EXPECT_EQ(o.server_says, "authenticated");
        EXPECT_EQ(o.tls.used, std::string_view(extra) == "sslmode=require");
    }
}

TEST(gss_login, many_at_once_on_one_thread)
{
    const kerberos k("ada.cc");
    constexpr int number = 20;
    asio::io_context io;
    std::vector<tusk::connection> all;
    int in = 0;
    const std::string to =
        where("tusk_gss", {}, via::tcp, "host=localhost hostaddr=127.0.0.1 sslmode=disable");
    for (int i = 0; i != number; ++i) all.emplace_back(io);
    for (auto& db : all)
        db.async_connect(to, [&](std::error_code ec, const tusk::diagnostics& diag) {
            EXPECT_FALSE(ec) << ec.message() << ": " << diag.message();
            ++in;
            db.async_close([](std::error_code closed, const tusk::diagnostics&) { EXPECT_FALSE(closed); });
        });
    io.run_for(std::chrono::seconds(60));
    EXPECT_EQ(in, number);
}

TEST(gss_login, without_a_ticket)
{
    const kerberos k("none.cc");
    const login_outcome o = try_gss("tusk_gss", "");
    EXPECT_EQ(o.ec, errc::gssapi_failed) << o.text;
    EXPECT_TRUE(holds(o, "No Kerberos credentials available")) << o.text;
}

TEST(gss_login, expired_ticket)
{
    const kerberos k("expired.cc");
    const login_outcome o = try_gss("tusk_gss", "");
    EXPECT_EQ(o.ec, errc::gssapi_failed) << o.text;
    EXPECT_TRUE(holds(o, "Ticket expired")) << o.text;
}

TEST(gss_login, wrong_service)
{
    const kerberos k("ada.cc");
    const login_outcome unknown = try_gss("tusk_gss", "krbsrvname=nobody");
    EXPECT_EQ(unknown.ec, errc::gssapi_failed) << unknown.text;
    EXPECT_TRUE(holds(unknown, "nobody/localhost@TUSK.TEST not found")) << unknown.text;
    // a key that the server does not have
    const login_outcome other = try_gss("tusk_gss", "krbsrvname=other");
    EXPECT_TRUE(other.ec) << other.text;
}

TEST(gss_login, wrong_host)
{
    const kerberos k("ada.cc");
    EXPECT_EQ(try_gss("tusk_gss", "host=elsewhere.test").ec, errc::gssapi_failed);
    const login_outcome o = try_gss("tusk_gss", "host=''");
    EXPECT_EQ(o.ec, errc::gssapi_failed) << o.text;
    EXPECT_TRUE(holds(o, "host must be given")) << o.text;
}

TEST(gss_login, wrong_realm_and_wrong_user)
{
    {
        const kerberos k("ada.cc");
        const login_outcome realm = try_gss("tusk_gss_realm", "");
        EXPECT_EQ(realm.ec, tusk::sqlstate::invalid_authorization_specification) << realm.text;
    }
    const kerberos k("stranger.cc");
    const login_outcome user = try_gss("tusk_gss", "");
    EXPECT_EQ(user.ec, tusk::sqlstate::invalid_authorization_specification) << user.text;
    EXPECT_TRUE(holds(user, "GSSAPI authentication failed")) << user.text;
}

TEST(gss_login, require_auth)
{
    const kerberos k("ada.cc");
    for (const char* policy : {"!gss", "scram-sha-256", "none"}) {
        const login_outcome o = try_gss("tusk_gss", std::string("require_auth=") + policy);
        EXPECT_EQ(o.ec, errc::authentication_refused) << o.text;
        EXPECT_TRUE(holds(o, "require_auth forbids")) << o.text;
    }
    // who is trusted has proved nothing
    EXPECT_EQ(try_gss("tusk", "require_auth=gss").ec, errc::authentication_refused);
    EXPECT_EQ(try_gss("tusk_gss", "sslmode=require channel_binding=require").ec,
              errc::channel_binding_required);
}

} // namespace
} // namespace tusk_test
