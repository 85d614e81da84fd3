// Distributed under the Boost Software License, Version 1.0.
// In which style the server writes dates, and when a conversation knows it.
#include "conversation_dialogues.hpp"

#include <gtest/gtest.h>

namespace {

using namespace session_test;
using order = tusk::text_style::date_order;
using zones = tusk::text_style::zone_names;

tusk::text_style style_of(const recorder& r) { return r.columns->front().style; }

tusk::bound as_text(const char* sql) { return tusk::bound(sql).text_results(true); }

/// A cached statement in text format, sent for the first time and again.
std::string text_hit() { return client::bind("tusk_1", {}, {0}) + client::execute() + client::sync(); }

std::string set(const char* name, const char* value)
{
    return bound_miss() + server::complete("SET") + server::parameter(name, value) + server::ready();
}

TEST(conversation_style, known_from_the_start)
{
    tusk::session::server_state state;
    state.parameters = {{"DateStyle", "SQL, DMY"}, {"TimeZone", "UTC"}};
    conversation_dialogue d([&state] {
        auto peer = std::make_unique<conversation_peer>(tusk::connection_options{}, state);
        peer->query(as_text("a"));
        return peer;
    });
    d.act(ask(0)).client(client::parse("tusk_1", "a"), client::describe("tusk_1"), text_hit());
    d.server(answer_miss("#0"));
    EXPECT_EQ(style_of((*d.play())[0]), (tusk::text_style{order::dmy, zones::utc}));
}

TEST(conversation_style, remembered_columns_follow_a_change)
{
    auto d = about({as_text("a"), "set", as_text("a"), as_text("a")});
    d.act(ask(0)).client(client::parse("tusk_1", "a"), client::describe("tusk_1"), text_hit());
    d.server(answer_miss("#0"));
    d.act(ask(1)).client(client::miss("tusk_2", "set")).server(set("DateStyle", "SQL, DMY"));
    d.act(ask(2)).client(text_hit()).server(answer_hit("#2"));
    d.act(ask(3)).client(text_hit()).server(answer_hit("#3"));
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ(style_of((*end)[0]).order, order::mdy);
    EXPECT_EQ(style_of((*end)[2]).order, order::dmy);
    EXPECT_EQ(style_of((*end)[3]).order, order::dmy);
    EXPECT_EQ((*end)[3].log.front(), "begin 0 a:25t");
}

TEST(conversation_style, a_pipeline_changes_style_where_the_change_was_made)
{
    auto d = about({as_text("a"), "set", as_text("a")});
    d.act(ask(0)).act(ask(1)).act(ask(2));
    d.client(client::parse("tusk_1", "a"), client::describe("tusk_1"), text_hit(),
             client::miss("tusk_2", "set"), text_hit());
    d.server(answer_miss("#0")).server(set("TimeZone", "Etc/UTC")).server(answer_hit("#2"));
    const auto end = d.play();
    EXPECT_EQ(style_of((*end)[0]).zones, zones::unknown);
    EXPECT_EQ(style_of((*end)[2]).zones, zones::utc);
}

TEST(conversation_style, in_doubt_within_a_script_that_may_have_changed_it)
{
    auto d = about_requests({script("a; set x; b"), {kind::query, {as_text("c")}}});
    d.act(ask(0)).client(client::query("a; set x; b"));
    d.server(server::columns({{"a"}}), server::row({"#0"}), server::complete("SELECT #0"));
    d.act([](conversation_peer& p) { EXPECT_EQ(style_of(p[0]).order, order::mdy); });
    d.server(server::complete("SET"), server::columns({{"b"}}), server::row({"#0"}),
             server::complete("SELECT #0"));
    d.act([](conversation_peer& p) {
        EXPECT_EQ(style_of(p[0]), (tusk::text_style{order::unknown, zones::unknown}));
    });
    d.server(server::ready());
    d.act(ask(1)).client(client::parse("tusk_1", "c"), client::describe("tusk_1"), text_hit());
    d.server(answer_miss("#1"));
    const auto end = d.play();
    EXPECT_EQ(style_of((*end)[1]).order, order::mdy);
}

TEST(conversation_style, binary_columns_have_none)
{
    auto d = about({"a", "set", "a"});
    d.act(ask(0)).client(client::miss("tusk_1", "a")).server(answer_miss("#0"));
    d.act(ask(1)).client(client::miss("tusk_2", "set")).server(set("DateStyle", "SQL, DMY"));
    d.act(ask(2)).client(client::hit("tusk_1")).server(answer_hit("#2"));
    const auto end = d.play();
    EXPECT_EQ(style_of((*end)[2]), tusk::text_style{});
    EXPECT_EQ((*end)[0].columns, (*end)[2].columns); // shared, not copied
}

} // namespace
