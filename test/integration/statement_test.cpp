// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::oid;
using tusk::sqlstate;

TEST(statement, describes_parameters_and_columns)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script(
            "create temp table goods(id int8 primary key, name varchar(30), since date)");
        const auto table = co_await db.async_query_one<oid>("select 'goods'::regclass::oid");
        const tusk::statement s = co_await db.async_prepare(
            "select id, name, since, $3::int2 from goods where id = $1 and name like $2");
        EXPECT_EQ(s.sql(), "select id, name, since, $3::int2 from goods where id = $1 and name like $2");
        EXPECT_EQ(std::vector(s.parameter_types().begin(), s.parameter_types().end()),
                  (std::vector{oid::int8, oid::text, oid::int2}));
        EXPECT_TRUE(s.has_columns());
        const tusk::columns expected = {{"id", table, 1, oid::int8, 8, -1, tusk::format::binary},
                                        {"name", table, 2, oid::varchar, -1, 34, tusk::format::binary},
                                        {"since", table, 3, oid::date, 4, -1, tusk::format::binary},
                                        {"int2", oid::none, 0, oid::int2, 2, -1, tusk::format::binary}};
        EXPECT_EQ(s.columns(), expected);
        const tusk::statement insert = co_await db.async_prepare("insert into goods values ($1, $2, $3)");
        EXPECT_FALSE(insert.has_columns());
        EXPECT_EQ(insert.parameter_types()[1], oid::varchar);
        const tusk::statement set = co_await db.async_prepare("set work_mem = '1MB'");
        EXPECT_FALSE(set.has_columns());
        EXPECT_TRUE(set.parameter_types().empty());
        const tusk::statement empty = co_await db.async_prepare("");
        EXPECT_FALSE(empty.has_columns());
        const tusk::result nothing = co_await db.async_query(empty.bind());
        EXPECT_EQ(nothing.tag(), "");
    });
}

TEST(statement, is_prepared_once)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const tusk::statement s = co_await db.async_prepare("select $1::int4 + 1");
        EXPECT_EQ(db.statistics().cache_misses, 1u);
        const tusk::statement again = co_await db.async_prepare("select $1::int4 + 1");
        EXPECT_EQ(again.columns(), s.columns());
        for (int i = 0; i < 5; ++i) {
            const auto n = co_await db.async_query_one<int>(s.bind(i));
            EXPECT_EQ(n, i + 1);
        }
        EXPECT_EQ(db.statistics().cache_misses, 1u);
        const auto prepared = co_await db.async_query_one<std::int64_t>(
            "select count(*) from pg_prepared_statements where statement = 'select $1::int4 + 1'");
        EXPECT_EQ(prepared, 1);
    });
}

TEST(statement, bind_encodes_for_the_described_types)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const tusk::statement s =
            co_await db.async_prepare("select $1::int2, $2::int8, $3::float8, $4::numeric::text, $5::text, "
                                      "$6::date, $7::oid, $8::float4");
        const tusk::result r = co_await db.async_query(
            s.bind(7, 8, 9, -1'000'200'030'000, "text", "2024-02-29", 23U, std::optional<double>(0.5)));
        EXPECT_EQ(r[0][0].as<std::int16_t>(), 7);
        EXPECT_EQ(r[0][1].as<std::int64_t>(), 8);
        EXPECT_EQ(r[0][2].as<double>(), 9.0);
        EXPECT_EQ(r[0][3].as<std::string>(), "-1000200030000");
        EXPECT_EQ(r[0][4].as<std::string>(), "text");
        EXPECT_EQ(r[0][5].as<std::chrono::sys_days>(),
                  std::chrono::sys_days(std::chrono::year(2024) / 2 / 29));
        EXPECT_EQ(r[0][6].as<oid>(), oid::int4);
        EXPECT_EQ(r[0][7].as<float>(), 0.5F);
        const tusk::result nulls =
            co_await db.async_query(s.bind(std::nullopt, std::optional<int>(), nullptr, std::nullopt,
                                           std::nullopt, std::nullopt, std::nullopt, std::nullopt));
        for (const tusk::field f : nulls[0]) EXPECT_TRUE(f.is_null());
    });
}

TEST(statement, integers_of_every_size_as_numeric)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const tusk::statement s = co_await db.async_prepare("select $1::numeric::text");
        for (const std::int64_t n :
             {std::int64_t{0}, std::int64_t{1}, std::int64_t{-1}, std::int64_t{9999}, std::int64_t{10'000},
              std::int64_t{100'000'000}, std::int64_t{123'456'789'012},
              std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()}) {
            const auto text = co_await db.async_query_one<std::string>(s.bind(n));
            EXPECT_EQ(text, std::to_string(n));
        }
    });
}

TEST(statement, values_that_do_not_fit)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const tusk::statement s = co_await db.async_prepare("select $1::int2, $2::text");
        const auto requests = db.statistics().requests;
        auto [few, v1] = co_await db.async_query(s.bind(1), as_tuple);
        EXPECT_EQ(few, errc::parameter_mismatch);
        EXPECT_TRUE(v1.diag().safe_to_retry());
        auto [many, v2] = co_await db.async_query(s.bind(1, "x", 3), as_tuple);
        EXPECT_EQ(many, errc::parameter_mismatch);
        auto [none, v3] = co_await db.async_query(s.bind(), as_tuple);
        EXPECT_EQ(none, errc::parameter_mismatch);
        auto [type, v4] = co_await db.async_query(s.bind(tusk::uuid(), "x"), as_tuple);
        EXPECT_EQ(type, errc::parameter_mismatch);
        EXPECT_NE(v4.diag().message().find("$1"), std::string_view::npos) << v4.diag().message();
        EXPECT_NE(v4.diag().message().find("int2"), std::string_view::npos) << v4.diag().message();
        EXPECT_NE(v4.diag().message().find("uuid"), std::string_view::npos) << v4.diag().message();
        auto [range, v5] = co_await db.async_query(s.bind(40'000, "x"), as_tuple);
        EXPECT_EQ(range, errc::value_out_of_range);
        tusk::params two;
        two.add(std::int64_t{5}).add("x");
        auto [wrong, v6] = co_await db.async_query(s.bind(std::move(two)), as_tuple);
        EXPECT_EQ(wrong, errc::parameter_mismatch);
        EXPECT_EQ(db.statistics().requests, requests); // none of them was sent
        tusk::params right;
        right.add(std::int16_t{5}).add("x");
        const auto good =
            co_await db.async_query_one<std::pair<std::int16_t, std::string>>(s.bind(std::move(right)));
        EXPECT_EQ(good, std::pair(std::int16_t{5}, std::string("x")));
        const auto hits = db.statistics().cache_misses;
        EXPECT_EQ(hits, 1u);
    });
}

TEST(statement, declared_types_are_kept)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const tusk::statement s =
            co_await db.async_prepare(tusk::sql("select $1, pg_typeof($1)::text", std::int64_t{0}));
        EXPECT_EQ(s.parameter_types()[0], oid::int8);
        const auto r = co_await db.async_query_one<std::pair<std::int64_t, std::string>>(s.bind(5));
        EXPECT_EQ(r, std::pair(std::int64_t{5}, std::string("bigint")));
        EXPECT_EQ(db.statistics().cache_misses, 1u);
    });
}

TEST(statement, failure_to_prepare)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (int repeat = 0; repeat < 2; ++repeat) {
            auto [ec, s] = co_await db.async_prepare("select * from nowhere_at_all", as_tuple);
            EXPECT_EQ(ec, sqlstate::undefined_table);
            EXPECT_EQ(s.diag().position(), 15);
            auto [ambiguous, s2] = co_await db.async_prepare("select $1", as_tuple);
            EXPECT_FALSE(ambiguous); // a lone parameter is text
            EXPECT_EQ(s2.parameter_types()[0], oid::text);
            auto [several, s3] = co_await db.async_prepare("select 1; select 2", as_tuple);
            EXPECT_EQ(several, sqlstate::syntax_error);
            co_await expect_usable(db);
        }
        co_await db.async_execute("create temp table nowhere_at_all(n int)");
        const tusk::statement s = co_await db.async_prepare("select * from nowhere_at_all");
        EXPECT_EQ(s.columns().size(), 1u);
    });
}

TEST(statement, works_after_eviction)
{
    tusk::connection_options small;
    small.statement_cache_capacity = 4;
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            const tusk::statement s = co_await db.async_prepare("select $1::int4 * 3");
            for (int i = 0; i < 20; ++i) co_await db.async_query("select " + std::to_string(i));
            EXPECT_GE(db.statistics().cache_evictions, 16u);
            const auto held =
                co_await db.async_query_one<std::int64_t>("select count(*) from pg_prepared_statements");
            EXPECT_LE(held, 5); // the evicted ones were closed
            const auto n = co_await db.async_query_one<int>(s.bind(14));
            EXPECT_EQ(n, 42);
            // and while the eviction is on its way
            std::vector<reply<tusk::single<int>>> replies;
            for (int i = 0; i < 200; ++i) {
                db.async_query_one<int>(s.bind(i), replies.emplace_back(db).token());
                db.async_query_one<int>("select " + std::to_string(i % 13), replies.emplace_back(db).token());
            }
            for (int i = 0; i < 200; ++i) {
                const auto at = static_cast<std::size_t>(2 * i);
                co_await replies[at].wait();
                co_await replies[at + 1].wait();
                EXPECT_EQ(replies[at].value().value(), 3 * i);
                EXPECT_EQ(replies[at + 1].value().value(), i % 13);
            }
        },
        small);
}

TEST(statement, works_without_a_cache_and_without_names)
{
    for (const bool unnamed : {false, true}) {
        tusk::connection_options options;
        if (unnamed)
            options.mode = tusk::statement_mode::unnamed;
        else
            options.statement_cache_capacity = 0;
        run_test(
            [](tusk::connection& db) -> asio::awaitable<void> {
                const tusk::statement s = co_await db.async_prepare("select $1::int8 * 3, $2::text");
                EXPECT_EQ(s.parameter_types()[0], oid::int8);
                for (int i = 0; i < 3; ++i) {
                    const auto r =
                        co_await db.async_query_one<std::pair<std::int64_t, std::string>>(s.bind(i, "t"));
                    EXPECT_EQ(r, std::pair(std::int64_t{3} * i, std::string("t")));
                }
                const auto held =
                    co_await db.async_query_one<std::int64_t>("select count(*) from pg_prepared_statements");
                EXPECT_EQ(held, 0);
                EXPECT_EQ(db.statistics().cache_hits, 0u);
            },
            options);
    }
}

TEST(statement, works_after_discard_all)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const tusk::statement s = co_await db.async_prepare("select $1::int4 * 3");
        for (const char* forget :
             {"discard all", "deallocate all", "DISCARD /* */ ALL", "DEALLOCATE PREPARE ALL"}) {
            co_await db.async_execute(forget);
            const auto n = co_await db.async_query_one<int>(s.bind(14));
            EXPECT_EQ(n, 42);
            co_await db.async_script(forget); // by the simple protocol too
            const auto m = co_await db.async_query_one<int>(s.bind(15));
            EXPECT_EQ(m, 45);
        }
        // in the same pipeline, where Bind was on its way before the answer came
        reply<tusk::command> discard(db);
        reply<tusk::single<int>> behind(db);
        db.async_execute("discard all", discard.token());
        db.async_query_one<int>(s.bind(5), behind.token());
        co_await discard.wait();
        co_await behind.wait();
        EXPECT_FALSE(discard.ec());
        EXPECT_FALSE(behind.ec()) << behind.diag().message();
        EXPECT_EQ(behind.value().value(), 15);
        EXPECT_GE(db.statistics().heals, 1u);
    });
}

TEST(statement, is_good_on_another_connection)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const tusk::statement s = co_await db.async_prepare("select $1::int8 + 1");
        auto executor = co_await asio::this_coro::executor;
        tusk::connection other(executor);
        co_await other.async_connect(where());
        const auto n = co_await other.async_query_one<std::int64_t>(s.bind(1));
        EXPECT_EQ(n, 2);
        EXPECT_EQ(other.statistics().cache_misses, 1u);
        co_await other.async_close();
    });
}

} // namespace
} // namespace tusk_test
