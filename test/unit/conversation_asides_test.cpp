// Distributed under the Boost Software License, Version 1.0.
// What may come at any time, and what may never come.
#include "conversation_dialogues.hpp"

#include <gtest/gtest.h>

namespace {

using namespace session_test;
using tusk::errc;
using tusk::outcome;

TEST(conversation_asides, asides_between_any_two_messages)
{
    const std::vector<std::string> answers{server::parse_complete(), server::parameters({}),
                                           server::columns({{"a"}}), server::bind_complete(),
                                           server::row({"#0"}),      server::complete("SELECT #0"),
                                           server::ready()};
    for (std::size_t at = 0; at <= answers.size(); ++at) {
        auto d = about({"a"});
        d.act(ask(0)).client(client::miss("tusk_1", "a"));
        for (std::size_t i = 0; i <= answers.size(); ++i) {
            if (i == at)
                d.server(server::notice("careful"), server::parameter("TimeZone", "UTC"),
                         server::notification(7, "channel", "payload"));
            if (i < answers.size()) d.server(answers[i]);
        }
        d.play_and_break();
        const auto end = d.play();
        EXPECT_EQ((*end)[0].text(), "begin 0 a:25b\nrow #0\nend 0 SELECT #0\ndone") << at;
        EXPECT_EQ(end->asides, "notice careful\nnotify 7 channel payload\n");
        EXPECT_EQ(end->talk.server().parameter("TimeZone"), "UTC");
    }
}

TEST(conversation_asides, asides_after_an_error_and_while_idle)
{
    auto d = about({"a"});
    d.server(server::notice("early"));
    d.act(ask(0)).client(client::miss("tusk_1", "a"));
    d.server(server::error({.message = "wrong #0"}), server::notice("between"), server::parameter("x", "y"),
             server::ready(), server::notification(1, "c", ""));
    d.play_and_break();
    EXPECT_EQ(d.play()->asides, "notice early\nnotice between\nnotify 1 c \n");
}

TEST(conversation_asides, transaction_status_follows_ready_for_query)
{
    auto d = about({"begin"});
    d.act(ask(0)).client(client::miss("tusk_1", "begin"));
    d.server(server::parse_complete(), server::parameters({}), server::no_data(), server::bind_complete(),
             server::complete("BEGIN"), server::ready('T'));
    EXPECT_EQ(d.play()->talk.server().transaction, 'T');
}

TEST(conversation_asides, fatal_while_idle_is_a_farewell)
{
    auto d = about({"a", "b"});
    d.act(ask(0)).client(client::miss("tusk_1", "a"));
    d.server(server::parse_complete(), server::parameters({}), server::no_data(), server::bind_complete(),
             server::complete("A #0"), server::ready());
    d.server(server::fatal("terminating connection"));
    d.act(ask(1));
    const auto end = d.play_every_way();
    EXPECT_FALSE((*end)[0].ec);
    EXPECT_EQ((*end)[1].ec, errc::connection_lost);
    EXPECT_EQ((*end)[1].diag.message(), "terminating connection");
    EXPECT_TRUE((*end)[1].diag.safe_to_retry());
}

TEST(conversation_asides, fatal_while_in_flight)
{
    auto d = about({"a", "b", "c"});
    d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "a"), client::miss("tusk_2", "b"));
    d.act(ask(2));
    d.server(server::parse_complete(), server::fatal("terminating #0"));
    d.act([](conversation_peer& p) { p.lose(); });
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, tusk::sqlstate::admin_shutdown);
    EXPECT_EQ((*end)[0].diag.outcome(), outcome::unknown);
    EXPECT_EQ((*end)[1].ec, errc::connection_lost);
    EXPECT_EQ((*end)[1].diag.outcome(), outcome::unknown);
    EXPECT_EQ((*end)[2].ec, errc::connection_lost);
    EXPECT_EQ((*end)[2].diag.outcome(), outcome::not_sent);
}

TEST(conversation_asides, unknown_and_misplaced_messages_while_idle)
{
    for (const std::string& m : server::one_of_each()) {
        auto d = about({"a"});
        d.server(m).act(ask(0)).act([](conversation_peer& p) { (void)p.output(); });
        const auto end = d.play();
        SCOPED_TRACE(m.front());
        if (std::string_view("SNA").find(m.front()) != std::string_view::npos) {
            EXPECT_FALSE(end->gave_up);
            continue;
        }
        EXPECT_TRUE(end->gave_up);
        EXPECT_EQ((*end)[0].ec, m.front() == 'E' ? errc::connection_lost : errc::protocol_violation);
        EXPECT_EQ((*end)[0].diag.outcome(), outcome::not_sent);
    }
}

TEST(conversation_asides, an_illegal_message_is_named_with_the_state)
{
    auto d = about({"a"});
    d.act(ask(0)).client(client::miss("tusk_1", "a")).server(server::bind_complete());
    const auto end = d.play();
    EXPECT_EQ(end->talk.diag().message(),
              "the server sent BindComplete ('2') while the client waited for ParseComplete");
}

TEST(conversation_asides, client_encoding_changed)
{
    auto d = about({"set", "b", "c"});
    d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "set"), client::miss("tusk_2", "b")).act(ask(2));
    d.server(server::parse_complete(), server::parameters({}), server::no_data(), server::bind_complete(),
             server::complete("SET #0"), server::parameter("client_encoding", "LATIN1"), server::ready());
    const auto end = d.play_every_way();
    EXPECT_FALSE((*end)[0].ec);
    EXPECT_EQ((*end)[1].ec, errc::client_encoding_changed);
    EXPECT_EQ((*end)[1].diag.outcome(), outcome::unknown);
    EXPECT_EQ((*end)[2].diag.outcome(), outcome::not_sent);
}

TEST(conversation_asides, too_many_parameters_reported)
{
    auto d = about({});
    for (int i = 0; i <= 1000; ++i) d.server(server::parameter("p" + std::to_string(i), ""));
    const auto end = d.play();
    EXPECT_TRUE(end->gave_up);
    EXPECT_EQ(end->talk.error(), errc::protocol_violation);
    EXPECT_LE(end->talk.server().parameters.size(), tusk::session::server_state::max_parameters);
}

TEST(conversation_asides, a_message_above_the_limit)
{
    tusk::connection_options options;
    options.max_message_size = 1000;
    auto d = about({"a"}, options);
    d.act(ask(0)).client(client::miss("tusk_1", "a"));
    d.server(server::parse_complete(), server::parameters({}), server::columns({{"a"}}),
             server::bind_complete(), server::row({std::string(1000, 'x')}));
    EXPECT_EQ((*d.play())[0].ec, errc::message_too_large);
}

} // namespace
