// Distributed under the Boost Software License, Version 1.0.
// TLS changes nothing of what a connection does. (TUSK_TEST_SSLMODE=require runs the other tests over it too.)
#include "integration/load.hpp"
#include "integration/tls_support.hpp"

namespace tusk_test {
namespace {

using tusk::sql;

/// A body with a connection over TLS of this version.
template <class Body>
void over_tls(const char* version, Body body)
{
    const tls_server lock;
    auto whole = [&]() -> asio::awaitable<void> {
        tusk::connection db(co_await asio::this_coro::executor);
        const std::string bound = std::string("sslmode=require ssl_max_protocol_version=") + version;
        co_await db.async_connect(where("tusk", {}, via::tcp, bound));
        EXPECT_EQ(db.tls().protocol, version);
        co_await body(db);
        co_await db.async_close();
    };
    run_loop(std::ref(whole));
}

constexpr const char* versions[] = {"TLSv1.3", "TLSv1.2"};

TEST(tls_load, a_million_rows)
{
    for (const char* version : versions)
        over_tls(version, [](tusk::connection& db) -> asio::awaitable<void> {
            const auto rows =
                co_await db.async_query<std::int64_t>("select generate_series(1, 1000000)::int8");
            require(rows.size() == 1'000'000, "all rows");
            std::int64_t sum = 0;
            for (const std::int64_t n : rows) sum += n;
            EXPECT_EQ(sum, 500'000'500'000);
        });
}

TEST(tls_load, large_values_both_ways)
{
    for (const char* version : versions)
        over_tls(version, [](tusk::connection& db) -> asio::awaitable<void> {
            for (const std::size_t size :
                 {1U, 16'383U, 16'384U, 16'385U, 131'072U, 1'000'003U, 20'000'000U}) {
                std::string sent(size, 'x');
                for (std::size_t i = 0; i < size; i += 997) sent[i] = static_cast<char>('a' + i % 26);
                const auto back = co_await db.async_query_one<std::string>(sql("select $1::text", sent));
                EXPECT_EQ(back == sent, true) << size;
            }
        });
}

TEST(tls_load, deep_pipeline)
{
    for (const char* version : versions)
        over_tls(version, [](tusk::connection& db) -> asio::awaitable<void> {
            constexpr std::size_t count = 50'000;
            std::vector<answer> answers(count);
            countdown left(db);
            for (std::size_t i = 0; i < count; ++i)
                ask(db, sql("select $1::int4", static_cast<int>(i)), answers[i], left);
            co_await left.wait();
            for (std::size_t i = 0; i < count; ++i)
                require(answers[i].count == 1 && answers[i].value == static_cast<int>(i),
                        "its own answer each");
            // all that waits leaves as one write
            EXPECT_LT(db.statistics().writes, count / 20);
            EXPECT_LT(db.statistics().reads, count / 2);
        });
}

TEST(tls_load, both_directions_full)
{
    over_tls("TLSv1.3", [](tusk::connection& db) -> asio::awaitable<void> {
        constexpr std::size_t count = 300;
        std::vector<answer> answers(count);
        countdown left(db);
        const std::string big(200'000, 'y');
        for (std::size_t i = 0; i < count; ++i)
            ask(db, sql("select length(repeat($1::text, 2) || $1::text)", big), answers[i], left);
        std::vector<reply<tusk::result>> results;
        for (std::size_t i = 0; i < 50; ++i) {
            results.emplace_back(db);
            db.async_query("select repeat('z', 1000000)", results.back().token());
        }
        co_await left.wait();
        for (const auto& r : results) co_await r.wait();
        for (const answer& a : answers) EXPECT_EQ(a.value, 600'000);
        for (const auto& r : results) EXPECT_EQ(r.value()[0][0].view().size(), 1'000'000u);
    });
}

TEST(tls_load, batch)
{
    over_tls("TLSv1.3", [](tusk::connection& db) -> asio::awaitable<void> {
        tusk::batch b;
        for (int i = 0; i < 5'000; ++i) b.add("select $1::int4", i);
        const auto done = co_await db.async_run(b);
        EXPECT_EQ(done.size(), 5'000u);
        EXPECT_EQ(done[4'999].value[0][0].as<int>(), 4'999);
    });
}

TEST(tls_load, lost_connection)
{
    const tls_server lock;
    run_test([](tusk::connection& other) -> asio::awaitable<void> {
        tusk::connection db(other.get_executor());
        co_await db.async_connect(where("tusk", {}, via::tcp, "sslmode=require"));
        reply<tusk::result> waiting(db);
        db.async_query("select pg_sleep(100)", waiting.token());
        EXPECT_TRUE(co_await other.async_query_one<bool>(
            sql("select pg_terminate_backend($1::int4, 10000)", db.process_id())));
        co_await waiting.wait();
        EXPECT_EQ(waiting.ec(), tusk::sqlstate::admin_shutdown) << waiting.ec().message();
        EXPECT_FALSE(db.is_open());
        co_await db.async_connect(where("tusk", {}, via::tcp, "sslmode=require"));
        co_await expect_usable(db);
        co_await db.async_close();
    });
}

} // namespace
} // namespace tusk_test
