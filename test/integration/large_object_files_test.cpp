// Distributed under the Boost Software License, Version 1.0.
// Large objects out of files of the client's, and into them.
#include "integration/support.hpp"

#include <tusk/blocking.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>

#include <sys/resource.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::oid;
using tusk::sql;
using tusk::sqlstate;

std::string random_bytes(std::size_t n)
{
    std::mt19937 random(4711);
    std::string bytes(n, '\0');
    for (char& c : bytes) c = static_cast<char>(random());
    return bytes;
}

std::string content(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

asio::awaitable<std::string> bytes_of(tusk::transaction& tx, oid id)
{
    std::string bytes = co_await tx.async_query_one<std::string>(
        sql("select encode(sha256(lo_get($1)), 'hex') || ' ' || length(lo_get($1))", id));
    co_return bytes;
}

asio::awaitable<bool> exists(tusk::connection& db, oid id)
{
    const bool there = co_await db.async_query_one<bool>(
        sql("select exists(select from pg_largeobject_metadata where oid = $1)", id));
    co_return there;
}

/// Runs handlers until `enough()`, without waiting for time.
template <class Enough>
asio::awaitable<void> turn_until(Enough enough)
{
    auto executor = co_await asio::this_coro::executor;
    while (!enough()) co_await asio::post(executor, asio::use_awaitable);
}

TEST(large_object_files, there_and_back)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        // none, one byte, one piece and its neighbours, many
        for (const std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{262'143},
                                       std::size_t{262'144}, std::size_t{262'145}, std::size_t{5'000'011}}) {
            const std::string bytes = random_bytes(size);
            const temporary_file from(bytes), to("what was there before, and is longer than the empty one");
            tusk::transaction tx = co_await db.async_begin();
            const oid id = co_await tx.async_import_large_object(from.path());
            EXPECT_NE(id, oid::none);
            const std::string got = co_await bytes_of(tx, id);
            const std::string sent = co_await tx.async_query_one<std::string>(
                sql("select encode(sha256($1), 'hex') || ' ' || $2::int4", std::as_bytes(std::span(bytes)),
                    static_cast<std::int32_t>(size)));
            EXPECT_EQ(got, sent);
            co_await tx.async_commit();

            tusk::transaction second = co_await db.async_begin({.read_only = true});
            co_await second.async_export_large_object(id, to.path());
            EXPECT_TRUE(content(to.path()) == bytes) << size;
            co_await second.async_rollback();
            co_await db.async_unlink_large_object(id);
        }
    });
}

TEST(large_object_files, a_number_of_ones_own)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const temporary_file file("x");
        tusk::transaction tx = co_await db.async_begin();
        const oid id = co_await tx.async_import_large_object(file.path());
        co_await tx.async_unlink_large_object(id);
        const oid again = co_await tx.async_import_large_object(file.path(), id);
        EXPECT_EQ(again, id);
        auto [taken, none] = co_await tx.async_import_large_object(file.path(), id, as_tuple);
        EXPECT_EQ(taken, sqlstate::unique_violation);
        EXPECT_EQ(none.value(), oid::none);
        auto [failed, v] = co_await tx.async_execute("select 1", as_tuple);
        EXPECT_EQ(failed, sqlstate::in_failed_sql_transaction);
        co_await tx.async_rollback();
        co_await expect_usable(db);
    });
}

TEST(large_object_files, outside_of_a_transaction)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const temporary_file file("kept");
        auto [ec, none] = co_await db.async_import_large_object(file.path(), oid::none, as_tuple);
        EXPECT_EQ(ec, errc::not_in_transaction);
        EXPECT_TRUE(none.diag().safe_to_retry());
        auto [ec2, why] = co_await db.async_export_large_object(oid{1}, file.path(), as_tuple);
        EXPECT_EQ(ec2, errc::not_in_transaction);
        EXPECT_EQ(content(file.path()), "kept");
        co_await db.async_execute("begin"); // by SQL is as good
        const oid id = co_await db.async_import_large_object(file.path());
        co_await db.async_execute("rollback");
        const bool there = co_await exists(db, id);
        EXPECT_FALSE(there);
    });
}

TEST(large_object_files, that_cannot_be_read)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        tusk::transaction tx = co_await db.async_begin();
        co_await tx.async_query("select 1");
        const auto requests = db.statistics().requests;
        const auto failure = [&](std::string path) -> asio::awaitable<std::error_code> {
            auto [ec, none] = co_await tx.async_import_large_object(path, oid::none, as_tuple);
            EXPECT_EQ(none.value(), oid::none);
            if (ec != errc::nul_in_text)
                EXPECT_NE(none.diag().message().find("the file \"" + path + "\" cannot be "),
                          std::string_view::npos)
                    << none.diag().message();
            co_return ec;
        };
        const std::error_code missing = co_await failure("/nowhere/at all");
        EXPECT_EQ(missing, std::errc::no_such_file_or_directory);
        const std::error_code folder = co_await failure("/");
        EXPECT_EQ(folder, std::errc::is_a_directory);
        const std::error_code empty = co_await failure("");
        EXPECT_EQ(empty, std::errc::no_such_file_or_directory);
        const std::error_code nul = co_await failure(std::string("a\0b", 3));
        EXPECT_EQ(nul, errc::nul_in_text);
        EXPECT_EQ(db.statistics().requests, requests); // the server heard of none
        co_await tx.async_query("select 1");
        co_await tx.async_commit();
    });
}

TEST(large_object_files, that_cannot_be_written)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string bytes = random_bytes(3'000'000);
        const temporary_file from(bytes);
        tusk::transaction tx = co_await db.async_begin();
        const oid id = co_await tx.async_import_large_object(from.path());
        const auto failure = [&](std::string path) -> asio::awaitable<std::error_code> {
            auto [ec, why] = co_await tx.async_export_large_object(id, path, as_tuple);
            if (ec != errc::nul_in_text)
                EXPECT_NE(why.message().find("the file \"" + path + "\" cannot be written: "),
                          std::string_view::npos)
                    << why.message();
            co_await tx.async_query("select 1"); // the transaction goes on
            co_return ec;
        };
        const std::error_code full = co_await failure("/dev/full");
        EXPECT_EQ(full, std::errc::no_space_on_device);
        const std::error_code missing = co_await failure("/nowhere/at all");
        EXPECT_EQ(missing, std::errc::no_such_file_or_directory);
        const std::error_code folder = co_await failure("/");
        EXPECT_EQ(folder, std::errc::is_a_directory);
        const std::error_code nul = co_await failure(std::string("a\0b", 3));
        EXPECT_EQ(nul, errc::nul_in_text);

        // in the middle of it
        const temporary_file to("");
        ::rlimit before{};
        ::getrlimit(RLIMIT_FSIZE, &before);
        const ::rlimit small{1'000'000, before.rlim_max};
        const auto handler = std::signal(SIGXFSZ, SIG_IGN);
        ::setrlimit(RLIMIT_FSIZE, &small);
        const std::error_code large = co_await failure(to.path());
        ::setrlimit(RLIMIT_FSIZE, &before);
        std::signal(SIGXFSZ, handler);
        EXPECT_EQ(large, std::errc::file_too_large);
        EXPECT_TRUE(content(to.path()) == bytes.substr(0, 1'000'000));
        co_await tx.async_rollback();

        // no file is made for an object that is not there
        const std::string path = to.path() + ".none";
        tusk::transaction second = co_await db.async_begin();
        auto [ec, why] = co_await second.async_export_large_object(oid{4'000'000'000}, path, as_tuple);
        EXPECT_EQ(ec, sqlstate::undefined_object);
        EXPECT_FALSE(std::filesystem::exists(path));
        co_await second.async_rollback();
        co_await expect_usable(db);
    });
}

/// Cancels in the middle; gives what it completed with.
template <class Value, class Start, class Enough>
asio::awaitable<std::error_code> cancelled(tusk::connection& db, Start start, Enough enough)
{
    asio::cancellation_signal stop;
    reply<Value> done(db);
    start(asio::bind_cancellation_slot(stop.slot(), done.token()));
    co_await turn_until(enough);
    stop.emit(asio::cancellation_type::terminal);
    co_await done.wait();
    EXPECT_EQ(done.answers(), 1);
    co_return done.ec();
}

TEST(large_object_files, cancelled_in_the_middle)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const temporary_file from(random_bytes(8'000'000)), to("");
        const auto count = "select count(*) from pg_largeobject_metadata";
        const auto before = co_await db.async_query_one<std::int64_t>(count);
        {
            tusk::transaction tx = co_await db.async_begin();
            const auto sent = db.statistics().bytes_sent;
            const std::error_code ec = co_await cancelled<tusk::single<oid>>(
                db,
                [&](auto token) { tx.async_import_large_object(from.path(), oid::none, std::move(token)); },
                [&] { return db.statistics().bytes_sent > sent + 1'000'000; });
            EXPECT_EQ(ec, asio::error::operation_aborted);
            co_await tx.async_rollback();
            co_await expect_usable(db);
        }
        const auto after = co_await db.async_query_one<std::int64_t>(count);
        EXPECT_EQ(after, before);
        {
            tusk::transaction tx = co_await db.async_begin();
            const oid id = co_await tx.async_import_large_object(from.path());
            const auto received = db.statistics().bytes_received;
            const std::error_code ec = co_await cancelled<tusk::diagnostics>(
                db, [&](auto token) { tx.async_export_large_object(id, to.path(), std::move(token)); },
                [&] { return db.statistics().bytes_received > received + 1'000'000; });
            EXPECT_EQ(ec, asio::error::operation_aborted);
            co_await tx.async_rollback();
        }
        // before it has begun
        tusk::transaction tx = co_await db.async_begin();
        const std::error_code ec = co_await cancelled<tusk::single<oid>>(
            db, [&](auto token) { tx.async_import_large_object(from.path(), oid::none, std::move(token)); },
            [] { return true; });
        EXPECT_EQ(ec, asio::error::operation_aborted);
        co_await tx.async_rollback();
        co_await expect_usable(db);
    });
}

TEST(large_object_files, other_requests_run_in_between)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const temporary_file from(random_bytes(4'000'000));
        tusk::transaction tx = co_await db.async_begin();
        reply<tusk::single<oid>> imported(db);
        tx.async_import_large_object(from.path(), oid::none, imported.token());
        int n = 0;
        while (imported.answers() == 0) {
            co_await tx.async_query("select 1");
            ++n;
        }
        EXPECT_GT(n, 4);
        EXPECT_FALSE(imported.ec());
        co_await tx.async_rollback();
    });
}

TEST(large_object_files, the_connection_or_the_context_goes_in_the_middle)
{
    const temporary_file from(random_bytes(4'000'000));
    for (const bool context_too : {false, true}) {
        int answers = 0;
        std::error_code said;
        std::optional<asio::io_context> io(std::in_place);
        std::optional<tusk::connection> db(std::in_place, *io);
        std::optional<tusk::transaction> tx;
        db->async_connect(where(), [&](std::error_code ec, tusk::diagnostics) { ASSERT_FALSE(ec); });
        while (!db->is_open()) io->run_one();
        db->async_begin({}, [&](std::error_code ec, tusk::begun b) {
            ASSERT_FALSE(ec);
            tx = std::move(b.value());
            tx->async_import_large_object(from.path(), oid::none,
                                          [&](std::error_code why, tusk::single<oid>) {
                                              ++answers;
                                              said = why;
                                          });
        });
        while (db->statistics().bytes_sent < 1'000'000) io->run_one();
        if (context_too) {
            tx.reset();
            db.reset();
            io.reset();
            EXPECT_EQ(answers, 0);
            continue;
        }
        db.reset();
        while (answers == 0) io->run_one();
        EXPECT_EQ(said, asio::error::operation_aborted);
    }
}

TEST(large_object_files, of_a_blocking_connection)
{
    tusk::blocking::connection db(where());
    const std::string bytes = random_bytes(4'500'000);
    const temporary_file from(bytes), to("");
    auto tx = db.begin();
    const oid id = tx.import_large_object(from.path());
    tx.export_large_object(id, to.path());
    EXPECT_TRUE(content(to.path()) == bytes);
    std::error_code ec;
    EXPECT_EQ(tx.import_large_object("/nowhere", oid::none, ec).value(), oid::none);
    EXPECT_EQ(ec, std::errc::no_such_file_or_directory);
    EXPECT_NE(tx.export_large_object(id, "/dev/full", ec).message(), "");
    EXPECT_EQ(ec, std::errc::no_space_on_device);
    EXPECT_EQ(tx.query_one<int>("select 1"), 1);
    db.interrupt();
    EXPECT_THROW(tx.export_large_object(id, to.path()), tusk::error);
    tx.rollback();
    EXPECT_EQ(db.query_one<int>("select 1"), 1);
}

} // namespace
} // namespace tusk_test
