// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

#include <asio/buffer.hpp>
#include <asio/error.hpp>
#include <asio/read.hpp>
#include <asio/write.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::open_mode;
using tusk::seek_from;

std::vector<std::byte> pattern(std::size_t size)
{
    std::vector<std::byte> bytes(size);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>((i * 7 + i / 251) & 0xff);
    return bytes;
}

TEST(large_object, written_and_read_by_asio)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::vector<std::byte> bytes = pattern(3'000'001); // in three pieces
        tusk::transaction tx = co_await db.async_begin();
        tusk::large_object lo = co_await tx.async_create_large_object();
        const tusk::oid id = lo.id();
        EXPECT_NE(id, tusk::oid::none);
        const std::size_t written = co_await asio::async_write(lo, asio::buffer(bytes), asio::use_awaitable);
        EXPECT_EQ(written, bytes.size());
        const std::int64_t end = co_await lo.async_tell();
        EXPECT_EQ(end, 3'000'001);
        co_await tx.async_commit();

        tusk::transaction second = co_await db.async_begin();
        tusk::large_object again = co_await second.async_open_large_object(id);
        std::vector<std::byte> head(10), rest(bytes.size() - 10);
        const std::array<asio::mutable_buffer, 2> parts{asio::buffer(head), asio::buffer(rest)};
        const std::size_t read = co_await asio::async_read(again, parts, asio::use_awaitable);
        EXPECT_EQ(read, bytes.size());
        head.insert(head.end(), rest.begin(), rest.end());
        EXPECT_TRUE(head == bytes);
        std::array<std::byte, 8> more{};
        auto [ec, n] = co_await again.async_read_some(std::span(more), as_tuple);
        EXPECT_EQ(ec, asio::error::eof);
        EXPECT_EQ(n.value(), 0u);
        const std::size_t none = co_await again.async_read_some(std::span<std::byte>());
        EXPECT_EQ(none, 0u); // no room is not the end
        co_await second.async_unlink_large_object(id);
        co_await second.async_commit();
    });
}

TEST(large_object, positions_of_64_bits)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        tusk::transaction tx = co_await db.async_begin();
        tusk::large_object lo = co_await tx.async_create_large_object();
        constexpr std::int64_t far = 5'000'000'000;
        const std::int64_t there = co_await lo.async_seek(far);
        EXPECT_EQ(there, far);
        const std::vector<std::byte> word = pattern(5);
        const std::size_t n = co_await lo.async_write_some(std::span(word));
        EXPECT_EQ(n, 5u);
        const std::int64_t here = co_await lo.async_tell();
        EXPECT_EQ(here, far + 5);
        const std::int64_t back = co_await lo.async_seek(-6, seek_from::current);
        EXPECT_EQ(back, far - 1);
        std::vector<std::byte> got(64);
        const std::size_t read = co_await lo.async_read_some(std::span(got));
        EXPECT_EQ(read, 6u); // a zero of the hole, and the word
        got.resize(6);
        EXPECT_EQ(got[0], std::byte{0});
        EXPECT_TRUE(std::equal(word.begin(), word.end(), got.begin() + 1));
        co_await lo.async_truncate(far + 1);
        const std::int64_t size = co_await lo.async_seek(0, seek_from::end);
        EXPECT_EQ(size, far + 1);
        co_await lo.async_close();
        co_await tx.async_rollback();
    });
}

TEST(large_object, pipelined)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::vector<std::byte> bytes = pattern(100'000);
        tusk::transaction tx = co_await db.async_begin();
        tusk::large_object lo = co_await tx.async_create_large_object();
        reply<tusk::single<std::size_t>> a(db), b(db), c(db);
        reply<tusk::single<std::int64_t>> seek(db);
        std::vector<std::byte> back(bytes.size());
        lo.async_write_some(std::span(bytes).first(60'000), a.token());
        lo.async_write_some(std::span(bytes).subspan(60'000), b.token());
        lo.async_seek(0, seek_from::begin, seek.token());
        lo.async_read_some(std::span(back), c.token());
        co_await c.wait();
        EXPECT_FALSE(a.ec() || b.ec() || seek.ec() || c.ec());
        EXPECT_EQ(c.value().value(), bytes.size());
        EXPECT_TRUE(back == bytes);
        co_await tx.async_rollback();
    });
}

TEST(large_object, outside_of_a_transaction)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto before =
            co_await db.async_query_one<std::int64_t>("select count(*) from pg_largeobject_metadata");
        auto [ec, none] = co_await db.async_create_large_object(tusk::oid::none, as_tuple);
        EXPECT_EQ(ec, errc::not_in_transaction);
        EXPECT_TRUE(none.diag().safe_to_retry());
        auto [ec2, none2] = co_await db.async_open_large_object(tusk::oid{1}, open_mode::read, as_tuple);
        EXPECT_EQ(ec2, errc::not_in_transaction);
        const auto after =
            co_await db.async_query_one<std::int64_t>("select count(*) from pg_largeobject_metadata");
        EXPECT_EQ(after, before);

        co_await db.async_execute("begin"); // by SQL is as good
        tusk::large_object lo = co_await db.async_create_large_object();
        co_await db.async_execute("commit");
        std::array<std::byte, 8> some{};
        auto [closed, n] = co_await lo.async_read_some(std::span(some), as_tuple);
        EXPECT_EQ(closed, tusk::sqlstate::undefined_object); // it was closed with the transaction
        co_await db.async_unlink_large_object(lo.id());
        co_await expect_usable(db);
    });
}

TEST(large_object, what_the_server_refuses)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        tusk::transaction tx = co_await db.async_begin();
        tusk::large_object lo = co_await tx.async_create_large_object();
        co_await tx.async_savepoint("s");
        auto [taken, a] = co_await tx.async_create_large_object(lo.id(), as_tuple);
        EXPECT_EQ(taken, tusk::sqlstate::unique_violation);
        co_await tx.async_rollback_to("s");
        auto [missing, b] =
            co_await tx.async_open_large_object(tusk::oid{4'000'000'000}, open_mode::read, as_tuple);
        EXPECT_EQ(missing, tusk::sqlstate::undefined_object);
        EXPECT_NE(b.diag().message().find("4000000000"), std::string_view::npos);
        co_await tx.async_rollback_to("s");
        tusk::large_object reader = co_await tx.async_open_large_object(lo.id(), open_mode::read);
        const std::vector<std::byte> word = pattern(5);
        auto [refused, n] = co_await reader.async_write_some(std::span(word), as_tuple);
        EXPECT_TRUE(refused);
        EXPECT_EQ(n.value(), 0u);
        co_await tx.async_rollback_to("s");
        auto [negative, p] = co_await lo.async_seek(-1, seek_from::begin, as_tuple);
        EXPECT_EQ(negative, tusk::sqlstate::invalid_parameter_value);
        co_await tx.async_rollback();
        auto [over, v] = co_await lo.async_tell(as_tuple);
        EXPECT_EQ(over, errc::transaction_over);
        co_await expect_usable(db);
    });
}

} // namespace
} // namespace tusk_test
