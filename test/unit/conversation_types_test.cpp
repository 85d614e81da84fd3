// Distributed under the Boost Software License, Version 1.0.
// The look-up of types in front of a request that names one.
#include "conversation_dialogues.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

namespace {

using namespace session_test;
using tusk::as_type;
using tusk::errc;
using wire_test::int32;

const std::string seven("\0\0\0\7", 4);
tusk::bound by_name() { return tusk::sql("a", as_type("small", 7)); }

std::string the_look_up() { return client::miss("", tusk::session::describe_types({}, {"\"small\""})); }

std::string empty_array(std::uint32_t element) { return int32(0) + int32(0) + int32(element); }

/// The answer that describes the domain "small" over int4, or nothing.
std::string described(bool found = true, std::uint32_t type = 20'001, char kind = 'd')
{
    std::vector<server::column> columns;
    for (const std::uint32_t t : {26, 25, 19, 18, 18, 26, 26, 26, 23, 26, 26, 1003, 1028, 1007, 1003, 1009})
        columns.push_back({"c", t});
    const std::string names = int32(1) + int32(0) + int32(25) + int32(1) + int32(1) + int32(7) + "\"small\"";
    std::string answer = server::parse_complete() + server::parameters({}) + server::columns(columns) +
                         server::bind_complete();
    if (found)
        answer += server::row({int32(type), "small", "s", std::string(1, kind), ",", int32(0), int32(0),
                               int32(23), int32(0xffffffff), int32(0), int32(0), empty_array(19),
                               empty_array(26), empty_array(23), empty_array(19), names});
    return answer + server::complete("SELECT 1") + server::ready();
}

std::string sent(std::string_view statement, std::uint32_t type = 20'001)
{
    const std::string name(statement);
    return client::parse(name, "a", {type}) + client::describe(name) + client::bind(name, {seven}) +
           client::execute() + client::sync();
}
std::string answer(const std::string& mark, std::uint32_t type = 20'001)
{
    return server::parse_complete() + server::parameters({type}) + server::columns({{"a"}}) +
           server::bind_complete() + server::row({mark}) + server::complete("SELECT 1 " + mark) +
           server::ready();
}

TEST(conversation_types, a_request_is_held_and_all_behind_it)
{
    auto d = about({"z", by_name(), "b", by_name()});
    d.act(ask(0)).act(ask(1)).act(ask(2)).act(ask(3));
    d.client(client::miss("tusk_1", "z"), the_look_up());
    d.server(answer_miss("#0")).client("");
    d.server(described());
    d.client(sent("tusk_2"), client::miss("tusk_3", "b"), client::bind("tusk_2", {seven}), client::execute(),
             client::sync());
    d.server(answer("#1"), answer_miss("#2"), answer_hit("#3"));
    d.play_and_break();
    const auto end = d.play();
    for (std::size_t i = 0; i < 4; ++i) EXPECT_FALSE((*end)[i].ec) << i;
    EXPECT_EQ(end->talk.statistics().type_lookups, 1U);
    EXPECT_EQ(end->talk.statistics().requests, 4U);
}

TEST(conversation_types, what_the_server_does_not_know)
{
    auto d = about({by_name(), "b"});
    d.act(ask(0)).act(ask(1)).client(the_look_up()).server(described(false));
    d.client(client::miss("tusk_1", "b")).server(answer_miss("#1"));
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, errc::unknown_type);
    EXPECT_EQ((*end)[0].diag.outcome(), tusk::outcome::not_sent);
    EXPECT_FALSE((*end)[1].ec);
}

TEST(conversation_types, a_look_up_that_fails_fails_the_request)
{
    auto d = about({by_name(), "b"});
    d.act(ask(0)).act(ask(1)).client(the_look_up());
    d.server(server::error({.code = "25P02", .message = "aborted"}), server::ready('E'));
    d.client(client::miss("tusk_1", "b")).server(answer_miss("#1"));
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, tusk::sqlstate::in_failed_sql_transaction);
    EXPECT_EQ((*end)[0].diag.outcome(), tusk::outcome::not_sent);
}

TEST(conversation_types, answers_that_describe_nothing)
{
    for (const std::string& bad : {described(true, 0), described(true, 20'001, 'x')}) {
        auto d = about({by_name()});
        d.act(ask(0)).client(the_look_up()).server(bad);
        const auto end = d.play_every_way();
        EXPECT_EQ((*end)[0].ec, errc::invalid_value);
    }
    auto d = about({by_name()}); // other columns
    d.act(ask(0)).client(the_look_up()).server(answer_miss("x"));
    EXPECT_EQ((*d.play_every_way())[0].ec, errc::column_mismatch);
}

TEST(conversation_types, cancelled_while_it_is_held)
{
    auto d = about({by_name(), "b"});
    d.act(ask(0)).act(ask(1)).client(the_look_up()).act(leave(0)).client(client::miss("tusk_1", "b"));
    d.server(described(), answer_miss("#1")); // nobody waits for the look-up any more
    (void)d.play_every_way();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, std::make_error_code(std::errc::operation_canceled));
    EXPECT_EQ((*end)[0].diag.outcome(), tusk::outcome::not_sent);
    EXPECT_FALSE((*end)[1].ec);
}

TEST(conversation_types, made_anew_it_is_looked_up_once_more)
{
    auto d = about({by_name(), by_name()});
    d.act(ask(0)).client(the_look_up()).server(described()).client(sent("tusk_1")).server(answer("#0"));
    d.act(ask(1)).client(client::bind("tusk_1", {seven}), client::execute(), client::sync());
    d.server(server::error({.code = "XX000", .message = "cache lookup failed for type 20001"}),
             server::ready());
    d.client(client::close("tusk_1"), the_look_up())
        .server(server::close_complete(), described(true, 20'002));
    d.client(sent("tusk_2", 20'002)).server(answer("#1", 20'002));
    (void)d.play_every_way();
    const auto end = d.play();
    EXPECT_FALSE((*end)[1].ec) << (*end)[1].diag.message();
    EXPECT_EQ((*end)[1].restarts, 1);
    EXPECT_EQ(end->talk.statistics().type_lookups, 2U);
    EXPECT_EQ(end->talk.statistics().heals, 1U);
}

TEST(conversation_types, search_path_that_the_server_reports)
{
    auto d = about({by_name(), by_name()});
    d.act(ask(0)).client(the_look_up()).server(described()).client(sent("tusk_1")).server(answer("#0"));
    d.server(server::parameter("search_path", "other"));
    d.act(ask(1)).client(the_look_up()).server(described());
    d.client(client::bind("tusk_1", {seven}), client::execute(), client::sync()).server(answer_hit("#1"));
    (void)d.play_every_way();
    EXPECT_FALSE((*d.play())[1].ec);
}

} // namespace
