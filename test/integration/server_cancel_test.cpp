// Distributed under the Boost Software License, Version 1.0.
// Cancelling on the server, by slot, token and time limit: every request one answer, its own; no neighbour is hit.
#include "load.hpp"
#include "tls_support.hpp"

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

struct one_of_many : answer {
    asio::cancellation_signal signal;
};

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

namespace {

/// A session of its own, reached like this, is asked to end what takes longer than the test.
void expect_cancels(std::string where)
{
    auto whole = [where = std::move(where)]() -> asio::awaitable<void> {
        const auto executor = co_await asio::this_coro::executor;
        tusk::connection db(executor);
        co_await db.async_connect(where);
        for (int i = 0; i < 3; ++i) {
            auto [ec, value] = co_await db.async_query_one<int>(sql(sleep_long).timeout(5ms), as_tuple);
            EXPECT_EQ(ec, errc::timed_out);
            co_await expect_usable(db);
        }
        co_await db.async_close();
    };
    run_loop(whole);
}

} // namespace

TEST(ServerCancel, OverEveryKindOfSocketAndWithEveryKey)
{
    const tls_server lock;
    expect_cancels(where("tusk", {}, via::unix_socket));
    expect_cancels(where("tusk", {}, via::unix_socket, "sslmode=require")); // which a unix socket has not
    expect_cancels(where("tusk", {}, via::tcp6));
    expect_cancels(where("tusk", {}, via::tcp, "sslmode=require"));
    expect_cancels(where("tusk", {}, via::tcp, "sslmode=require ssl_max_protocol_version=TLSv1.2"));
    if (the_server().version >= 17)
        expect_cancels(where("tusk", {}, via::tcp, "sslmode=require sslnegotiation=direct"));
    expect_cancels(where("tusk", {}, via::tcp, "max_protocol_version=3.2")); // longer keys since 18
}

TEST(ServerCancel, ManyAtOneTime)
{
    tusk::connection_options options;
    options.max_in_flight = 10;
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            constexpr std::size_t count = 20'000;
            std::deque<one_of_many> all(count);
            countdown left(db);
            reply<tusk::single<int>> sleeping(db);
            db.async_query_one<int>(sql(sleep_long).timeout(100ms), sleeping.token());
            for (one_of_many& to : all) {
                left.expect();
                db.async_query_one<int>("select 1", asio::bind_cancellation_slot(
                                                        to.signal.slot(), [&](std::error_code ec, auto&&) {
                                                            ++to.count;
                                                            to.ec = ec;
                                                            left.arrive();
                                                        }));
            }
            for (std::size_t i = count; i > 0; --i) all[i - 1].signal.emit(asio::cancellation_type::terminal);
            co_await left.wait();
            for (const one_of_many& a : all) {
                EXPECT_EQ(a.count, 1);
                expect_cancelled(a.ec);
            }
            co_await sleeping.wait();
            EXPECT_EQ(sleeping.ec(), errc::timed_out);
            co_await expect_usable(db);
        },
        options);
}

TEST(ServerCancel, CopyThatWaitsForALock)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto executor = co_await asio::this_coro::executor;
        tusk::connection holder(executor);
        co_await holder.async_connect(where());
        const std::string table = unique_name("locked");
        co_await holder.async_script("create table " + table + "(n int)");
        tusk::transaction tx = co_await holder.async_begin();
        co_await tx.async_execute("lock table " + table);
        auto [ec, raw] =
            co_await db.async_copy_in(sql("copy " + table + " from stdin").timeout(20ms), as_tuple);
        EXPECT_EQ(ec, errc::timed_out);
        co_await expect_usable(db);
        auto [ec2, rows] = co_await db.async_copy_in<int>(
            sql("copy " + table + " from stdin (format binary)").timeout(20ms), as_tuple);
        EXPECT_EQ(ec2, errc::timed_out); // it waits where the columns are asked for
        co_await expect_usable(db);
        co_await tx.async_rollback();
        co_await holder.async_script("drop table " + table);
        co_await holder.async_close();
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

TEST(ServerCancel, PipelinedRequestsWithCancellationsOfEveryKind)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const int rounds = wanted("TUSK_CANCEL_ROUNDS", 50), requests = 100;
        constexpr std::string_view quick = "select $1::int4";
        constexpr std::string_view sleep_for_ever = "select $1::int4 from pg_sleep(1000)";
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
                const bool held_up = i == 0 && round % 10 == 0;
                tusk::bound question = sql(held_up ? sleep_for_ever : quick, i);
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
