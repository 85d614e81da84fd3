// Distributed under the Boost Software License, Version 1.0.
// Types without a binary form, and what is learnt of them.
#include "conversation_dialogues.hpp"

#include <gtest/gtest.h>

namespace {

using namespace session_test;

const server::report no_binary_output{
    .code = "42883", .message = "no binary output", .routine = "getTypeBinaryOutputInfo"};

std::string described(const std::vector<server::column>& cols)
{
    return server::parse_complete() + server::parameters({}) + server::columns(cols) +
           server::bind_complete();
}

TEST(healing_formats, a_type_without_binary_output_is_asked_for_as_text)
{
    auto d = about({"acl", "acl"});
    d.act(ask(0)).client(client::miss("tusk_1", "acl"));
    d.server(described({{"n", 23}, {"acl", 1033}}), server::error(no_binary_output), server::ready());
    d.client(client::bind("tusk_1", {}, {1, 0}), client::execute(), client::sync());
    d.server(server::bind_complete(), server::row({"#0", "x"}), server::complete("SELECT #0"),
             server::ready());
    d.act(ask(1)).client(client::bind("tusk_1", {}, {1, 0}), client::execute(), client::sync());
    d.server(server::bind_complete(), server::row({"#1", "x"}), server::complete("SELECT #1"),
             server::ready());
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].text(), "begin 0 n:23b acl:1033t\nrow #0 x\nend 0 SELECT #0\ndone");
    EXPECT_EQ((*end)[1].log.front(), "begin 0 n:23b acl:1033t");
}

TEST(healing_formats, a_type_that_claims_a_binary_form)
{
    auto d = about({"range", "range"}); // its element type has none: the second time all columns are text
    d.act(ask(0)).client(client::miss("tusk_1", "range"));
    d.server(described({{"r", 3904}}), server::error(no_binary_output), server::ready());
    d.client(client::hit("tusk_1"));
    d.server(server::bind_complete(),
             server::error({.code = "42883", .message = "x", .routine = "range_send"}), server::ready());
    d.client(client::parse("", "range"), client::describe(""), client::bind("", {}, {0}), client::execute(),
             client::sync());
    d.server(described({{"r", 3904}}), server::row({"#0"}), server::complete("SELECT #0"), server::ready());
    d.act(ask(1)).client(client::bind("tusk_1", {}, {0}), client::execute(), client::sync());
    d.server(server::bind_complete(), server::row({"#1"}), server::complete("SELECT #1"), server::ready());
    d.play_and_break();
    EXPECT_EQ((*d.play())[0].log.front(), "begin 0 r:3904t");
    EXPECT_EQ((*d.play())[1].log.front(), "begin 0 r:3904t");
}

TEST(healing_formats, several_in_flight_learn_the_formats_once)
{
    auto d = about({"acl", "acl", "acl"});
    d.act(ask(0)).act(ask(1)).act(ask(2));
    d.client(client::miss("tusk_1", "acl"), client::hit("tusk_1"), client::hit("tusk_1"));
    const std::string again = client::bind("tusk_1", {}, {1, 0}) + client::execute() + client::sync();
    d.server(described({{"n", 23}, {"acl", 1033}}), server::error(no_binary_output), server::ready());
    d.client(again);
    d.server(server::bind_complete(), server::error(no_binary_output), server::ready());
    d.client(again);
    d.server(server::bind_complete(), server::error(no_binary_output), server::ready());
    d.client(again);
    for (const char* mark : {"#0", "#1", "#2"})
        d.server(server::bind_complete(), server::row({mark, "x"}), server::complete("SELECT 1"),
                 server::ready());
    d.play_and_break();
    const auto end = d.play();
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ((*end)[i].log.front(), "begin 0 n:23b acl:1033t");
}

TEST(healing_formats, prepare_keeps_the_formats_that_were_learnt)
{
    auto d = conversation_dialogue([] {
        auto p = std::make_unique<conversation_peer>();
        p->query("acl");
        p->add(kind::prepare, {"acl"});
        p->query("acl");
        return p;
    });
    const std::string again = client::bind("tusk_1", {}, {1, 0}) + client::execute() + client::sync();
    d.act(ask(0)).client(client::miss("tusk_1", "acl"));
    d.server(described({{"n", 23}, {"acl", 1033}}), server::error(no_binary_output), server::ready());
    d.client(again).server(server::bind_complete(), server::complete("SELECT #0"), server::ready());
    d.act(ask(1)).client(client::describe("tusk_1"), client::sync());
    d.server(server::parameters({}), server::columns({{"n", 23}, {"acl", 1033}}), server::ready());
    d.act(ask(2)).client(again).server(server::bind_complete(), server::complete("SELECT #2"),
                                       server::ready());
    d.play_and_break();
    EXPECT_EQ((*d.play())[1].log.front(), "describe -> n:23b acl:1033t");
}

TEST(healing_formats, without_a_cache_the_request_itself_remembers)
{
    tusk::connection_options options;
    options.mode = tusk::statement_mode::unnamed;
    auto d = about({"acl"}, options);
    d.act(ask(0)).client(client::miss("", "acl"));
    d.server(described({{"acl", 1033}}), server::error(no_binary_output), server::ready());
    d.client(client::parse("", "acl"), client::describe(""), client::bind("", {}, {0}), client::execute(),
             client::sync());
    d.server(described({{"acl", 1033}}), server::row({"#0"}), server::complete("SELECT #0"), server::ready());
    d.play_and_break();
    EXPECT_EQ((*d.play())[0].log.front(), "begin 0 acl:1033t");
}

TEST(healing_formats, within_a_transaction_a_missing_binary_form_is_the_servers_error)
{
    auto d = about({"acl", "acl"});
    d.act(ask(0)).client(client::miss("tusk_1", "acl"));
    d.server(described({{"acl", 1033}}), server::error(no_binary_output), server::ready('E'));
    d.act(ask(1)).client(client::bind("tusk_1", {}, {0}), client::execute(), client::sync());
    d.server(server::bind_complete(), server::complete("SELECT #1"), server::ready());
    const auto end = d.play_every_way();
    EXPECT_EQ((*end)[0].ec, tusk::sqlstate::undefined_function);
    EXPECT_FALSE((*end)[1].ec);
}

} // namespace
