// Distributed under the Boost Software License, Version 1.0.
// What a cached statement may meet when the server no longer knows it, or knows it otherwise.
#include "conversation_dialogues.hpp"

#include <gtest/gtest.h>

namespace {

using namespace session_test;
using tusk::errc;
using tusk::outcome;

const server::report result_type_changed{.code = "0A000",
                                         .message = "cached plan must not change result type",
                                         .routine = "RevalidateCachedQuery"};
const server::report does_not_exist{
    .code = "26000", .message = "no such statement", .routine = "FetchPreparedStatement"};
const server::report type_is_gone{
    .code = "XX000", .message = "cache lookup failed", .routine = "getTypeInputInfo"};
const server::report exists_already{
    .code = "42P05", .message = "exists", .routine = "StorePreparedStatement"};
const server::report no_binary_output{
    .code = "42883", .message = "no binary output", .routine = "getTypeBinaryOutputInfo"};

/// "a" has been prepared as tusk_1 by request 0.
conversation_dialogue with_cached(std::vector<tusk::bound> queries)
{
    auto d = about(std::move(queries));
    d.act(ask(0)).client(client::miss("tusk_1", "a")).server(answer_miss("#0"));
    return d;
}

TEST(healing, changed_result_type)
{
    auto d = with_cached({"a", "a", "a"});
    d.act(ask(1)).client(client::hit("tusk_1")).server(server::error(result_type_changed), server::ready());
    d.client(client::close("tusk_1"), client::miss("tusk_2", "a"));
    d.server(server::close_complete(), answer_miss("#1", "b"));
    d.act(ask(2)).client(client::hit("tusk_2")).server(answer_hit("#2"));
    d.play_and_break();
    const auto end = d.play();
    EXPECT_EQ((*end)[1].text(), "begin 0 b:25b\nrow #1\nend 0 SELECT #1\ndone");
    EXPECT_EQ((*end)[1].restarts, 1);
    EXPECT_EQ((*end)[2].log.front(), "begin 0 b:25b");
    EXPECT_EQ(end->talk.statistics().heals, 1U);
}

TEST(healing, statement_that_does_not_exist)
{
    auto d = with_cached({"a", "a"});
    d.act(ask(1)).client(client::hit("tusk_1")).server(server::error(does_not_exist), server::ready());
    d.client(client::miss("tusk_2", "a")).server(answer_miss("#1")); // no Close: the server does not have it
    d.play_and_break();
    EXPECT_FALSE((*d.play())[1].ec);
}

TEST(healing, type_that_was_made_anew)
{
    auto d = with_cached({"a", "a"});
    d.act(ask(1)).client(client::hit("tusk_1")).server(server::error(type_is_gone), server::ready());
    d.client(client::close("tusk_1"), client::miss("tusk_2", "a"))
        .server(server::close_complete(), answer_miss("#1"));
    d.play_and_break();
    EXPECT_FALSE((*d.play())[1].ec);
}

TEST(healing, name_that_somebody_else_uses)
{
    auto d = about({"a"});
    d.act(ask(0)).client(client::miss("tusk_1", "a")).server(server::error(exists_already), server::ready());
    d.act([](conversation_peer& p) {
        const std::string out = p.output();
        const std::string name = out.substr(5, out.find('\0', 5) - 5);
        EXPECT_NE(name, "tusk_2"); // another family of names
        EXPECT_TRUE(name.starts_with("tusk_"));
        EXPECT_EQ(out, client::miss(name, "a"));
    });
    d.server(answer_miss("#0"));
    (void)d.play_every_way();
    EXPECT_FALSE((*d.play())[0].ec);
}

TEST(healing, what_was_sent_behind_a_name_that_is_somebody_elses)
{
    auto d = about({"a", "a"});
    d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "a"), client::hit("tusk_1"));
    d.server(server::error(exists_already), server::ready());
    d.act([](conversation_peer& p) { EXPECT_FALSE(p.output().empty()); });
    d.server(answer_hit("theirs")); // their statement was run: its rows are nobody's
    d.act([](conversation_peer& p) { EXPECT_FALSE(p.output().empty()) << p.summary(); });
    d.server(answer_miss("#0"), answer_hit("#1"));
    (void)d.play_every_way();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].text(), "begin 0 a:25b\nrow #0\nend 0 SELECT #0\ndone");
    EXPECT_EQ((*end)[1].text(), "begin 0 a:25b\nrow #1\nend 0 SELECT #1\ndone");
}

TEST(healing, several_in_flight_behind_a_stale_statement)
{
    auto d = with_cached({"a", "a", "a", "b"});
    d.act(ask(1)).act(ask(2)).act(ask(3));
    d.client(client::hit("tusk_1"), client::hit("tusk_1"), client::miss("tusk_2", "b"));
    d.server(server::error(does_not_exist), server::ready());
    d.client(client::miss("tusk_3", "a"));
    d.server(server::error(does_not_exist), server::ready());
    d.client(client::hit("tusk_3"));
    d.server(answer_miss("#3"), answer_miss("#1"), answer_hit("#2"));
    d.play_and_break();
    const auto end = d.play();
    for (std::size_t i = 0; i < 4; ++i) EXPECT_FALSE((*end)[i].ec) << i;
}

TEST(healing, within_a_transaction_it_is_reported_and_healed_for_the_next_time)
{
    for (const server::report& stale : {result_type_changed, does_not_exist, type_is_gone}) {
        auto d = with_cached({"a", "a", "a"});
        d.act(ask(1)).client(client::hit("tusk_1")).server(server::error(stale), server::ready('E'));
        d.act(ask(2));
        if (stale.code == "26000")
            d.client(client::miss("tusk_2", "a")).server(answer_miss("#2"));
        else
            d.client(client::close("tusk_1"), client::miss("tusk_2", "a"))
                .server(server::close_complete(), answer_miss("#2"));
        (void)d.play_every_way();
        const auto end = d.play();
        EXPECT_EQ((*end)[1].ec, errc::stale_statement);
        EXPECT_EQ((*end)[1].diag.sqlstate(), stale.code);
        EXPECT_EQ((*end)[1].diag.outcome(), outcome::completed);
        EXPECT_FALSE((*end)[2].ec);
    }
}

TEST(healing, ordinary_errors_never_evict)
{
    const std::vector<server::report> ordinary{
        {.code = "23505", .message = "x"},
        {.code = "22P02", .message = "x"},
        {.code = "40001", .message = "x"},
        {.code = "57014", .message = "x"},
        {.code = "25P02", .message = "x"},
        {.code = "42P01", .message = "x"},
        {.code = "42883", .message = "x", .routine = "ParseFuncOrColumn"},
        {.code = "0A000", .message = "cached plan must not change result type"}};
    for (const server::report& error : ordinary) {
        auto d = with_cached({"a", "a", "a"});
        d.act(ask(1)).client(client::hit("tusk_1")).server(server::error(error), server::ready());
        d.act(ask(2)).client(client::hit("tusk_1")).server(answer_hit("#2"));
        const auto end = d.play_every_way();
        EXPECT_EQ((*end)[1].diag.sqlstate(), error.code);
        EXPECT_EQ(end->talk.statistics().heals, 0U);
    }
}

TEST(healing, errors_while_running_are_the_statements_own)
{
    // an SQL EXECUTE of somebody's stale statement, a statement name within a function, a DO block that asks for
    // a binary form: sending it anew would run it twice
    for (const server::report& error :
         {result_type_changed, does_not_exist, server::report{no_binary_output},
          server::report{.code = "42883", .message = "x", .routine = "array_send"}}) {
        auto d = about({"call p()", "call p()"});
        d.act(ask(0)).client(client::miss("tusk_1", "call p()"));
        d.server(server::parse_complete(), server::parameters({}), server::no_data(), server::bind_complete(),
                 server::error(error), server::ready());
        d.act(ask(1)).client(client::hit("tusk_1"));
        d.server(server::bind_complete(), server::error(error), server::ready());
        const auto end = d.play_every_way();
        EXPECT_EQ((*end)[0].diag.sqlstate(), error.code);
        EXPECT_TRUE((*end)[0].ec != errc::stale_statement);
        EXPECT_EQ(end->talk.statistics().heals, 0U);
    }
}

TEST(healing, at_most_twice)
{
    auto d = with_cached({"a", "a"});
    d.act(ask(1)).client(client::hit("tusk_1")).server(server::error(does_not_exist), server::ready());
    d.client(client::miss("tusk_2", "a"));
    d.server(server::parse_complete(), server::parameters({}), server::columns({{"a"}}),
             server::error(does_not_exist), server::ready());
    d.client(client::miss("", "a")); // the last time without a name
    d.server(server::parse_complete(), server::parameters({}), server::columns({{"a"}}),
             server::error(does_not_exist), server::ready());
    d.client("");
    (void)d.play_every_way();
    const auto end = d.play();
    EXPECT_EQ((*end)[1].ec, tusk::sqlstate::invalid_sql_statement_name);
    EXPECT_EQ((*end)[1].heals, 2);
}

TEST(healing, a_batch_heals_only_when_nothing_of_it_ran)
{
    for (const bool first : {true, false}) {
        auto d = conversation_dialogue([first] {
            auto p = std::make_unique<conversation_peer>();
            p->query("a");
            if (first)
                p->add(kind::batch, {"a", "b"});
            else
                p->add(kind::batch, {"b", "a"});
            return p;
        });
        d.act(ask(0)).client(client::miss("tusk_1", "a")).server(answer_miss("#0"));
        const std::string b = client::parse("tusk_2", "b") + client::describe("tusk_2") +
                              client::bind("tusk_2") + client::execute();
        const std::string a = client::bind("tusk_1") + client::execute();
        const std::string b_done = server::parse_complete() + server::parameters({}) + server::no_data() +
                                   server::bind_complete() + server::complete("B #1");
        d.act(ask(1)).client(first ? a + b : b + a, client::sync());
        if (!first) d.server(b_done);
        d.server(server::error(does_not_exist), server::ready());
        if (first) {
            d.client(client::parse("tusk_3", "a"), client::describe("tusk_3"), client::bind("tusk_3"),
                     client::execute(), client::parse("tusk_4", "b"), client::describe("tusk_4"),
                     client::bind("tusk_4"), client::execute(), client::sync());
            d.server(server::parse_complete(), server::parameters({}), server::no_data(),
                     server::bind_complete(), server::complete("A #1"), b_done, server::ready());
        }
        d.play_and_break();
        const auto end = d.play();
        EXPECT_EQ((*end)[1].restarts, first ? 1 : 0);
        if (first)
            EXPECT_FALSE((*end)[1].ec);
        else
            EXPECT_EQ((*end)[1].ec, errc::stale_statement);
    }
}

TEST(healing, a_request_behind_a_failing_parse_gets_its_error)
{
    auto d = about({"wrong", "wrong", "wrong"});
    d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "wrong"), client::hit("tusk_1"));
    d.server(server::error({.code = "42601", .message = "syntax error"}), server::ready());
    d.server(server::error(does_not_exist), server::ready());
    d.act(ask(2)).client(client::miss("tusk_2", "wrong"));
    d.server(server::error({.code = "42601", .message = "syntax error"}), server::ready());
    d.play_and_break();
    const auto end = d.play();
    for (std::size_t i = 0; i < 3; ++i) {
        EXPECT_EQ((*end)[i].ec, tusk::sqlstate::syntax_error);
        EXPECT_EQ((*end)[i].diag.message(), "syntax error");
    }
    EXPECT_EQ(end->talk.statistics().heals, 0U);
}

TEST(healing, a_request_behind_a_failing_parse_keeps_an_error_of_its_own)
{
    auto d = about({"wrong", "wrong"});
    d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "wrong"), client::hit("tusk_1"));
    d.server(server::error({.code = "42601", .message = "syntax #0"}), server::ready());
    d.server(server::fatal("terminating #1"));
    d.act([](conversation_peer& p) { p.lose(); });
    d.play_and_break();
    EXPECT_EQ((*d.play())[1].ec, tusk::sqlstate::admin_shutdown);
}

TEST(healing, a_request_behind_a_parse_that_was_skipped)
{
    auto d = conversation_dialogue([] {
        auto p = std::make_unique<conversation_peer>();
        p->add(kind::batch, {"a", "b"});
        p->query("b");
        return p;
    });
    d.act(ask(0)).act(ask(1));
    d.client(client::parse("tusk_1", "a"), client::describe("tusk_1"), client::bind("tusk_1"),
             client::execute(), client::miss("tusk_2", "b"), client::hit("tusk_2"));
    d.server(server::error({.code = "42601", .message = "syntax #0"}), server::ready());
    d.server(server::error(does_not_exist), server::ready());
    d.client(client::miss("tusk_3", "b")).server(answer_miss("#1"));
    d.play_and_break();
    EXPECT_FALSE((*d.play())[1].ec);
}

TEST(healing, a_statement_whose_describe_failed)
{
    auto d = about({"a", "a", "a"});
    d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "a"), client::hit("tusk_1"));
    d.server(server::parse_complete(), server::parameters({}),
             server::error({.code = "57014", .message = "cancelled #0"}), server::ready());
    // it is prepared all the same, but what its rows look like is not known
    d.server(answer_hit("#1"));
    d.act(ask(2)).client(client::close("tusk_1"), client::miss("tusk_2", "a"));
    d.server(server::close_complete(), answer_miss("#2"));
    (void)d.play_every_way();
    const auto end = d.play();
    EXPECT_EQ((*end)[0].ec, tusk::sqlstate::query_canceled);
    EXPECT_EQ((*end)[1].ec, errc::stale_statement);
    EXPECT_EQ((*end)[1].diag.outcome(), outcome::completed);
    EXPECT_FALSE((*end)[2].ec);
}

TEST(healing, a_statement_whose_describe_failed_and_that_fails_itself)
{
    auto d = about({"a", "a"});
    d.act(ask(0)).act(ask(1)).client(client::miss("tusk_1", "a"), client::hit("tusk_1"));
    d.server(server::parse_complete(), server::error({.code = "57014", .message = "cancelled #0"}),
             server::ready());
    d.server(server::bind_complete(), server::row({"1"}),
             server::error({.code = "22012", .message = "zero #1"}), server::ready());
    EXPECT_EQ((*d.play_every_way())[1].ec, tusk::sqlstate::division_by_zero);
}

TEST(healing, a_request_that_is_to_be_sent_anew_can_be_cancelled)
{
    auto d = with_cached({"a", "a"});
    d.act(ask(1)).client(client::hit("tusk_1")).server(server::error(does_not_exist), server::ready());
    d.act([](conversation_peer& p) { p.leave(1); });
    d.client("");
    const auto end = d.play();
    EXPECT_EQ((*end)[1].ec, std::errc::operation_canceled);
    EXPECT_EQ((*end)[1].diag.outcome(), outcome::completed);
}

TEST(healing, nobody_heals_for_a_caller_who_has_left)
{
    auto d = with_cached({"a", "a", "a"});
    d.act(ask(1)).client(client::hit("tusk_1")).act([](conversation_peer& p) { p.leave(1); });
    d.server(server::error(does_not_exist), server::ready());
    d.client("");
    d.act(ask(2)).client(client::miss("tusk_2", "a")).server(answer_miss("#2"));
    d.play_and_break();
}

TEST(healing, lost_while_waiting_to_be_sent_anew)
{
    auto d = with_cached({"a", "a"});
    d.act(ask(1)).client(client::hit("tusk_1")).server(server::error(does_not_exist), server::ready());
    d.act([](conversation_peer& p) { p.lose(); });
    const auto end = d.play();
    EXPECT_EQ((*end)[1].completed, 1);
    EXPECT_EQ((*end)[1].ec, errc::connection_lost);
    EXPECT_FALSE((*end)[1].diag.safe_to_retry());
}

} // namespace
