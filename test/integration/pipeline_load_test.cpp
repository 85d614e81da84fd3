// Distributed under the Boost Software License, Version 1.0.
// Very many requests in flight on one connection: nobody waits for anybody, and everybody gets their own
// answer.
#include "load.hpp"

#include <random>

using tusk::sql;
using namespace tusk_test;

namespace {

tusk::connection_options small_sockets()
{
    tusk::connection_options options;
    options.send_buffer = 4096;
    options.receive_buffer = 4096;
    return options;
}

/// Keeps thousands of expected errors out of the server's log.
asio::awaitable<void> quiet_log(tusk::connection& db)
{
    co_await db.async_execute("set log_min_messages = fatal");
}

} // namespace

TEST(PipelineLoad, HundredThousandInFlightInSmallSocketBuffersWithEveryTenthFailing)
{
    constexpr int requests = 100'000;
    auto options = small_sockets();
    options.max_in_flight = requests; // all of them on the wire
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            co_await quiet_log(db);
            std::vector<answer> answers(requests);
            std::vector<int> order;
            order.reserve(requests);
            countdown left(db);
            for (int i = 0; i < requests; ++i) {
                left.expect();
                db.async_query_one<int>(sql("select $1::int4 / $2::int4", i, i % 10 ? 1 : 0),
                                        [&, i](std::error_code ec, tusk::single<int> value) {
                                            answer& to = answers[static_cast<std::size_t>(i)];
                                            ++to.count;
                                            to.ec = ec;
                                            to.value = *value;
                                            order.push_back(i);
                                            left.arrive();
                                        });
            }
            co_await left.wait();
            int wrong = 0;
            for (int i = 0; i < requests; ++i) {
                const answer& a = answers[static_cast<std::size_t>(i)];
                const bool right = i % 10 ? !a.ec && a.value == i : a.ec == tusk::sqlstate::division_by_zero;
                if (a.count != 1 || !right || order[static_cast<std::size_t>(i)] != i) ++wrong;
            }
            EXPECT_EQ(wrong, 0);
            EXPECT_EQ(db.statistics().cache_misses, 2U); // the SET and the one select
            co_await expect_usable(db);
        },
        options);
}

TEST(PipelineLoad, LargeParametersAndResultsInSmallSocketBuffers)
{
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            constexpr int requests = 500;
            countdown left(db);
            int right = 0;
            for (int i = 0; i < requests; ++i) {
                const std::string value(8192, static_cast<char>('a' + i % 26));
                const int times = i % 50 == 0 ? 40 : 1; // now and then a result of 320 kB
                left.expect();
                db.async_query(sql("select $1::int4, repeat($2::text, $3)", i, value, times),
                               [&, i, value, times](std::error_code ec, const tusk::result& r) {
                                   if (!ec && r.size() == 1 && r[0][0].as<int>() == i) {
                                       const std::string_view got = r[0][1].view();
                                       if (got.size() == value.size() * static_cast<std::size_t>(times) &&
                                           got.find_first_not_of(value[0]) == got.npos)
                                           ++right;
                                   }
                                   left.arrive();
                               });
            }
            co_await left.wait();
            EXPECT_EQ(right, requests);
            co_await expect_usable(db);
        },
        small_sockets());
}

TEST(PipelineLoad, EveryKindOfRequestGetsItsOwnAnswer)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await quiet_log(db);
        constexpr int requests = 4'000;
        std::mt19937 random(7); // the same each time
        countdown left(db);
        std::vector<int> right(requests);
        for (int i = 0; i < requests; ++i) {
            left.expect();
            const auto done = [&right, &left, i](bool good) {
                right[static_cast<std::size_t>(i)] += good ? 1 : 100;
                left.arrive();
            };
            switch (random() % 8) {
            case 0:
                db.async_query(sql("select $1::int4 as n", i),
                               [=](std::error_code ec, const tusk::result& r) {
                                   done(!ec && r[0]["n"].as<int>() == i);
                               });
                break;
            case 1:
                db.async_query<int>(sql("select generate_series($1::int4, $1 + 4)", i),
                                    [=](std::error_code ec, const tusk::rows<int>& r) {
                                        done(!ec && r.size() == 5 && r[0] == i && r[4] == i + 4);
                                    });
                break;
            case 2:
                db.async_execute(sql("select from generate_series(1, $1::int4)", i % 100),
                                 [=](std::error_code ec, const tusk::command& c) {
                                     done(!ec && c.rows_affected() == static_cast<unsigned>(i % 100));
                                 });
                break;
            case 3: {
                tusk::batch parts;
                parts.add(sql("select $1::int4", i)).add(sql("select $1::int4", -i));
                db.async_run(std::move(parts), [=](std::error_code ec, const tusk::batch_result& r) {
                    done(!ec && r[0].value[0][0].as<int>() == i && r[1].value[0][0].as<int>() == -i);
                });
                break;
            }
            case 4:
                db.async_prepare("select $1::int8, " + std::to_string(i % 50),
                                 [=](std::error_code ec, const tusk::statement& s) {
                                     done(!ec && s.parameter_types().size() == 1 && s.columns().size() == 2);
                                 });
                break;
            case 5:
                db.async_query(sql("select 1 / ($1::int4 - $1)", i),
                               [=](std::error_code ec, const tusk::result& r) {
                                   done(ec == tusk::sqlstate::division_by_zero && r.empty());
                               });
                break;
            case 6:
                db.async_query("selekt " + std::to_string(i), [=](std::error_code ec, const tusk::result& r) {
                    done(ec == tusk::sqlstate::syntax_error &&
                         r.diag().message().find("selekt") != std::string_view::npos);
                });
                break;
            default:
                db.async_script("select " + std::to_string(i) + "; select " + std::to_string(i + 1),
                                [=](std::error_code ec, const tusk::script_result& r) {
                                    done(!ec && r.size() == 2 && r[1][0][0].as<int>() == i + 1);
                                });
            }
        }
        co_await left.wait();
        EXPECT_EQ(std::count(right.begin(), right.end(), 1), requests);
        co_await expect_usable(db);
    });
}

TEST(PipelineLoad, ThousandRequestsOfOneTurnLeaveInFewWrites)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        constexpr std::size_t requests = 1'000;
        std::vector<answer> answers(requests);
        countdown left(db);
        const auto before = db.statistics();
        for (std::size_t i = 0; i < requests; ++i)
            ask(db, sql("select $1::int4", static_cast<int>(i)), answers[i], left);
        co_await left.wait();
        EXPECT_LT(db.statistics().writes - before.writes, 20U);
        EXPECT_EQ(db.statistics().requests - before.requests, requests);
        for (std::size_t i = 0; i < requests; ++i) EXPECT_EQ(answers[i].value, static_cast<int>(i));
    });
}

TEST(PipelineLoad, AnIdleConnectionWritesAtOnce)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto before = db.statistics();
        reply<tusk::result> r(db);
        db.async_query("select 1", r.token());
        EXPECT_EQ(db.statistics().writes - before.writes, 1U); // within the call
        co_await r.wait();
        EXPECT_FALSE(r.ec());
        EXPECT_EQ(db.statistics().writes - before.writes, 1U);
    });
}

TEST(PipelineLoad, RequestsOfAHandlerLeaveTogether)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        constexpr std::size_t requests = 300;
        std::vector<answer> answers(requests);
        countdown left(db);
        std::uint64_t before = 0;
        left.expect();
        db.async_query("select 1", [&](std::error_code ec, const tusk::result&) {
            EXPECT_FALSE(ec);
            before = db.statistics().writes;
            for (std::size_t i = 0; i < requests; ++i)
                ask(db, sql("select $1::int4", static_cast<int>(i)), answers[i], left);
            EXPECT_EQ(db.statistics().writes, before); // they leave when the answers have been delivered
            left.arrive();
        });
        co_await left.wait();
        EXPECT_EQ(db.statistics().writes - before, 1U);
        for (std::size_t i = 0; i < requests; ++i) EXPECT_EQ(answers[i].value, static_cast<int>(i));
    });
}

TEST(PipelineLoad, RequestsOfManyHandlersLeaveOnceForEachRead)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        constexpr int chains = 200;
        constexpr int length = 10;
        countdown left(db);
        std::vector<int> reached(chains);
        // each answer asks for the next number of its chain
        std::function<void(int, int)> next = [&](int chain, int n) {
            db.async_query_one<int>(sql("select $1::int4", n),
                                    [&, chain, n](std::error_code ec, tusk::single<int> v) {
                                        if (!ec && *v == n) ++reached[static_cast<std::size_t>(chain)];
                                        if (n + 1 < length)
                                            next(chain, n + 1);
                                        else
                                            left.arrive();
                                    });
        };
        const auto before = db.statistics();
        for (int i = 0; i < chains; ++i) {
            left.expect();
            next(i, 0);
        }
        co_await left.wait();
        for (int n : reached) EXPECT_EQ(n, length);
        const auto after = db.statistics();
        // the first burst takes a write or two, each block of answers at most one more
        EXPECT_LE(after.writes - before.writes, after.reads - before.reads + 4);
        EXPECT_EQ(after.requests - before.requests, static_cast<std::uint64_t>(chains * length));
    });
}
