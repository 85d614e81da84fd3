// Distributed under the Boost Software License, Version 1.0.
// Where the secrets of a login come from: functions of the user, keys, tokens; and who runs the server.
#include "scripted/client.hpp"
#include "scripted/scram_peer.hpp"

#include <gtest/gtest.h>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>

#include <pwd.h>
#include <unistd.h>

#include <stdexcept>
#include <thread>

using namespace scripted;
using tusk::errc;
using tusk::outcome;

namespace {

const std::string plain_password = authentication(3);
const std::string oauth = authentication(10, cstring("OAUTHBEARER") + '\0');
const std::string issuer = "oauth_issuer=https://id.example oauth_client_id=till oauth_scope=db";

tusk::connection_options asking(tusk::password_provider f)
{
    tusk::connection_options o;
    o.password_provider = std::move(f);
    return o;
}

tusk::connection_options asking_token(tusk::token_provider f)
{
    tusk::connection_options o;
    o.token_provider = std::move(f);
    return o;
}

/// A server that asks, and is sent nothing.
scripted_server::script in_vain(const std::string& request)
{
    return scripted_server::once([request](peer& p) {
        p.expect_startup();
        p.send(request);
        p.wait_for_end();
    });
}

/// A server that asks, takes this answer, and lets the client in.
scripted_server::script taking(const std::string& request, const std::string& answer)
{
    return scripted_server::once([request, answer](peer& p) {
        p.expect_startup();
        p.send(request);
        EXPECT_EQ(p.expect("p")[0].body, answer);
        p.send(login_messages());
        p.wait_for_end();
    });
}

constexpr scripted_server::options local{.unix_socket = true};

} // namespace

TEST(credentials, a_provider_answers_at_once_later_or_from_another_thread)
{
    enum class when { at_once, later, elsewhere, twice };
    for (const when how : {when::at_once, when::later, when::elsewhere, when::twice}) {
        SCOPED_TRACE(static_cast<int>(how));
        scripted_server server(taking(plain_password, cstring("given")), local);
        std::thread other;
        asio::io_context* ctx = nullptr;
        int asked = 0;
        client c(asking([&](const tusk::credential_request& who, tusk::credential_handler done) {
            ++asked;
            EXPECT_EQ(who.user, "ada");
            EXPECT_EQ(who.port, server.port());
            EXPECT_FALSE(who.encrypted);
            if (how == when::later) return asio::post(*ctx, [done] { done({}, "given"); });
            if (how == when::elsewhere) {
                other = std::thread([done] { done({}, "given"); });
                return;
            }
            done({}, "given");
            if (how == when::twice) done({}, "another");
        }));
        ctx = &c.ctx;
        // in place of the one in the connection string
        EXPECT_TRUE(c.open(server.where("password=not-this-one")));
        EXPECT_EQ(c.db.session().authentication, "password");
        EXPECT_EQ(asked, 1);
        if (other.joinable()) other.join();
        c.drop();
        server.finish();
    }
}

TEST(credentials, a_provider_is_asked_for_every_method_and_only_when_a_password_is)
{
    {
        scripted_server server(scripted_server::once([](peer& p) {
            scram_peer scram(p, 4096);
            scram.challenge();
            p.send(authentication(12, scram.signature("given")));
            p.send(login_messages());
            p.wait_for_end();
        }));
        client c(asking([](const auto&, const auto& done) { done({}, "given"); }));
        EXPECT_TRUE(c.open(server.where()));
    }
    scripted_server server(scripted_server::session([](peer& p) { p.wait_for_end(); }));
    client c(asking([](const auto&, const auto&) { ADD_FAILURE() << "nobody wants a password"; }));
    EXPECT_TRUE(c.open(server.where()));
    c.drop();
}

TEST(credentials, a_provider_is_not_asked_when_the_method_is_refused)
{
    const auto nobody = asking([](const auto&, const auto&) { ADD_FAILURE() << "asked before the check"; });
    for (const char* policy : {"require_auth=scram-sha-256", "require_auth=!password", "require_auth=none"}) {
        scripted_server server(in_vain(plain_password), local);
        client c(nobody);
        expect_failure(c.connect(server.where(policy)), errc::authentication_refused, outcome::not_sent);
    }
    scripted_server open_network(in_vain(plain_password));
    client c(nobody);
    expect_failure(c.connect(open_network.where()), errc::authentication_refused, outcome::not_sent);
}

TEST(credentials, a_provider_without_a_password)
{
    const auto denied = make_error_code(std::errc::permission_denied);
    const std::pair<tusk::password_provider, std::error_code> rows[] = {
        {[](const auto&, const auto& done) { done({}, ""); }, errc::credentials_missing},
        {[](const auto&, const auto& done) { done(errc::credentials_missing, "secret"); },
         errc::credentials_missing},
        {[denied](const auto&, const auto& done) { done(denied, "secret"); }, denied},
        {[](const auto&, const auto&) { throw std::runtime_error("secret"); }, errc::credentials_missing},
        {[](const auto&, const auto&) { throw 7; }, errc::credentials_missing},
    };
    for (const auto& [provider, why] : rows) {
        scripted_server server(in_vain(plain_password), local);
        client c(asking(provider));
        const event e = c.connect(server.where());
        expect_failure(e, why, outcome::not_sent);
        EXPECT_NE(e.text().find("password_provider"), std::string::npos) << e.text();
        EXPECT_EQ(e.text().find("secret"), std::string::npos) << e.text();
    }
}

TEST(credentials, a_time_limit_ends_the_waiting_and_the_late_answer_is_dropped)
{
    scripted_server server(in_vain(plain_password), local);
    tusk::credential_handler kept;
    client c(asking([&](const auto&, const auto& done) { kept = done; }));
    expect_failure(c.connect(server.where("connect_timeout=1")), errc::connect_timeout, outcome::not_sent);
    ASSERT_TRUE(kept);
    kept({}, "too late");
    run_ready(c.ctx);
    EXPECT_FALSE(c.db.is_open());
}

TEST(credentials, cancelling_ends_the_waiting)
{
    scripted_server server(in_vain(plain_password), local);
    tusk::credential_handler kept;
    client c(asking([&](const auto&, const auto& done) { kept = done; }));
    asio::cancellation_signal stop;
    event e;
    c.db.async_connect(server.where(), asio::bind_cancellation_slot(stop.slot(), e));
    run_until(c.ctx, [&] { return static_cast<bool>(kept); });
    stop.emit(asio::cancellation_type::terminal);
    c.wait(e);
    expect_failure(e, asio::error::operation_aborted, outcome::not_sent);
    kept({}, "too late");
    run_ready(c.ctx);
}

TEST(credentials, the_context_goes_while_a_provider_is_waited_for)
{
    scripted_server server(in_vain(plain_password), local);
    tusk::credential_handler kept;
    {
        client c(asking([&](const auto&, const auto& done) { kept = done; }));
        event e;
        c.db.async_connect(server.where(), e);
        run_until(c.ctx, [&] { return static_cast<bool>(kept); });
    }
    kept({}, "too late");
}

TEST(credentials, scram_keys_in_place_of_the_password)
{
    // ClientKey and ServerKey of "secret" with the peer's salt and count
    tusk::auth::pbkdf2 salted;
    salted.start(tusk::auth::as_bytes("secret"), tusk::auth::as_bytes("sixteen bytes ok"), 4096);
    while (!salted.run(4096)) {
    }
    const tusk::auth::hmac_sha256 key(salted.result());
    const std::string client_key = "scram_client_key=" + tusk::auth::base64_encode(key("Client Key")) + ' ';
    const std::string server_key = "scram_server_key=" + tusk::auth::base64_encode(key("Server Key")) + ' ';
    const std::string other_key = "scram_server_key=" + tusk::auth::base64_encode(key("Client Key"));
    const auto server_for = [] {
        return scripted_server::once([](peer& p) {
            scram_peer scram(p, 4096);
            scram.challenge();
            p.send(authentication(12, scram.signature("secret")));
            p.send(login_messages());
            p.wait_for_end();
        });
    };
    {
        scripted_server server(server_for());
        client c;
        EXPECT_TRUE(c.open(server.where(client_key + server_key)));
        EXPECT_EQ(c.db.session().authentication, "scram-sha-256");
    }
    {
        scripted_server server(server_for());
        client c;
        expect_failure(c.connect(server.where(client_key + other_key)), errc::server_not_verified,
                       outcome::not_sent);
    }
    for (const std::string& one : {client_key, server_key}) {
        scripted_server server(in_vain(authentication(10, cstring("SCRAM-SHA-256") + '\0')));
        client c;
        expect_failure(c.connect(server.where(one + "password=secret")), errc::password_missing,
                       outcome::not_sent);
    }
}

TEST(credentials, bearer_token)
{
    const std::string response = "n,,\1auth=Bearer abc.def-123==\1\1";
    scripted_server server(
        taking(oauth, cstring("OAUTHBEARER") + int32(static_cast<std::uint32_t>(response.size())) + response),
        local);
    client c(asking_token([](const tusk::oauth_request& r, const tusk::credential_handler& done) {
        EXPECT_EQ(r.issuer, "https://id.example");
        EXPECT_EQ(r.discovery_url, "https://id.example/.well-known/openid-configuration");
        EXPECT_EQ(r.client_id, "till");
        EXPECT_EQ(r.client_secret, "hush");
        EXPECT_EQ(r.scope, "db");
        EXPECT_EQ(r.user, "ada");
        done({}, "abc.def-123==");
    }));
    EXPECT_TRUE(c.open(server.where(issuer + " oauth_client_secret=hush require_auth=oauth")));
    EXPECT_EQ(c.db.session().authentication, "oauth");
    c.drop();
}

TEST(credentials, bearer_token_that_the_server_refuses)
{
    for (const bool in_order : {true, false}) {
        scripted_server server(scripted_server::once([&](peer& p) {
                                   p.expect_startup();
                                   p.send(oauth);
                                   p.expect("p");
                                   p.send(authentication(11, R"({"status":"invalid_token"})"));
                                   EXPECT_EQ(p.expect("p")[0].body, "\1");
                                   if (in_order)
                                       p.send(
                                           error_response("28000", "bearer authentication failed", "FATAL"));
                                   else
                                       p.send(login_messages()); // let in with a token that was just refused
                                   p.wait_for_end();
                               }),
                               local);
        client c(asking_token([](const auto&, const auto& done) { done({}, "token"); }));
        const event e = c.connect(server.where(issuer));
        expect_failure(e,
                       in_order ? make_error_code(tusk::sqlstate::invalid_authorization_specification)
                                : make_error_code(errc::authentication_protocol),
                       outcome::not_sent);
        EXPECT_EQ(e.text().find("token\1"), std::string::npos);
    }
}

TEST(credentials, no_bearer_token)
{
    const auto never = asking_token([](const auto&, const auto&) { ADD_FAILURE() << "asked too early"; });
    const auto fails = [](const tusk::connection_options& o, const std::string& more, std::error_code why,
                          scripted_server::options where = local) {
        scripted_server server(in_vain(oauth), where);
        client c(o);
        expect_failure(c.connect(server.where(more)), why, outcome::not_sent);
    };
    fails(never, issuer, errc::authentication_refused, {}); // over TCP without TLS
    fails(never, issuer + " require_auth=!oauth", errc::authentication_refused);
    fails(never, issuer + " require_auth=scram-sha-256", errc::authentication_refused);
    fails(never, issuer + " channel_binding=require", errc::channel_binding_required);
    fails(never, "oauth_issuer=https://id.example", errc::credentials_missing);
    fails(never, "oauth_client_id=till", errc::credentials_missing);
    fails({}, issuer, errc::credentials_missing);
    for (const char* wrong : {"", "two words", "=", "a=b", "a\1\1"})
        fails(asking_token([wrong](const auto&, const auto& done) { done({}, wrong); }), issuer,
              errc::credentials_missing);
}

TEST(credentials, scram_is_preferred_to_a_token_unless_it_is_forbidden)
{
    const std::string both = authentication(10, cstring("SCRAM-SHA-256") + cstring("OAUTHBEARER") + '\0');
    const auto chosen = [&](const std::string& more) {
        std::string answer;
        scripted_server server(scripted_server::once([&](peer& p) {
                                   p.expect_startup();
                                   p.send(both);
                                   answer = p.expect("p")[0].body;
                                   p.send(error_response("28000", "enough", "FATAL"));
                                   p.wait_for_end();
                               }),
                               local);
        client c(asking_token([](const auto&, const auto& done) { done({}, "token"); }));
        (void)c.connect(server.where(issuer + " password=secret " + more));
        server.finish();
        return answer.substr(0, answer.find('\0'));
    };
    EXPECT_EQ(chosen(""), "SCRAM-SHA-256");
    EXPECT_EQ(chosen("require_auth=oauth"), "OAUTHBEARER");
    EXPECT_EQ(chosen("require_auth=!scram-sha-256"), "OAUTHBEARER");
}

TEST(credentials, requirepeer_before_a_byte_is_sent)
{
    const passwd* me = ::getpwuid(::geteuid());
    ASSERT_TRUE(me) << "the tests' user has no name";
    {
        scripted_server server(scripted_server::session([](peer& p) { p.wait_for_end(); }), local);
        client c;
        EXPECT_TRUE(c.open(server.where(std::string("requirepeer=") + me->pw_name)));
        c.drop();
    }
    {
        scripted_server server(scripted_server::once([](peer& p) { p.expect_end(); }), local);
        client c;
        const event e = c.connect(server.where("requirepeer=no-such-user password=secret"));
        expect_failure(e, errc::peer_mismatch, outcome::not_sent);
        EXPECT_NE(e.text().find(me->pw_name), std::string::npos) << e.text();
    }
    scripted_server tcp(scripted_server::session([](peer& p) { p.wait_for_end(); }));
    client c;
    EXPECT_TRUE(c.open(tcp.where("requirepeer=no-such-user"))); // as libpq: only a unix socket can tell
    c.drop();
}
