// Distributed under the Boost Software License, Version 1.0.
#include "scripted/client.hpp"

#include <tusk/sqlstate.hpp>

#include <gtest/gtest.h>

using namespace scripted;
using tusk::errc;
using tusk::outcome;

TEST(replies, cached_statement_is_bound_only)
{
    scripted_server server(scripted_server::session([](peer& p) {
        const auto first = p.expect("PDBES");
        p.send(first_answer(1));
        const auto second = p.expect("BES");
        p.send(cached_answer(2));
        p.wait_for_end();
        const std::string name = first[0].body.substr(0, first[0].body.find('\0') + 1);
        EXPECT_GT(name.size(), 1U);
        EXPECT_EQ(second[0].body.substr(1, name.size()), name);
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    const number first = c.ask("select n");
    c.wait(first);
    const number second = c.ask("select n");
    c.wait(second);
    expect_number(first, 1);
    expect_number(second, 2);
    EXPECT_EQ(c.db.statistics().cache_hits, 1U);
    EXPECT_EQ(c.db.statistics().cache_misses, 1U);
}

TEST(replies, pipelined_requests_get_their_own)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        p.expect("PDBES");
        p.expect("BES"); // all three were written before an answer came
        p.send(first_answer(1));
        p.send(parse_complete() + error_response("42P01", "relation \"nothing\" does not exist") + ready());
        p.send(cached_answer(3));
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    const number first = c.ask("select n"), failing = c.ask("select from nothing"), last = c.ask("select n");
    c.wait(last);
    expect_number(first, 1);
    expect_failure(failing, tusk::sqlstate::undefined_table, outcome::completed);
    EXPECT_EQ(failing.diag().message(), "relation \"nothing\" does not exist");
    expect_number(last, 3);
}

TEST(replies, asides_between_any_two_messages)
{
    const std::vector<std::string> answers[] = {first_answer(1),
                                                cached_answer(2),
                                                {error_response("22012", "division by zero"), ready()},
                                                cached_answer(4)};
    const std::string aside =
        notice("psst") + notification(9, "news", "hello") + parameter_status("TimeZone", "UTC");
    int asides = 0;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES"
                 "BES"
                 "BES"
                 "BES");
        for (const auto& one : answers)
            for (const std::string& m : one) {
                p.send(aside + m);
                ++asides;
            }
        p.send(aside);
        ++asides;
        p.expect("BES");
        p.send(cached_answer(5));
        p.wait_for_end();
    }));
    client c;
    int notices = 0, notifications = 0;
    c.db.on_notice([&](const tusk::diagnostics& d) { notices += d.message() == "psst"; });
    c.db.on_notification([&](std::int32_t pid, std::string_view channel, std::string_view payload) {
        notifications += pid == 9 && channel == "news" && payload == "hello";
    });
    ASSERT_TRUE(c.open(server.where()));
    const number first = c.ask("select n"), second = c.ask("select n"), failing = c.ask("select n"),
                 fourth = c.ask("select n");
    c.wait(first, second, failing, fourth);
    expect_number(first, 1);
    expect_number(second, 2);
    expect_failure(failing, tusk::sqlstate::division_by_zero, outcome::completed);
    expect_number(fourth, 4);
    const number last = c.ask("select n");
    c.wait(last);
    expect_number(last, 5);
    EXPECT_EQ(c.db.parameter("TimeZone"), "UTC");
    c.drop();
    server.finish();
    EXPECT_EQ(notices, asides);
    EXPECT_EQ(notifications, asides);
}

TEST(replies, error_at_sync_after_command_complete)
{
    const std::string deferred = error_response("23505", "duplicate key value violates unique constraint");
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        auto answer = first_done("INSERT 0 1");
        answer.insert(answer.end() - 1, deferred);
        p.send(answer);
        p.expect("PDBES");
        p.send(first_answer(2));
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    done insert;
    c.db.async_execute("insert into t values (1)", insert);
    const number next = c.ask("select 2");
    c.wait(insert, next);
    expect_failure(insert, tusk::sqlstate::unique_violation, outcome::completed);
    EXPECT_EQ(insert.value().rows_affected(), 0U);
    expect_number(next, 2);
}

TEST(replies, error_at_sync_fails_every_part_of_a_batch)
{
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBEPDBES");
        auto one = first_done("INSERT 0 1");
        one.pop_back();
        p.send(one);
        p.send(one);
        p.send(error_response("40001", "could not serialize access") + ready());
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    tusk::batch two;
    two.add("insert into a values (1)").add("insert into b values (1)");
    answer<tusk::batch_result> result;
    c.db.async_run(std::move(two), result);
    c.wait(result);
    expect_failure(result, tusk::sqlstate::serialization_failure, outcome::completed);
    ASSERT_EQ(result.value().size(), 2U);
    for (const tusk::batch_part& part : result.value())
        EXPECT_EQ(part.ec, tusk::sqlstate::serialization_failure);
}

TEST(replies, nothing_completes_before_ready_for_query)
{
    gate asked;
    client c;
    scripted_server server(scripted_server::session([&](peer& p) {
        p.expect("PDBES");
        auto answer = first_answer(1);
        answer.pop_back();
        p.send(joined(answer) + notification(1, "all but the end", ""));
        asked.pass();
        p.send(ready());
        p.wait_for_end();
    }));
    bool all_but_the_end = false;
    c.db.on_notification([&](auto&&...) { all_but_the_end = true; });
    ASSERT_TRUE(c.open(server.where()));
    const number n = c.ask("select 1");
    run_until(c.ctx, [&] { return all_but_the_end; });
    run_ready(c.ctx);
    EXPECT_EQ(n.calls(), 0);
    asked.open();
    c.wait(n);
    expect_number(n, 1);
    c.drop();
}

TEST(replies, several_errors_the_first_counts)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        p.expect("PDBES");
        p.send(error_response("22012", "division by zero") +
               error_response("08P01", "protocol synchronization was lost", "FATAL") +
               error_response("57P01", "terminating connection", "FATAL"));
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    const number first = c.ask("select 1/0"), second = c.ask("select 2");
    c.wait(first, second);
    EXPECT_EQ(first.calls(), 1);
    EXPECT_EQ(first.ec(), tusk::sqlstate::division_by_zero) << first.text();
    expect_failure(second, errc::connection_lost, outcome::unknown);
    EXPECT_EQ(second.diag().message(), "protocol synchronization was lost");
    EXPECT_FALSE(c.db.is_open());
}

TEST(replies, fatal_while_idle_is_told_on_the_next_use)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        p.send(first_answer(1));
        p.send(error_response("57P01", "terminating connection due to administrator command", "FATAL"));
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    const number before = c.ask("select 1");
    c.wait(before);
    expect_number(before, 1);
    run_until(c.ctx, [&] { return !c.db.is_open(); }); // noticed without any request
    const number after = c.ask("select 2");
    EXPECT_EQ(after.calls(), 0);
    c.wait(after);
    expect_failure(after, errc::connection_lost, outcome::not_sent);
    EXPECT_EQ(after.diag().sqlstate(), "57P01");
    EXPECT_EQ(after.diag().severity(), "FATAL");
    EXPECT_EQ(after.diag().message(), "terminating connection due to administrator command");
    event closed = c.close();
    EXPECT_FALSE(closed.ec()); // closing what is not open succeeds
}

TEST(replies, end_of_file_while_idle)
{
    scripted_server server(scripted_server::session([](peer&) {}));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    run_until(c.ctx, [&] { return !c.db.is_open(); });
    const number n = c.ask("select 1");
    c.wait(n);
    expect_failure(n, errc::connection_lost, outcome::not_sent);
}

TEST(replies, fatal_in_the_middle_of_a_pipeline)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        p.expect("BES");
        p.expect("BES");
        p.send(first_answer(1));
        p.send(bind_complete() + error_response("57P02", "another server process crashed", "FATAL"));
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    const number first = c.ask("select n"), second = c.ask("select n"), third = c.ask("select n");
    c.wait(first, second, third);
    expect_number(first, 1);
    expect_failure(second, tusk::sqlstate::crash_shutdown, outcome::unknown);
    expect_failure(third, errc::connection_lost, outcome::unknown);
    EXPECT_EQ(third.diag().sqlstate(), "57P02");
}

TEST(replies, changed_client_encoding)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PDBES");
        auto answer = first_done("SET");
        answer.insert(answer.end() - 1, parameter_status("client_encoding", "LATIN1"));
        p.send(answer);
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    done set;
    c.db.async_execute("set client_encoding = latin1", set);
    c.wait(set);
    EXPECT_FALSE(set.ec()) << set.text(); // this one did what it said
    const number n = c.ask("select 1");
    c.wait(n);
    expect_failure(n, errc::client_encoding_changed, outcome::not_sent);
    EXPECT_FALSE(c.db.is_open());
}

TEST(replies, script)
{
    scripted_server server(scripted_server::session([](peer& p) {
        EXPECT_EQ(p.expect("Q")[0].body, cstring("create table t(); select 1;; nonsense"));
        p.send(command_complete("CREATE TABLE") + notice("between") + row_description({"n"}, 25) +
               data_row({"1"}) + command_complete("SELECT 1") + error_response("42601", "syntax error") +
               ready());
        p.expect("PDBES");
        p.send(first_answer(2));
        p.wait_for_end();
    }));
    client c;
    ASSERT_TRUE(c.open(server.where()));
    answer<tusk::script_result> script;
    c.db.async_script("create table t(); select 1;; nonsense", script);
    const number behind = c.ask("select 2");
    c.wait(script, behind);
    expect_failure(script, tusk::sqlstate::syntax_error, outcome::completed);
    EXPECT_EQ(script.value().size(), 2U);
    expect_number(behind, 2);
}
