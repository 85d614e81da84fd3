// Distributed under the Boost Software License, Version 1.0.
// The walk over hosts and addresses: what goes on to the next, what is the answer, the order, and the time.
#include "scripted/client.hpp"
#include "scripted/places.hpp"

#include <tusk/sqlstate.hpp>

#include <asio/error.hpp>

#include <algorithm>
#include <set>

namespace scripted {
namespace {

using tusk::errc;
using tusk::outcome;
using step = enum tusk::connect_event::step;

std::string fatal(const char* code) { return error_response(code, "no", "FATAL"); }

scripted_server::dialogue saying(const std::string& answer)
{
    return [answer](peer& p) {
        p.expect_startup();
        p.send(answer);
        p.shut_down();
        p.wait_for_end();
    };
}

/// Two hosts on 127.0.0.1.
std::string hosts(const std::string& first_port, const std::string& second_port, const std::string& more)
{
    return "user=ada host=127.0.0.1,127.0.0.1 port=" + first_port + ',' + second_port + ' ' + more;
}

/// After this dialogue with the first host the second, a primary, is taken.
void expect_to_go_on(const scripted_server::dialogue& first_does, const std::string& more = {})
{
    scripted_server first(scripted_server::once(first_does));
    scripted_server second(scripted_server::once([](peer& p) {
        p.expect_startup();
        p.send(authentication_ok() + parameter_status("in_hot_standby", "off") +
               parameter_status("default_transaction_read_only", "off") + ready());
        p.wait_for_end();
    }));
    client c;
    if (!c.open(hosts(first.port(), second.port(), more)))
        c.open(second.where()); // so that its script comes to an end
    EXPECT_EQ(c.db.session().address, "127.0.0.1:" + second.port());
    c.drop();
}

/// What this dialogue with the first host ends with is the answer: the second is not tried, and no other way with the first.
event expect_to_stop(const scripted_server::dialogue& first_does, const std::string& more = {})
{
    scripted_server first([&](scripted_server& s) {
        {
            peer p = s.accept();
            first_does(p);
        }
        s.expect_nobody();
    });
    const refusing_port second;
    int connecting = 0;
    tusk::connection_options options;
    options.on_connect_event = [&](const tusk::connect_event& e) {
        connecting += e.step == step::connecting;
    };
    client c(options);
    event e = c.connect(hosts(first.port(), second.port(), more));
    EXPECT_EQ(connecting, 1);
    EXPECT_EQ(static_cast<int>(e.diag().outcome()), static_cast<int>(outcome::not_sent));
    return e;
}

/// The addresses that were tried, and what the look-ups told.
struct seen {
    explicit seen(tusk::connection_options& options)
    {
        options.on_connect_event = [this](const tusk::connect_event& e) {
            if (e.step == step::connecting) tried.push_back(e.address);
            if (e.step == step::looked_up) found += e.detail + ';';
        };
    }
    std::vector<std::string> tried;
    std::string found;
};

// --- what is the answer

TEST(walk, an_error_of_a_server_is_the_answer)
{
    for (const char* code : {"53300", "28P01", "28000", "3D000", "42501", "XX000", "57P01", "57P02", "08P01"})
        for (const bool late : {false, true}) {
            SCOPED_TRACE(std::string(code) + (late ? " after AuthenticationOk" : ""));
            const event e =
                expect_to_stop(saying((late ? authentication_ok() : std::string()) + fatal(code)));
            EXPECT_EQ(e.ec(), tusk::sqlstate_error(code)) << e.text();
            EXPECT_EQ(e.diag().message(), "no");
        }
}

TEST(walk, a_server_that_has_accepted_the_login_is_not_starting_up)
{
    const event e = expect_to_stop(saying(authentication_ok() + fatal("57P03")));
    EXPECT_EQ(e.ec(), tusk::sqlstate::cannot_connect_now) << e.text();
}

TEST(walk, failures_of_authentication_are_the_answer)
{
    const auto ends_with = [](const std::string& answer, const std::string& more, errc why) {
        const event e = expect_to_stop(saying(answer), more);
        EXPECT_EQ(e.ec(), why) << e.text();
    };
    ends_with(authentication(9), "", errc::authentication_unsupported);
    ends_with(authentication(5, "abcd"), "", errc::password_missing);
    ends_with(authentication(3), "password=x", errc::authentication_refused);
    ends_with(joined(login_messages()), "require_auth=scram-sha-256", errc::authentication_refused);
    ends_with(authentication(11, "r=x"), "password=x", errc::authentication_protocol);
}

TEST(walk, failures_of_tls_are_the_answer)
{
    const auto ends_with = [](const std::string& answer, errc why) {
        const event e = expect_to_stop(
            [&](peer& p) {
                p.expect_ssl_request();
                p.send(answer);
                p.wait_for_end();
            },
            "sslmode=require");
        EXPECT_EQ(e.ec(), why) << e.text();
    };
    ends_with("N", errc::tls_not_offered);
    ends_with("Sx", errc::tls_negotiation);
}

// --- what goes on

TEST(walk, a_server_that_is_starting_up_is_passed_over) { expect_to_go_on(saying(fatal("57P03"))); }

TEST(walk, failures_of_the_network_are_passed_over)
{
    expect_to_go_on([](peer&) {});
    expect_to_go_on([](peer& p) { p.reset(); });
    expect_to_go_on([](peer& p) { p.expect_startup(); });
    expect_to_go_on([](peer& p) {
        p.expect_startup();
        p.reset();
    });
    expect_to_go_on(saying(authentication_ok()));
    expect_to_go_on(saying(joined(login_messages()).substr(0, 40)));
}

TEST(walk, what_is_no_postgresql_is_passed_over)
{
    expect_to_go_on(saying("SSH-2.0-OpenSSH_9.2\r\n"));
    expect_to_go_on(saying("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect_to_go_on(saying(std::string(64, '\0')));
    expect_to_go_on(saying(authentication_ok() + command_complete("SELECT 1")));
}

TEST(walk, what_knows_no_request_for_tls_is_passed_over)
{
    scripted_server first(scripted_server::once([](peer& p) {
        p.expect_ssl_request();
        p.send("X");
        p.wait_for_end();
    }));
    scripted_server second(scripted_server::once([](peer& p) {
        p.expect_ssl_request();
        p.send("N");
        p.login();
        p.wait_for_end();
    }));
    client c;
    EXPECT_TRUE(c.open(hosts(first.port(), second.port(), "sslmode=prefer")));
    c.drop();
}

TEST(walk, a_name_without_an_address_is_passed_over)
{
    const known_name nowhere({});
    scripted_server server(scripted_server::session([](peer& p) { p.wait_for_end(); }));
    client c;
    EXPECT_TRUE(c.open("user=ada host=" + nowhere.name() + ",127.0.0.1 port=5432," + server.port()));
    c.drop();
}

TEST(walk, a_session_of_another_kind_is_passed_over)
{
    const std::string standby = authentication_ok() + parameter_status("in_hot_standby", "on") +
                                parameter_status("default_transaction_read_only", "off") + ready();
    scripted_server first(scripted_server::once([&](peer& p) {
        p.expect_startup();
        p.send(standby);
        p.expect("X");
        p.expect_end();
    }));
    scripted_server second(scripted_server::once([&](peer& p) {
        p.expect_startup();
        p.send(standby);
        p.wait_for_end();
    }));
    client c;
    const event e = c.connect(hosts(first.port(), second.port(), "target_session_attrs=primary"));
    expect_failure(e, errc::all_hosts_failed, outcome::not_sent);
    EXPECT_EQ(e.diag().message(), "no host could be used:\n  127.0.0.1:" + first.port() + ": " +
                                      make_error_code(errc::session_attributes).message() +
                                      ": the server is a standby, and target_session_attrs asks for primary"
                                      "\n  127.0.0.1:" +
                                      second.port() + ": " +
                                      make_error_code(errc::session_attributes).message() +
                                      ": the server is a standby, and target_session_attrs asks for primary");
}

TEST(walk, when_all_fail_there_is_a_line_for_each)
{
    const known_name nowhere({});
    const known_name several({"127.0.0.2", "127.0.0.3"});
    const refusing_port port;
    client c;
    const event e = c.connect("user=ada host=" + nowhere.name() + ',' + several.name() +
                              ",/tmp/tusk-there-is-no-such-directory port=" + port.port());
    expect_failure(e, errc::all_hosts_failed, outcome::not_sent);
    for (const std::string& part :
         {nowhere.name() + ':' + port.port() + ": ", several.name() + " (127.0.0.2:" + port.port() + "): ",
          several.name() + " (127.0.0.3:" + port.port() + "): ",
          std::string("/tmp/tusk-there-is-no-such-directory/.s.PGSQL.")})
        EXPECT_NE(e.text().find("\n  " + part), std::string::npos) << part << '\n' << e.text();
    EXPECT_EQ(std::ranges::count(e.diag().message(), '\n'), 4) << e.text();
}

// --- the time

TEST(walk, connect_timeout_counts_for_each_address)
{
    const silent_port first("127.0.0.2");
    const silent_port second("127.0.0.3", first.port());
    const known_name name({"127.0.0.2", "127.0.0.3"});
    client c;
    const auto begin = std::chrono::steady_clock::now();
    const event e = c.connect("user=ada connect_timeout=1 host=" + name.name() + " port=" + first.port());
    EXPECT_GE(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(1990));
    expect_failure(e, errc::all_hosts_failed, outcome::not_sent);
    run_ready(c.ctx);
    EXPECT_TRUE(c.ctx.stopped());
}

TEST(walk, connect_timeout_ends_a_look_up)
{
    hanging_name name;
    scripted_server server(scripted_server::session([](peer& p) { p.wait_for_end(); }));
    client c;
    EXPECT_TRUE(
        c.open("user=ada connect_timeout=1 host=" + name.name() + ",127.0.0.1 port=5432," + server.port()));
    c.drop();

    client d;
    expect_failure(d.connect("user=ada connect_timeout=1 host=" + name.name()), errc::connect_timeout,
                   outcome::not_sent);
    name.release(); // the contexts wait for it
}

TEST(walk, connect_timeout_covers_the_question_of_target_session_attrs)
{
    expect_to_go_on(
        [](peer& p) {
            p.login();
            p.expect("Q");
            p.expect_end();
        },
        "connect_timeout=1 target_session_attrs=read-write");
}

// --- the order

const std::vector<std::string> six{"127.0.0.2", "127.0.0.3", "127.0.0.4",
                                   "127.0.0.5", "127.0.0.6", "127.0.0.7"};

std::vector<std::string> tried_with(const std::string& where, std::string* found = nullptr,
                                    int attempt_delay = 0)
{
    tusk::connection_options options;
    options.connection_attempt_delay = std::chrono::milliseconds(attempt_delay);
    seen s(options);
    client c(options);
    expect_failure(c.connect(where), errc::all_hosts_failed, outcome::not_sent);
    if (found) *found = s.found;
    return s.tried;
}

std::string with_port(std::vector<std::string> addresses, const std::string& port, const char* separator)
{
    std::string all;
    for (const std::string& a : addresses) all += (all.empty() ? "" : separator) + a + ':' + port;
    return all;
}

TEST(walk, addresses_and_hosts_are_tried_in_their_order)
{
    const refusing_port port;
    const known_name name(six);
    std::vector<std::string> expected;
    std::string list;
    for (const std::string& a : six) {
        expected.push_back(a + ':' + port.port());
        list += (list.empty() ? "" : ",") + a;
    }
    std::string found;
    EXPECT_EQ(tried_with("user=ada host=" + name.name() + " port=" + port.port(), &found), expected);
    EXPECT_EQ(found, with_port(six, port.port(), ", ") + ';');
    EXPECT_EQ(tried_with("user=ada host=" + list + " port=" + port.port()), expected);
}

/// Each is tried once. That six come in one order twenty times would happen once in 6!^19.
void expect_shuffled(const std::string& where, int attempt_delay = 0)
{
    std::set<std::vector<std::string>> orders;
    for (int i = 0; i < 20; ++i) {
        std::vector<std::string> tried =
            tried_with(where + " load_balance_hosts=random", nullptr, attempt_delay);
        EXPECT_EQ(std::set<std::string>(tried.begin(), tried.end()).size(), six.size());
        EXPECT_EQ(tried.size(), six.size());
        orders.insert(std::move(tried));
    }
    EXPECT_GT(orders.size(), 1U);
}

TEST(walk, load_balance_hosts_shuffles_hosts_and_addresses)
{
    const refusing_port port;
    const known_name name(six);
    std::string list;
    for (const std::string& a : six) list += (list.empty() ? "" : ",") + a;
    expect_shuffled("user=ada host=" + name.name() + " port=" + port.port());
    expect_shuffled("user=ada host=" + list + " port=" + port.port());
    expect_shuffled("user=ada host=" + name.name() + " port=" + port.port(), 1); // no race: each has its turn
}

TEST(walk, prefer_standby_shuffles_once_and_keeps_the_order_in_the_second_pass)
{
    const refusing_port port;
    std::string list;
    for (const std::string& a : six) list += (list.empty() ? "" : ",") + a;
    const auto tried =
        tried_with("user=ada target_session_attrs=prefer-standby load_balance_hosts=random host=" + list +
                   " port=" + port.port());
    ASSERT_EQ(tried.size(), 2 * six.size());
    EXPECT_TRUE(std::equal(tried.begin(), tried.begin() + 6, tried.begin() + 6));
}

} // namespace
} // namespace scripted
