// Distributed under the Boost Software License, Version 1.0.
// Servers and KDCs that misbehave, with a real ticket on the client's side.
#include "gss/gss_support.hpp"
#include "scripted/client.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <optional>

using namespace scripted;
using tusk::errc;
using tusk::outcome;
using tusk_test::kerberos;

namespace {

/// "host=... port=..." for GSSAPI: by name.
std::string by_name(const scripted_server& server, const std::string& more = {})
{
    return server.where("host=localhost hostaddr=127.0.0.1 " + more);
}

/// A login that asks for GSSAPI, takes the client's token, and then sends this.
event answer_token_with(const std::string& answer)
{
    const kerberos k("ada.cc");
    scripted_server server(scripted_server::once([&](peer& p) {
        p.expect_startup();
        p.send(authentication(7));
        EXPECT_FALSE(p.expect("p")[0].body.empty());
        p.send(answer);
        p.expect_end();
    }));
    client c;
    event e = c.connect(by_name(server));
    EXPECT_FALSE(c.db.is_open());
    return e;
}

} // namespace

TEST(gss_hostile, a_server_that_proves_nothing)
{
    expect_failure(answer_token_with(joined(login_messages())), errc::server_not_verified, outcome::not_sent);
}

TEST(gss_hostile, garbage_for_a_token)
{
    for (const std::string& token :
         {std::string("x"), std::string(25'000, 'x'), std::string("\x60\x82\xff\xff"),
          std::string("`\x06\x06\t*\x86H\x86\xf7\x12\x01\x02\x02", 13)})
        expect_failure(answer_token_with(authentication(8, token)), errc::gssapi_failed, outcome::not_sent);
    expect_failure(answer_token_with(authentication(8)), errc::authentication_protocol, outcome::not_sent);
}

TEST(gss_hostile, require_auth_before_any_answer)
{
    const kerberos k("ada.cc");
    scripted_server server(scripted_server::once([&](peer& p) {
        p.expect_startup();
        p.send(authentication(7));
        p.expect_end();
    }));
    client c;
    expect_failure(c.connect(by_name(server, "require_auth=!gss")), errc::authentication_refused,
                   outcome::not_sent);
}

namespace {

/// A KDC that takes whatever is said and is silent, and Kerberos set up for it.
class silent_kdc {
public:
    silent_kdc()
        : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
        , cache_("KRB5CCNAME", "FILE:" + tusk_test::kdc_file("ada.cc"))
    {
        sockaddr_in a{};
        a.sin_family = AF_INET;
        a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof a;
        tusk_test::require(::bind(fd_, reinterpret_cast<sockaddr*>(&a), size) == 0 &&
                               ::listen(fd_, 10) == 0 &&
                               ::getsockname(fd_, reinterpret_cast<sockaddr*>(&a), &size) == 0,
                           "a port");
        file_.emplace("[libdefaults]\n default_realm = TUSK.TEST\n udp_preference_limit = 1\n"
                      " dns_lookup_kdc = false\n dns_canonicalize_hostname = false\n rdns = false\n"
                      "[realms]\n TUSK.TEST = {\n  kdc = 127.0.0.1:" +
                      std::to_string(ntohs(a.sin_port)) + "\n }\n[domain_realm]\n localhost = TUSK.TEST\n");
        configuration_.emplace("KRB5_CONFIG", file_->path());
    }
    silent_kdc(const silent_kdc&) = delete;
    silent_kdc& operator=(const silent_kdc&) = delete;
    ~silent_kdc()
    {
        if (fd_ >= 0) ::close(fd_);
    }

    /// Waits for the library.
    void wait_for_question()
    {
        asked_ = ::accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC);
        tusk_test::require(asked_ >= 0, "the library asks the KDC");
    }
    /// Nobody will answer: the library need not wait.
    void give_up()
    {
        ::close(std::exchange(fd_, -1));
        ::close(std::exchange(asked_, -1));
    }

private:
    int fd_;
    int asked_ = -1;
    tusk_test::environment_variable cache_;
    std::optional<tusk_test::temporary_file> file_;
    std::optional<tusk_test::environment_variable> configuration_;
};

int number_of_threads()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with("Threads:")) return std::stoi(line.substr(8));
    return -1;
}

} // namespace

TEST(gss_hostile, cancelling_while_the_kdc_is_silent)
{
    silent_kdc kdc;
    client c;
    asio::cancellation_signal stop;
    scripted_server server([&](scripted_server& s) {
        peer neighbour = s.accept();
        neighbour.login();
        peer p = s.accept();
        p.expect_startup();
        p.send(authentication(7));
        kdc.wait_for_question(); // a service ticket
        neighbour.expect("PDBES");
        neighbour.send(first_answer(8));
        p.expect_end();
        neighbour.wait_for_end();
    });
    ASSERT_TRUE(c.open(server.where()));
    const int before = number_of_threads();
    tusk::connection late(c.ctx);
    event e;
    late.async_connect(by_name(server, "krbsrvname=never"), asio::bind_cancellation_slot(stop.slot(), e));
    const number n = c.ask("select 8"); // the neighbour on the same thread is undisturbed
    c.wait(n);
    expect_number(n, 8);
    EXPECT_FALSE(e.done());
    EXPECT_EQ(number_of_threads(), before + 1);
    stop.emit(asio::cancellation_type::terminal);
    c.wait(e);
    expect_failure(e, asio::error::operation_aborted, outcome::not_sent);
    c.drop();
    server.finish();
    kdc.give_up();
    while (number_of_threads() > before - 1) std::this_thread::yield(); // the server's thread has ended too
}

TEST(gss_hostile, connect_timeout_while_the_kdc_is_silent)
{
    silent_kdc kdc;
    client c;
    scripted_server server(scripted_server::once([&](peer& p) {
        p.expect_startup();
        p.send(authentication(7));
        kdc.wait_for_question();
        p.expect_end();
    }));
    expect_failure(c.connect(by_name(server, "krbsrvname=never connect_timeout=1")), errc::connect_timeout,
                   outcome::not_sent);
    kdc.give_up();
}

TEST(gss_hostile, the_server_goes_while_the_kdc_is_silent)
{
    silent_kdc kdc;
    client c;
    scripted_server server(scripted_server::once([&](peer& p) {
        p.expect_startup();
        p.send(authentication(7));
        kdc.wait_for_question();
        p.reset();
    }));
    const event e = c.connect(by_name(server, "krbsrvname=never"));
    EXPECT_TRUE(e.ec());
    EXPECT_EQ(static_cast<int>(e.diag().outcome()), static_cast<int>(outcome::not_sent)) << e.text();
    kdc.give_up();
}

TEST(gss_hostile, the_context_goes_while_the_kdc_is_silent)
{
    silent_kdc kdc;
    event e;
    {
        std::optional<client> c(std::in_place);
        bool asked = false;
        scripted_server server(scripted_server::once([&](peer& p) {
            p.expect_startup();
            p.send(authentication(7));
            kdc.wait_for_question();
            c->tell(asked);
            p.wait_for_end();
        }));
        c->db.async_connect(by_name(server, "krbsrvname=never"), e);
        run_until(c->ctx, [&] { return asked; });
        c.reset();
    }
    EXPECT_EQ(e.calls(), 0);
    kdc.give_up();
}
