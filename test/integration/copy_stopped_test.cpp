// Distributed under the Boost Software License, Version 1.0.
// COPY that is stopped or given up in the middle; the connection has to be usable each time.
#include "integration/support.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>

#include <random>

namespace tusk_test {

struct stopped {
    std::int32_t id;
    std::string note;
};

namespace {

using tusk::errc;

constexpr const char* stopped_table = "create temp table stopped(id int4 primary key, note text)";
constexpr const char* endless = "copy (select generate_series(1, 100000000), 'a note') to stdout";

TEST(CopyStopped, AConsumerThatStops)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const int pieces : {0, 1, 5}) {
            auto copy = co_await db.async_copy_out(endless);
            for (int i = 0; i < pieces; ++i) {
                const auto some = co_await copy.async_read();
                EXPECT_FALSE(some.empty());
                EXPECT_LT(some.size(), 256u * 1024);
            }
            reply<tusk::single<int>> behind(db);
            db.async_query_one<int>("select 42", behind.token());
            // The server was made to wait: it cannot have got far in a table of three gigabytes.
            const auto received = db.statistics().bytes_received;
            asio::steady_timer turns(db.get_executor(), std::chrono::steady_clock::time_point::min());
            for (int i = 0; i < 1000; ++i) co_await turns.async_wait(as_tuple);
            EXPECT_LT(db.statistics().bytes_received - received, 1024u * 1024);
            EXPECT_EQ(behind.answers(), 0);
            copy.close();
            co_await behind.wait();
            EXPECT_FALSE(behind.ec()) << behind.diag().message();
            co_await expect_usable(db);
        }
    });
}

TEST(CopyStopped, VisitorsThatThrowStopAndAreCancelled)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string rows =
            "copy (select g as id, 'note ' || g as note from generate_series(1, 1000) g) to stdout "
            "(format binary)";
        auto copy = co_await db.async_copy_out<stopped>(rows);
        std::int32_t last = 0;
        const auto upto = [&](std::int32_t most, std::exception_ptr thrown) {
            return [&last, most, thrown](const stopped& t) {
                EXPECT_EQ(t.id, last + 1);
                EXPECT_EQ(t.note, "note " + std::to_string(t.id));
                last = t.id;
                if (t.id == most) std::rethrow_exception(thrown);
            };
        };
        auto [other, o] = co_await copy.async_for_each(
            upto(10, std::make_exception_ptr(std::runtime_error("ten"))), as_tuple);
        EXPECT_EQ(other, errc::visitor_failed);
        EXPECT_NE(o.diag().message().find("ten"), std::string_view::npos) << o.diag().message();
        auto [own, w] = co_await copy.async_for_each(
            upto(700, std::make_exception_ptr(std::system_error(std::make_error_code(std::errc::io_error)))),
            as_tuple);
        EXPECT_EQ(own, std::make_error_code(std::errc::io_error));
        const auto next = co_await copy.async_read_row();
        EXPECT_EQ(next->id, 701);
        last = 701;
        const tusk::command done = co_await copy.async_for_each(upto(-1, nullptr));
        EXPECT_EQ(done.tag(), "COPY 1000");
        EXPECT_EQ(last, 1000);
        const tusk::command again =
            co_await copy.async_for_each(upto(-1, nullptr)); // at the end there is nothing more
        EXPECT_EQ(again.tag(), "COPY 1000");

        auto closed = co_await db.async_copy_out<stopped>(rows);
        int shown = 0;
        auto [gone, g] = co_await closed.async_for_each(
            [&](const stopped&) {
                if (++shown == 5) closed.close();
            },
            as_tuple);
        EXPECT_EQ(gone, errc::already_ended);
        EXPECT_EQ(shown, 5);
        co_await expect_usable(db);
        // texts that look into what was received
        using view = std::pair<std::int32_t, std::string_view>;
        auto views = co_await db.async_copy_out<view>(rows);
        std::size_t letters = 0;
        co_await views.async_for_each([&](const view& v) { letters += v.second.size(); });
        EXPECT_EQ(letters, 5 * 1000 + 9 + 2 * 90 + 3 * 900 + 4u);
        co_await expect_usable(db);
    });
}

/// What one round is cancelled in.
enum class cancelled { write_rows, read, visit, open_out, finish };

asio::awaitable<std::error_code> cancel_one(tusk::connection& db, cancelled what,
                                            std::chrono::microseconds after, tusk::single<int>& behind_value)
{
    asio::cancellation_signal stop;
    reply<tusk::single<int>> behind(db);
    std::error_code ec;
    const auto moment = [&]() -> asio::awaitable<void> {
        db.async_query_one<int>("select 42", behind.token());
        asio::steady_timer timer(db.get_executor(), after);
        co_await timer.async_wait(as_tuple);
        stop.emit(asio::cancellation_type::total);
    };
    switch (what) {
    case cancelled::write_rows:
    case cancelled::finish: {
        auto copy = co_await db.async_copy_in<stopped>("copy stopped from stdin (format binary)");
        std::vector<stopped> rows;
        for (int i = 0; i < 20'000; ++i) rows.push_back({i, "note"});
        if (what == cancelled::finish) {
            co_await copy.async_write_rows(rows);
            reply<tusk::command> finish(db);
            copy.async_finish(asio::bind_cancellation_slot(stop.slot(), finish.token()));
            co_await moment();
            co_await finish.wait();
            ec = finish.ec();
        } else {
            reply<tusk::diagnostics> write(db);
            copy.async_write_rows(rows, asio::bind_cancellation_slot(stop.slot(), write.token()));
            co_await moment();
            co_await write.wait();
            ec = write.ec();
        }
        break;
    }
    case cancelled::read: {
        auto copy = co_await db.async_copy_out(endless);
        reply<tusk::command> read(db);
        copy.async_read_to_file("/dev/null", asio::bind_cancellation_slot(stop.slot(), read.token()));
        co_await moment();
        co_await read.wait();
        ec = read.ec();
        break;
    }
    case cancelled::visit: {
        auto copy = co_await db.async_copy_out<std::pair<int, std::string_view>>(std::string(endless) +
                                                                                 " (format binary)");
        reply<tusk::command> visit(db);
        copy.async_for_each([](const auto&) {}, asio::bind_cancellation_slot(stop.slot(), visit.token()));
        co_await moment();
        co_await visit.wait();
        ec = visit.ec();
        break;
    }
    case cancelled::open_out: {
        reply<tusk::command> done(db);
        db.async_copy_out(endless,
                          asio::bind_cancellation_slot(
                              stop.slot(), [token = done.token()](std::error_code e, tusk::copy_out<>) {
                                  token(e, tusk::command());
                              }));
        co_await moment();
        co_await done.wait();
        ec = done.ec();
        break;
    }
    }
    co_await behind.wait();
    EXPECT_FALSE(behind.ec()) << behind.diag().message();
    behind_value = behind.value();
    co_return ec;
}

TEST(CopyStopped, CancelledAtRandomMoments)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(stopped_table);
        std::mt19937 random(20'261'128);
        int aborted = 0;
        for (int round = 0; round < wanted("TUSK_COPY_ROUNDS", 25); ++round)
            for (const cancelled what : {cancelled::write_rows, cancelled::finish, cancelled::read,
                                         cancelled::visit, cancelled::open_out}) {
                SCOPED_TRACE(round * 10 + static_cast<int>(what));
                const std::chrono::microseconds after(random() % 15'000);
                tusk::single<int> behind;
                const std::error_code ec = co_await cancel_one(db, what, after, behind);
                EXPECT_TRUE(!ec || ec == asio::error::operation_aborted) << ec.message();
                EXPECT_EQ(behind.value(), 42);
                aborted += ec == asio::error::operation_aborted;
                co_await db.async_execute("truncate stopped");
            }
        EXPECT_GT(aborted, 0);
        co_await expect_usable(db);
    });
}

} // namespace
} // namespace tusk_test
