// Distributed under the Boost Software License, Version 1.0.
#include "integration/blocking_support.hpp"

#include <tusk/blocking.hpp>

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include <sys/time.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

namespace tusk_test {
namespace {

using namespace std::chrono_literals;
using tusk::errc;
using tusk::sqlstate;

struct item {
    std::int32_t id = 0;
    std::string name;
};

void expect_sound(blocking_connection& db)
{
    EXPECT_EQ(db.query_one<int>(tusk::sql("select $1 + 1", 41)), 42);
}

TEST(blocking, the_operations)
{
    blocking_connection db(where());
    EXPECT_TRUE(db.is_open());
    db.script("create temp table items(id int primary key, name text not null)");
    const auto done = db.execute(tusk::sql("insert into items values ($1, $2)", 1, "one"));
    EXPECT_EQ(done.rows_affected(), 1u);
    const std::vector<std::tuple<int, std::string>> more{{2, "two"}, {3, "three"}};
    EXPECT_EQ(db.execute_many("insert into items values ($1, $2)", more).rows_affected(), 2u);
    EXPECT_EQ(
        db.execute_many("insert into items values ($1, $2)", more, tusk::bulk::independent).failures().size(),
        2u);
    EXPECT_EQ(db.query("select * from items").size(), 3u);
    EXPECT_EQ(db.query<item>("select id, name from items order by id")[2].name, "three");
    EXPECT_EQ(db.query_optional<int>("select id from items where id = 7"), std::nullopt);
    const tusk::statement s = db.prepare("select name from items where id = $1");
    EXPECT_EQ(db.query_one<std::string>(s.bind(2)), "two");
    tusk::batch b;
    b.add("select 1").add(tusk::sql("select $1", 2));
    EXPECT_EQ(db.run(std::move(b)).size(), 2u);
    int sum = 0;
    db.for_each<std::tuple<int>>("select id from items", [&](auto& row) { sum += std::get<0>(row); });
    EXPECT_EQ(sum, 6);
    db.ping();
    EXPECT_EQ(db.describe_type("int4")->name, "int4");
    db.reset();
    EXPECT_EQ(failure_of([&] { db.query("select * from items"); }), sqlstate::undefined_table);
    db.close();
    EXPECT_FALSE(db.is_open());
    EXPECT_EQ(failure_of([&] { db.query("select 1"); }), errc::not_connected);
    db.connect(where());
    expect_sound(db);
}

TEST(blocking, errors_as_codes)
{
    blocking_connection db;
    std::error_code ec;
    EXPECT_NE(db.connect("host=127.0.0.1 port=1 user=nobody", ec).message(), "");
    EXPECT_TRUE(ec);
    (void)db.connect(where(), ec);
    ASSERT_FALSE(ec);
    const tusk::command bad = db.execute("select 1/0", ec);
    EXPECT_EQ(ec, sqlstate::division_by_zero);
    EXPECT_EQ(bad.diag().message(), "division by zero");
    EXPECT_EQ(db.query_one<int>("select 7", ec).value(), 7);
    EXPECT_FALSE(ec);
    auto stream = db.stream("selec", ec);
    EXPECT_EQ(ec, sqlstate::syntax_error);
    EXPECT_FALSE(stream.next());
    auto copy = db.copy_in("copy nothing from stdin", ec);
    EXPECT_EQ(ec, sqlstate::undefined_table);
    EXPECT_EQ(failure_of([&] { copy.write("x"); }), errc::already_ended);
    db.execute("begin");
    auto tx = db.begin({}, ec);
    EXPECT_EQ(ec, errc::already_in_transaction);
    (void)db.reset(tusk::reset_kind::touched, ec);
    EXPECT_EQ(ec, errc::already_in_transaction);
    db.execute("rollback");
    expect_sound(db);
}

TEST(blocking, transactions)
{
    blocking_connection db(where());
    db.script("create temp table t(n int)");
    {
        auto tx = db.begin();
        tx.execute("insert into t values (1)");
        tx.savepoint("a");
        tx.execute("insert into t values (2)");
        tx.rollback_to("a");
        tx.commit();
        EXPECT_EQ(failure_of([&] { tx.commit(); }), errc::transaction_over);
    }
    try {
        auto tx = db.begin();
        tx.execute("insert into t values (3)");
        throw std::runtime_error("whatever");
    } catch (const std::runtime_error&) {
        EXPECT_EQ(db.transaction_status(), tusk::transaction_status::idle); // it has waited
    }
    EXPECT_EQ(db.query_one<std::int64_t>("select count(*) from t"), 1);
    tusk::blocking::transaction outlives;
    {
        blocking_connection other(where());
        outlives = other.begin();
        outlives.execute("select 1");
    }
    EXPECT_TRUE(failure_of([&] { outlives.commit(); }));
    blocking_connection moved = std::move(db);
    expect_sound(moved);
}

TEST(blocking, streams_are_ranges)
{
    blocking_connection db(where());
    std::int64_t sum = 0;
    auto typed = db.stream<item>("select i as id, repeat('x', 100) as name from generate_series(1, 20000) i");
    for (const item& i : typed) sum += i.id + static_cast<std::int64_t>(i.name.size());
    EXPECT_EQ(sum, 200'010'000 + 2'000'000);
    EXPECT_EQ(typed.done().rows_affected(), 20'000u);
    int n = 0;
    for (const tusk::row r : db.stream("select generate_series(1, 3)")) n += r[0].as<int>();
    EXPECT_EQ(n, 6);
    {
        auto left = db.stream<int>("select generate_series(1, 1000000)");
        for (const int i : left)
            if (i == 10) break;
        EXPECT_EQ(left.next(), 10); // where it stood
        EXPECT_EQ(left.next(), 11);
    } // given up
    auto failing = db.stream<int>("select 100 / (100 - i) from generate_series(1, 200) i");
    EXPECT_EQ(failure_of([&] {
                  for ([[maybe_unused]] const int i : failing) ++n;
              }),
              sqlstate::division_by_zero);
    expect_sound(db);
}

TEST(blocking, copies)
{
    blocking_connection db(where());
    db.script("create temp table items(id int, name text)");
    auto in = db.copy_in<item>("copy items (id, name) from stdin (format binary)");
    const std::vector<item> items{{1, "one"}, {2, "two"}};
    in.write_rows(items);
    in.write_row(item{3, "three"});
    EXPECT_EQ(in.finish().rows_affected(), 3u);
    auto raw = db.copy_in("copy items from stdin");
    raw.write("4\tfour\n");
    EXPECT_EQ(raw.finish().rows_affected(), 1u);
    auto aborted = db.copy_in("copy items from stdin");
    aborted.write("5\tfive\n");
    aborted.abort();
    std::string text;
    auto out = db.copy_out("copy items to stdout");
    for (auto some = out.read(); !some.empty(); some = out.read()) text += std::string(some.text());
    EXPECT_EQ(text, "1\tone\n2\ttwo\n3\tthree\n4\tfour\n");
    auto typed = db.copy_out<item>("copy items to stdout (format binary)");
    EXPECT_EQ(typed.read_row()->name, "one");
    EXPECT_EQ(typed.read_rows().size(), 3u);
    EXPECT_TRUE(typed.read_rows().empty());
    expect_sound(db);
}

TEST(blocking, time_limits)
{
    tusk::connection_options options;
    options.request_timeout = 100ms;
    blocking_connection db(options);
    db.timeout(10s);
    db.connect(where());
    db.timeout(100ms);
    EXPECT_EQ(failure_of([&] { db.query("select pg_sleep(60)"); }), errc::timed_out);
    db.query(tusk::sql("select pg_sleep(0.3)").timeout(60s)); // its own
    db.timeout(60s);
    EXPECT_EQ(failure_of([&] { db.query(tusk::sql("select pg_sleep(60)").timeout(50ms)); }), errc::timed_out);
    expect_sound(db);

    auto stream = db.stream<int>(
        "select i from generate_series(1, 10000) i union all select length(pg_sleep(60)::text)");
    db.timeout(100ms);
    EXPECT_EQ(failure_of([&] {
                  for ([[maybe_unused]] const int i : stream) {
                  }
              }),
              errc::timed_out);
    stream.close(); // what the server still works on is ended
    db.timeout(10s);
    expect_sound(db);

    std::error_code ec;
    db.timeout(50ms);
    (void)db.query("select pg_sleep(60)", ec);
    EXPECT_EQ(ec, errc::timed_out);
    db.timeout(0ms);
    expect_sound(db);
}

// what the signal handler reaches
blocking_connection* interrupted_connection = nullptr;
void on_alarm(int) { interrupted_connection->interrupt(); }

TEST(blocking, interrupted_by_a_signal_and_by_a_thread)
{
    blocking_connection db(where());
    interrupted_connection = &db;
    struct sigaction action {
    }, before{};
    action.sa_handler = on_alarm; // without SA_RESTART, as Ctrl-C has it
    ASSERT_EQ(sigaction(SIGALRM, &action, &before), 0);
    const itimerval soon{.it_interval = {}, .it_value = {.tv_sec = 0, .tv_usec = 50'000}};
    ASSERT_EQ(setitimer(ITIMER_REAL, &soon, nullptr), 0);
    EXPECT_EQ(failure_of([&] { db.query("select pg_sleep(60)"); }), asio::error::operation_aborted);
    ASSERT_EQ(sigaction(SIGALRM, &before, nullptr), 0);
    expect_sound(db);

    db.interrupt(); // between calls: the next one, which is not begun
    std::error_code ec;
    const auto writes = db.async().statistics().writes;
    const tusk::result none = db.query("select 1", ec);
    EXPECT_EQ(ec, asio::error::operation_aborted);
    EXPECT_EQ(db.async().statistics().writes, writes);
    db.interrupt();
    EXPECT_EQ(failure_of([&] { db.query("select pg_sleep(60)"); }), asio::error::operation_aborted);
    expect_sound(db);
    db.interrupt();
    db.forget_interrupt();
    expect_sound(db);
    {
        auto tx = db.begin();
        tx.execute("select 1");
        db.interrupt();
    } // whose rollback is not for it
    EXPECT_EQ(db.transaction_status(), tusk::transaction_status::idle);
    EXPECT_EQ(failure_of([&] { db.ping(); }), asio::error::operation_aborted);

    std::thread other([&db] { db.interrupt(); });
    EXPECT_EQ(failure_of([&] { db.query("select pg_sleep(60)"); }), asio::error::operation_aborted);
    other.join();
    expect_sound(db);
}

TEST(blocking, a_hook_that_throws_reaches_the_caller)
{
    blocking_connection db(where());
    db.for_each("select 1", [](tusk::row) {});
    EXPECT_EQ(failure_of([&] { db.for_each("select 1", [](tusk::row) { throw std::runtime_error("no"); }); }),
              errc::visitor_failed);
    expect_sound(db);
}

TEST(blocking, a_server_that_goes_away)
{
    blocking_connection db(where());
    blocking_connection killer(where());
    killer.execute(tusk::sql("select pg_terminate_backend($1)", db.async().process_id()));
    EXPECT_TRUE(failure_of([&] { db.query("select 1"); })); // and no SIGPIPE
    EXPECT_FALSE(db.is_open());
    db.connect(where());
    expect_sound(db);
}

TEST(blocking, whatever_else_by_the_token)
{
    blocking_connection db(where());
    auto some = db.async().async_stream<int>("select generate_series(1, 3)", db.wait());
    EXPECT_EQ(some.async_next(db.wait()), 1);
    EXPECT_EQ(some.async_next_rows(db.wait()).size(), 2u);
    std::error_code ec;
    (void)db.async().async_query("select 1/0", db.wait(ec));
    EXPECT_EQ(ec, sqlstate::division_by_zero);
    expect_sound(db);
}

TEST(blocking, large_objects)
{
    blocking_connection db(where());
    auto tx = db.begin();
    auto lo = tx.create_large_object();
    const std::vector<std::byte> bytes(3'000'001, std::byte{7});
    EXPECT_EQ(asio::write(lo, asio::buffer(bytes)), bytes.size()); // in three pieces
    EXPECT_EQ(lo.tell(), 3'000'001);
    EXPECT_EQ(lo.seek(-1, tusk::seek_from::end), 3'000'000);
    std::error_code ec;
    std::vector<std::byte> some(10);
    EXPECT_EQ(lo.read_some(std::span(some)), 1u);
    EXPECT_EQ(lo.read_some(std::span(some), ec), 0u);
    EXPECT_EQ(ec, asio::error::eof);
    EXPECT_EQ(lo.seek(0), 0);
    lo.truncate(1000);
    std::vector<std::byte> back(2000);
    EXPECT_EQ(asio::read(lo, asio::buffer(back), ec), 1000u);
    EXPECT_EQ(ec, asio::error::eof);
    EXPECT_EQ(back[999], std::byte{7});
    lo.close();
    EXPECT_EQ(tx.open_large_object(lo.id(), tusk::open_mode::read).seek(0, tusk::seek_from::end), 1000);
    tx.unlink_large_object(lo.id());
    auto missing = tx.open_large_object(lo.id(), tusk::open_mode::read, ec);
    EXPECT_EQ(ec, sqlstate::undefined_object);
    EXPECT_NE(missing.diag().message(), "");
    EXPECT_EQ(failure_of([&] { (void)missing.tell(); }), errc::already_ended);
    tx.rollback();
    EXPECT_EQ(failure_of([&] { (void)lo.tell(); }), errc::transaction_over);
    EXPECT_EQ(failure_of([&] { (void)db.create_large_object(); }), errc::not_in_transaction);
    expect_sound(db);
}

TEST(blocking, transactions_that_repeat)
{
    blocking_connection db(where()), other(where());
    const std::string table = unique_name("repeated");
    db.script("create table " + table + "(n int); insert into " + table + " values (0)");
    const std::string add = "update " + table + " set n = n + 1 returning n";
    int attempts = 0;
    const int n =
        db.transaction({.isolation = tusk::isolation::serializable}, [&](tusk::blocking::transaction& tx) {
            tx.execute("select 1"); // takes the snapshot
            if (++attempts == 1) other.execute(add);
            return tx.query_one<int>(add);
        });
    EXPECT_EQ(attempts, 2);
    EXPECT_EQ(n, 2);

    attempts = 0;
    const auto conflict = [&] {
        db.transaction({},
                       [&](tusk::blocking::transaction& tx) {
                           ++attempts;
                           tx.execute("do $$begin raise sqlstate '40001'; end$$");
                       },
                       {.attempts = 3, .first_pause = 1ms, .longest_pause = 1ms});
    };
    EXPECT_EQ(failure_of(conflict), sqlstate::serialization_failure);
    EXPECT_EQ(attempts, 3);
    const auto own = [&] {
        db.transaction({}, [&](tusk::blocking::transaction& tx) {
            tx.execute(add);
            throw tusk::error(errc::no_rows);
        });
    };
    EXPECT_EQ(failure_of(own), errc::no_rows);
    EXPECT_EQ(db.query_one<int>("select n from " + table), 2);
    db.script("drop table " + table);

    // the pause is interrupted as everything is
    const auto interrupted = [&] {
        db.transaction({},
                       [&](tusk::blocking::transaction&) {
                           db.interrupt();
                           throw tusk::error(sqlstate::deadlock_detected);
                       },
                       {.attempts = 2, .first_pause = 60s, .longest_pause = 60s});
    };
    EXPECT_EQ(failure_of(interrupted), asio::error::operation_aborted);
    expect_sound(db);
}

TEST(blocking, what_is_assigned_over_outlives_its_connection)
{
    blocking_connection db(where());
    db.script("create temp table t(n int)");
    tusk::blocking::row_stream<int> rows;
    tusk::blocking::copy_in<> copy;
    tusk::blocking::subscription jobs;
    tusk::blocking::large_object lo;
    {
        blocking_connection other(where());
        other.script("create temp table t(n int)");
        jobs = other.listen(unique_name("gone"));
        rows = other.stream<int>("select generate_series(1, 1000000)");
        EXPECT_EQ(rows.next(), 1);
    }
    {
        blocking_connection other(where());
        other.script("create temp table t(n int); begin");
        lo = other.create_large_object();
        copy = other.copy_in("copy t from stdin");
    }
    rows = db.stream<int>("select 7");
    EXPECT_EQ(rows.next(), 7);
    EXPECT_EQ(rows.next(), std::nullopt);
    copy = db.copy_in("copy t from stdin");
    copy.abort();
    lo = {};
    jobs = db.listen(unique_name("here"));
    EXPECT_TRUE(jobs.is_open());
    expect_sound(db);
}

} // namespace
} // namespace tusk_test
