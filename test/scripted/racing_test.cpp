// Distributed under the Boost Software License, Version 1.0.
// The addresses of a host tried beside each other: connection_options::connection_attempt_delay.
#include "scripted/client.hpp"
#include "scripted/places.hpp"

#include <tusk/sqlstate.hpp>

#include <asio/error.hpp>

namespace scripted {
namespace {

using tusk::errc;
using tusk::outcome;
using step = enum tusk::connect_event::step;
using std::chrono::milliseconds;

/// Longer than any test waits: whoever has to wait for it is never tried.
constexpr milliseconds never{3'600'000};

tusk::connection_options racing(milliseconds delay)
{
    tusk::connection_options options;
    options.connection_attempt_delay = delay;
    return options;
}

scripted_server::script let_in()
{
    return scripted_server::session([](peer& p) { p.wait_for_end(); });
}

scripted_server::script starting_up()
{
    return scripted_server::once([](peer& p) {
        p.expect_startup();
        p.send(error_response("57P03", "starting up", "FATAL"));
        p.wait_for_end();
    });
}

TEST(racing, the_second_is_tried_when_the_first_is_silent)
{
    const belongings before = count_belongings();
    {
        scripted_server server(let_in());
        const silent_port silent("127.0.0.2", server.port());
        const known_name name({"127.0.0.2", "127.0.0.1"});
        client c(racing(milliseconds(100)));
        const auto begin = std::chrono::steady_clock::now();
        EXPECT_TRUE(c.open("user=ada host=" + name.name() + " port=" + server.port()));
        EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(95));
        EXPECT_EQ(c.db.session().address, "127.0.0.1:" + server.port());
        c.drop();
        run_ready(c.ctx);
        EXPECT_TRUE(c.ctx.stopped());
    }
    expect_belongings(before);
}

TEST(racing, the_first_is_taken_when_it_answers_in_time)
{
    scripted_server server(let_in());
    scripted_server other([](scripted_server& s) { s.expect_nobody(); },
                          {.address = "127.0.0.2", .port = server.port().c_str()});
    const known_name name({"127.0.0.1", "127.0.0.2"});
    client c(racing(never));
    EXPECT_TRUE(c.open("user=ada host=" + name.name() + " port=" + server.port()));
    EXPECT_EQ(c.db.session().address, "127.0.0.1:" + server.port());
    c.drop();
}

TEST(racing, a_refusal_calls_the_next_at_once)
{
    scripted_server server(let_in());
    const known_name name({"127.0.0.2", "127.0.0.3", "127.0.0.1"});
    client c(racing(never));
    EXPECT_TRUE(c.open("user=ada host=" + name.name() + " port=" + server.port()));
    EXPECT_EQ(c.db.session().address, "127.0.0.1:" + server.port());
    c.drop();
}

TEST(racing, all_refuse)
{
    const belongings before = count_belongings();
    {
        const refusing_port port;
        const known_name name({"127.0.0.2", "127.0.0.3"});
        client c(racing(never));
        const event e = c.connect("user=ada host=" + name.name() + " port=" + port.port());
        expect_failure(e, errc::all_hosts_failed, outcome::not_sent);
        const std::string refused = asio::error::make_error_code(asio::error::connection_refused).message();
        for (const char* address : {"127.0.0.2", "127.0.0.3"})
            EXPECT_NE(e.text().find(name.name() + " (" + address + ':' + port.port() + "): " + refused),
                      std::string::npos)
                << e.text();
        run_ready(c.ctx);
        EXPECT_TRUE(c.ctx.stopped());
    }
    expect_belongings(before);
}

TEST(racing, all_are_silent)
{
    const silent_port first("127.0.0.2");
    const silent_port second("127.0.0.3", first.port());
    const known_name name({"127.0.0.2", "127.0.0.3"});
    client c(racing(milliseconds(1)));
    const auto begin = std::chrono::steady_clock::now();
    const event e = c.connect("user=ada connect_timeout=1 host=" + name.name() + " port=" + first.port());
    EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(990));
    expect_failure(e, errc::all_hosts_failed, outcome::not_sent);
    EXPECT_NE(e.text().find("(127.0.0.2:"), std::string::npos) << e.text();
    EXPECT_NE(e.text().find("(127.0.0.3:"), std::string::npos) << e.text();
    run_ready(c.ctx);
    EXPECT_TRUE(c.ctx.stopped());
}

TEST(racing, who_wins_and_does_not_let_in_is_left_out_of_the_next_race)
{
    scripted_server first(starting_up());
    scripted_server second(let_in(), {.address = "127.0.0.2", .port = first.port().c_str()});
    const known_name name({"127.0.0.1", "127.0.0.2"});
    client c(racing(never));
    EXPECT_TRUE(c.open("user=ada host=" + name.name() + " port=" + first.port()));
    EXPECT_EQ(c.db.session().address, "127.0.0.2:" + first.port());
    c.drop();
}

TEST(racing, who_was_given_up_gets_another_chance)
{
    scripted_server answers(starting_up());
    const silent_port silent("127.0.0.2", answers.port());
    const known_name name({"127.0.0.2", "127.0.0.1"});
    client c(racing(milliseconds(1)));
    const event e = c.connect("user=ada connect_timeout=1 host=" + name.name() + " port=" + answers.port());
    expect_failure(e, errc::all_hosts_failed, outcome::not_sent);
    const std::string text = e.text();
    const auto first = text.find("(127.0.0.1:" + answers.port() + "): starting up");
    const auto second = text.find("(127.0.0.2:" + answers.port() + "): ");
    EXPECT_NE(second, std::string::npos) << text;
    EXPECT_LT(first, second) << text;
}

TEST(racing, the_answer_of_the_winner_is_the_answer)
{
    scripted_server first(scripted_server::once([](peer& p) {
        p.expect_startup();
        p.send(error_response("28000", "no", "FATAL"));
        p.wait_for_end();
    }));
    scripted_server second([](scripted_server& s) { s.expect_nobody(); },
                           {.address = "127.0.0.2", .port = first.port().c_str()});
    const known_name name({"127.0.0.1", "127.0.0.2"});
    client c(racing(never));
    const event e = c.connect("user=ada host=" + name.name() + " port=" + first.port());
    expect_failure(e, tusk::sqlstate::invalid_authorization_specification, outcome::not_sent);
}

TEST(racing, the_time_limit_of_the_winner_begins_with_its_socket)
{
    scripted_server server(scripted_server::once([](peer& p) {
        p.expect_startup();
        p.wait_for_end();
    }));
    const known_name name({"127.0.0.1", "127.0.0.2"});
    client c(racing(never));
    const auto begin = std::chrono::steady_clock::now();
    const event e = c.connect("user=ada connect_timeout=1 host=" + name.name() + " port=" + server.port());
    EXPECT_GE(std::chrono::steady_clock::now() - begin, milliseconds(990));
    expect_failure(e, errc::all_hosts_failed, outcome::not_sent); // nobody is on the other address
}

TEST(racing, the_next_host_comes_after_all_addresses_of_the_first)
{
    scripted_server server(let_in());
    const known_name first({"127.0.0.2", "127.0.0.3"});
    const known_name second({"127.0.0.4", "127.0.0.1"});
    client c(racing(milliseconds(250)));
    EXPECT_TRUE(c.open("user=ada host=" + first.name() + ',' + second.name() + " port=" + server.port()));
    c.drop();
}

TEST(racing, a_second_way_with_the_winner)
{
    scripted_server server([](scripted_server& s) {
        {
            peer p = s.accept();
            p.expect_ssl_request();
            p.send("S");
            p.expect_client_hello();
        }
        peer p = s.accept();
        p.login();
        p.wait_for_end();
    });
    const known_name name({"127.0.0.1", "127.0.0.2"});
    client c(racing(never));
    EXPECT_TRUE(c.open("user=ada sslmode=prefer host=" + name.name() + " port=" + server.port()));
    c.drop();
}

/// The order in which the addresses of a name are tried.
std::string order(const std::vector<std::string>& addresses, milliseconds delay)
{
    const refusing_port port;
    const known_name name(addresses);
    tusk::connection_options options = racing(delay);
    std::string found;
    options.on_connect_event = [&](const tusk::connect_event& e) {
        if (e.step == step::looked_up) found = e.detail;
    };
    client c(options);
    (void)c.connect("user=ada host=" + name.name() + " port=" + port.port());
    for (auto at = found.find(':' + port.port()); at != found.npos; at = found.find(':' + port.port()))
        found.erase(at, port.port().size() + 1);
    return found;
}

TEST(racing, both_kinds_of_addresses_by_turns)
{
    const std::vector<std::string> six_first{"::1", "::ffff:127.0.0.9", "127.0.0.2", "127.0.0.3",
                                             "127.0.0.4"};
    EXPECT_EQ(order(six_first, never), "[::1], 127.0.0.2, [::ffff:127.0.0.9], 127.0.0.3, 127.0.0.4");
    EXPECT_EQ(order(six_first, milliseconds(0)),
              "[::1], [::ffff:127.0.0.9], 127.0.0.2, 127.0.0.3, 127.0.0.4");
    EXPECT_EQ(order({"127.0.0.2", "127.0.0.3", "::1"}, never), "127.0.0.2, [::1], 127.0.0.3");
    EXPECT_EQ(order({"127.0.0.2"}, never), "127.0.0.2");
}

} // namespace
} // namespace scripted
