// Distributed under the Boost Software License, Version 1.0.
// Protocol versions, keys in place of passwords, and who runs client and server.
#include "integration/tls_support.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <pwd.h>
#include <sys/stat.h>

#include <array>
#include <vector>

namespace tusk_test {
namespace {

using tusk::errc;

struct opened {
    std::error_code ec;
    std::string text;
    tusk::session_info session;
    std::int32_t seen_pid = 0;
};

asio::awaitable<opened> open(std::string connection_string, tusk::connection_options options = {})
{
    auto executor = co_await asio::this_coro::executor;
    tusk::connection db(executor, options);
    auto [ec, diag] = co_await db.async_connect(connection_string, as_tuple);
    opened o;
    o.ec = ec;
    o.text = diag.message();
    if (!ec) {
        o.session = db.session();
        o.seen_pid = co_await db.async_query_one<std::int32_t>("select pg_backend_pid()");
        co_await db.async_close();
    }
    co_return o;
}

/// Who runs the server: the owner of its data.
std::string server_owner()
{
    struct stat info {};
    require(::stat(the_server().data.c_str(), &info) == 0, "the server's data directory");
    const passwd* owner = ::getpwuid(info.st_uid);
    require(owner != nullptr, "a name of the server's user");
    return owner->pw_name;
}

TEST(authentication, protocol_versions)
{
    run_loop([]() -> asio::awaitable<void> {
        const bool knows_3_2 = the_server().version >= 18;
        struct {
            const char* text;
            std::uint32_t protocol; // 0: refused by a server that does not know 3.2
        } const rows[] = {
            {"", 0x00030000},
            {"max_protocol_version=3.0", 0x00030000},
            {"max_protocol_version=3.2", knows_3_2 ? 0x00030002U : 0x00030000U},
            {"max_protocol_version=latest", knows_3_2 ? 0x00030002U : 0x00030000U},
            {"min_protocol_version=3.2", knows_3_2 ? 0x00030002U : 0U},
            {"min_protocol_version=latest max_protocol_version=3.2", knows_3_2 ? 0x00030002U : 0U},
        };
        for (const auto& row : rows) {
            const opened o = co_await open(where("tusk", {}, via::tcp, row.text));
            if (row.protocol == 0) {
                EXPECT_EQ(o.ec, errc::unsupported_protocol) << row.text << o.text;
                EXPECT_NE(o.text.find("min_protocol_version"), std::string::npos) << o.text;
                continue;
            }
            EXPECT_FALSE(o.ec) << row.text << o.text;
            EXPECT_EQ(o.session.protocol, row.protocol) << row.text;
            EXPECT_EQ(o.session.process_id, o.seen_pid);
            EXPECT_TRUE(o.session.cancellable);
        }
    });
}

TEST(authentication, session_tells_the_address)
{
    run_loop([]() -> asio::awaitable<void> {
        const server& s = the_server();
        EXPECT_EQ((co_await open(where())).session.address, "127.0.0.1:" + s.port);
        const opened local = co_await open(where("tusk", {}, via::unix_socket));
        EXPECT_EQ(local.session.address, s.socket_dir + "/.s.PGSQL." + s.port);
        EXPECT_EQ(local.session.authentication, "trust");
        EXPECT_EQ(local.session.protocol_major(), 3);
        EXPECT_EQ(local.session.protocol_minor(), 0);
        if (!s.host6.empty())
            EXPECT_EQ((co_await open(where("tusk", {}, via::tcp6))).session.address, "[::1]:" + s.port);
    });
}

TEST(authentication, requirepeer)
{
    run_loop([]() -> asio::awaitable<void> {
        const std::string owner = server_owner();
        const opened good = co_await open(where("tusk", {}, via::unix_socket, "requirepeer=" + quote(owner)));
        EXPECT_FALSE(good.ec) << good.text;
        const opened bad = co_await open(where("tusk", {}, via::unix_socket, "requirepeer=somebody-else"));
        EXPECT_EQ(bad.ec, errc::peer_mismatch);
        EXPECT_NE(bad.text.find("somebody-else"), std::string::npos) << bad.text;
        EXPECT_NE(bad.text.find(owner), std::string::npos) << bad.text;
        const opened tcp = co_await open(where("tusk", {}, via::tcp, "requirepeer=somebody-else"));
        EXPECT_FALSE(tcp.ec) << tcp.text;
    });
}

TEST(authentication, peer)
{
    run_loop([]() -> asio::awaitable<void> {
        const opened good = co_await open(where("tusk_peer", {}, via::unix_socket));
        EXPECT_FALSE(good.ec) << good.text;
        EXPECT_EQ(good.session.authentication, "trust");
        const opened forbidden =
            co_await open(where("tusk_peer", {}, via::unix_socket, "require_auth=!none"));
        EXPECT_EQ(forbidden.ec, errc::authentication_refused);
        const opened tcp = co_await open(where("tusk_peer"));
        EXPECT_EQ(tcp.ec, tusk::sqlstate::invalid_authorization_specification);
    });
}

/// HMAC(PBKDF2(password, salt, rounds), "Client Key"), all base64 (RFC 5802), by OpenSSL alone.
std::string scram_client_key(const std::string& password, const std::string& salt, int rounds)
{
    std::vector<unsigned char> raw(salt.size());
    int size = EVP_DecodeBlock(raw.data(), reinterpret_cast<const unsigned char*>(salt.data()),
                               static_cast<int>(salt.size()));
    for (auto at = salt.rbegin(); at != salt.rend() && *at == '='; ++at) --size;
    std::array<unsigned char, SHA256_DIGEST_LENGTH> salted{}, key{};
    require(PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), raw.data(), size, rounds,
                              EVP_sha256(), static_cast<int>(salted.size()), salted.data()) == 1,
            "PBKDF2");
    HMAC(EVP_sha256(), salted.data(), static_cast<int>(salted.size()),
         reinterpret_cast<const unsigned char*>("Client Key"), 10, key.data(), nullptr);
    std::array<unsigned char, 45> text{};
    EVP_EncodeBlock(text.data(), key.data(), static_cast<int>(key.size()));
    return reinterpret_cast<const char*>(text.data());
}

/// The client's key, which needs the password, and the server's, which the verifier holds.
asio::awaitable<std::string> scram_keys_of(std::string role, std::string password)
{
    auto executor = co_await asio::this_coro::executor;
    tusk::connection db(executor);
    co_await db.async_connect(where());
    const auto verifier = co_await db.async_query_one<std::string>(
        tusk::sql("select rolpassword from pg_authid where rolname = $1::text", role));
    co_await db.async_close();
    // SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>
    const auto salt_at = verifier.find(':') + 1, stored_at = verifier.find('$', salt_at) + 1;
    const int rounds = std::stoi(verifier.substr(verifier.find('$') + 1));
    std::string salt = verifier.substr(salt_at, stored_at - 1 - salt_at);
    co_return scram_client_key(password, salt, rounds) + ' ' +
        verifier.substr(verifier.find(':', stored_at) + 1);
}

TEST(authentication, scram_keys)
{
    run_loop([]() -> asio::awaitable<void> {
        const std::string both = co_await scram_keys_of("tusk_scram", the_server().password);
        const std::string client = both.substr(0, both.find(' ')), verify = both.substr(both.find(' ') + 1);
        const auto keys = [](const std::string& c, const std::string& s) {
            return "scram_client_key=" + c + " scram_server_key=" + s;
        };
        const opened good = co_await open(where("tusk_scram", {}, via::tcp, keys(client, verify)));
        EXPECT_FALSE(good.ec) << good.text;
        EXPECT_EQ(good.session.authentication, "scram-sha-256");
        const opened no_client = co_await open(where("tusk_scram", {}, via::tcp, keys(verify, verify)));
        EXPECT_EQ(no_client.ec, tusk::sqlstate::invalid_password) << no_client.text;
        const opened no_server = co_await open(where("tusk_scram", {}, via::tcp, keys(client, client)));
        EXPECT_EQ(no_server.ec, errc::server_not_verified) << no_server.text;
        // md5 cannot do with them
        const opened md5 = co_await open(where("tusk_md5", {}, via::tcp, keys(client, verify)));
        EXPECT_EQ(md5.ec, errc::password_missing) << md5.text;
    });
}

TEST(authentication, scram_keys_bound_to_tls)
{
    const tls_server lock;
    std::string both;
    run_loop(
        [&]() -> asio::awaitable<void> { both = co_await scram_keys_of("tusk_tls", the_server().password); });
    const std::string client = both.substr(0, both.find(' ')), verify = both.substr(both.find(' ') + 1);
    const login_outcome o = try_login(
        "tusk_tls", "sslmode=require channel_binding=require password='' scram_client_key=" + client +
                        " scram_server_key=" + verify);
    EXPECT_FALSE(o.ec) << o.text;
    EXPECT_EQ(o.method, "scram-sha-256-plus");
}

TEST(authentication, password_provider)
{
    run_loop([]() -> asio::awaitable<void> {
        for (const char* user : {"tusk_scram", "tusk_md5", "tusk_password"}) {
            tusk::connection_options options;
            int asked = 0;
            options.password_provider = [&](const tusk::credential_request& who,
                                            const tusk::credential_handler& done) {
                ++asked;
                EXPECT_EQ(who.user, user);
                EXPECT_EQ(who.host, the_server().socket_dir);
                EXPECT_EQ(who.port, the_server().port);
                EXPECT_EQ(who.database, the_server().database);
                done({}, the_server().password);
            };
            const opened o = co_await open(where(user, "not this one", via::unix_socket), options);
            EXPECT_FALSE(o.ec) << o.text;
            EXPECT_EQ(asked, 1) << user;
        }
    });
}

} // namespace
} // namespace tusk_test
