// Distributed under the Boost Software License, Version 1.0.
// Scripts, COPY by mistake, barriers, bounds, cancelling and the end of a conversation.
#include "conversation_dialogues.hpp"

#include <gtest/gtest.h>

namespace {

using namespace session_test;
using tusk::errc;
using tusk::outcome;

const std::string copy_refusal = client::copy_fail("COPY FROM STDIN is not run by a query function");

// --- scripts

TEST(conversation_flow, script_of_several_statements)
{
    auto d = about_requests({script("a; b; c")});
    d.act(ask(0)).client(client::query("a; b; c"));
    d.server(server::columns({{"x", 23}}), server::row({"#0"}), server::complete("SELECT #0"),
             server::complete("SET #0"), server::columns({}), server::row({}), server::complete("SELECT #0"),
             server::ready());
    d.play_and_break();
    EXPECT_EQ((*d.play())[0].text(),
              "begin 0 x:23t\nrow #0\nend 0 SELECT #0\nbegin 1 no columns\nend 1 SET #0\n"
              "begin 2\nrow\nend 2 SELECT #0\ndone");
}

TEST(conversation_flow, an_empty_script)
{
    auto d = about_requests({script("")});
    d.act(ask(0)).client(client::query("")).server(server::empty_query(), server::ready());
    d.play_and_break();
    EXPECT_EQ((*d.play())[0].text(), "begin 0 no columns\nend 0 \ndone");
}

TEST(conversation_flow, a_script_that_fails)
{
    auto d = about_requests({script("a; b"), query("c")});
    d.act(ask(0)).act(ask(1)).client(client::query("a; b"));
    d.server(server::complete("A #0"), server::columns({{"x"}}), server::row({"#0"}),
             server::error({.code = "22012", .message = "zero #0"}), server::ready());
    d.client(client::miss("tusk_1", "c")).server(answer_miss("#1"));
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, tusk::sqlstate::division_by_zero);
    EXPECT_EQ((*end)[0].part_errors.at(0).first, 1U);
    EXPECT_FALSE((*end)[1].ec);
}

TEST(conversation_flow, a_script_is_never_sent_twice)
{
    auto d = about_requests({script("insert; commit; select")});
    d.act(ask(0)).client(client::query("insert; commit; select"));
    d.server(server::complete("INSERT #0"), server::complete("COMMIT"),
             server::error({.code = "42883", .message = "no binary output #0", .routine = "array_send"}),
             server::ready());
    EXPECT_EQ((*d.play())[0].ec, tusk::sqlstate::undefined_function);
}

// --- COPY by mistake

TEST(conversation_flow, copy_in_extended)
{
    auto d = about_requests({query("copy t from stdin"), query("b")});
    d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "copy t from stdin"));
    d.server(bound_miss(), server::copy_in());
    d.client(copy_refusal, client::sync()); // the Sync that was sent is lost in copy mode
    d.server(server::error({.code = "57014", .message = "COPY from stdin failed"}), server::ready());
    d.client(client::miss("tusk_2", "b")).server(answer_miss("#1"));
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, errc::unexpected_copy);
    EXPECT_EQ((*end)[0].diag.outcome(), outcome::completed);
    EXPECT_FALSE((*end)[1].ec);
}

TEST(conversation_flow, copy_in_by_the_simple_protocol)
{
    auto d = about_requests({script("copy t from stdin; select"), query("b")});
    d.act(ask(0)).act(ask(1)).client(client::query("copy t from stdin; select"));
    d.server(server::copy_in()).client(copy_refusal);
    d.server(server::error({.code = "57014", .message = "COPY from stdin failed"}), server::ready());
    d.client(client::miss("tusk_1", "b")).server(answer_miss("#1"));
    d.play_and_break();
    EXPECT_EQ((*d.play())[0].ec, errc::unexpected_copy);
}

TEST(conversation_flow, copy_in_ended_by_the_server_first)
{
    auto d = about_requests({script("copy t from stdin"), query("b")});
    d.act(ask(0)).act(ask(1)).client(client::query("copy t from stdin"));
    d.server(server::copy_in(), server::error({.code = "57014", .message = "timeout"}), server::ready());
    d.client(client::miss("tusk_1", "b")).server(answer_miss("#1")); // nobody waits for a CopyFail any more
    d.play_and_break();
    EXPECT_EQ((*d.play())[0].ec, errc::unexpected_copy);
}

TEST(conversation_flow, copy_in_of_a_caller_who_has_left)
{
    auto d = about_requests({query("copy t from stdin"), query("b")});
    d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "copy t from stdin")).act(leave(0));
    d.server(bound_miss(), server::copy_in());
    d.client(client::copy_fail("the client has given the COPY up"), client::sync());
    d.server(server::error({.code = "57014", .message = "failed"}), server::ready());
    d.client(client::miss("tusk_2", "b")).server(answer_miss("#1"));
    d.play_and_break();
    EXPECT_EQ((*d.play())[0].diag.outcome(), outcome::unknown);
}

TEST(conversation_flow, copy_out_is_drained)
{
    auto d = about_requests({query("copy t to stdout"), query("b")});
    d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "copy t to stdout"));
    d.server(bound_miss(), server::copy_out(), server::copy_data("1\n"), server::notice("half"),
             server::copy_data("2\n"), server::copy_done(), server::complete("COPY 2"), server::ready());
    d.client(client::miss("tusk_2", "b")).server(answer_miss("#1"));
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, errc::unexpected_copy);
    EXPECT_TRUE((*end)[0].rows.empty());
    EXPECT_FALSE((*end)[1].ec);
}

TEST(conversation_flow, copy_out_in_a_script_and_its_failure)
{
    auto d = about_requests({script("copy t to stdout; select"), script("copy u to stdout")});
    d.act(ask(0)).act(ask(1)).client(client::query("copy t to stdout; select"));
    d.server(server::copy_out(), server::copy_data("1\n"), server::copy_done(), server::complete("COPY 1"),
             server::columns({{"a"}}), server::row({"#0"}), server::complete("SELECT #0"), server::ready());
    d.client(client::query("copy u to stdout"));
    d.server(server::copy_out(), server::copy_data("1\n"),
             server::error({.code = "58030", .message = "disk #1"}), server::ready());
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, errc::unexpected_copy);
    EXPECT_EQ((*end)[1].ec, errc::unexpected_copy);
}

TEST(conversation_flow, copy_where_rows_were_announced_is_illegal)
{
    for (const std::string& copy : {server::copy_in(), server::copy_out()}) {
        auto d = about_requests({query("a"), script("b")});
        d.act(ask(0)).client(client::miss("tusk_1", "a"));
        d.server(server::parse_complete(), server::parameters({}), server::columns({{"a"}}),
                 server::bind_complete(), copy);
        EXPECT_EQ((*d.play())[0].ec, errc::protocol_violation);

        auto s = about_requests({script("b")});
        s.act(ask(0)).client(client::query("b")).server(server::columns({{"a"}}), copy);
        EXPECT_EQ((*s.play())[0].ec, errc::protocol_violation);
    }
}

TEST(conversation_flow, a_copy_may_only_end_a_batch)
{
    auto d = about_requests(
        {{kind::batch, {"copy t from stdin", "b"}}, {kind::batch, {"b", "/* x */ COPY t from stdin"}}});
    d.act(ask(0)).client("");
    d.act(ask(1)).client(client::parse("tusk_2", "b"), client::describe("tusk_2"), client::bind("tusk_2"),
                         client::execute(), client::miss("tusk_3", "/* x */ COPY t from stdin"));
    d.server(bound_miss(), server::complete("B #1"), bound_miss(), server::copy_in());
    d.client(copy_refusal, client::sync());
    d.server(server::error({.code = "57014", .message = "failed"}), server::ready());
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, errc::unexpected_copy);
    EXPECT_TRUE((*end)[0].diag.safe_to_retry());
    EXPECT_EQ((*end)[0].part_errors.size(), 2U);
    EXPECT_EQ((*end)[1].ec, errc::unexpected_copy);
    EXPECT_EQ((*end)[1].part_errors.at(0).first, 1U);
}

// --- barriers and bounds

TEST(conversation_flow, nothing_follows_a_script_or_a_copy)
{
    for (const asked& barrier : {script("b"), query("copy b to stdout")}) {
        const bool simple = barrier.what == kind::script;
        auto d = about_requests({query("a"), barrier, query("c")});
        d.act(ask(0)).act(ask(1)).act(ask(2));
        d.client(client::miss("tusk_1", "a"),
                 simple ? client::query("b") : client::miss("tusk_2", "copy b to stdout"));
        d.server(answer_miss("#0"));
        d.client(""); // what was in front is over, the barrier is not
        if (!simple) d.server(bound_miss());
        d.server(server::complete("B #1"), server::ready());
        d.client(client::miss(simple ? "tusk_2" : "tusk_3", "c")).server(answer_miss("#2"));
        d.play_and_break();
    }
}

TEST(conversation_flow, max_in_flight)
{
    tusk::connection_options options;
    options.max_in_flight = 2;
    auto d = about_requests({query("a"), query("a"), query("a")}, options);
    d.act(ask(0)).act(ask(1)).act(ask(2));
    d.client(client::miss("tusk_1", "a"), client::hit("tusk_1"));
    d.server(answer_miss("#0"));
    d.client(client::hit("tusk_1"));
    d.server(answer_hit("#1"), answer_hit("#2"));
    d.play_and_break();
}

TEST(conversation_flow, write_size)
{
    tusk::connection_options options;
    options.write_size = 1;
    options.max_in_flight = 0; // both are at least one
    auto d = about_requests({query("a"), query("a")}, options);
    d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "a")).client("");
    d.server(answer_miss("#0")).client(client::hit("tusk_1")).server(answer_hit("#1"));
    (void)d.play();

    options.write_size = 300;
    options.max_in_flight = 1000;
    conversation_peer peer(options);
    for (std::size_t i = 0; i < 100; ++i) peer.query("a");
    for (std::size_t i = 0; i < 100; ++i) peer.ask(i);
    for (std::string out = peer.output(); !out.empty(); out = peer.output()) EXPECT_LT(out.size(), 400U);
    EXPECT_EQ(peer.talk.statistics().requests, 100U);
    peer.lose();
}

TEST(conversation_flow, requests_that_cannot_be_sent)
{
    tusk::params wrong;
    wrong.add(std::string_view("nul\0", 4));
    ASSERT_TRUE(wrong.error());
    auto d = about_requests({{kind::query, {std::string_view("a\0b", 3)}},
                             {kind::query, {tusk::bound("a", wrong)}},
                             {kind::batch, {"a", std::string_view("\0", 1), "b"}},
                             query("fine")});
    d.act(ask(0)).act(ask(1)).act(ask(2)).act(ask(3));
    d.client(client::miss("tusk_1", "fine")).server(answer_miss("#3"));
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, errc::nul_in_text);
    EXPECT_TRUE((*end)[0].diag.safe_to_retry());
    EXPECT_EQ((*end)[1].ec, wrong.error());
    ASSERT_EQ((*end)[2].part_errors.size(), 3U);
    EXPECT_EQ((*end)[2].part_errors[0].second, errc::skipped);
    EXPECT_EQ((*end)[2].part_errors[1].second, errc::nul_in_text);
    EXPECT_FALSE((*end)[3].ec);
}

TEST(conversation_flow, what_the_simple_mode_cannot_do)
{
    tusk::connection_options options;
    options.mode = tusk::statement_mode::simple;
    auto d = about_requests(
        {{kind::query, {tusk::sql("select $1", 1)}}, {kind::batch, {"a"}}, {kind::prepare, {"a"}}}, options);
    d.act(ask(0)).act(ask(1)).act(ask(2)).client("");
    const auto end = d.play();
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ((*end)[i].ec, errc::needs_extended_protocol);
}

// --- cancelling

TEST(conversation_flow, a_waiting_request_leaves)
{
    auto d = about_requests({query("a"), query("b"), query("c")});
    d.act(ask(0)).act(ask(1)).act(ask(2)).act(leave(1));
    d.client(client::miss("tusk_1", "a"), client::miss("tusk_2", "c"));
    d.server(answer_miss("#0"), answer_miss("#2"));
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[1].ec, std::errc::operation_canceled);
    EXPECT_TRUE((*end)[1].diag.safe_to_retry());
}

TEST(conversation_flow, a_request_on_the_wire_leaves)
{
    // before its first answer, among its rows, after its end, and after its failure
    const std::vector<std::string> head{server::parse_complete(), server::parameters({}),
                                        server::columns({{"a"}}), server::bind_complete(),
                                        server::row({"#0"}),      server::complete("SELECT #0"),
                                        server::ready()};
    for (std::size_t at = 0; at < head.size(); ++at) {
        auto d = about_requests({query("a"), query("a"), query("a")});
        d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "a"), client::hit("tusk_1"));
        for (std::size_t i = 0; i < head.size(); ++i) {
            if (i == at) d.act(leave(0));
            d.server(head[i]);
        }
        d.server(answer_hit("#1"));
        d.act(ask(2))
            .client(client::hit("tusk_1"))
            .server(answer_hit("#2")); // its statement is of use all the same
        d.play_and_break();
        const auto end = d.play();
        EXPECT_EQ((*end)[0].ec, std::errc::operation_canceled);
        EXPECT_EQ((*end)[0].diag.outcome(), outcome::unknown);
        EXPECT_FALSE((*end)[1].ec);
        EXPECT_FALSE((*end)[2].ec);
    }
}

TEST(conversation_flow, a_failed_request_leaves)
{
    auto d = about_requests({query("a"), query("b")});
    d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "a"), client::miss("tusk_2", "b"));
    d.server(server::error({.message = "wrong #0"})).act(leave(0)).server(server::ready(), answer_miss("#1"));
    d.play_and_break();
    EXPECT_EQ((*d.play())[0].ec, std::errc::operation_canceled);
}

TEST(conversation_flow, a_batch_leaves_in_the_middle)
{
    auto d = about_requests({{kind::batch, {"a", "a", "a"}}, query("a")});
    d.act(ask(0)).act(ask(1)).act([](conversation_peer& p) { (void)p.output(); });
    d.server(server::parse_complete(), server::parameters({}), server::columns({{"a"}}),
             server::bind_complete(), server::complete("SELECT #0"), server::bind_complete());
    d.act(leave(0));
    d.server(server::row({"#0"}), server::error({.message = "wrong #0"}), server::ready(), answer_hit("#1"));
    d.play_and_break();
    EXPECT_EQ((*d.play())[0].part_errors.size(), 2U);
}

TEST(conversation_flow, finished_and_unknown_ids_are_nothing_to_cancel)
{
    auto d = about_requests({query("a")});
    d.act(ask(0)).client(client::miss("tusk_1", "a")).server(answer_miss("#0")).act(leave(0));
    d.act(
        [](conversation_peer& p) { p.talk.cancel(99, std::make_error_code(std::errc::operation_canceled)); });
    EXPECT_FALSE((*d.play())[0].ec);
}

// --- the end

TEST(conversation_flow, abandoned_once_and_for_all)
{
    auto d = about_requests({query("a"), query("b"), query("c"), query("d")});
    d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "a"), client::miss("tusk_2", "b")).act(ask(2));
    d.server(server::parse_complete());
    d.act([](conversation_peer& p) {
        p.lose();
        p.lose();
        EXPECT_TRUE(p.talk.idle());
        EXPECT_EQ(p.output(), "");
    });
    d.act(ask(3));
    const auto end = d.play();
    for (std::size_t i = 0; i < 4; ++i) {
        EXPECT_EQ((*end)[i].completed, 1);
        EXPECT_EQ((*end)[i].ec, errc::connection_lost);
        EXPECT_EQ((*end)[i].diag.outcome(), i < 2 ? outcome::unknown : outcome::not_sent);
    }
    EXPECT_FALSE(end->talk.commit(0));
}

TEST(conversation_flow, what_the_client_found_wrong_does_not_hide_a_lost_connection)
{
    auto d = about_requests({query("a"), query("b")});
    d.act(ask(0)).act(ask(1)).act([](conversation_peer& p) { (void)p.output(); });
    d.server(server::parse_complete(), server::parameters({}), server::columns({{"a"}}),
             server::bind_complete(), server::row({"#0"}));
    d.act([](conversation_peer& p) {
        p[0].fail(errc::column_mismatch);
        p.lose();
    });
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, errc::connection_lost);
    EXPECT_EQ((*end)[0].diag.outcome(), outcome::unknown);
}

TEST(conversation_flow, waiting_batches_fail_in_every_part)
{
    auto d = about_requests({query("a"), {kind::batch, {"b", "c"}}});
    d.act(ask(0)).act(ask(1)).act([](conversation_peer& p) { p.lose(); });
    const auto end = d.play();
    EXPECT_EQ((*end)[1].part_errors.size(), 2U);
    EXPECT_TRUE((*end)[1].diag.safe_to_retry());
}

TEST(conversation_flow, what_the_inbox_held_already_is_handled)
{
    tusk::wire::inbox inbox;
    const std::string early = server::parameter("TimeZone", "UTC") + server::fatal("shutting down");
    const auto room = inbox.prepare();
    std::memcpy(room.data(), early.data(), early.size());
    inbox.commit(early.size());
    tusk::session::conversation talk({}, {}, std::move(inbox));
    EXPECT_FALSE(talk.drain());
    EXPECT_EQ(talk.server().parameter("TimeZone"), "UTC");
    EXPECT_EQ(talk.error(), errc::connection_lost);
}

} // namespace
