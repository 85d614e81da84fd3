// Distributed under the Boost Software License, Version 1.0.
#include "integration/tls_support.hpp"

namespace tusk_test {
namespace {

using tusk::errc;

std::string method_of(std::string_view extra)
{
    const login_outcome o = try_login("tusk_scram", "sslmode=require " + std::string(extra));
    EXPECT_FALSE(o.ec) << extra << ": " << o.ec.message() << ": " << o.text;
    return o.method;
}

TEST(tls_binding, taken_where_it_can_be)
{
    const tls_server lock;
    EXPECT_EQ(method_of(""), "scram-sha-256-plus");
    EXPECT_EQ(method_of("channel_binding=require"), "scram-sha-256-plus");
    EXPECT_EQ(method_of("channel_binding=disable"), "scram-sha-256");
    EXPECT_EQ(method_of("require_auth=scram-sha-256"), "scram-sha-256-plus");
    EXPECT_EQ(try_login("tusk_scram", "sslmode=disable").method, "scram-sha-256");
}

TEST(tls_binding, every_hash)
{
    tls_server server;
    for (const char* certificate : {"sha512", "pss"}) {
        server.present(certificate);
        EXPECT_EQ(method_of("channel_binding=require"), "scram-sha-256-plus") << certificate;
    }
}

TEST(tls_binding, impossible)
{
    tls_server server;
    server.present("ed25519");
    EXPECT_EQ(method_of(""), "scram-sha-256");
    const login_outcome o = try_login("tusk_scram", "sslmode=require channel_binding=require");
    EXPECT_EQ(o.ec, errc::channel_binding_required);
    EXPECT_NE(o.text.find("could not find digest for NID UNDEF"), std::string::npos) << o.text;
}

TEST(tls_binding, required_and_not_to_be_had)
{
    const tls_server lock;
    for (const char* user : {"tusk", "tusk_scram", "tusk_md5", "tusk_password"}) {
        const login_outcome plain = try_login(user, "sslmode=disable channel_binding=require");
        EXPECT_EQ(plain.ec, errc::channel_binding_required) << user << ": " << plain.text;
        if (std::string_view(user) == "tusk_scram") continue;
        const login_outcome o = try_login(user, "sslmode=require channel_binding=require");
        EXPECT_EQ(o.ec, errc::channel_binding_required) << user << ": " << o.text;
    }
}

TEST(tls_binding, policies)
{
    const tls_server lock;
    struct {
        const char* user;
        const char* policy;
        bool allowed;
    } const table[] = {
        {"tusk", "none", true},
        {"tusk", "!none", false},
        {"tusk", "scram-sha-256", false},
        {"tusk_scram", "scram-sha-256", true},
        {"tusk_scram", "!scram-sha-256", false},
        {"tusk_scram", "none", false},
        {"tusk_scram", "!none", true},
        {"tusk_scram", "none,scram-sha-256", true},
        {"tusk_scram", "password,md5,gss,sspi", false},
        {"tusk_md5", "md5", true},
        {"tusk_md5", "!md5", false},
        {"tusk_password", "password", true},
        {"tusk_password", "!password", false},
        {"tusk_password", "!md5,!scram-sha-256", true},
    };
    for (const auto& t : table) {
        const login_outcome o = try_login(t.user, std::string("sslmode=require require_auth=") + t.policy);
        EXPECT_EQ(o.ec, t.allowed ? std::error_code() : errc::authentication_refused)
            << t.user << ' ' << t.policy << ": " << o.text;
    }
}

TEST(tls_binding, password_in_clear_is_hidden_by_tls)
{
    const tls_server lock;
    EXPECT_EQ(try_login("tusk_password", "sslmode=require").method, "password");
    EXPECT_EQ(try_login("tusk_password", "sslmode=disable").ec, errc::authentication_refused);
}

} // namespace
} // namespace tusk_test
