// Distributed under the Boost Software License, Version 1.0.
// Transactions whose end nobody knows, and their repetition.
#include "scripted/client.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>

using namespace scripted;
using tusk::errc;
using tusk::outcome;

namespace {

using namespace std::chrono_literals;

const std::string begun = parse_complete() + bind_complete() + command_complete("BEGIN");
const std::string of_a_command = parse_complete() + parameter_description() + no_data() + bind_complete();

std::string done_with(std::string_view tag, char status)
{
    return of_a_command + command_complete(tag) + ready(status);
}
/// The statement in whose group BEGIN is.
std::string first_in_block() { return begun + done_with("UPDATE 1", 'T'); }
std::string refused(std::string_view code) { return error_response(code, "refused") + ready(); }

/// The body of every transaction here.
struct one_update {
    int* calls;

    void operator()(tusk::transaction& tx, tusk::transaction_done over) const
    {
        ++*calls;
        tx.async_execute("update t set n = 1", std::move(over));
    }
};

const tusk::repetition soon{.attempts = 3, .first_pause = 1ms, .longest_pause = 2ms};

struct transaction : testing::Test {
    /// Runs it to its end.
    event run(const std::string& where, const tusk::repetition& how = soon)
    {
        event e;
        if (!c.open(where)) return e;
        c.db.async_transaction({}, one_update{&calls}, how, e);
        c.wait(e);
        return e;
    }

    client c;
    int calls = 0;
};

} // namespace

TEST_F(transaction, lost_commit_is_in_doubt_and_never_repeated)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PBEPDBES");
        p.send(first_in_block());
        p.expect("PDBES");
    }));
    const event e = run(server.where());
    expect_failure(e, errc::in_doubt, outcome::unknown);
    EXPECT_EQ(calls, 1);
}

TEST_F(transaction, commit_that_the_server_turned_into_a_rollback)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PBEPDBES");
        p.send(first_in_block());
        p.expect("PDBES");
        p.send(done_with("ROLLBACK", 'I'));
        p.wait_for_end();
    }));
    EXPECT_EQ(run(server.where()).ec(), errc::transaction_rolled_back);
    EXPECT_EQ(calls, 1);
    c.drop();
}

TEST_F(transaction, is_repeated_after_a_conflict_and_a_deadlock)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PBEPDBES"); // the statement fails
        p.send(begun + of_a_command + error_response("40P01", "deadlock detected") + ready('E'));
        p.expect("PDBES");
        p.send(done_with("ROLLBACK", 'I'));
        p.expect("PBEBES"); // the commit does
        p.send(begun + bind_complete() + command_complete("UPDATE 1") + ready('T'));
        p.expect("PDBES");
        p.send(of_a_command + refused("40001"));
        p.expect("PBEBES");
        p.send(begun + bind_complete() + command_complete("UPDATE 1") + ready('T'));
        p.expect("PDBES");
        p.send(done_with("COMMIT", 'I'));
        p.wait_for_end();
    }));
    const event e = run(server.where());
    EXPECT_FALSE(e.ec()) << e.text();
    EXPECT_EQ(calls, 3);
    c.drop();
}

TEST_F(transaction, is_not_repeated_after_another_failure_nor_beyond_the_bound)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PBEPDBES");
        p.send(begun + of_a_command + error_response("22012", "division by zero") + ready('E'));
        p.expect("PDBES");
        p.send(done_with("ROLLBACK", 'I'));
        for (int i = 0; i < 2; ++i) {
            p.expect("PBEBES");
            p.send(begun + bind_complete() + error_response("40001", "conflict") + ready('E'));
            p.expect("PDBES");
            p.send(done_with("ROLLBACK", 'I'));
        }
        p.wait_for_end();
    }));
    EXPECT_EQ(run(server.where()).ec(), tusk::sqlstate::division_by_zero);
    EXPECT_EQ(calls, 1);
    event second;
    c.db.async_transaction({}, one_update{&calls}, {.attempts = 2, .first_pause = 1ms, .longest_pause = 1ms},
                           second);
    c.wait(second);
    EXPECT_EQ(second.ec(), tusk::sqlstate::serialization_failure);
    EXPECT_EQ(calls, 3);
    c.drop();
}

TEST_F(transaction, body_that_throws_or_lets_go_or_is_cancelled)
{
    scripted_server server(scripted_server::session([](peer& p) { p.wait_for_end(); })); // nothing is sent
    ASSERT_TRUE(c.open(server.where()));
    event thrown, dropped, stopped, paused;
    c.db.async_transaction(
        {}, [](tusk::transaction&, tusk::transaction_done) { throw std::runtime_error("no"); }, soon, thrown);
    c.db.async_transaction(
        {}, [](tusk::transaction&, const tusk::transaction_done&) {}, soon, dropped);
    std::optional<tusk::transaction_done> kept;
    asio::cancellation_signal stop;
    c.db.async_transaction(
        {},
        [&](tusk::transaction&, tusk::transaction_done over) {
            ++calls;
            kept.emplace(std::move(over));
        },
        soon, asio::bind_cancellation_slot(stop.slot(), stopped));
    run_until(c.ctx, [&] { return kept.has_value(); });
    EXPECT_EQ(thrown.ec(), errc::visitor_failed);
    EXPECT_EQ(dropped.ec(), asio::error::operation_aborted);
    stop.emit(asio::cancellation_type::terminal);
    run_ready(c.ctx);
    EXPECT_FALSE(stopped.done()); // the body goes on
    (*kept)();
    (*kept)(); // only the first counts
    c.wait(stopped);
    EXPECT_EQ(stopped.ec(), asio::error::operation_aborted);

    asio::cancellation_signal wake;
    c.db.async_transaction(
        {},
        [&](tusk::transaction&, const tusk::transaction_done& over) {
            ++calls;
            over(tusk::sqlstate::serialization_failure);
        },
        {.attempts = 2, .first_pause = 1h, .longest_pause = 24h},
        asio::bind_cancellation_slot(wake.slot(), paused));
    run_until(c.ctx, [&] { return calls == 2; });
    run_ready(c.ctx); // it pauses
    wake.emit(asio::cancellation_type::terminal);
    c.wait(paused);
    EXPECT_EQ(paused.ec(), asio::error::operation_aborted);
    EXPECT_EQ(calls, 2);
    c.drop();
}

TEST_F(transaction, connection_is_destroyed_under_it)
{
    scripted_server server(scripted_server::session([](peer& p) {
        p.expect("PBEPDBES");
        p.send(first_in_block());
        p.expect("PDBES");
        p.wait_for_end();
    }));
    ASSERT_TRUE(c.open(server.where()));
    event e;
    tusk::transaction held;
    bool began = false;
    c.db.async_transaction({}, one_update{&calls}, soon, e);
    c.db.async_begin({}, [&](std::error_code, tusk::begun) { began = true; });
    run_until(c.ctx, [&] { return c.db.statistics().requests == 2; }); // COMMIT is on its way
    c.drop();
    c.wait(e);
    expect_failure(e, asio::error::operation_aborted, outcome::unknown);
    EXPECT_TRUE(began);
}
