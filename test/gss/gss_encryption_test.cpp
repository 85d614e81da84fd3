// Distributed under the Boost Software License, Version 1.0.
#include "gss/gss_support.hpp"
#include "scripted/client.hpp"

#include <array>

namespace tusk_test {
namespace {

using tusk::errc;

/// What gssencmode=disable, prefer and require lead to.
void expect_ways(const char* user, std::array<std::string_view, 3> ways, const char* extra = "")
{
    constexpr std::array<const char*, 3> modes{"disable", "prefer", "require"};
    for (std::size_t i = 0; i != modes.size(); ++i) {
        const login_outcome o = try_gss(user, std::string("gssencmode=") + modes[i] + ' ' + extra);
        EXPECT_EQ(way_of(o), ways[i]) << user << ' ' << modes[i] << ": " << o.ec.message() << ": " << o.text;
        if (!o.ec) EXPECT_EQ(o.method, "gss");
    }
}

TEST(gss_encryption, modes)
{
    const kerberos k("ada.cc");
    constexpr const char* both = "authenticated encrypted";
    expect_ways("tusk_gss", {"authenticated", both, both});
    expect_ways("tusk_gssenc", {"failed", both, both});
    expect_ways("tusk_nogssenc", {"authenticated", "authenticated", "failed"});
    expect_ways("tusk_gss", {"authenticated", both, both}, "require_auth=gss");
    // TLS is another way, not one on top
    expect_ways("tusk_gss", {"authenticated tls", both, both}, "sslmode=require");
    expect_ways("tusk_nogssenc", {"authenticated tls", "authenticated tls", "failed"}, "sslmode=prefer");
}

TEST(gss_encryption, default_is_disable)
{
    const kerberos k("ada.cc");
    EXPECT_EQ(way_of(try_gss("tusk_gss", "")), "authenticated");
}

TEST(gss_encryption, cancelling_is_encrypted_too)
{
    const kerberos k("ada.cc");
    run_loop([]() -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::connection db(executor);
        co_await db.async_connect(
            where("tusk_gssenc", {}, via::tcp,
                  "host=localhost hostaddr=127.0.0.1 sslmode=disable gssencmode=require"));
        auto [ec, value] = co_await db.async_execute(
            tusk::sql("select pg_sleep(1000)").timeout(std::chrono::milliseconds(5)), as_tuple);
        EXPECT_EQ(ec, errc::timed_out);
        co_await expect_usable(db);
        co_await db.async_close();
    });
}

TEST(gss_encryption, without_a_ticket)
{
    for (const char* cache : {"none.cc", "expired.cc"}) {
        const kerberos k(cache);
        EXPECT_EQ(way_of(try_gss("tusk", "gssencmode=prefer")), "");
        const login_outcome o = try_gss("tusk", "gssencmode=require");
        EXPECT_EQ(o.ec, errc::gssapi_failed) << o.text;
    }
}

TEST(gss_encryption, wrong_service)
{
    const kerberos k("ada.cc");
    for (const char* service : {"other", "nobody"}) {
        const std::string extra = std::string("krbsrvname=") + service;
        EXPECT_EQ(way_of(try_gss("tusk", "gssencmode=prefer " + extra)), "") << service;
        EXPECT_TRUE(try_gss("tusk", "gssencmode=require " + extra).ec) << service;
    }
}

TEST(gss_encryption, never_over_a_unix_socket)
{
    const kerberos k("ada.cc");
    run_loop([]() -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::connection db(executor);
        auto [ec, diag] =
            co_await db.async_connect(where("tusk", {}, via::unix_socket, "gssencmode=require"), as_tuple);
        EXPECT_EQ(ec, errc::gssapi_failed) << diag.message();
        co_await db.async_connect(where("tusk", {}, via::unix_socket, "gssencmode=prefer"));
        co_await db.async_close();
    });
}

TEST(gss_encryption, trust_is_no_gss_when_it_is_not_encrypted)
{
    const kerberos k("ada.cc");
    // the context of the encryption has proved who both are
    EXPECT_EQ(way_of(try_gss("tusk", "gssencmode=require require_auth=gss")), " encrypted");
    EXPECT_EQ(try_gss("tusk", "gssencmode=require require_auth=scram-sha-256").ec,
              errc::authentication_refused);
}

/// Bytes of many sizes, there and back, over both sides' packets and beyond.
TEST(gss_encryption, large_and_many)
{
    const kerberos k("ada.cc");
    run_loop([]() -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::connection db(executor);
        co_await db.async_connect(
            where("tusk_gss", {}, via::tcp, "host=localhost hostaddr=127.0.0.1 gssencmode=require"));
        for (const std::size_t size : {0u, 1u, 16'000u, 16'383u, 16'384u, 70'000u, 5'000'000u}) {
            const std::string sent(size, 'x');
            const auto back = co_await db.async_query_one<std::string>(tusk::sql("select $1::text", sent));
            EXPECT_TRUE(back == sent) << size;
        }
        std::vector<reply<tusk::single<std::int32_t>>> replies;
        for (int i = 0; i != 500; ++i) {
            replies.emplace_back(db);
            db.async_query_one<std::int32_t>(tusk::sql("select $1::int4", i), replies.back().token());
        }
        for (int i = 0; i != 500; ++i) {
            co_await replies[static_cast<std::size_t>(i)].wait();
            EXPECT_EQ(replies[static_cast<std::size_t>(i)].value().value(), i);
        }
        const auto rows = co_await db.async_query_one<std::int64_t>(
            "select sum(n)::int8 from (select n, repeat('y', 1000) from generate_series(1, 20000) n) s");
        EXPECT_EQ(rows, 200'010'000);
        co_await db.async_close();
    });
}

} // namespace
} // namespace tusk_test

using namespace scripted;

namespace {

/// A server that gives this answer to the request for encryption.
event answer_request_with(const std::string& answer, std::string_view mode)
{
    const tusk_test::kerberos k("ada.cc");
    scripted_server server(scripted_server::once([&](peer& p) {
        p.expect_gss_request();
        p.send(answer);
        p.wait_for_end();
    }));
    client c;
    return c.connect(server.where("host=localhost hostaddr=127.0.0.1 gssencmode=" + std::string(mode)));
}

} // namespace

TEST(gss_encryption_hostile, answers_that_end_it_in_every_mode)
{
    const std::string error = error_response("08000", "words of somebody on the way", "FATAL");
    for (const char* mode : {"prefer", "require"}) {
        const event e = answer_request_with(error, mode);
        expect_failure(e, tusk::errc::gssapi_failed, tusk::outcome::not_sent);
        EXPECT_EQ(e.text().find("words of somebody"), std::string::npos) << e.text();
        // stuffed: bytes in clear right behind the consent
        expect_failure(answer_request_with("G" + joined(login_messages()), mode), tusk::errc::gssapi_failed,
                       tusk::outcome::not_sent);
        expect_failure(answer_request_with("H", mode), tusk::errc::not_postgresql, tusk::outcome::not_sent);
    }
    expect_failure(answer_request_with("N", "require"), tusk::errc::gssapi_failed, tusk::outcome::not_sent);
}

TEST(gss_encryption_hostile, tokens)
{
    const std::string tokens[] = {int32(0),
                                  int32(65'537),
                                  int32(0x7fffffff),
                                  int32(0xffffffff),
                                  int32(5) + "abcde",
                                  int32(65'536) + std::string(65'536, 'x'),
                                  error_response("08000", "in clear", "FATAL")};
    for (const std::string& token : tokens) {
        const tusk_test::kerberos k("ada.cc");
        scripted_server server(scripted_server::once([&](peer& p) {
            p.expect_gss_request();
            p.send("G");
            p.expect_gss_token();
            p.send(token);
            p.wait_for_end();
        }));
        client c;
        expect_failure(c.connect(server.where("host=localhost hostaddr=127.0.0.1 gssencmode=require")),
                       tusk::errc::gssapi_failed, tusk::outcome::not_sent);
    }
}
