// Distributed under the Boost Software License, Version 1.0.
// target_session_attrs, and the steps that are told.
#include "scripted/client.hpp"

#include <asio/error.hpp>

#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>

namespace scripted {
namespace {

using tusk::errc;
using tusk::outcome;

std::string welcome(const std::string& standby, const std::string& read_only)
{
    return authentication_ok() + parameter_status("in_hot_standby", standby) +
           parameter_status("default_transaction_read_only", read_only) + backend_key_data() + ready();
}

/// A server that reports these, and what the client does with it.
scripted_server::script reporting(const std::string& standby, const std::string& read_only, bool taken)
{
    return scripted_server::once([=](peer& p) {
        p.expect_startup();
        p.send(welcome(standby, read_only));
        if (!taken) p.expect("X");
        taken ? p.wait_for_end() : p.expect_end();
    });
}

std::string answer_with(std::string_view column, const std::string& value)
{
    return row_description({column}, 25) + data_row({value}) + command_complete("SHOW") + ready();
}

std::ptrdiff_t open_files()
{
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

TEST(hosts, target_session_attrs_by_what_the_server_reports)
{
    struct row {
        const char *wanted, *standby, *read_only;
        bool fits;
    };
    for (const row& r : {row{"read-write", "off", "off", true}, row{"read-write", "off", "on", false},
                         row{"read-write", "on", "off", false}, row{"read-only", "off", "off", false},
                         row{"read-only", "off", "on", true}, row{"read-only", "on", "off", true},
                         row{"primary", "off", "on", true}, row{"primary", "on", "off", false},
                         row{"standby", "on", "off", true}, row{"standby", "off", "on", false},
                         row{"any", "on", "on", true}}) {
        SCOPED_TRACE(std::string(r.wanted) + ' ' + r.standby + ' ' + r.read_only);
        scripted_server server(reporting(r.standby, r.read_only, r.fits));
        client c;
        const event e = c.connect(server.where(std::string("target_session_attrs=") + r.wanted));
        if (r.fits)
            EXPECT_FALSE(e.ec()) << e.text();
        else
            expect_failure(e, errc::session_attributes, outcome::not_sent);
        c.drop();
    }
}

TEST(hosts, target_session_attrs_by_asking)
{
    for (const bool is : {false, true}) {
        scripted_server server(scripted_server::once([&](peer& p) {
            p.login(); // a pooler, or a server before version 14
            EXPECT_EQ(p.expect("Q")[0].body, cstring("SELECT pg_catalog.pg_is_in_recovery()"));
            p.send(notice("by the way") + answer_with("pg_is_in_recovery", is ? "t" : "f"));
            if (!is) p.expect("X");
            p.wait_for_end();
        }));
        client c;
        const event e = c.connect(server.where("target_session_attrs=standby"));
        EXPECT_EQ(e.ec(), is ? std::error_code() : make_error_code(errc::session_attributes)) << e.text();
        c.drop();
    }
    scripted_server server(scripted_server::once([&](peer& p) {
        p.login();
        EXPECT_EQ(p.expect("Q")[0].body, cstring("SHOW transaction_read_only"));
        p.send(answer_with("transaction_read_only", "off"));
        p.expect("PDBES");
        p.send(first_answer(7));
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where("target_session_attrs=read-write")));
    const number n = c.ask("select 7");
    c.wait(n);
    expect_number(n, 7);
    c.drop();
}

TEST(hosts, a_question_that_is_answered_wrongly)
{
    const std::string whole = answer_with("x", "off");
    for (const std::string& wrong :
         {error_response("42501", "no") + ready(), error_response("57P01", "farewell", "FATAL"), ready(),
          answer_with("x", "perhaps"), row_description({"a", "b"}, 25), data_row({"off"}),
          authentication_ok(), row_description({"x"}, 25) + data_row({std::nullopt}),
          whole.substr(0, whole.size() - 3)}) {
        scripted_server server(scripted_server::once([&](peer& p) {
            p.login();
            p.expect("Q");
            p.send(wrong);
            p.shut_down();
            p.wait_for_end();
        }));
        scripted_server next(reporting("off", "off", true));
        client c; // the next host may do
        EXPECT_TRUE(c.open("host=127.0.0.1,127.0.0.1 user=ada target_session_attrs=read-write port=" +
                           server.port() + ',' + next.port()));
        c.drop();
    }
}

TEST(hosts, prefer_standby_takes_any_in_the_second_pass)
{
    const auto primary = [](scripted_server& s) {
        {
            peer p = s.accept();
            p.expect_startup();
            p.send(welcome("off", "off"));
            p.expect("X");
        }
        peer p = s.accept();
        p.expect_startup();
        p.send(welcome("off", "off"));
        p.wait_for_end();
    };
    const refusing_port down;
    scripted_server server(primary);
    client c;
    EXPECT_TRUE(c.open("host=127.0.0.1,127.0.0.1 user=ada target_session_attrs=prefer-standby port=" +
                       down.port() + ',' + server.port()));
    c.drop();
}

TEST(hosts, steps_are_told)
{
    std::string told;
    tusk::connection_options options;
    options.on_connect_event = [&](const tusk::connect_event& e) {
        told +=
            std::to_string(static_cast<int>(e.step)) + (e.detail.empty() ? "" : "(" + e.detail + ")") + ' ';
        EXPECT_FALSE(e.host.empty());
    };
    scripted_server server(scripted_server::session([](peer& p) { p.wait_for_end(); }));
    client c(options);
    ASSERT_TRUE(c.open(server.where()));
    EXPECT_EQ(told, "2 3 5(trust) 6 7(18.4) ");
    c.drop();

    told.clear();
    const refusing_port nobody;
    client d(options);
    EXPECT_TRUE(d.connect("host=127.0.0.1 user=ada port=" + nobody.port()).ec());
    EXPECT_TRUE(told.starts_with("2 8(")) << told;
}

TEST(hosts, a_function_that_throws_fails_the_attempt)
{
    const auto before = open_files();
    for (int at = 0; at < 5; ++at) {
        int calls = 0;
        tusk::connection_options options;
        options.on_connect_event = [&](const tusk::connect_event&) {
            if (calls++ == at) throw 7;
        };
        scripted_server server([](scripted_server&) {});
        server.finish(); // nobody: the failure itself is one of the steps
        client c(options);
        const event e = c.connect(server.where());
        EXPECT_EQ(e.ec(), at < 2 ? make_error_code(errc::visitor_failed)
                                 : make_error_code(asio::error::connection_refused))
            << e.text();
        run_ready(c.ctx);
        EXPECT_TRUE(c.ctx.stopped());
    }
    EXPECT_EQ(open_files(), before);
}

TEST(hosts, racing_takes_who_answers)
{
    scripted_server server(scripted_server::session([](peer& p) { p.wait_for_end(); })); // on 127.0.0.1 alone
    tusk::connection_options options;
    options.connection_attempt_delay = std::chrono::milliseconds(250);
    client c(options);
    EXPECT_TRUE(c.open("host=localhost user=ada port=" + server.port()));
    c.drop();
    run_ready(c.ctx);
    EXPECT_TRUE(c.ctx.stopped());
}

} // namespace
} // namespace scripted
