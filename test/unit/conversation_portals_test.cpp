// Distributed under the Boost Software License, Version 1.0.
// Cursors: portals that are opened, fetched from with other requests in between, and closed.
#include "conversation_dialogues.hpp"

#include <gtest/gtest.h>

#include <functional>

namespace {

using namespace session_test;
using tusk::errc;
using tusk::outcome;
using tusk::detail::transaction_step;
using portal_ptr = std::shared_ptr<tusk::detail::portal>;

/// A conversation in a transaction block that SQL has begun.
struct cursor_peer : conversation_peer {
    explicit cursor_peer(const tusk::connection_options& options = {}, char status = 'T')
        : conversation_peer(options, in_block(status))
    {
    }

    static tusk::session::server_state in_block(char status)
    {
        tusk::session::server_state state;
        state.transaction = status;
        return state;
    }

    recorder& portal(kind what, const portal_ptr& of, const char* sql, std::int32_t limit = 0)
    {
        recorder& r = add(what, {sql});
        r.portal = of;
        r.limit = limit;
        if (what == kind::open_portal) r.step = transaction_step::inside;
        return r;
    }
    recorder& open(const portal_ptr& p, const char* sql) { return portal(kind::open_portal, p, sql); }
    recorder& fetch(const portal_ptr& p, std::int32_t n) { return portal(kind::fetch, p, "a", n); }
    recorder& close(const portal_ptr& p) { return portal(kind::close_portal, p, "a"); }

    static bool forbids(char candidate, char original, char previous)
    {
        if (candidate == 's')
            return previous == 'E' || !(original == 'D' || original == 'C' || original == 'E');
        if (original == 's') return candidate == 'T' || conversation_peer::forbids(candidate, 'C', previous);
        return (original != 'D' || candidate != 'C') &&
               conversation_peer::forbids(candidate, original, previous);
    }
};

using cursor_dialogue = dialogue<cursor_peer>;

portal_ptr named(const char* name)
{
    auto p = std::make_shared<tusk::detail::portal>();
    p->name = name;
    return p;
}

/// A dialogue with these requests.
cursor_dialogue about(std::function<void(cursor_peer&, const portal_ptr&)> make,
                      tusk::connection_options options = {})
{
    return cursor_dialogue([=] {
        auto peer = std::make_unique<cursor_peer>(options);
        make(*peer, named("p"));
        return peer;
    });
}

auto ask_for(std::size_t i)
{
    return [i](cursor_peer& p) { p.ask(i); };
}

const std::string open_a = client::parse("tusk_1", "a") + client::describe("tusk_1") +
                           client::bind("tusk_1", {}, {1}, "p") + client::sync();
const std::string a_opened =
    server::parse_complete() + server::parameters({}) + server::columns({{"a"}}) + server::bind_complete();
const std::string block = server::ready('T');

TEST(conversation_portals, other_requests_run_between_fetches)
{
    auto d = about([](cursor_peer& p, const portal_ptr& portal) {
        p.open(portal, "a");
        p.fetch(portal, 2);
        p.query("b");
        p.fetch(portal, 2);
        p.close(portal);
    });
    d.act(ask_for(0)).client(open_a).server(a_opened, block);
    d.act(ask_for(1)).act(ask_for(2)).act(ask_for(3));
    d.client(client::fetch("p", 2), client::miss("tusk_2", "b"), client::fetch("p", 2));
    d.server(server::row({"#1"}), server::row({"#1"}), server::portal_suspended(), block);
    d.server(server::parse_complete(), server::parameters({}), server::columns({{"b"}}),
             server::bind_complete(), server::row({"#2"}), server::complete("SELECT #2"), block);
    d.server(server::row({"#3"}), server::complete("SELECT #3"), block);
    d.act(ask_for(4)).client(client::close_portal("p")).server(server::close_complete(), block);
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].text(), "describe -> a:25b\nbegin 0 a:25b\nend 0 \ndone");
    EXPECT_EQ((*end)[1].text(), "begin 0 a:25b\nrow #1\nrow #1\nend 0 \ndone");
    EXPECT_EQ((*end)[2].text(), "begin 0 b:25b\nrow #2\nend 0 SELECT #2\ndone");
    EXPECT_EQ((*end)[3].text(), "begin 0 a:25b\nrow #3\nend 0 SELECT #3\ndone");
    EXPECT_EQ((*end)[4].text(), "done");
}

TEST(conversation_portals, several_of_one_cached_statement)
{
    cursor_peer p;
    const portal_ptr first = named("p"), second = named("q");
    p.open(first, "a");
    p.ask(0);
    EXPECT_EQ(p.output(), open_a);
    ASSERT_TRUE(p.receive(a_opened + block));
    p.open(second, "a");
    p.ask(1);
    EXPECT_EQ(p.output(), client::bind("tusk_1", {}, {1}, "q") + client::sync());
    ASSERT_TRUE(p.receive(server::bind_complete() + block));
    EXPECT_EQ(p[1].text(), "begin 0 a:25b\nend 0 \ndone");
    ASSERT_TRUE(second->columns);
    EXPECT_EQ((*second->columns)[0].name, "a");
    p.fetch(second, 7);
    p.fetch(first, 8);
    p.ask(2);
    p.ask(3);
    EXPECT_EQ(p.output(), client::fetch("q", 7) + client::fetch("p", 8));
    ASSERT_TRUE(p.receive(server::complete("SELECT 0") + block + server::row({"x"}) +
                          server::portal_suspended() + block));
    EXPECT_EQ(p[2].text(), "begin 0 a:25b\nend 0 SELECT 0\ndone");
    EXPECT_EQ(p[3].text(), "begin 0 a:25b\nrow x\nend 0 \ndone");
    EXPECT_TRUE(p.talk.idle());
}

TEST(conversation_portals, what_the_server_refuses)
{
    auto d = about([](cursor_peer& p, const portal_ptr& portal) {
        p.open(portal, "a");
        p.open(portal, "a");
        p.fetch(portal, 1);
        p.fetch(portal, 1);
        p.close(portal);
    });
    const auto failed = server::ready('E');
    d.act(ask_for(0)).client(open_a);
    d.server(server::parse_complete(), server::parameters({}), server::columns({{"a"}}),
             server::error({.code = "22P02", .message = "parameter #0"}), failed);
    d.act(ask_for(1)).client(client::bind("tusk_1", {}, {1}, "p"), client::sync());
    d.server(server::bind_complete(), block);
    d.act(ask_for(2)).act(ask_for(3)).client(client::fetch("p", 1), client::fetch("p", 1));
    d.server(server::row({"#2"}), server::error({.code = "22012", .message = "zero #2"}), failed);
    d.server(server::error({.code = "34000", .message = "portal #3"}), failed);
    d.act(ask_for(4)).client(client::close_portal("p")).server(server::close_complete(), failed);
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, tusk::sqlstate::invalid_text_representation);
    EXPECT_EQ((*end)[2].ec, tusk::sqlstate::division_by_zero);
    EXPECT_EQ((*end)[3].ec, tusk::sqlstate::invalid_cursor_name);
    EXPECT_FALSE((*end)[4].ec);
}

TEST(conversation_portals, without_a_cache_the_statement_has_no_name)
{
    tusk::connection_options options;
    options.mode = tusk::statement_mode::unnamed;
    auto d = about([](cursor_peer& p, const portal_ptr& portal) { p.open(portal, "a"); }, options);
    d.act(ask_for(0))
        .client(client::parse("", "a"), client::describe(""), client::bind("", {}, {1}, "p"), client::sync());
    d.server(a_opened, block);
    d.play_and_break();
}

TEST(conversation_portals, outside_of_a_block_and_in_simple_mode)
{
    cursor_peer p({}, 'I');
    p.open(named("p"), "a");
    p.ask(0);
    EXPECT_EQ(p.output(), "");
    EXPECT_EQ(p[0].ec, errc::not_in_transaction);
    EXPECT_TRUE(p[0].diag.safe_to_retry());

    tusk::connection_options options;
    options.mode = tusk::statement_mode::simple;
    cursor_peer simple(options);
    simple.open(named("p"), "a");
    simple.ask(0);
    EXPECT_EQ(simple.output(), "");
    EXPECT_EQ(simple[0].ec, errc::needs_extended_protocol);
}

TEST(conversation_portals, opened_as_the_first_of_a_transaction)
{
    cursor_peer p({}, 'I');
    p.query("begin").step = transaction_step::begin;
    p.ask(0);
    EXPECT_EQ(p.output(), "");
    p.open(named("p"), "a").transaction = 1;
    p.ask(1);
    EXPECT_EQ(p.output(), client::parse("", "begin") + client::bind("") + client::execute() + open_a);
    ASSERT_TRUE(p.receive(server::parse_complete() + server::bind_complete() + server::complete("BEGIN") +
                          a_opened + block));
    EXPECT_EQ(p[1].text(), "describe -> a:25b\nbegin 0 a:25b\nend 0 \ndone");
}

TEST(conversation_portals, given_up_before_and_amid_its_rows)
{
    cursor_peer p;
    const portal_ptr portal = named("p");
    p.open(portal, "a");
    p.ask(0);
    (void)p.output();
    ASSERT_TRUE(p.receive(a_opened + block));
    for (std::size_t i = 1; i <= 3; ++i) {
        p.fetch(portal, 2);
        p.ask(i);
    }
    (void)p.output();
    p.leave(1);
    EXPECT_FALSE(p.talk.is_answering());
    ASSERT_TRUE(p.receive(server::row({"x"}) + server::row({"y"}) + server::portal_suspended() + block));
    ASSERT_TRUE(p.receive(server::row({"z"})));
    p.leave(2);
    EXPECT_TRUE(p.talk.is_answering());
    ASSERT_TRUE(p.receive(server::row({"w"}) + server::portal_suspended() + block));
    ASSERT_TRUE(p.receive(server::complete("SELECT 0") + block));
    EXPECT_TRUE(p[1].ec && p[2].ec);
    EXPECT_EQ(p[3].text(), "begin 0 a:25b\nend 0 SELECT 0\ndone");

    p.fetch(portal, 2);
    p.ask(4);
    (void)p.output();
    p.leave(4);
    EXPECT_FALSE(
        p.receive(session_test::message('D', std::string("\0\2\0\0", 4)))); // two fields, and no end of them
    EXPECT_EQ(p.talk.error(), errc::protocol_violation);
}

TEST(conversation_portals, opening_that_was_given_up_leaves_nothing_behind_but_the_statement)
{
    cursor_peer p;
    const portal_ptr portal = named("p");
    p.open(portal, "a");
    p.ask(0);
    EXPECT_EQ(p.output(), open_a);
    p.leave(0);
    ASSERT_TRUE(p.receive(a_opened + block));
    EXPECT_FALSE(portal->columns);
    p.close(portal);
    p.query("a");
    p.ask(1);
    p.ask(2);
    EXPECT_EQ(p.output(), client::close_portal("p") + client::hit("tusk_1"));
    ASSERT_TRUE(p.receive(server::close_complete() + block + answer_hit("x")));
    EXPECT_EQ(p[1].text(), "done");
    EXPECT_EQ(p[2].text(), "begin 0 a:25b\nrow x\nend 0 SELECT x\ndone");
}

TEST(conversation_portals, an_ordinary_statement_is_never_suspended)
{
    conversation_peer p;
    p.query("a");
    p.ask(0);
    (void)p.output();
    EXPECT_FALSE(p.receive(a_opened + server::row({"x"}) + server::portal_suspended()));
    EXPECT_EQ(p.talk.error(), errc::protocol_violation);
}

TEST(conversation_portals, a_type_without_a_binary_form_is_fetched_as_text_the_next_time)
{
    cursor_peer p;
    const auto refused =
        server::error({.code = "42883", .message = "none", .routine = "getTypeBinaryOutputInfo"}) +
        server::ready('E');
    const std::string opened = server::parse_complete() + server::parameters({}) +
                               server::columns({{"a", 25}, {"acl", 1033}}) + server::bind_complete();
    const std::vector<std::vector<unsigned>> formats{{1}, {1, 0}, {0}};
    for (std::size_t i = 0; i < formats.size(); ++i) {
        const portal_ptr portal = named("p");
        p.open(portal, "a");
        p.ask(2 * i);
        const std::string bind = client::bind("tusk_1", {}, formats[i], "p") + client::sync();
        EXPECT_EQ(p.output(), i ? bind : client::parse("tusk_1", "a") + client::describe("tusk_1") + bind);
        ASSERT_TRUE(p.receive((i ? server::bind_complete() : opened) + block));
        p.fetch(portal, 5);
        p.ask(2 * i + 1);
        (void)p.output();
        ASSERT_TRUE(p.receive(refused));
        EXPECT_EQ(p[2 * i + 1].ec, tusk::sqlstate::undefined_function);
    }
}

TEST(conversation_portals, texts_are_in_the_style_of_when_they_are_fetched)
{
    cursor_peer p;
    const portal_ptr portal = named("p");
    ASSERT_TRUE(p.receive(server::parameter("DateStyle", "ISO, MDY") + server::parameter("TimeZone", "UTC")));
    tusk::bound as_text("a");
    recorder& open = p.add(kind::open_portal, {as_text.text_results(true)});
    open.portal = portal;
    p.ask(0);
    (void)p.output();
    ASSERT_TRUE(p.receive(a_opened + block));
    const auto before = (*portal->columns)[0].style;
    p.query("set datestyle = 'German'");
    p.fetch(portal, 1);
    p.ask(1);
    p.ask(2);
    (void)p.output();
    ASSERT_TRUE(p.receive(bound_miss() + server::complete("SET") +
                          server::parameter("DateStyle", "German, DMY") + block));
    ASSERT_TRUE(p.receive(server::row({"x"}) + server::portal_suspended() + block));
    EXPECT_EQ(p[2].text(), "begin 0 a:25t\nrow x\nend 0 \ndone");
    EXPECT_FALSE((*p[2].columns)[0].style == before);
}

} // namespace
