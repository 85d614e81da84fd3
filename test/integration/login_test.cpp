// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::sqlstate;

/// Connects, checks who the server thinks has come, and gives the authentication method.
asio::awaitable<std::string> method_of(std::string connection_string, std::string user)
{
    auto executor = co_await asio::this_coro::executor;
    tusk::connection db(executor);
    co_await db.async_connect(connection_string);
    const auto seen = co_await db.async_query_one<std::string>("select session_user");
    EXPECT_EQ(seen, user);
    const std::string method(db.authentication_method());
    co_await db.async_close();
    co_return method;
}

/// Connects in vain; the message never holds the test server's password.
asio::awaitable<std::pair<std::error_code, tusk::diagnostics>> failure_of(std::string connection_string)
{
    auto executor = co_await asio::this_coro::executor;
    tusk::connection db(executor);
    auto [ec, diag] = co_await db.async_connect(connection_string, as_tuple);
    EXPECT_TRUE(ec) << connection_string;
    EXPECT_FALSE(db.is_open());
    EXPECT_FALSE(diag.message().empty());
    EXPECT_EQ(diag.to_string().find(the_server().password), std::string::npos);
    EXPECT_EQ(diag.message().find("wrong-Secret"), std::string_view::npos);
    EXPECT_TRUE(diag.safe_to_retry());
    co_return std::pair(ec, diag);
}

/// A role of the given kind ("tusk_scram", "tusk_md5"...) that is dropped at the end.
asio::awaitable<void> with_role(std::string kind, std::string role, std::string stored_password,
                                std::function<asio::awaitable<void>(tusk::connection&)> body)
{
    auto executor = co_await asio::this_coro::executor;
    tusk::connection db(executor);
    co_await db.async_connect(where());
    const auto literal = co_await db.async_query_one<std::string>(tusk::sql(
        "select format('create role %I login password %L in role %I', $1::text, $2::text, $3::text)", role,
        stored_password, kind));
    co_await db.async_script("set password_encryption = " +
                             std::string(kind == "tusk_md5" ? "md5" : "'scram-sha-256'"));
    co_await db.async_execute(literal);
    std::exception_ptr failure;
    try {
        co_await body(db);
    } catch (...) {
        failure = std::current_exception();
    }
    const auto drop =
        co_await db.async_query_one<std::string>(tusk::sql("select format('drop role %I', $1::text)", role));
    co_await db.async_execute(drop);
    co_await db.async_close();
    if (failure) std::rethrow_exception(failure);
}

TEST(login, trust)
{
    run_loop([]() -> asio::awaitable<void> {
        EXPECT_EQ(co_await method_of(where(), "tusk"), "trust");
        EXPECT_EQ(co_await method_of(where("tusk", {}, via::unix_socket), "tusk"), "trust");
        EXPECT_EQ(co_await method_of(where("tusk", "not asked for"), "tusk"), "trust");
        EXPECT_EQ(co_await method_of(the_server().uri, "tusk"), "trust");
    });
}

TEST(login, scram_sha_256)
{
    run_loop([]() -> asio::awaitable<void> {
        for (const via route : {via::tcp, via::unix_socket})
            EXPECT_EQ(co_await method_of(where("tusk_scram", the_server().password, route), "tusk_scram"),
                      "scram-sha-256");
    });
}

TEST(login, md5)
{
    run_loop([]() -> asio::awaitable<void> {
        for (const via route : {via::tcp, via::unix_socket})
            EXPECT_EQ(co_await method_of(where("tusk_md5", the_server().password, route), "tusk_md5"), "md5");
    });
}

TEST(login, md5_line_for_a_scram_secret_asks_for_scram)
{
    run_loop([]() -> asio::awaitable<void> {
        const std::string role = unique_name("md5line");
        const auto body = [&](tusk::connection& db) -> asio::awaitable<void> {
            co_await db.async_script("revoke tusk_scram from " + role + "; grant tusk_md5 to " + role);
            EXPECT_EQ(co_await method_of(where(role, "pw-12"), role), "scram-sha-256");
        };
        co_await with_role("tusk_scram", role, "pw-12", body);
    });
}

TEST(login, cleartext_only_over_a_unix_socket)
{
    run_loop([]() -> asio::awaitable<void> {
        const std::string password = the_server().password;
        EXPECT_EQ(co_await method_of(where("tusk_password", password, via::unix_socket), "tusk_password"),
                  "password");
        auto [ec, diag] = co_await failure_of(where("tusk_password", password));
        EXPECT_EQ(ec, errc::authentication_refused);
        EXPECT_NE(diag.message().find("require_auth=password"), std::string_view::npos) << diag.message();
        EXPECT_EQ(co_await method_of(where("tusk_password", password, via::tcp, "require_auth=password"),
                                     "tusk_password"),
                  "password");
        EXPECT_EQ(co_await method_of(where("tusk_password", password, via::tcp, "require_auth=md5,password"),
                                     "tusk_password"),
                  "password");
        // what is merely not forbidden is not allowed in clear
        auto [ec2, diag2] =
            co_await failure_of(where("tusk_password", password, via::tcp, "require_auth=!md5"));
        EXPECT_EQ(ec2, errc::authentication_refused);
    });
}

TEST(login, require_auth)
{
    run_loop([]() -> asio::awaitable<void> {
        const std::string password = the_server().password;
        struct {
            const char *user, *policy, *method;
        } const good[] = {
            {"tusk", "none", "trust"},
            {"tusk", "!password", "trust"},
            {"tusk_scram", "scram-sha-256", "scram-sha-256"},
            {"tusk_scram", "md5,scram-sha-256", "scram-sha-256"},
            {"tusk_scram", "!md5,!password", "scram-sha-256"},
            {"tusk_md5", "md5", "md5"},
            {"tusk_md5", "!none", "md5"},
        };
        for (const auto& g : good) {
            const std::string to = where(g.user, password, via::tcp, std::string("require_auth=") + g.policy);
            EXPECT_EQ(co_await method_of(to, g.user), g.method) << g.policy;
        }
        struct {
            const char *user, *policy;
        } const bad[] = {
            {"tusk", "scram-sha-256"},
            {"tusk", "!none"},
            {"tusk_scram", "none"},
            {"tusk_scram", "md5"},
            {"tusk_scram", "!scram-sha-256"},
            {"tusk_md5", "scram-sha-256"},
            {"tusk_md5", "!md5"},
            {"tusk_password", "scram-sha-256,md5"},
        };
        for (const auto& b : bad) {
            auto [ec, diag] = co_await failure_of(
                where(b.user, password, via::unix_socket, std::string("require_auth=") + b.policy));
            EXPECT_EQ(ec, errc::authentication_refused) << b.user << ' ' << b.policy;
            EXPECT_NE(diag.message().find("require_auth"), std::string_view::npos) << diag.message();
        }
        auto [ec, diag] = co_await failure_of(where("tusk", {}, via::tcp, "require_auth=magic"));
        EXPECT_EQ(ec, errc::invalid_conninfo);
    });
}

TEST(login, wrong_password)
{
    run_loop([]() -> asio::awaitable<void> {
        for (const char* user : {"tusk_scram", "tusk_md5", "tusk_password"}) {
            auto [ec, diag] = co_await failure_of(where(user, "wrong-Secret-7", via::unix_socket));
            EXPECT_EQ(ec, sqlstate::invalid_password) << user;
            EXPECT_EQ(diag.severity(), "FATAL");
            auto [missing, diag2] = co_await failure_of(where(user, {}, via::unix_socket));
            EXPECT_EQ(missing, errc::password_missing) << user;
        }
    });
}

TEST(login, refused_by_the_server)
{
    run_loop([]() -> asio::awaitable<void> {
        auto [hba, diag] = co_await failure_of(where("tusk_reject", the_server().password));
        EXPECT_EQ(hba, sqlstate::invalid_authorization_specification); // 28000
        EXPECT_NE(diag.message().find("pg_hba.conf"), std::string_view::npos);
        auto [role, diag2] = co_await failure_of(where("nobody_of_this_name"));
        EXPECT_EQ(role, sqlstate::invalid_authorization_specification);
        EXPECT_NE(diag2.message().find("nobody_of_this_name"), std::string_view::npos);
        auto [database, diag3] = co_await failure_of(where("tusk", {}, via::tcp, "dbname=nowhere"));
        EXPECT_EQ(database, sqlstate::invalid_catalog_name); // 3D000, after AuthenticationOk
        EXPECT_EQ(diag3.severity(), "FATAL");
        auto [option, diag4] =
            co_await failure_of(where("tusk", {}, via::tcp, "options='-c no_such.thing=1 -c nix=2'"));
        EXPECT_EQ(option, sqlstate::undefined_object);
    });
}

TEST(login, password_from_saslprep)
{
    run_loop([]() -> asio::awaitable<void> {
        // the server normalises the stored password, the client the given one: soft hyphen to nothing, NFKC
        const std::string role = unique_name("prep");
        const auto same = [&](tusk::connection&) -> asio::awaitable<void> {
            for (const char* password : {"I\u00ADX \u2168", "IX IX", "I\u00ADX\u00A0\u2168"})
                EXPECT_EQ(co_await method_of(where(role, password), role), "scram-sha-256") << password;
            auto [ec, diag] = co_await failure_of(where(role, "ix ix"));
            EXPECT_EQ(ec, sqlstate::invalid_password);
        };
        co_await with_role("tusk_scram", role, "I\u00ADX \u2168", same);
        // what SASLprep prohibits, and what is no UTF-8, goes as it is
        for (const std::string& password :
             {std::string("a\u0007b"), std::string("\u0627\u0031x"), std::string(900, 'p')}) {
            const std::string other = unique_name("prep");
            const auto body = [&](tusk::connection&) -> asio::awaitable<void> {
                EXPECT_EQ(co_await method_of(where(other, password), other), "scram-sha-256");
            };
            co_await with_role("tusk_scram", other, password, body);
        }
    });
}

TEST(login, names_beyond_ascii)
{
    run_loop([]() -> asio::awaitable<void> {
        const std::string role = unique_name("Жанна d'Arc \\ ");
        const std::string database = unique_name("Базар é ");
        for (const char* kind : {"tusk_scram", "tusk_md5"}) {
            const auto body = [&](tusk::connection& db) -> asio::awaitable<void> {
                co_await db.async_execute("create database \"" + database + "\"");
                const std::string to = where(role, "naïve пароль", via::tcp,
                                             "dbname=" + quote(database) + " application_name='küche'");
                EXPECT_EQ(co_await method_of(to, role),
                          std::string(kind) == "tusk_md5" ? "md5" : "scram-sha-256");
                co_await db.async_execute("drop database \"" + database + "\" with (force)");
            };
            co_await with_role(kind, role, "naïve пароль", body);
        }
    });
}

} // namespace
} // namespace tusk_test
