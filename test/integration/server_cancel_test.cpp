// Distributed under the Boost Software License, Version 1.0.
// Cancelling on the server, by slot, token and time limit: every request one answer, its own; no neighbour is hit.
#include "load.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>

#include <deque>
#include <random>

using tusk::errc;
using tusk::sql;
using namespace tusk_test;

namespace {

using namespace std::chrono_literals;

/// For a sleep that only a cancel can end within the test's time.
constexpr std::string_view sleep_long = "select 1 from pg_sleep(1000)";

void expect_cancelled(std::error_code ec) { EXPECT_EQ(ec, asio::error::operation_aborted) << ec.message(); }

} // namespace

TEST(ServerCancel, BySlot)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        asio::cancellation_signal stop;
        reply<tusk::single<int>> sleeping(db);
        db.async_query_one<int>(sleep_long, asio::bind_cancellation_slot(stop.slot(), sleeping.token()));
        stop.emit(asio::cancellation_type::terminal);
        co_await sleeping.wait();
        expect_cancelled(sleeping.ec());
        co_await expect_usable(db);
    });
}

TEST(ServerCancel, ByTokenAllThatIsOutstanding)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const tusk::cancel_token token = db.get_cancel_token();
        reply<tusk::single<int>> first(db), second(db);
        db.async_query_one<int>(sleep_long, first.token());
        db.async_query_one<int>(sleep_long, second.token());
        token.cancel();
        co_await first.wait();
        co_await second.wait();
        expect_cancelled(first.ec());
        expect_cancelled(second.ec());
        co_await expect_usable(db);
    });
}

TEST(ServerCancel, ByTimeLimit)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto [ec, value] = co_await db.async_query_one<int>(sql(sleep_long).timeout(20ms), as_tuple);
        EXPECT_EQ(ec, errc::timed_out);
        EXPECT_EQ(value.diag().outcome(), tusk::outcome::unknown);
        co_await expect_usable(db);
    });
}

TEST(ServerCancel, WithinATransactionWhichFails)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        tusk::transaction tx = co_await db.async_begin();
        auto [ec, value] = co_await tx.async_query_one<int>(sql(sleep_long).timeout(20ms), as_tuple);
        EXPECT_EQ(ec, errc::timed_out);
        auto [end, diag] = co_await tx.async_commit(as_tuple);
        EXPECT_EQ(end, errc::transaction_rolled_back);
        co_await expect_usable(db);
    });
}

namespace {

struct one_of_many : answer {
    asio::cancellation_signal signal;
};

} // namespace

TEST(ServerCancel, HundredThousandPipelinedRequestsWithCancellationsOfEveryKind)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        constexpr int rounds = 1000, requests = 100;
        co_await db.async_execute("set log_min_messages = fatal");
        const tusk::cancel_token token = db.get_cancel_token();
        std::mt19937 random(11); // the same each time
        int wrong = 0, given_up = 0;
        for (int round = 0; round < rounds; ++round) {
            std::deque<one_of_many> all(requests);
            countdown left(db);
            for (int i = 0; i < requests; ++i) {
                one_of_many& to = all[static_cast<std::size_t>(i)];
                left.expect();
                tusk::bound question = sql("select $1::int4", i);
                if (random() % 10 == 0) question.timeout(std::chrono::milliseconds(1 + random() % 3));
                db.async_query_one<int>(std::move(question),
                                        asio::bind_cancellation_slot(
                                            to.signal.slot(), [&](std::error_code ec, tusk::single<int> v) {
                                                ++to.count;
                                                to.ec = ec;
                                                to.value = *v;
                                                left.arrive();
                                            }));
            }
            if (round % 50 == 0) token.cancel();
            for (int n = static_cast<int>(random() % 30); n > 0; --n)
                all[random() % requests].signal.emit(asio::cancellation_type::terminal);
            if (round % 10 == 0) // all of them, so that the server is asked
                for (one_of_many& each : all) each.signal.emit(asio::cancellation_type::terminal);
            co_await left.wait();
            for (int i = 0; i < requests; ++i) {
                const one_of_many& a = all[static_cast<std::size_t>(i)];
                const bool gave_up = a.ec == asio::error::operation_aborted || a.ec == errc::timed_out;
                if (gave_up) ++given_up;
                if (a.count != 1 || !(gave_up || (!a.ec && a.value == i))) ++wrong; // 57014 would be
            }
        }
        EXPECT_EQ(wrong, 0);
        EXPECT_GT(given_up, rounds * requests / 10);
        co_await expect_usable(db);
    });
}
