// Distributed under the Boost Software License, Version 1.0.
// A transaction reserves the conversation; requests that are given up, and the fence.
#include "conversation_dialogues.hpp"

#include <gtest/gtest.h>

namespace {

using namespace session_test;
using tusk::errc;
using tusk::outcome;
using tusk::detail::transaction_step;

const std::string begin_bytes = client::parse("", "begin") + client::bind("") + client::execute();
const std::string begin_done = server::parse_complete() + server::bind_complete() + server::complete("BEGIN");

/// A conversation with a transaction that has begun: request 0.
struct transaction_peer : conversation_peer {
    explicit transaction_peer(const tusk::connection_options& options = {})
        : conversation_peer(options)
    {
        query("begin").step = transaction_step::begin;
        ask(0);
        EXPECT_EQ(output(), "");
        EXPECT_EQ((*this)[0].completed, 1);
        EXPECT_FALSE((*this)[0].ec);
    }

    /// Submits a request of the transaction.
    recorder& inside(const char* sql, kind what = kind::query)
    {
        recorder& r = add(what, {sql});
        r.transaction = 1;
        ask(requests.size() - 1);
        return r;
    }
    recorder& end(const char* sql)
    {
        recorder& r = query(sql);
        r.transaction = 1;
        r.step = transaction_step::end;
        r.unnamed = true;
        ask(requests.size() - 1);
        return r;
    }
    recorder& outside(const char* sql)
    {
        recorder& r = query(sql);
        ask(requests.size() - 1);
        return r;
    }
};

std::string answer_in_block(const std::string& mark, char status = 'T')
{
    return server::parse_complete() + server::parameters({}) + server::columns({{"a"}}) +
           server::bind_complete() + server::row({mark}) + server::complete("SELECT 1") +
           server::ready(status);
}

std::string ended(std::string_view tag, char status = 'I')
{
    return bound_miss() + server::complete(tag) + server::ready(status);
}

TEST(conversation_transaction, begin_goes_with_the_first_statement_and_others_wait)
{
    transaction_peer p;
    recorder& a = p.inside("a");
    recorder& o = p.outside("o");
    recorder& b = p.inside("b");
    EXPECT_EQ(p.output(), begin_bytes + client::miss("tusk_1", "a"));
    EXPECT_EQ(p.output(), ""); // until BEGIN is answered
    ASSERT_TRUE(p.receive(begin_done + answer_in_block("x")));
    EXPECT_EQ(a.text(), "begin 0 a:25b\nrow x\nend 0 SELECT 1\ndone");
    EXPECT_EQ(p.output(), client::miss("tusk_2", "b"));
    recorder& commit = p.end("commit");
    EXPECT_EQ(p.output(), client::miss("", "commit"));
    ASSERT_TRUE(p.receive(answer_in_block("y") + ended("COMMIT")));
    EXPECT_EQ(b.completed + commit.completed, 2);
    EXPECT_EQ(o.completed, 0);
    EXPECT_EQ(p.output(), client::miss("tusk_3", "o"));
    ASSERT_TRUE(p.receive(answer_in_block("z", 'I')));
    EXPECT_EQ(o.completed, 1);
    EXPECT_TRUE(p.talk.idle());
}

TEST(conversation_transaction, sql_ends_it_while_a_statement_waits_for_its_types)
{
    transaction_peer p;
    (void)p.inside("a");
    (void)p.output();
    ASSERT_TRUE(p.receive(begin_done + answer_in_block("x")));
    (void)p.inside("commit");
    recorder& held = p.query(tusk::sql("b", tusk::as_type("small", 7)));
    held.transaction = 1;
    p.ask(p.requests.size() - 1);
    EXPECT_EQ(p.output(), client::miss("tusk_2", "commit") +
                              client::miss("", tusk::session::describe_types({}, {"\"small\""})));
    ASSERT_TRUE(p.receive(ended("COMMIT")));
    EXPECT_EQ(p.output(), "");
    EXPECT_EQ(held.completed, 1);
    EXPECT_EQ(held.ec, errc::transaction_over);
    ASSERT_TRUE(p.receive(server::error({.code = "42501", .message = "no look-up"}) + server::ready()));
    EXPECT_EQ(held.completed, 1);
}

TEST(conversation_transaction, it_waits_for_what_is_on_the_wire)
{
    conversation_peer p;
    p.query("a");
    p.query("begin").step = transaction_step::begin;
    p.ask(0);
    p.ask(1);
    EXPECT_EQ(p.output(), client::miss("tusk_1", "a"));
    EXPECT_EQ(p[1].completed, 0);
    ASSERT_TRUE(p.receive(answer_miss("x")));
    EXPECT_EQ(p.output(), "");
    EXPECT_EQ(p[1].completed, 1);
}

TEST(conversation_transaction, begin_that_fails_is_the_failure_of_the_first_statement)
{
    transaction_peer p;
    recorder& a = p.inside("a");
    EXPECT_EQ(p.output(), begin_bytes + client::miss("tusk_1", "a"));
    ASSERT_TRUE(p.receive(server::parse_complete() + server::bind_complete() +
                          server::error({.code = "25006", .message = "standby"}) + server::ready()));
    EXPECT_EQ(a.ec, tusk::sqlstate::read_only_sql_transaction);
    ASSERT_EQ(a.part_errors.size(), 1U);
    EXPECT_EQ(a.part_errors[0].first, 0U);
    (void)p.inside("b");
    EXPECT_EQ(p.output(), begin_bytes + client::miss("tusk_2", "b")); // never without
}

TEST(conversation_transaction, a_script_comes_behind_begin)
{
    transaction_peer p;
    recorder& s = p.inside("s; t", kind::script);
    EXPECT_EQ(p.output(), client::query("begin"));
    EXPECT_EQ(p.output(), "");
    ASSERT_TRUE(p.receive(server::complete("BEGIN") + server::ready('T')));
    EXPECT_EQ(p.output(), client::query("s; t"));
    ASSERT_TRUE(p.receive(server::complete("DO") + server::complete("SET") + server::ready('T')));
    EXPECT_EQ(s.text(), "begin 0 no columns\nend 0 DO\nbegin 1 no columns\nend 1 SET\ndone");
}

TEST(conversation_transaction, end_without_a_statement_sends_nothing)
{
    transaction_peer p;
    recorder& o = p.outside("o");
    recorder& commit = p.end("commit");
    EXPECT_EQ(p.output(), client::miss("tusk_1", "o"));
    EXPECT_EQ(commit.completed, 1);
    EXPECT_FALSE(commit.ec);
    recorder& late = p.inside("late");
    EXPECT_EQ(late.ec, errc::transaction_over);
    EXPECT_TRUE(late.diag.safe_to_retry());
    EXPECT_EQ(o.completed, 0);
}

TEST(conversation_transaction, what_was_asked_behind_the_end_is_refused)
{
    transaction_peer p;
    (void)p.inside("a");
    (void)p.output();
    ASSERT_TRUE(p.receive(begin_done + answer_in_block("x")));
    recorder& first = p.end("commit");
    EXPECT_EQ(p.output(), client::miss("", "commit"));
    ASSERT_TRUE(p.receive(ended("COMMIT")));
    recorder& second = p.end("commit");
    EXPECT_FALSE(first.ec);
    EXPECT_EQ(second.ec, errc::transaction_over);
    EXPECT_TRUE(p.talk.idle());
}

TEST(conversation_transaction, nothing_is_sent_behind_the_end_before_that_is_answered)
{
    transaction_peer p;
    (void)p.inside("a");
    (void)p.output();
    ASSERT_TRUE(p.receive(begin_done + answer_in_block("x")));
    recorder& commit = p.end("commit");
    recorder& behind = p.inside("b"); // it would be a transaction of its own
    recorder& second = p.end("commit");
    EXPECT_EQ(p.output(), client::miss("", "commit"));
    EXPECT_EQ(p.output(), "");
    ASSERT_TRUE(p.receive(ended("COMMIT")));
    EXPECT_EQ(p.output(), "");
    EXPECT_FALSE(commit.ec);
    EXPECT_EQ(behind.ec, errc::transaction_over);
    EXPECT_TRUE(behind.diag.safe_to_retry());
    EXPECT_EQ(second.ec, errc::transaction_over);
    EXPECT_TRUE(p.talk.idle());
}

TEST(conversation_transaction, ended_by_sql)
{
    transaction_peer p;
    (void)p.inside("commit");
    (void)p.output();
    ASSERT_TRUE(p.receive(begin_done + ended("COMMIT")));
    recorder& b = p.inside("b");
    recorder& o = p.outside("o");
    EXPECT_EQ(p.output(), "");
    EXPECT_EQ(b.ec, errc::transaction_over);
    EXPECT_EQ(o.completed, 0); // it is reserved until its object has gone
    recorder& end = p.end("rollback");
    EXPECT_EQ(p.output(), client::miss("tusk_2", "o"));
    EXPECT_EQ(end.ec, errc::transaction_over);
}

TEST(conversation_transaction, whose_end_was_cancelled_can_still_be_ended)
{
    const auto cancelled = server::error({.code = "57014", .message = "cancelled"}) + server::ready('E');
    transaction_peer p;
    (void)p.inside("a");
    (void)p.output();
    ASSERT_TRUE(p.receive(begin_done + answer_in_block("x")));
    (void)p.end("commit");
    (void)p.output();
    p.leave(2);
    ASSERT_TRUE(p.receive(cancelled)); // before COMMIT was run
    recorder& again = p.end("commit");
    EXPECT_EQ(p.output(), client::miss("", "commit"));
    ASSERT_TRUE(p.receive(cancelled)); // by somebody else
    EXPECT_EQ(again.ec, tusk::sqlstate::query_canceled);
    recorder& last = p.end("rollback");
    EXPECT_EQ(p.output(), client::miss("", "rollback"));
    ASSERT_TRUE(p.receive(ended("ROLLBACK")));
    EXPECT_FALSE(last.ec);
    EXPECT_TRUE(p.talk.idle());
}

TEST(conversation_transaction, that_the_server_refuses_to_end)
{
    transaction_peer p;
    (void)p.inside("a");
    (void)p.output();
    ASSERT_TRUE(p.receive(begin_done + answer_in_block("x")));
    (void)p.end("commit");
    (void)p.output();
    EXPECT_FALSE(p.receive(ended("COMMIT", 'T')));
    EXPECT_EQ(p.talk.error(), errc::protocol_violation);
}

TEST(conversation_transaction, within_a_block_of_sql_it_cannot_begin)
{
    conversation_peer p;
    p.query("begin");
    p.query("begin").step = transaction_step::begin;
    p.ask(0);
    (void)p.output();
    ASSERT_TRUE(p.receive(ended("BEGIN", 'T')));
    p.ask(1);
    EXPECT_EQ(p.output(), "");
    EXPECT_EQ(p[1].ec, errc::already_in_transaction);
}

TEST(conversation_cancel, only_what_nobody_waits_for)
{
    conversation_peer p;
    p.query("a");
    p.query("b");
    p.ask(0);
    p.ask(1);
    (void)p.output();
    EXPECT_FALSE(p.talk.only_abandoned());
    p.leave(0);
    EXPECT_FALSE(p.talk.only_abandoned()); // b would be hit
    p.leave(1);
    EXPECT_TRUE(p.talk.only_abandoned());
    ASSERT_TRUE(p.receive(answer_miss("x")));
    EXPECT_TRUE(p.talk.only_abandoned());
    ASSERT_TRUE(p.receive(answer_miss("y")));
    EXPECT_FALSE(p.talk.only_abandoned());
    EXPECT_EQ(p.talk.in_flight(), 0U);
}

TEST(conversation_cancel, what_spares_the_transaction_is_read_to_its_end)
{
    for (const bool spares : {false, true}) {
        transaction_peer p;
        p.inside("a").spares_transaction = spares;
        (void)p.output();
        p.leave(1);
        EXPECT_NE(p.talk.only_abandoned(), spares);
        ASSERT_TRUE(p.receive(begin_done + answer_in_block("x")));
        (void)p.inside("b");
        (void)p.output();
        EXPECT_FALSE(p.talk.only_abandoned());
        p.leave(2);
        EXPECT_TRUE(p.talk.only_abandoned());
        ASSERT_TRUE(p.receive(answer_in_block("y")));
        EXPECT_FALSE(p.talk.only_abandoned());
    }
    conversation_peer outside;
    outside.query("a").spares_transaction = true; // there is none
    outside.ask(0);
    (void)outside.output();
    outside.leave(0);
    EXPECT_TRUE(outside.talk.only_abandoned());
}

TEST(conversation_cancel, nothing_is_sent_behind_the_fence)
{
    conversation_peer p;
    p.query("a");
    p.query("b");
    p.ask(0);
    (void)p.output();
    p.leave(0);
    p.talk.set_fence(true);
    p.ask(1);
    EXPECT_FALSE(p.talk.may_fill());
    EXPECT_EQ(p.output(), "");
    ASSERT_TRUE(p.receive(server::error({.code = "57014", .message = "cancelled"}) + server::ready()));
    EXPECT_EQ(p.output(), "");
    p.talk.set_fence(false);
    EXPECT_EQ(p.output(), client::miss("tusk_2", "b"));
}

TEST(conversation_cancel, many_by_their_numbers)
{
    tusk::connection_options options;
    options.max_in_flight = 2;
    conversation_peer p(options);
    for (const char* sql : {"a", "b", "c", "d"}) p.query(sql);
    for (std::size_t i = 0; i < 4; ++i) p.ask(i);
    (void)p.output();
    const std::uint64_t numbers[] = {p[1].id, p[3].id, p[3].id + 1000};
    p.talk.cancel(numbers, errc::timed_out);
    ASSERT_TRUE(p.receive(answer_miss("x") + answer_miss("y")));
    EXPECT_EQ(p[0].completed, 1);
    EXPECT_FALSE(p[0].ec);
    EXPECT_EQ(p[1].ec, errc::timed_out);
    EXPECT_EQ(p[3].ec, errc::timed_out);
    EXPECT_EQ(p.output(), client::miss("tusk_3", "c"));
}

TEST(conversation_cancel, what_is_on_its_way_can_be_told)
{
    conversation_peer p;
    p.query("a");
    p.ask(0);
    (void)p.output();
    p.leave(0);
    EXPECT_FALSE(p.talk.is_answering());
    ASSERT_TRUE(p.receive(bound_miss()));
    EXPECT_TRUE(p.talk.is_answering());
    EXPECT_FALSE(p.talk.ends_copy());
    ASSERT_TRUE(p.receive(server::copy_in()));
    EXPECT_TRUE(p.talk.ends_copy()); // by CopyFail
    EXPECT_TRUE(p.talk.only_abandoned());
}

TEST(conversation_cancel, marked_requests_in_one_pass)
{
    tusk::connection_options options;
    options.max_in_flight = 2;
    conversation_peer p(options);
    for (const char* sql : {"a", "b", "c", "d"}) p.query(sql);
    for (std::size_t i = 0; i < 4; ++i) p.ask(i);
    (void)p.output();
    p[0].unwanted = true;
    p[3].unwanted = true;
    p.talk.cancel_unwanted(errc::timed_out);
    ASSERT_TRUE(p.receive(answer_miss("x") + answer_miss("y")));
    EXPECT_EQ(p[0].ec, errc::timed_out);
    EXPECT_EQ(p[0].diag.outcome(), outcome::unknown);
    EXPECT_EQ(p[3].ec, errc::timed_out);
    EXPECT_EQ(p[3].diag.outcome(), outcome::not_sent);
    EXPECT_EQ(p[1].completed, 1);
    EXPECT_FALSE(p[1].ec);
    EXPECT_EQ(p.output(), client::miss("tusk_3", "c"));
    p.talk.cancel_all(errc::timed_out);
    ASSERT_TRUE(p.receive(answer_miss("z")));
    EXPECT_EQ(p[2].ec, errc::timed_out);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_EQ(p[i].completed, 1);
}

} // namespace
