// Distributed under the Boost Software License, Version 1.0.
#include "conversation_dialogues.hpp"

#include <gtest/gtest.h>

namespace {

using namespace session_test;
using tusk::errc;
using tusk::outcome;
using tusk::sql;

tusk::connection_options mode(tusk::statement_mode m)
{
    tusk::connection_options options;
    options.mode = m;
    return options;
}

// --- exact bytes

TEST(conversation, a_statement_seen_for_the_first_time)
{
    auto d = about({sql("select $1", 7)});
    d.act(ask(0));
    d.client(client::parse("tusk_1", "select $1", {23}), client::describe("tusk_1"),
             client::bind("tusk_1", {{std::string("\0\0\0\7", 4)}}), client::execute(), client::sync());
    d.server(server::parse_complete(), server::parameters({23}), server::columns({{"n", 23}}),
             server::bind_complete(), server::row({"#0"}), server::row({std::nullopt}),
             server::complete("SELECT #0"), server::ready());
    d.play_and_break();
    EXPECT_EQ((*d.play())[0].text(), "begin 0 n:23b\nrow #0\nrow NULL\nend 0 SELECT #0\ndone");
    EXPECT_EQ(d.play()->talk.statistics().cache_misses, 1U);
}

TEST(conversation, a_statement_seen_before)
{
    auto d = about({sql("select $1", 7), sql("select $1", 8)});
    d.act(ask(0));
    d.client(client::parse("tusk_1", "select $1", {23}), client::describe("tusk_1"),
             client::bind("tusk_1", {{std::string("\0\0\0\7", 4)}}), client::execute(), client::sync());
    d.server(server::parse_complete(), server::parameters({23}), server::columns({{"n", 23}}),
             server::bind_complete(), server::row({"#0"}), server::complete("SELECT #0"), server::ready());
    d.act(ask(1));
    d.client(client::bind("tusk_1", {{std::string("\0\0\0\10", 4)}}), client::execute(), client::sync());
    d.server(server::bind_complete(), server::row({"#1"}), server::complete("SELECT #1"), server::ready());
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[1].text(), "begin 0 n:23b\nrow #1\nend 0 SELECT #1\ndone");
    EXPECT_EQ(end->talk.statistics().cache_hits, 1U);
    EXPECT_TRUE(end->talk.idle());
}

TEST(conversation, unnamed_and_simple_modes)
{
    auto unnamed = about({"select 1", "select 1"}, mode(tusk::statement_mode::unnamed));
    unnamed.act(ask(0)).act(ask(1)).client(client::miss("", "select 1"), client::miss("", "select 1"));
    for (const char* mark : {"#0", "#1"})
        unnamed.server(server::parse_complete(), server::parameters({}), server::columns({{"a"}}),
                       server::bind_complete(), server::row({mark}), server::complete("SELECT 1"),
                       server::ready());
    unnamed.play_and_break();
    EXPECT_EQ((*unnamed.play())[1].text(), "begin 0 a:25b\nrow #1\nend 0 SELECT 1\ndone");

    tusk::connection_options no_cache;
    no_cache.statement_cache_capacity = 0;
    auto uncached = about({"select 1"}, no_cache);
    (void)uncached.act(ask(0)).client(client::miss("", "select 1")).play();

    auto simple = about({"select 1"}, mode(tusk::statement_mode::simple));
    simple.act(ask(0)).client(client::query("select 1"));
    simple.server(server::columns({{"a"}}), server::row({"#0"}), server::complete("SELECT 1"),
                  server::ready());
    simple.play_and_break();
    EXPECT_EQ((*simple.play())[0].text(), "begin 0 a:25t\nrow #0\nend 0 SELECT 1\ndone");
}

TEST(conversation, text_results_are_asked_for)
{
    tusk::bound b("select 1");
    b.text_results(true);
    auto d = about({b, "select 1"});
    d.act(ask(0)).act(ask(1));
    d.client(client::parse("tusk_1", "select 1"), client::describe("tusk_1"), client::bind("tusk_1", {}, {0}),
             client::execute(), client::sync(), client::hit("tusk_1"));
    d.server(server::parse_complete(), server::parameters({}), server::columns({{"a"}}),
             server::bind_complete(), server::complete("SELECT #0"), server::ready(), server::bind_complete(),
             server::complete("SELECT #1"), server::ready());
    const auto end = d.play();
    EXPECT_EQ((*end)[0].log.front(), "begin 0 a:25t");
    EXPECT_EQ((*end)[1].log.front(), "begin 0 a:25b");
}

TEST(conversation, prepare_describes_only)
{
    auto d = about_requests({{kind::prepare, {"select $1"}}});
    d.act(ask(0));
    d.client(client::parse("tusk_1", "select $1"), client::describe("tusk_1"), client::sync());
    d.server(server::parse_complete(), server::parameters({25}), server::columns({{"t"}}), server::ready());
    d.play_and_break();
    EXPECT_EQ((*d.play())[0].text(), "describe 25 -> t:25b\ndone");
}

TEST(conversation, parameter_formats_and_nulls)
{
    tusk::params p;
    p.add(1).add("x").add_null();
    auto d = about({tusk::bound("f", p)});
    d.act(ask(0)).act([](conversation_peer& peer) {
        const std::string body = zero_ended("") + zero_ended("tusk_1") + int16(3) + int16(1) + int16(0) +
                                 int16(0) + int16(3) + int32(4) + int32(1) + int32(1) + "x" +
                                 int32(0xffffffff) + int16(1) + int16(1);
        EXPECT_EQ(peer.output(), client::parse("tusk_1", "f", {23, 0, 0}) + client::describe("tusk_1") +
                                     message('B', body) + client::execute() + client::sync());
    });
    (void)d.play();
}

// --- pipelines

TEST(conversation, several_in_flight_and_one_fails)
{
    auto d = about({"a", "b", "a"});
    d.act(ask(0)).act(ask(1)).act(ask(2));
    d.client(client::miss("tusk_1", "a"), client::miss("tusk_2", "b"), client::hit("tusk_1"));
    d.server(server::parse_complete(), server::parameters({}), server::columns({{"a"}}),
             server::bind_complete(), server::row({"#0"}), server::complete("SELECT #0"), server::ready());
    d.server(server::error({.code = "42P01", .message = "no relation #1"}), server::ready());
    d.server(answer_hit("#2"));
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].text(), "begin 0 a:25b\nrow #0\nend 0 SELECT #0\ndone");
    EXPECT_EQ((*end)[1].ec, tusk::sqlstate::undefined_table);
    EXPECT_EQ((*end)[1].diag.outcome(), outcome::completed);
    EXPECT_EQ((*end)[2].text(), "begin 0 a:25b\nrow #2\nend 0 SELECT #2\ndone");
}

TEST(conversation, error_in_the_middle_of_rows)
{
    auto d = about({"a", "b"});
    d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "a"), client::miss("tusk_2", "b"));
    d.server(server::parse_complete(), server::parameters({}), server::columns({{"a"}}),
             server::bind_complete(), server::row({"#0"}),
             server::error({.code = "22012", .message = "division #0"}), server::ready());
    d.server(server::parse_complete(), server::parameters({}), server::no_data(), server::bind_complete(),
             server::complete("INSERT 0 #1"), server::ready());
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, tusk::sqlstate::division_by_zero);
    EXPECT_EQ((*end)[1].text(), "begin 0 no columns\nend 0 INSERT 0 #1\ndone");
}

TEST(conversation, error_at_sync_after_command_complete)
{
    auto d = about({"insert", "insert"});
    d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "insert"), client::hit("tusk_1"));
    d.server(server::parse_complete(), server::parameters({}), server::no_data(), server::bind_complete(),
             server::complete("INSERT 0 #0"), server::error({.code = "23505", .message = "deferred #0"}),
             server::ready());
    d.server(server::bind_complete(), server::complete("INSERT 0 #1"), server::ready());
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, tusk::sqlstate::unique_violation);
    EXPECT_FALSE((*end)[1].ec);
}

TEST(conversation, nothing_completes_before_ready_for_query)
{
    auto d = about({"insert"});
    d.act(ask(0)).client(client::miss("tusk_1", "insert"));
    d.server(server::parse_complete(), server::parameters({}), server::no_data(), server::bind_complete(),
             server::complete("INSERT 0 #0"));
    d.act([](conversation_peer& p) { EXPECT_EQ(p[0].completed, 0); });
    d.server(server::ready());
    EXPECT_EQ((*d.play())[0].completed, 1);
}

TEST(conversation, the_first_of_several_errors_counts)
{
    auto d = about({"a", "b"});
    d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "a"), client::miss("tusk_2", "b"));
    d.server(server::error({.code = "42601", .message = "first #0"}),
             server::error({.code = "57014", .message = "second"}),
             server::fatal("protocol synchronization was lost", "08P01"));
    d.act([](conversation_peer& p) { p.lose(); });
    const auto end = d.play_every_way();
    EXPECT_EQ((*end)[0].ec, tusk::sqlstate::syntax_error);
    EXPECT_EQ((*end)[1].ec, errc::connection_lost);
    EXPECT_EQ((*end)[1].diag.message(), "protocol synchronization was lost");
    EXPECT_EQ((*end)[1].diag.outcome(), outcome::unknown);
}

// --- batches

TEST(conversation, batch_under_one_sync)
{
    auto d = about_requests({{kind::batch, {"a", "b", "a"}}});
    d.act(ask(0));
    d.client(client::parse("tusk_1", "a"), client::describe("tusk_1"), client::bind("tusk_1"),
             client::execute(), client::parse("tusk_2", "b"), client::describe("tusk_2"),
             client::bind("tusk_2"), client::execute(), client::hit("tusk_1"));
    d.server(server::parse_complete(), server::parameters({}), server::no_data(), server::bind_complete(),
             server::complete("A #0"));
    d.server(server::parse_complete(), server::parameters({}), server::columns({{"x"}}),
             server::bind_complete(), server::row({"#0"}), server::complete("B #0"));
    d.server(server::bind_complete(), server::complete("A again #0"), server::ready());
    d.play_and_break();
    EXPECT_EQ((*d.play())[0].text(), "begin 0 no columns\nend 0 A #0\nbegin 1 x:25b\nrow #0\nend 1 B #0\n"
                                     "begin 2 no columns\nend 2 A again #0\ndone");
}

TEST(conversation, batch_error_skips_the_rest)
{
    auto d = conversation_dialogue([] {
        auto p = std::make_unique<conversation_peer>();
        p->add(kind::batch, {"a", "b", "c"});
        p->query("c");
        return p;
    });
    d.act(ask(0)).client(client::parse("tusk_1", "a"), client::describe("tusk_1"), client::bind("tusk_1"),
                         client::execute(), client::parse("tusk_2", "b"), client::describe("tusk_2"),
                         client::bind("tusk_2"), client::execute(), client::miss("tusk_3", "c"));
    d.server(server::parse_complete(), server::parameters({}), server::no_data(), server::bind_complete(),
             server::complete("A #0"), server::parse_complete(), server::parameters({}), server::no_data(),
             server::bind_complete(), server::error({.code = "23505", .message = "twice #0"}),
             server::ready());
    // the skipped Parse prepared nothing
    d.act(ask(1)).client(client::miss("tusk_4", "c"));
    d.server(server::parse_complete(), server::parameters({}), server::no_data(), server::bind_complete(),
             server::complete("C #1"), server::ready());
    d.play_and_break();
    const auto end = d.play();
    const recorder& batch = (*end)[0];
    EXPECT_EQ(batch.ec, tusk::sqlstate::unique_violation);
    ASSERT_EQ(batch.part_errors.size(), 2U);
    EXPECT_EQ(batch.part_errors[0], std::pair(std::size_t{1}, batch.ec));
    EXPECT_EQ(batch.part_errors[1], std::pair(std::size_t{2}, make_error_code(errc::skipped)));
    EXPECT_FALSE((*end)[1].ec);
}

TEST(conversation, batch_error_at_sync_fails_every_part)
{
    auto d = about_requests({{kind::batch, {"a", "a"}}});
    d.act(ask(0)).client(client::parse("tusk_1", "a"), client::describe("tusk_1"), client::bind("tusk_1"),
                         client::execute(), client::hit("tusk_1"));
    d.server(server::parse_complete(), server::parameters({}), server::no_data(), server::bind_complete(),
             server::complete("A #0"), server::bind_complete(), server::complete("A #0"),
             server::error({.code = "23503", .message = "deferred #0"}), server::ready());
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, tusk::sqlstate::foreign_key_violation);
    EXPECT_EQ((*end)[0].part_errors.size(), 2U);
}

TEST(conversation, a_failed_batch_that_loses_the_connection_keeps_its_error)
{
    auto d = about_requests({{kind::batch, {"a", "b"}}});
    d.act(ask(0)).act([](conversation_peer& p) { (void)p.output(); });
    d.server(server::error({.code = "42601", .message = "syntax #0"}));
    d.act([](conversation_peer& p) { p.lose(); });
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, tusk::sqlstate::syntax_error);
    ASSERT_EQ((*end)[0].part_errors.size(), 2U);
    EXPECT_EQ((*end)[0].part_errors[0].second, tusk::sqlstate::syntax_error);
    EXPECT_EQ((*end)[0].part_errors[1].second, errc::skipped);
}

TEST(conversation, an_empty_batch_is_done_at_once)
{
    auto d = about_requests({{kind::batch, {}}});
    d.act(ask(0)).client("");
    EXPECT_EQ((*d.play())[0].text(), "done");
}

// --- kinds of results

TEST(conversation, rows_without_columns_empty_queries_and_no_data)
{
    auto d = about({"select", "", "set x", ""});
    d.act(ask(0)).act(ask(1)).act(ask(2)).act(ask(3));
    d.client(client::miss("tusk_1", "select"), client::miss("tusk_2", ""), client::miss("tusk_3", "set x"),
             client::hit("tusk_2"));
    d.server(server::parse_complete(), server::parameters({}), server::columns({}), server::bind_complete(),
             server::row({}), server::row({}), server::complete("SELECT #0"), server::ready());
    d.server(server::parse_complete(), server::parameters({}), server::no_data(), server::bind_complete(),
             server::empty_query(), server::ready());
    d.server(server::parse_complete(), server::parameters({}), server::no_data(), server::bind_complete(),
             server::complete("SET #2"), server::ready());
    d.server(server::bind_complete(), server::empty_query(), server::ready());
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].text(), "begin 0\nrow\nrow\nend 0 SELECT #0\ndone");
    EXPECT_EQ((*end)[1].text(), "begin 0 no columns\nend 0 \ndone");
    EXPECT_EQ((*end)[2].text(), "begin 0 no columns\nend 0 SET #2\ndone");
    EXPECT_EQ((*end)[3].text(), "begin 0 no columns\nend 0 \ndone");
}

TEST(conversation, rows_that_do_not_fit_their_columns)
{
    const std::vector<std::string> wrong{server::row({}),
                                         server::row({"a", "b"}),
                                         message('D', int16(1) + int32(2) + "x"),
                                         message('D', int16(1) + int32(0) + "x"),
                                         message('D', int16(1) + int32(0xfffffffe)),
                                         message('D', int16(1) + int32(0x7fffffff))};
    for (const std::string& row : wrong) {
        auto d = about({"a"});
        d.act(ask(0)).client(client::miss("tusk_1", "a"));
        d.server(server::parse_complete(), server::parameters({}), server::columns({{"a"}}),
                 server::bind_complete(), row);
        const auto end = d.play_every_way();
        EXPECT_EQ((*end)[0].ec, errc::protocol_violation);
        EXPECT_EQ((*end)[0].diag.outcome(), outcome::unknown);
        EXPECT_EQ((*end)[0].log.front(), "begin 0 a:25b");
    }
}

TEST(conversation, large_rows_over_many_reads)
{
    auto d = about({"a"});
    d.act(ask(0)).client(client::miss("tusk_1", "a"));
    d.server(server::parse_complete(), server::parameters({}), server::columns({{"a"}}),
             server::bind_complete());
    for (int i = 0; i < 8; ++i) d.server(server::row({std::string(static_cast<std::size_t>(i) * 67, 'x')}));
    d.server(server::complete("SELECT #0"), server::ready());
    EXPECT_EQ((*d.play_every_way())[0].rows.size(), 8U);
}

} // namespace
