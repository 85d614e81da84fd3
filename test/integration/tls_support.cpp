// Distributed under the Boost Software License, Version 1.0.
#include "integration/tls_support.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace tusk_test {

namespace {

/// Runs something with a connection of its own over the unix socket.
template <class Body>
void at_the_server(Body body)
{
    auto whole = [&]() -> asio::awaitable<void> {
        tusk::connection db(co_await asio::this_coro::executor);
        co_await db.async_connect(where("tusk", {}, via::unix_socket));
        co_await body(db);
        co_await db.async_close();
    };
    run_loop(std::ref(whole));
}

void tell(const std::string& sql)
{
    at_the_server([&](tusk::connection& db) -> asio::awaitable<void> { co_await db.async_query(sql); });
}

std::string ask(const std::string& sql)
{
    std::string answer;
    at_the_server([&](tusk::connection& db) -> asio::awaitable<void> {
        answer = co_await db.async_query_one<std::string>(sql);
    });
    return answer;
}

bool is_as_it_was()
{
    return ask("show ssl") == "on" && ask("show ssl_cert_file") == the_server().server_tls + "/server.crt" &&
           !ask("show ssl_ca_file").empty() && ask("show ssl_max_protocol_version").empty();
}

} // namespace

login_outcome try_login(std::string_view user, std::string_view extra, tusk::connection_options options)
{
    return log_in_and_ask(
        where(user, the_server().password, via::tcp,
              "host=localhost hostaddr=127.0.0.1 " + std::string(extra)),
        "select case when ssl then version || ' ' || cipher || ' ' || bits else 'plain' end from pg_stat_ssl "
        "where pid = pg_backend_pid()",
        options);
}

std::string way_of(const login_outcome& o)
{
    if (o.ec) return "failed";
    EXPECT_EQ(o.tls.used, o.server_says != "plain") << o.server_says;
    return o.tls ? "tls" : "plain";
}

std::string tls_file(std::string_view name) { return the_server().tls + "/" + std::string(name); }

tls_server::tls_server()
    : lock_(::open((the_server().tls + "/lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600))
{
    require(lock_ >= 0 && ::flock(lock_, LOCK_EX) == 0, "the lock of the TLS tests");
    changed_ = !is_as_it_was(); // a test before was killed
    reset();
}

tls_server::~tls_server()
{
    reset();
    ::close(lock_);
}

void tls_server::reset()
{
    if (!changed_) return;
    tell("alter system reset all");
    tell("select pg_reload_conf()");
    // who is told of the new parameters by a new process knows that the postmaster has them too
    while (!is_as_it_was()) {
    }
}

void tls_server::set(std::string_view parameter, std::string_view value)
{
    changed_ = true;
    const std::string name(parameter);
    tell("alter system set " + name + " = " + quote(value));
    tell("select pg_reload_conf()");
    while (ask("show " + name) != value) {
    }
}

void tls_server::present(std::string_view certificate)
{
    const std::string base = the_server().server_tls + "/" + std::string(certificate);
    // both before one reload: a certificate without its key is refused
    tell("alter system set ssl_key_file = " + quote(base + ".key"));
    set("ssl_cert_file", base + ".crt");
}

void tls_server::switch_off() { set("ssl", "off"); }

} // namespace tusk_test
