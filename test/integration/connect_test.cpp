// Distributed under the Boost Software License, Version 1.0.
#include "integration/unconnected.hpp"

#include <asio/error.hpp>
#include <asio/ip/tcp.hpp>

namespace tusk_test {
namespace {

using tusk::errc;

/// A port of 127.0.0.1 that refuses connections for as long as this object lives.
class closed_port {
public:
    closed_port()
        : socket_(io_, asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0))
    {
    }
    [[nodiscard]] std::string number() const { return std::to_string(socket_.local_endpoint().port()); }

private:
    asio::io_context io_;
    asio::ip::tcp::socket socket_; // bound, not listening
};

TEST(connect, every_route)
{
    for (const via route : {via::tcp, via::tcp6, via::unix_socket}) {
        if (route == via::tcp6 && the_server().host6.empty()) continue; // a machine without IPv6
        with_unconnected([route](tusk::connection& db) -> asio::awaitable<void> {
            co_await db.async_connect(where("tusk", {}, route));
            EXPECT_TRUE(db.is_open());
            const auto address =
                co_await db.async_query_one<std::optional<std::string>>("select host(inet_server_addr())");
            if (route == via::unix_socket)
                EXPECT_EQ(address, std::nullopt);
            else
                EXPECT_EQ(address, route == via::tcp ? "127.0.0.1" : "::1");
        });
    }
}

TEST(connect, by_name_by_uri_and_by_hostaddr)
{
    const server& s = the_server();
    const std::string rest = " port=" + s.port + " user=tusk dbname=tusk sslmode=disable";
    for (const std::string& to : {
             "host=localhost" + rest,
             "host=not-looked-up.invalid hostaddr=127.0.0.1" + rest,
             "postgresql://tusk@localhost:" + s.port + "/tusk?sslmode=disable",
             "postgres://tusk@/tusk?host=" + s.socket_dir + "&port=" + s.port,
         })
        with_unconnected([&to](tusk::connection& db) -> asio::awaitable<void> {
            co_await db.async_connect(to);
            co_await expect_usable(db);
        });
}

TEST(connect, what_the_server_reports)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        EXPECT_TRUE(db.parameter("server_version").starts_with(std::to_string(the_server().version)));
        EXPECT_EQ(db.parameter("client_encoding"), "UTF8");
        EXPECT_EQ(db.parameter("TimeZone"), "UTC");
        EXPECT_EQ(db.parameter("is_superuser"), "on");
        EXPECT_EQ(db.parameter("no such"), "");
        EXPECT_GE(db.parameters().size(), 12u);
        EXPECT_EQ(db.parameters().at("integer_datetimes"), "on");
        EXPECT_EQ(db.protocol_version(), 0x0003'0000u);
        const auto pid = co_await db.async_query_one<std::int32_t>("select pg_backend_pid()");
        EXPECT_EQ(db.process_id(), pid);
        co_await db.async_execute("set timezone = 'Asia/Kathmandu'");
        EXPECT_EQ(db.parameter("TimeZone"), "Asia/Kathmandu");
        co_await db.async_script("begin; set local timezone = 'Europe/Berlin'");
        EXPECT_EQ(db.parameter("TimeZone"), "Europe/Berlin");
        co_await db.async_execute("rollback");
        EXPECT_EQ(db.parameter("TimeZone"), "Asia/Kathmandu");
    });
}

TEST(connect, application_name_and_options)
{
    with_unconnected([](tusk::connection& db) -> asio::awaitable<void> {
        auto to = tusk::conninfo::parse(where());
        to.set("application_name", "it's \\ mine");
        to.set("fallback_application_name", "never");
        to.set("options", "-c work_mem=1234kB -c search_path=\"a\\ b\",public");
        co_await db.async_connect(to);
        EXPECT_EQ(db.parameter("application_name"), "it's \\ mine");
        const auto memory = co_await db.async_query_one<std::string>("show work_mem");
        EXPECT_EQ(memory, "1234kB");
        const auto path = co_await db.async_query_one<std::string>("show search_path");
        EXPECT_EQ(path, "\"a b\",public");
        co_await db.async_close();
        to = tusk::conninfo::parse(to.to_string()); // what is printed can be read
        to.unset("application_name");
        co_await db.async_connect(to);
        EXPECT_EQ(db.parameter("application_name"), "never");
    });
}

TEST(connect, several_hosts)
{
    const closed_port closed;
    const server& s = the_server();
    const auto hosts = [&](const std::string& names, const std::string& ports) {
        return "host=" + names + " port=" + ports + " user=tusk dbname=tusk sslmode=disable";
    };
    for (const std::string& to : {
             hosts("127.0.0.1,127.0.0.1", closed.number() + "," + s.port),
             hosts("/nowhere/at/all,127.0.0.1", s.port),
             hosts("no-such-host.invalid,localhost", s.port),
             hosts("127.0.0.1,127.0.0.1,127.0.0.1", closed.number() + "," + closed.number() + "," + s.port),
             "postgresql://tusk@127.0.0.1:" + closed.number() + ",127.0.0.1:" + s.port +
                 "/tusk?load_balance_hosts=random",
         })
        with_unconnected([&to](tusk::connection& db) -> asio::awaitable<void> {
            co_await db.async_connect(to);
            co_await expect_usable(db);
        });
    with_unconnected([&](tusk::connection& db) -> asio::awaitable<void> {
        auto [ec, diag] = co_await db.async_connect(
            hosts("127.0.0.1,/nowhere/at/all", closed.number() + ",5432"), as_tuple);
        EXPECT_EQ(ec, errc::all_hosts_failed);
        EXPECT_NE(diag.message().find("127.0.0.1:" + closed.number()), std::string_view::npos)
            << diag.message();
        EXPECT_NE(diag.message().find("/nowhere/at/all"), std::string_view::npos) << diag.message();
        EXPECT_TRUE(diag.safe_to_retry());
        // a wrong password is final: the next host is not tried
        const std::string scram =
            "host=127.0.0.1,127.0.0.1 port=" + s.port + " user=tusk_scram dbname=tusk password=no";
        auto [refused, diag2] = co_await db.async_connect(scram, as_tuple);
        EXPECT_EQ(refused, tusk::sqlstate::invalid_password);
    });
}

TEST(connect, refused_port_and_bad_strings)
{
    const closed_port closed;
    with_unconnected([&](tusk::connection& db) -> asio::awaitable<void> {
        auto [refused, diag] =
            co_await db.async_connect("host=127.0.0.1 user=x port=" + closed.number(), as_tuple);
        EXPECT_EQ(refused, asio::error::connection_refused);
        EXPECT_NE(diag.message().find(closed.number()), std::string_view::npos) << diag.message();
        for (const char* bad : {"host", "nonsense=1", "postgresql://[::1", "port=70000",
                                "connect_timeout=soon", "host=a,b port=1,2,3", "user='unended"}) {
            auto [ec, d] = co_await db.async_connect(bad, as_tuple);
            EXPECT_EQ(ec, errc::invalid_conninfo) << bad;
            EXPECT_FALSE(d.message().empty());
        }
        auto [unsupported, d] = co_await db.async_connect("client_encoding=LATIN1 host=127.0.0.1", as_tuple);
        EXPECT_EQ(unsupported, errc::unsupported_parameter);
        EXPECT_NE(d.message().find("client_encoding"), std::string_view::npos);
        co_await db.async_connect(where());
        co_await expect_usable(db);
    });
}

TEST(connect, from_the_environment)
{
    const server& s = the_server();
    const temporary_file passwords("# a comment\n127.0.0.1:1:*:*:other\n127.0.0.1:" + s.port +
                                   ":*:tusk_scram:" + s.password + "\n");
    const environment_variable host("PGHOST", s.host), port("PGPORT", s.port), database("PGDATABASE", "tusk"),
        user("PGUSER", "tusk_scram"), file("PGPASSFILE", passwords.path()), name("PGAPPNAME", "from outside"),
        zone("PGTZ", "Asia/Tokyo");
    with_unconnected([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_connect("");
        EXPECT_EQ(db.authentication_method(), "scram-sha-256-plus");
        EXPECT_EQ(db.parameter("session_authorization"), "tusk_scram");
        EXPECT_EQ(db.parameter("TimeZone"), "Asia/Tokyo");
        EXPECT_EQ(db.parameter("application_name"), "from outside");
        co_await expect_usable(db);
        co_await db.async_close();
        co_await db.async_connect(tusk::conninfo());
        EXPECT_EQ(db.parameter("session_authorization"), "tusk_scram");
        co_await db.async_close();
        auto [ec, diag] = co_await db.async_connect("passfile=/dev/null", as_tuple);
        EXPECT_EQ(ec, errc::password_missing);
    });
}

TEST(connect, from_a_service_file)
{
    const server& s = the_server();
    const temporary_file services("[other]\nhost=192.0.2.1\n\n[shop]\nhost=" + s.host + "\nport=" + s.port +
                                  "\nuser=tusk_md5\npassword=" + s.password + "\ndbname=tusk\n");
    const environment_variable file("PGSERVICEFILE", services.path());
    with_unconnected([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_connect("service=shop application_name=till");
        EXPECT_EQ(db.authentication_method(), "md5");
        EXPECT_EQ(db.parameter("application_name"), "till");
        co_await db.async_close();
        // what is said explicitly counts more
        co_await db.async_connect("service=shop user=tusk");
        EXPECT_EQ(db.parameter("session_authorization"), "tusk");
        co_await db.async_close();
        auto [ec, diag] = co_await db.async_connect("service=none_such", as_tuple);
        EXPECT_EQ(ec, errc::invalid_conninfo);
        EXPECT_NE(diag.message().find("none_such"), std::string_view::npos) << diag.message();
    });
}

TEST(connect, only_once_at_a_time)
{
    with_unconnected([](tusk::connection& db) -> asio::awaitable<void> {
        reply<tusk::diagnostics> first(db), second(db);
        db.async_connect(where(), first.token());
        db.async_connect(where(), second.token());
        co_await first.wait();
        co_await second.wait();
        EXPECT_FALSE(first.ec());
        EXPECT_EQ(second.ec(), errc::already_connected);
        co_await expect_usable(db);
        auto [ec, diag] = co_await db.async_connect(where(), as_tuple);
        EXPECT_EQ(ec, errc::already_connected);
        co_await expect_usable(db);
    });
}

TEST(connect, requests_need_an_open_connection)
{
    with_unconnected([](tusk::connection& db) -> asio::awaitable<void> {
        EXPECT_FALSE(db.is_open());
        EXPECT_EQ(db.process_id(), 0);
        EXPECT_EQ(db.parameter("server_version"), "");
        auto [before, v1] = co_await db.async_query("select 1", as_tuple);
        EXPECT_EQ(before, errc::not_connected);
        EXPECT_TRUE(v1.diag().safe_to_retry());
        co_await db.async_connect(where());
        co_await expect_usable(db);
        co_await db.async_close();
        EXPECT_FALSE(db.is_open());
        auto [after, v2] = co_await db.async_query("select 1", as_tuple);
        EXPECT_EQ(after, errc::not_connected);
        EXPECT_TRUE(v2.diag().safe_to_retry());
        co_await db.async_close(); // closing what is closed succeeds
    });
}

TEST(connect, again_after_close)
{
    with_unconnected([](tusk::connection& db) -> asio::awaitable<void> {
        int notices = 0;
        db.on_notice([&](const tusk::diagnostics&) { ++notices; });
        std::int32_t last = 0;
        for (int i = 0; i < 5; ++i) {
            co_await db.async_connect(where("tusk", {}, i % 2 ? via::tcp : via::unix_socket));
            EXPECT_NE(db.process_id(), last);
            last = db.process_id();
            EXPECT_EQ(db.statistics().requests, 0u);
            co_await db.async_execute("create temp table again(n int)"); // a new session each time
            co_await db.async_execute("do $$ begin raise notice 'here'; end $$");
            EXPECT_EQ(notices, i + 1);
            co_await expect_usable(db);
            co_await db.async_close();
        }
    });
}

TEST(connect, close_answers_what_was_asked_before)
{
    with_unconnected([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_connect(where());
        std::vector<reply<tusk::single<int>>> replies;
        for (int i = 0; i < 100; ++i)
            db.async_query_one<int>(tusk::sql("select $1", i), replies.emplace_back(db).token());
        reply<tusk::diagnostics> closed(db);
        reply<tusk::result> late(db);
        db.async_close(closed.token());
        db.async_query("select 1", late.token());
        co_await closed.wait();
        for (int i = 0; i < 100; ++i) {
            auto& r = replies[static_cast<std::size_t>(i)];
            EXPECT_EQ(r.answers(), 1);
            EXPECT_FALSE(r.ec());
            EXPECT_EQ(r.value().value(), i);
        }
        co_await late.wait();
        EXPECT_EQ(late.ec(), errc::not_connected);
    });
}

TEST(connect, the_server_sees_an_orderly_end)
{
    run_test([](tusk::connection& watcher) -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::connection db(executor);
        co_await db.async_connect(where());
        const auto pid = db.process_id();
        co_await db.async_execute("begin");
        co_await db.async_execute(tusk::sql("select pg_advisory_lock($1)", std::int64_t{pid} << 8));
        co_await db.async_close();
        // the lock is given when the session has ended
        co_await watcher.async_execute(tusk::sql("select pg_advisory_lock($1)", std::int64_t{pid} << 8));
        const auto left = co_await watcher.async_query_one<std::int64_t>(
            tusk::sql("select count(*) from pg_locks where pid = $1", pid));
        EXPECT_EQ(left, 0);
    });
}

} // namespace
} // namespace tusk_test
