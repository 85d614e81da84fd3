// Distributed under the Boost Software License, Version 1.0.
#include "conversation_dialogues.hpp"

#include "session/statement_cache.hpp"

#include <gtest/gtest.h>

#include <set>

namespace {

using namespace session_test;
using tusk::oid;
using tusk::session::is_copy_statement;
using tusk::session::prepared;
using tusk::session::statement_cache;

prepared& ready(prepared& entry)
{
    entry.state = prepared::status::ready;
    return entry;
}

TEST(statement_cache, the_key_is_text_and_declared_types)
{
    statement_cache cache(10);
    const std::vector<oid> one{oid::int4};
    const std::vector<oid> other{oid::text};
    const std::vector<oid> two{oid::int4, oid::int4};
    prepared& a = cache.insert("select $1", one);
    EXPECT_EQ(cache.find("select $1", one), &a);
    EXPECT_EQ(cache.find("select $1", other), nullptr);
    EXPECT_EQ(cache.find("select $1", two), nullptr);
    EXPECT_EQ(cache.find("select $1", {}), nullptr);
    EXPECT_EQ(cache.find("select $1 ", one), nullptr);
    prepared& b = cache.insert("select $1", other);
    EXPECT_NE(a.name, b.name);
    EXPECT_EQ(cache.find("select $1", one), &a);
    EXPECT_EQ(cache.size(), 2U);
}

TEST(statement_cache, the_least_recently_used_one_gives_way)
{
    statement_cache cache(2);
    const std::string first = cache.insert("a", {}).name;
    const std::string second = cache.insert("b", {}).name;
    ASSERT_NE(cache.find("a", {}), nullptr);
    (void)cache.insert("c", {});
    EXPECT_NE(cache.find("a", {}), nullptr);
    EXPECT_EQ(cache.find("b", {}), nullptr);
    EXPECT_EQ(cache.to_close(), std::vector<std::string>{second});
    EXPECT_EQ(cache.evictions(), 1U);
    EXPECT_EQ(cache.size(), 2U);
    EXPECT_EQ(cache.capacity(), 2U);
}

TEST(statement_cache, an_entry_in_flight_outlives_its_eviction)
{
    statement_cache cache(1);
    prepared& a = ready(cache.insert("a", {}));
    cache.acquire(a);
    cache.acquire(a);
    (void)cache.insert("b", {});
    EXPECT_EQ(cache.find("a", {}), nullptr);
    EXPECT_EQ(a.sql, "a");
    cache.release(a);
    EXPECT_EQ(a.in_flight, 1U);
    cache.drop(a, true); // it is out already: its name is closed once
    EXPECT_EQ(cache.to_close().size(), 1U);
    cache.release(a); // now it is gone; the sanitizer would see a second use
}

TEST(statement_cache, dropping_closes_only_when_asked)
{
    statement_cache cache(5);
    cache.drop(cache.insert("a", {}), false);
    EXPECT_TRUE(cache.to_close().empty());
    prepared& b = cache.insert("b", {});
    const std::string name = b.name;
    cache.drop(b, true);
    EXPECT_EQ(cache.to_close(), std::vector<std::string>{name});
    EXPECT_EQ(cache.size(), 0U);
    EXPECT_EQ(cache.evictions(), 0U);
}

TEST(statement_cache, forget_all_leaves_what_is_being_prepared)
{
    statement_cache cache(5);
    (void)ready(cache.insert("a", {}));
    prepared& flying = ready(cache.insert("b", {}));
    cache.acquire(flying);
    prepared& preparing = cache.insert("c", {});
    cache.forget_all();
    EXPECT_EQ(cache.find("a", {}), nullptr);
    EXPECT_EQ(cache.find("b", {}), nullptr);
    EXPECT_EQ(cache.find("c", {}), &preparing);
    EXPECT_EQ(flying.state, prepared::status::gone);
    EXPECT_TRUE(cache.to_close().empty());
    cache.release(flying);
}

TEST(statement_cache, names_are_unique_and_short_also_when_renamed)
{
    statement_cache cache(1000);
    std::set<std::string> names;
    for (int i = 0; i < 300; ++i) {
        if (i % 100 == 99) cache.rename();
        const std::string name = cache.insert(std::to_string(i), {}).name;
        EXPECT_LE(name.size(), 63U);
        EXPECT_TRUE(name.starts_with("tusk_"));
        EXPECT_TRUE(names.insert(name).second);
    }
    statement_cache other(1);
    statement_cache another(1);
    other.rename();
    another.rename();
    EXPECT_NE(other.insert("a", {}).name, another.insert("a", {}).name);
}

TEST(statement_cache, what_is_a_copy_statement)
{
    for (const char* yes :
         {"copy t from stdin", "COPY t to stdout", "  \t\r\n\f\vCoPy t", "copy", "copy(select 1) to stdout",
          "copy\"t\" to stdout", "-- c\ncopy t", "-- c\rcopy t", "/* a */copy t", "/* a /* b */ c */ copy t",
          "/**/copy/**/t", "/* -- */ -- /* \n copy t", ";; copy t", "/*/**/*/copy t"})
        EXPECT_TRUE(is_copy_statement(yes)) << yes;
    for (const char* no :
         {"", " ", "cop", "copyright()", "copy_t", "copy1", "copy$", "copy\xc3\xa9", "select 'copy'",
          "/* copy t", "-- copy t", "/* a /* b */ copy t", "/* /* */", "/", "-", "with copy as", "scopy"})
        EXPECT_FALSE(is_copy_statement(no)) << no;
    EXPECT_TRUE(tusk::session::prepared(statement_cache(1).insert("copy t from stdin", {})).is_copy);
}

TEST(statement_cache, formats_of_columns)
{
    using tusk::session::result_formats;
    using tusk::session::with_formats;
    EXPECT_EQ(with_formats(nullptr, result_formats::text), nullptr);
    tusk::columns cols(3);
    cols[0].type = oid::int4;
    cols[1].type = oid{1033};  // aclitem
    cols[2].type = oid{20000}; // somebody's own
    const auto shared = std::make_shared<const tusk::columns>(cols);
    const auto shown = [&](result_formats f) { return recorder::names(with_formats(shared, f)); };
    EXPECT_EQ(shown(result_formats::binary), " :23b :1033b :20000b");
    EXPECT_EQ(shown(result_formats::text), " :23t :1033t :20000t");
    EXPECT_EQ(shown(result_formats::per_column), " :23b :1033t :20000t");
}

// --- within a conversation

conversation_dialogue with_capacity(std::size_t capacity, std::vector<tusk::bound> queries)
{
    tusk::connection_options options;
    options.statement_cache_capacity = capacity;
    return about(std::move(queries), options);
}

TEST(statement_cache, eviction_sends_close_in_front)
{
    auto d = with_capacity(1, {"a", "b", "a"});
    d.act(ask(0)).client(client::miss("tusk_1", "a")).server(answer_miss("#0"));
    d.act(ask(1)).client(client::close("tusk_1"), client::miss("tusk_2", "b"));
    d.server(server::close_complete(), answer_miss("#1"));
    d.act(ask(2)).client(client::close("tusk_2"), client::miss("tusk_3", "a"));
    d.server(server::close_complete(), answer_miss("#2"));
    d.play_and_break();
    EXPECT_EQ(d.play()->talk.statistics().cache_evictions, 2U);
}

TEST(statement_cache, eviction_of_what_is_in_flight)
{
    auto d = with_capacity(1, {"a", "a", "b", "a"});
    d.act(ask(0)).act(ask(1)).act(ask(2)).act(ask(3));
    d.client(client::miss("tusk_1", "a"), client::hit("tusk_1"), client::close("tusk_1"),
             client::miss("tusk_2", "b"), client::close("tusk_2"), client::miss("tusk_3", "a"));
    d.server(answer_miss("#0"), answer_hit("#1"), server::close_complete(), answer_miss("#2"),
             server::close_complete(), answer_miss("#3"));
    d.play_and_break();
}

TEST(statement_cache, a_batch_larger_than_the_cache)
{
    auto d = conversation_dialogue([] {
        tusk::connection_options options;
        options.statement_cache_capacity = 1;
        auto peer = std::make_unique<conversation_peer>(options);
        peer->add(conversation_peer::kind::batch, {"a", "b", "a"});
        peer->query("b");
        return peer;
    });
    const auto part = [](const char* name, const char* sql) {
        return client::parse(name, sql) + client::describe(name) + client::bind(name) + client::execute();
    };
    d.act(ask(0)).client(part("tusk_1", "a"), part("tusk_2", "b"), part("tusk_3", "a"), client::sync());
    const std::string answer = server::parse_complete() + server::parameters({}) + server::no_data() +
                               server::bind_complete() + server::complete("A #0");
    d.server(answer, answer, answer, server::ready());
    // what the batch evicted, and what this one evicts, is closed in front of the next group
    d.act(ask(1)).client(client::close("tusk_1"), client::close("tusk_2"), client::close("tusk_3"),
                         client::miss("tusk_4", "b"));
    d.server(server::close_complete(), server::close_complete(), server::close_complete(), answer_miss("#1"));
    d.play_and_break();
}

TEST(statement_cache, discard_all_and_deallocate_all_empty_it)
{
    for (const char* tag : {"DISCARD ALL", "DEALLOCATE ALL"}) {
        auto d = with_capacity(10, {"a", "forget", "a", "a"});
        d.act(ask(0)).client(client::miss("tusk_1", "a")).server(answer_miss("#0"));
        d.act(ask(1)).client(client::miss("tusk_2", "forget"));
        d.server(server::parse_complete(), server::parameters({}), server::no_data(), server::bind_complete(),
                 server::complete(tag), server::ready());
        d.act(ask(2)).client(client::miss("tusk_3", "a")).server(answer_miss("#2"));
        d.act(ask(3)).client(client::hit("tusk_3")).server(answer_hit("#3"));
        (void)d.play_every_way();
    }
}

TEST(statement_cache, discard_all_in_a_script)
{
    auto d = conversation_dialogue([] {
        auto peer = std::make_unique<conversation_peer>();
        peer->query("a");
        peer->add(conversation_peer::kind::script, {"discard all"});
        peer->query("a");
        return peer;
    });
    d.act(ask(0)).client(client::miss("tusk_1", "a")).server(answer_miss("#0"));
    d.act(ask(1))
        .client(client::query("discard all"))
        .server(server::complete("DISCARD ALL"), server::ready());
    d.act(ask(2)).client(client::miss("tusk_2", "a")).server(answer_miss("#2"));
    (void)d.play_every_way();
}

TEST(statement_cache, parse_succeeds_although_its_group_fails)
{
    auto d = with_capacity(10, {"a", "a"});
    d.act(ask(0)).client(client::miss("tusk_1", "a"));
    d.server(server::parse_complete(), server::parameters({}), server::columns({{"a"}}),
             server::bind_complete(), server::error({.code = "22012", .message = "zero #0"}),
             server::ready());
    d.act(ask(1)).client(client::hit("tusk_1")).server(answer_hit("#1"));
    d.play_and_break();
}

} // namespace
