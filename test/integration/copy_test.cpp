// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>

#include <cstdio>
#include <fstream>
#include <random>
#include <sstream>

namespace tusk_test {

struct copied {
    std::int32_t id;
    std::int64_t big;
    double ratio;
    std::optional<std::string> note;
    std::chrono::sys_time<std::chrono::microseconds> moment;

    friend bool operator==(const copied&, const copied&) = default;
};

namespace {

using tusk::errc;
using tusk::sql;
using tusk::sqlstate;

constexpr const char* table =
    "create temp table copied(id int4, big int8, ratio float8, note text, moment timestamptz)";
constexpr const char* in_binary = "copy copied (id, big, ratio, note, moment) from stdin (format binary)";
constexpr const char* out_binary = "copy (select * from copied order by id) to stdout (format binary)";

copied make(int i)
{
    copied c{i, i * 1'000'003LL, i / 7.0, {}, {}};
    if (i % 5) c.note = "note " + std::to_string(i);
    c.moment += std::chrono::seconds(i);
    return c;
}

std::vector<copied> make_many(int n)
{
    std::vector<copied> all;
    for (int i = 0; i < n; ++i) all.push_back(make(i));
    return all;
}

asio::awaitable<std::string> all_of(tusk::connection& db, std::string copy_out)
{
    auto copy = co_await db.async_copy_out(copy_out);
    std::string text;
    for (auto some = co_await copy.async_read(); !some.empty(); some = co_await copy.async_read())
        text += some.text();
    co_return text;
}

std::string content_of(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream all;
    all << file.rdbuf();
    return all.str();
}

TEST(Copy, RowsInAndOut)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(table);
        const std::vector<copied> sent = make_many(5'000);
        auto in = co_await db.async_copy_in<copied>(in_binary);
        EXPECT_EQ(in.width(), 5u);
        EXPECT_TRUE(in.is_binary());
        co_await in.async_write_rows(sent);
        copied last = make(5'000);
        co_await in.async_write_row(last);
        const tusk::command done = co_await in.async_finish();
        EXPECT_EQ(done.rows_affected(), 5'001u);

        auto out = co_await db.async_copy_out<copied>(out_binary);
        std::vector<copied> got;
        for (auto some = co_await out.async_read_rows(); !some.empty(); some = co_await out.async_read_rows())
            got.insert(got.end(), some.begin(), some.end());
        EXPECT_EQ(got.size(), 5'001u);
        EXPECT_TRUE(std::equal(sent.begin(), sent.end(), got.begin()));
        EXPECT_EQ(out.done().tag(), "COPY 5001");

        auto one = co_await db.async_copy_out<std::tuple<int, std::string>>(
            "copy (select id, 'row ' || id from copied order by id) to stdout (format binary)");
        int rows = 0, right = 0;
        while (auto r = co_await one.async_read_row()) {
            right += std::get<0>(*r) == rows && std::get<1>(*r) == "row " + std::to_string(rows);
            ++rows;
        }
        EXPECT_EQ(rows, 5'001);
        EXPECT_EQ(right, 5'001);
        co_await expect_usable(db);
    });
}

TEST(Copy, TextAndCsvWithQuotesAndLineBreaks)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table words(id int, word text)");
        constexpr std::string_view csv = "1,\"one, with \"\"quotes\"\"\"\n2,\"two\nlines\"\n3,\n4,\"\"\n";
        auto in = co_await db.async_copy_in("copy words from stdin (format csv)");
        EXPECT_FALSE(in.is_binary());
        for (const char& c : csv) co_await in.async_write(std::string_view(&c, 1)); // cut anywhere
        const tusk::command done = co_await in.async_finish();
        EXPECT_EQ(done.tag(), "COPY 4");
        const auto words =
            co_await db.async_query<std::optional<std::string>>("select word from words order by id");
        EXPECT_EQ(words[0], "one, with \"quotes\"");
        EXPECT_EQ(words[1], "two\nlines");
        EXPECT_EQ(words[2], std::nullopt);
        EXPECT_EQ(words[3], "");
        const std::string again = co_await all_of(db, "copy words to stdout (format csv)");
        EXPECT_EQ(again, csv);
        const std::string text = co_await all_of(db, "copy words to stdout");
        EXPECT_EQ(text, "1\tone, with \"quotes\"\n2\ttwo\\nlines\n3\t\\N\n4\t\n");
        const std::string none = co_await all_of(db, "copy (select 1 where false) to stdout");
        EXPECT_EQ(none, "");
    });
}

TEST(Copy, TheServersErrorWhileThereIsMoreToSend)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(table);
        auto in = co_await db.async_copy_in("copy copied (id, note) from stdin");
        std::error_code ec;
        std::string where;
        std::string good;
        for (int i = 0; i < 10'000; ++i) good += std::to_string(i) + "\tnote\n";
        co_await in.async_write("1\tone\n2\ttwo\nthree\t3\n");
        int writes = 0;
        for (; !ec && writes < 10'000; ++writes) {
            auto [e, why] = co_await in.async_write(good, as_tuple);
            ec = e;
            where = why.where();
        }
        EXPECT_EQ(ec, sqlstate::invalid_text_representation);
        EXPECT_LT(writes, 1'000); // it was noticed long before the end
        EXPECT_NE(where.find("line 3, column id"), std::string::npos) << where;
        const auto finish = std::get<0>(co_await in.async_finish(as_tuple));
        EXPECT_EQ(finish, sqlstate::invalid_text_representation);
        co_await expect_count(db, "copied", 0);
        co_await expect_usable(db);
    });
}

TEST(Copy, RowsThatDoNotFitAreRefusedBeforeTheyAreSent)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(std::string(table) + "; create temp table small(n int2, t text)");
        using wide = std::tuple<int, std::string, int>;
        auto [width, w] = co_await db.async_copy_in<wide>("copy small from stdin (format binary)", as_tuple);
        EXPECT_EQ(width, errc::column_mismatch);
        co_await expect_usable(db);
        auto [type, t] = co_await db.async_copy_in<std::tuple<std::chrono::sys_days, std::string>>(
            "copy small from stdin (format binary)", as_tuple);
        EXPECT_EQ(type, errc::column_mismatch);
        EXPECT_NE(t.diag().message().find("\"n\" (int2)"), std::string_view::npos) << t.diag().message();
        auto [order, o] = co_await db.async_copy_in<copied>(
            "copy copied (big, id, ratio, note, moment) from stdin (format binary)", as_tuple);
        EXPECT_EQ(order, errc::column_mismatch);
        const auto text = std::get<0>(co_await db.async_copy_in<copied>("copy copied from stdin", as_tuple));
        EXPECT_EQ(text, errc::wrong_copy);

        using pair = std::pair<int, std::string>;
        auto in = co_await db.async_copy_in<pair>("copy small from stdin (format binary)");
        const std::vector<pair> rows{{1, "one"}, {100'000, "too large"}, {3, "three"}};
        auto [range, why] = co_await in.async_write_rows(rows, as_tuple);
        EXPECT_EQ(range, errc::value_out_of_range);
        EXPECT_NE(why.message().find("row 2"), std::string_view::npos) << why.message();
        auto [nul, why_nul] = co_await in.async_write_row(pair{4, std::string("a\0b", 3)}, as_tuple);
        EXPECT_EQ(nul, errc::nul_in_text);
        co_await in.async_write_row(pair{5, "five"}); // it goes on without them
        const tusk::command done = co_await in.async_finish();
        EXPECT_EQ(done.rows_affected(), 2u);
        const auto left = co_await db.async_query<int>("select n from small order by n");
        EXPECT_EQ(left[0], 1);
        EXPECT_EQ(left[1], 5);
    });
}

TEST(Copy, WhatIsNoCopy)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(table);
        for (const char* text :
             {"select 1", "copy copied to stdout", "create temp table no_copy(n int)", ""}) {
            const auto ec = std::get<0>(co_await db.async_copy_in(text, as_tuple));
            EXPECT_EQ(ec, errc::wrong_copy) << text;
            co_await expect_usable(db);
        }
        for (const char* text : {"select 1", "copy copied from stdin"}) {
            const auto ec = std::get<0>(co_await db.async_copy_out(text, as_tuple));
            EXPECT_EQ(ec, errc::wrong_copy) << text;
            co_await expect_usable(db);
        }
        const auto missing =
            std::get<0>(co_await db.async_copy_in<int>("copy nowhere from stdin (format binary)", as_tuple));
        EXPECT_EQ(missing, sqlstate::undefined_table);
        const auto none = std::get<0>(co_await db.async_copy_out("copy nowhere to stdout", as_tuple));
        EXPECT_EQ(none, sqlstate::undefined_table);
        co_await expect_usable(db);
    });
}

TEST(Copy, AbandonedAbortedAndUsedAfterItsEnd)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(table);
        const std::vector<copied> rows = make_many(3'000);
        for (int i = 0; i < 3; ++i) {
            auto in = co_await db.async_copy_in<copied>(in_binary);
            if (i > 0) co_await in.async_write_rows(rows);
            reply<tusk::single<int>> behind(db);
            db.async_query_one<int>("select 42", behind.token()); // waits for the end
            if (i == 2)
                co_await in.async_abort("enough");
            else
                in.close();
            co_await behind.wait();
            EXPECT_EQ(behind.value().value(), 42);
            co_await expect_count(db, "copied", 0);
            if (i != 2) continue;
            const auto write = std::get<0>(co_await in.async_write_rows(rows, as_tuple));
            EXPECT_TRUE(write == errc::already_ended || write == sqlstate::query_canceled) << write.message();
        }
        auto in = co_await db.async_copy_in<copied>(in_binary);
        auto [long_reason, l] = co_await in.async_abort(std::string(20'000, 'x'), as_tuple);
        EXPECT_EQ(long_reason, errc::request_too_large);
        co_await in.async_write_rows(rows);
        co_await in.async_finish();
        const auto twice = std::get<0>(co_await in.async_finish(as_tuple));
        EXPECT_EQ(twice, errc::already_ended);
        const auto late = std::get<0>(co_await in.async_write_rows(rows, as_tuple));
        EXPECT_EQ(late, errc::already_ended);
        co_await expect_count(db, "copied", 3'000);
        for (const int pieces : {0, 1, 3}) {
            auto out = co_await db.async_copy_out(
                "copy (select repeat('x', 100) from generate_series(1, 20000)) to stdout");
            for (int i = 0; i < pieces; ++i) (void)co_await out.async_read();
            out.close();
            co_await expect_usable(db);
        }
    });
}

TEST(Copy, InATransactionBlock)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(table);
        co_await db.async_execute("begin");
        auto in = co_await db.async_copy_in<copied>(in_binary);
        co_await in.async_write_rows(make_many(10)); // given away
        co_await in.async_finish();
        EXPECT_EQ(db.transaction_status(), tusk::transaction_status::in_transaction);
        co_await expect_count(db, "copied", 10);
        // far more than one read: an error that comes with the beginning is that of async_copy_out
        auto out = co_await db.async_copy_out(
            "copy (select 1 / (99999 - g) from generate_series(1, 100000) g) to stdout");
        std::error_code ec;
        for (bool more = true; more;) {
            auto [e, chunk] = co_await out.async_read(as_tuple);
            ec = e;
            more = !e && !chunk.empty();
        }
        EXPECT_EQ(ec, sqlstate::division_by_zero);
        EXPECT_EQ(db.transaction_status(), tusk::transaction_status::failed);
        co_await db.async_execute("rollback");
        co_await expect_count(db, "copied", 0);
    });
}

TEST(Copy, FilesAndAFileThatTheServerWrote)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(std::string(table) + "; insert into copied select g, g * 3::int8, g / 4.0, "
                                                      "'note ' || g, now() from generate_series(1, 20000) g");
        const temporary_file mine("");
        auto out = co_await db.async_copy_out("copy copied to stdout (format binary)");
        const tusk::command written = co_await out.async_read_to_file(mine.path());
        EXPECT_EQ(written.rows_affected(), 20'000u);
        const std::string theirs = the_server().data + "/" + unique_name("copy");
        co_await db.async_execute("copy copied to '" + theirs + "' (format binary)");
        EXPECT_EQ(content_of(mine.path()), content_of(theirs));

        co_await db.async_execute("truncate copied");
        auto in = co_await db.async_copy_in("copy copied from stdin (format binary)");
        const auto missing = std::get<0>(co_await in.async_write_file("/nowhere/at/all", as_tuple));
        EXPECT_EQ(missing, std::make_error_code(std::errc::no_such_file_or_directory));
        co_await in.async_write_file(theirs);
        const tusk::command read = co_await in.async_finish();
        EXPECT_EQ(read.rows_affected(), 20'000u);
        auto again = co_await db.async_copy_out("copy copied to stdout (format binary)");
        const auto closed = std::get<0>(co_await again.async_read_to_file("/nowhere/at/all", as_tuple));
        EXPECT_EQ(closed, std::make_error_code(std::errc::no_such_file_or_directory));
        again.close();
        co_await expect_usable(db);
    });
}

/// Rows that are made when they are asked for.
struct counted_rows {
    struct iterator {
        using value_type = copied;
        using difference_type = std::ptrdiff_t;
        int at = 0;
        copied operator*() const { return make(at); }
        iterator& operator++() { return ++at, *this; }
        void operator++(int) { ++at; }
        friend bool operator==(const iterator&, const iterator&) = default;
    };
    int n;
    [[nodiscard]] iterator begin() const { return {0}; }
    [[nodiscard]] iterator end() const { return {n}; }
};

TEST(Copy, ManyRowsInAndOutInConstantMemory)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(table);
        co_await expect_count(db, "copied", 0);
        const int rows = wanted("TUSK_COPY_ROWS", 200'000);
        const long before = peak();
        auto in = co_await db.async_copy_in<copied>(in_binary);
        co_await in.async_write_rows(counted_rows{rows});
        const tusk::command done = co_await in.async_finish();
        EXPECT_EQ(done.rows_affected(), static_cast<std::uint64_t>(rows));
        auto out = co_await db.async_copy_out<copied>("copy copied to stdout (format binary)");
        std::int64_t got = 0, sum = 0;
        for (auto some = co_await out.async_read_rows(); !some.empty();
             some = co_await out.async_read_rows()) {
            got += static_cast<std::int64_t>(some.size());
            for (const copied& c : some) sum += c.id;
        }
        EXPECT_EQ(got, rows);
        EXPECT_EQ(sum, std::int64_t{rows} * (rows - 1) / 2);
        auto shown = co_await db.async_copy_out<copied>("copy copied to stdout (format binary)");
        co_await shown.async_for_each([&](const copied& c) { sum -= c.id; });
        EXPECT_EQ(sum, 0);
        auto raw = co_await db.async_copy_out("copy copied to stdout (format binary)");
        std::size_t bytes = 0;
        for (auto some = co_await raw.async_read(); !some.empty(); some = co_await raw.async_read())
            bytes += some.size();
        EXPECT_GT(bytes, static_cast<std::size_t>(rows) * 50);
        const long above = peak() - before;
        EXPECT_LT(above, 16 * 1024);
        RecordProperty("kilobytes_above_idle", static_cast<int>(above));
        std::printf("%d rows in, and out three times: %ld kB above idle\n", rows, above);
    });
}

TEST(Copy, CancelledAtRandomMoments)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(table);
        std::mt19937 random(7);
        int aborted = 0;
        for (int round = 0; round < 60; ++round) {
            reply<tusk::single<int>> behind(db);
            {
                auto in = co_await db.async_copy_in<copied>(in_binary);
                reply<tusk::diagnostics> write(db);
                asio::cancellation_signal stop;
                in.async_write_rows(counted_rows{20'000},
                                    asio::bind_cancellation_slot(stop.slot(), write.token()));
                db.async_query_one<int>(sql("select $1::int4", round), behind.token());
                asio::steady_timer moment(db.get_executor(), std::chrono::microseconds(random() % 20'000));
                co_await moment.async_wait(as_tuple);
                stop.emit(asio::cancellation_type::total);
                co_await write.wait();
                aborted += write.ec() == asio::error::operation_aborted;
            }
            co_await behind.wait();
            EXPECT_FALSE(behind.ec());
            EXPECT_EQ(behind.value().value(), round);
        }
        co_await expect_count(db, "copied", 0);
        EXPECT_GT(aborted, 0);
    });
}

} // namespace
} // namespace tusk_test
