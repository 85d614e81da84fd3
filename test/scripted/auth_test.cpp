// Distributed under the Boost Software License, Version 1.0.
#include "scripted/client.hpp"
#include "scripted/scram_peer.hpp"

#include <gtest/gtest.h>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>

#include <algorithm>
#include <ctime>

using namespace scripted;
using tusk::errc;
using tusk::outcome;

namespace {

/// What this thread has worked: how long it was kept from working does not count.
std::chrono::nanoseconds cpu_time()
{
    timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

/// A login that the client must refuse after this answer to its StartupMessage, without another byte.
event refuse(const std::string& answer, const std::string& more, bool unix_socket = false)
{
    scripted_server server(scripted_server::once([&](peer& p) {
                               p.expect_startup();
                               p.send(answer);
                               p.expect_end();
                           }),
                           {.unix_socket = unix_socket});
    client c;
    event e = c.connect(server.where(more));
    EXPECT_FALSE(c.db.is_open());
    EXPECT_EQ(e.text().find("secret"), std::string::npos) << e.text();
    return e;
}

/// A login with one answer to a request; gives that answer.
std::string give(const std::string& request, const std::string& more, std::string_view method,
                 bool unix_socket = false)
{
    std::string given;
    scripted_server server(scripted_server::once([&](peer& p) {
                               p.expect_startup();
                               p.send(request);
                               given = p.expect("p")[0].body;
                               p.send(login_messages());
                               p.wait_for_end();
                           }),
                           {.unix_socket = unix_socket});
    {
        client c;
        EXPECT_TRUE(c.open(server.where(more)));
        EXPECT_EQ(c.db.authentication_method(), method);
    }
    server.finish();
    return given;
}

const std::string cleartext = authentication(3);
const std::string md5 = authentication(5, "\1\2\3\4");

} // namespace

TEST(auth, cleartext_password_over_tcp_only_when_it_is_listed)
{
    expect_failure(refuse(cleartext, "password=secret"), errc::authentication_refused, outcome::not_sent);
    expect_failure(refuse(cleartext, "password=secret require_auth=!md5"), errc::authentication_refused,
                   outcome::not_sent);
    EXPECT_EQ(give(cleartext, "password=secret require_auth=password", "password"), cstring("secret"));
}

TEST(auth, cleartext_password_over_a_unix_socket)
{
    EXPECT_EQ(give(cleartext, "password=secret", "password", true), cstring("secret"));
    expect_failure(refuse(cleartext, "password=secret require_auth=scram-sha-256", true),
                   errc::authentication_refused, outcome::not_sent);
}

TEST(auth, md5_password)
{
    EXPECT_EQ(give(md5, "password=secret", "md5"), cstring("md5164dbcd37c01a78e869e72965960a754"));
    expect_failure(refuse(md5, "password=secret require_auth=!md5"), errc::authentication_refused,
                   outcome::not_sent);
    expect_failure(refuse(authentication(5, "\1\2\3"), "password=secret"), errc::not_postgresql,
                   outcome::not_sent);
}

TEST(auth, password_missing)
{
    const std::string sasl = authentication(10, cstring("SCRAM-SHA-256") + '\0');
    expect_failure(refuse(md5, ""), errc::password_missing, outcome::not_sent);
    expect_failure(refuse(sasl, ""), errc::password_missing, outcome::not_sent);
    expect_failure(refuse(cleartext, "require_auth=password"), errc::password_missing, outcome::not_sent);
}

TEST(auth, trust_when_a_proof_is_required)
{
    expect_failure(refuse(joined(login_messages()), "password=secret require_auth=scram-sha-256"),
                   errc::authentication_refused, outcome::not_sent);
    expect_failure(refuse(joined(login_messages()), "require_auth=!none"), errc::authentication_refused,
                   outcome::not_sent);
}

TEST(auth, unknown_methods)
{
    for (const std::uint32_t code : {2U, 9U})
        expect_failure(refuse(authentication(code), "password=secret"), errc::authentication_unsupported,
                       outcome::not_sent);
    EXPECT_TRUE(refuse(authentication(99), "password=secret").ec());
    const std::string plus =
        authentication(10, cstring("SCRAM-SHA-256-PLUS") + cstring("SCRAM-SHA-256") + '\0');
    expect_failure(refuse(plus, "password=secret"), errc::authentication_refused,
                   outcome::not_sent);              // without TLS
    for (const std::uint32_t code : {8U, 11U, 12U}) // continued without having begun
        expect_failure(refuse(authentication(code, "r=x"), "password=secret"), errc::authentication_protocol,
                       outcome::not_sent);
}

TEST(auth, scram)
{
    scripted_server server(scripted_server::once([](peer& p) {
        scram_peer scram(p, 4096);
        scram.challenge();
        p.send(authentication(12, scram.signature("secret")));
        p.send(login_messages());
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where("password=secret require_auth=scram-sha-256")));
    EXPECT_EQ(c.db.authentication_method(), "scram-sha-256");
}

TEST(auth, scram_server_that_proves_nothing)
{
    enum class trick { after_initial, after_final, wrong_password, twice };
    for (const trick how : {trick::after_initial, trick::after_final, trick::wrong_password}) {
        SCOPED_TRACE(static_cast<int>(how));
        scripted_server server(scripted_server::once([&](peer& p) {
            scram_peer scram(p, 4096);
            if (how == trick::after_initial) {
                p.expect_startup();
                p.send(authentication(10, cstring("SCRAM-SHA-256") + '\0'));
                p.expect("p");
                p.send(login_messages());
                return p.expect_end();
            }
            scram.challenge();
            const std::string signature = scram.signature("not the password");
            if (how == trick::wrong_password) p.send(authentication(12, signature));
            p.send(login_messages());
            p.wait_for_end();
        }));
        client c;
        const event e = c.connect(server.where("password=secret"));
        expect_failure(e, errc::server_not_verified, outcome::not_sent);
        EXPECT_FALSE(c.db.is_open());
    }
}

TEST(auth, scram_wrong_password_is_the_servers_answer)
{
    scripted_server server(scripted_server::once([](peer& p) {
        scram_peer scram(p, 4096);
        scram.challenge();
        p.expect("p");
        p.send(error_response("28P01", "password authentication failed for user \"ada\"", "FATAL"));
    }));
    client c;
    const event e = c.connect(server.where("password=wrong"));
    expect_failure(e, tusk::sqlstate::invalid_password, outcome::not_sent);
    EXPECT_EQ(e.diag().message(), "password authentication failed for user \"ada\"");
}

TEST(auth, scram_iterations_above_the_cap_are_refused_before_any_hashing)
{
    for (const std::uint32_t iterations : {100'001U, 2'000'000'000U, 4'294'967'295U}) {
        scripted_server server([&](scripted_server& s) {
            peer neighbour = s.accept();
            neighbour.login();
            peer p = s.accept();
            scram_peer(p, iterations).challenge();
            p.expect_end();
            neighbour.expect("PDBES");
            neighbour.send(first_answer(8));
            neighbour.wait_for_end();
        });
        client c;
        ASSERT_TRUE(c.open(server.where()));
        tusk::connection hashing(c.ctx);
        event e;
        const auto before = cpu_time();
        hashing.async_connect(server.where("password=secret"), e);
        const number n = c.ask("select 8");
        c.wait(e);
        EXPECT_LT(cpu_time() - before, std::chrono::milliseconds(100));
        expect_failure(e, errc::authentication_refused, outcome::not_sent);
        c.wait(n);
        expect_number(n, 8);
    }
}

TEST(auth, scram_cap_is_an_option)
{
    tusk::connection_options options;
    options.scram_max_iterations = 4096;
    scripted_server server(scripted_server::once([&](peer& p) {
        scram_peer(p, 4097).challenge();
        p.expect_end();
    }));
    client c(options);
    expect_failure(c.connect(server.where("password=secret")), errc::authentication_refused,
                   outcome::not_sent);
}

TEST(auth, scram_with_many_iterations_lets_others_have_their_turn)
{
    scripted_server server(scripted_server::once([](peer& p) {
        scram_peer scram(p, 100'000);
        scram.challenge();
        p.send(authentication(12, scram.signature("secret")));
        p.send(login_messages());
        p.wait_for_end();
    }));
    client c;
    event e;
    c.db.async_connect(server.where("password=secret"), e);
    int turns = 0;
    run_until(c.ctx, [&] { // asked before each handler
        ++turns;
        return e.done();
    });
    EXPECT_FALSE(e.ec()) << e.text();
    EXPECT_GE(turns, 100'000 / 4096); // no single handler did the hashing
}

TEST(auth, cancelling_ends_the_hashing)
{
    client c;
    asio::cancellation_signal stop;
    scripted_server server(scripted_server::once([&](peer& p) {
        scram_peer(p, 100'000).challenge();
        asio::post(c.ctx, [&] { stop.emit(asio::cancellation_type::terminal); });
        p.wait_for_end();
    }));
    event e;
    c.db.async_connect(server.where("password=secret"), asio::bind_cancellation_slot(stop.slot(), e));
    c.wait(e);
    expect_failure(e, asio::error::operation_aborted, outcome::not_sent);
    EXPECT_FALSE(c.db.is_open());
}
