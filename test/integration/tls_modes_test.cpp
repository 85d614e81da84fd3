// Distributed under the Boost Software License, Version 1.0.
#include "integration/tls_support.hpp"

#include <array>

namespace tusk_test {
namespace {

using tusk::errc;

constexpr std::array<const char*, 6> modes{"disable", "allow",     "prefer",
                                           "require", "verify-ca", "verify-full"};

struct expectation {
    const char* user;
    std::array<const char*, 6> ways;
};

void expect_ways(const expectation& e)
{
    const std::string root = " sslrootcert=" + quote(tls_file("root.crt"));
    for (std::size_t i = 0; i < modes.size(); ++i) {
        const login_outcome o = try_login(e.user, std::string("sslmode=") + modes[i] + root);
        EXPECT_EQ(way_of(o), e.ways[i])
            << e.user << ' ' << modes[i] << ": " << o.ec.message() << ": " << o.text;
    }
}

TEST(tls_modes, server_that_takes_both)
{
    const tls_server lock;
    expect_ways({"tusk", {"plain", "plain", "tls", "tls", "tls", "tls"}});
    expect_ways({"tusk_scram", {"plain", "plain", "tls", "tls", "tls", "tls"}});
}

TEST(tls_modes, hostssl_only)
{
    const tls_server lock;
    expect_ways({"tusk_tls", {"failed", "tls", "tls", "tls", "tls", "tls"}});
}

TEST(tls_modes, hostnossl_only)
{
    const tls_server lock;
    expect_ways({"tusk_plain", {"plain", "plain", "plain", "failed", "failed", "failed"}});
    const login_outcome o = try_login("tusk_plain", "sslmode=require");
    EXPECT_EQ(o.ec, tusk::sqlstate::invalid_authorization_specification) << o.text;
}

TEST(tls_modes, server_without_tls)
{
    tls_server server;
    server.switch_off();
    expect_ways({"tusk_scram", {"plain", "plain", "plain", "failed", "failed", "failed"}});
    const login_outcome o = try_login("tusk_scram", "sslmode=require");
    EXPECT_EQ(o.ec, errc::tls_not_offered) << o.text;
    EXPECT_NE(o.text.find("does not take TLS"), std::string::npos) << o.text;
}

TEST(tls_modes, what_the_connection_tells)
{
    const tls_server lock;
    const login_outcome o =
        try_login("tusk", "sslmode=verify-full sslrootcert=" + quote(tls_file("root.crt")));
    ASSERT_FALSE(o.ec) << o.text;
    EXPECT_EQ(o.server_says, o.tls.protocol + ' ' + o.tls.cipher + ' ' + std::to_string(o.tls.key_bits));
    EXPECT_EQ(o.tls.protocol, "TLSv1.3");
    EXPECT_EQ(o.tls.peer_subject, "CN=localhost");
    EXPECT_EQ(o.tls.peer_issuer, "CN=tusk test intermediate");
    EXPECT_EQ(o.tls.verification, tusk::tls_verification::host);
    EXPECT_EQ(o.tls.alpn, the_server().version >= 17 ? "postgresql" : "");
    ASSERT_GT(o.tls.peer_certificate.size(), 100u);
    EXPECT_EQ(o.tls.peer_certificate.front(), std::byte{0x30});

    const login_outcome unchecked = try_login("tusk", "sslmode=require");
    EXPECT_EQ(unchecked.tls.verification, tusk::tls_verification::none);
    const login_outcome plain = try_login("tusk", "sslmode=disable");
    EXPECT_FALSE(plain.tls);
    EXPECT_TRUE(plain.tls.protocol.empty());
}

TEST(tls_modes, wrong_password_is_tried_both_ways_and_told)
{
    const tls_server lock;
    for (const char* mode : {"allow", "prefer", "require"})
        for (const char* user : {"tusk_scram", "tusk_tls", "tusk_plain"}) {
            if (std::string_view(mode) == "require" && std::string_view(user) == "tusk_plain") continue;
            const login_outcome o = try_login(user, std::string("password=wrong sslmode=") + mode);
            EXPECT_EQ(o.ec, tusk::sqlstate::invalid_password) << user << ' ' << mode << ": " << o.text;
        }
}

TEST(tls_modes, versions)
{
    const tls_server lock;
    EXPECT_EQ(try_login("tusk", "sslmode=require ssl_max_protocol_version=tlsv1.2").tls.protocol, "TLSv1.2");
    EXPECT_EQ(try_login("tusk", "sslmode=require ssl_min_protocol_version=TLSv1.3").tls.protocol, "TLSv1.3");
}

TEST(tls_modes, versions_without_overlap)
{
    tls_server server;
    server.set("ssl_max_protocol_version", "TLSv1.2");
    const login_outcome o = try_login("tusk", "sslmode=require ssl_min_protocol_version=TLSv1.3");
    EXPECT_EQ(o.ec, errc::tls_failed);
    EXPECT_NE(o.text.find("ssl_min_protocol_version"), std::string::npos) << o.text;
    EXPECT_EQ(way_of(try_login("tusk", "sslmode=prefer ssl_min_protocol_version=TLSv1.3")), "plain");
}

TEST(tls_modes, direct)
{
    const tls_server lock;
    const login_outcome o = try_login("tusk_tls", "sslmode=require sslnegotiation=direct");
    if (the_server().version >= 17) {
        EXPECT_EQ(way_of(o), "tls") << o.text;
        EXPECT_EQ(o.tls.alpn, "postgresql");
    } else {
        EXPECT_TRUE(o.ec);
        EXPECT_NE(o.text.find("PostgreSQL 17"), std::string::npos) << o.text;
    }
    for (const char* weak : {"disable", "allow", "prefer"})
        EXPECT_EQ(try_login("tusk", std::string("sslnegotiation=direct sslmode=") + weak).ec,
                  errc::invalid_conninfo);
}

TEST(tls_modes, unix_sockets_have_no_tls)
{
    const tls_server lock;
    auto body = []() -> asio::awaitable<void> {
        tusk::connection db(co_await asio::this_coro::executor);
        co_await db.async_connect(
            where("tusk", {}, via::unix_socket, "sslmode=verify-full sslrootcert=/no/such"));
        EXPECT_FALSE(db.tls());
        co_await db.async_close();
    };
    run_loop(std::ref(body));
}

} // namespace
} // namespace tusk_test
