// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

#include <array>

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::params;
using tusk::sql;
using tusk::sqlstate;
using namespace std::string_view_literals;

std::vector<std::byte> raw(std::string_view text)
{
    std::vector<std::byte> bytes;
    for (const char c : text) bytes.push_back(static_cast<std::byte>(c));
    return bytes;
}

TEST(params, every_way_to_add)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        params p;
        p.add(7)
            .add("text")
            .add(std::nullopt)
            .add(std::optional<double>())
            .add_null()
            .add_null(tusk::oid::date);
        p.add_raw(tusk::oid::int4, tusk::format::binary, raw("\0\0\1\0"sv));
        p.add_raw(tusk::oid::int4, tusk::format::text, raw(" 12 "));
        p.add_raw(tusk::oid::none, tusk::format::text, raw("2024-02-29"));
        EXPECT_EQ(p.size(), 9u);
        EXPECT_EQ(p.uniform_format(), -1);
        const tusk::result r =
            co_await db.async_query(tusk::bound("select $1, pg_typeof($1)::text, $2::text, $3::uuid, $4, "
                                                "pg_typeof($4)::text, $5::int8, pg_typeof($5)::text, "
                                                "$6, pg_typeof($6)::text, $7, $8, $9::date::text",
                                                std::move(p)));
        const tusk::row row = r[0];
        EXPECT_EQ(row[0].as<int>(), 7);
        EXPECT_EQ(row[1].as<std::string>(), "integer");
        EXPECT_EQ(row[2].as<std::string>(), "text");
        EXPECT_TRUE(row[3].is_null());
        EXPECT_TRUE(row[4].is_null());
        EXPECT_EQ(row[5].as<std::string>(), "double precision");
        EXPECT_TRUE(row[6].is_null());
        EXPECT_EQ(row[7].as<std::string>(), "bigint");
        EXPECT_TRUE(row[8].is_null());
        EXPECT_EQ(row[9].as<std::string>(), "date");
        EXPECT_EQ(row[10].as<int>(), 256);
        EXPECT_EQ(row[11].as<int>(), 12);
        EXPECT_EQ(row[12].as<std::string>(), "2024-02-29");
    });
}

TEST(params, a_statement_made_at_run_time)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_execute("create temp table made(id int primary key, a text, b int8)");
        for (int columns = 0; columns < 3; ++columns) {
            params p;
            p.add(columns);
            std::string names = "id", values = "$1";
            if (columns > 0) names += ", a", values += ", $2", p.add("a" + std::to_string(columns));
            if (columns > 1) names += ", b", values += ", $3", p.add(std::int64_t{1} << 40);
            const tusk::command done = co_await db.async_execute(
                tusk::bound("insert into made(" + names + ") values (" + values + ")", std::move(p)));
            EXPECT_EQ(done.rows_affected(), 1u);
        }
        const auto seen = co_await db.async_query_one<std::string>(
            "select string_agg(concat_ws('-', id, a, b), ' ' order by id) from made");
        EXPECT_EQ(seen, "0 1-a1 2-a2-1099511627776");
    });
}

TEST(params, untyped_text_takes_the_type_of_its_place)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const tusk::result r = co_await db.async_query(
            sql("select timestamptz '2024-02-29 00:00Z' = $1, 5 = $2, $3::int4[] = array[1, 2], "
                "$4::jsonb ->> 'k', $5::numeric::text",
                "2024-02-29 00:00Z", "5", "{1,2}", "{\"k\": \"v\"}", "1.50"));
        EXPECT_TRUE(r[0][0].as<bool>());
        EXPECT_TRUE(r[0][1].as<bool>());
        EXPECT_TRUE(r[0][2].as<bool>());
        EXPECT_EQ(r[0][3].as<std::string>(), "v");
        EXPECT_EQ(r[0][4].as<std::string>(), "1.50");
        auto [ec, value] = co_await db.async_query(sql("select 5 = $1", "five"), as_tuple);
        EXPECT_EQ(ec, sqlstate::invalid_text_representation);
        auto [unknown, v2] =
            co_await db.async_query(sql("select $1 is null or $1 = 3", std::nullopt), as_tuple);
        EXPECT_EQ(unknown, sqlstate::ambiguous_parameter); // 42P08: the first occurrence decides
        co_await expect_usable(db);
    });
}

TEST(params, the_same_text_with_other_types_is_another_statement)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string text = "select pg_typeof($1)::text";
        for (int repeat = 0; repeat < 2; ++repeat) {
            const auto a = co_await db.async_query_one<std::string>(sql(text, 1));
            EXPECT_EQ(a, "integer");
            const auto b = co_await db.async_query_one<std::string>(sql(text, std::int64_t{1}));
            EXPECT_EQ(b, "bigint");
            const auto c = co_await db.async_query_one<std::string>(sql(text, true));
            EXPECT_EQ(c, "boolean");
            const auto d = co_await db.async_query_one<std::string>(sql(text, std::optional<float>()));
            EXPECT_EQ(d, "real");
        }
        EXPECT_EQ(db.statistics().cache_misses, 4u);
        EXPECT_EQ(db.statistics().cache_hits, 4u);
    });
}

TEST(params, nul_and_bad_utf8)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto requests = db.statistics().requests;
        auto [nul, v1] = co_await db.async_query(sql("select $1::text", "a\0b"sv), as_tuple);
        EXPECT_EQ(nul, errc::nul_in_text);
        EXPECT_NE(v1.diag().message().find("$1"), std::string_view::npos) << v1.diag().message();
        EXPECT_TRUE(v1.diag().safe_to_retry());
        EXPECT_EQ(db.statistics().requests, requests);
        co_await expect_usable(db);
        for (const auto bad :
             {"\xff"sv, "\xc3"sv, "\xed\xa0\x80"sv, "\xc0\x80"sv, "ok\xf8\x88\x80\x80\x80"sv})
            for (int repeat = 0; repeat < 2; ++repeat) {
                auto [ec, value] = co_await db.async_query(sql("select $1::text", bad), as_tuple);
                EXPECT_EQ(ec, sqlstate::character_not_in_repertoire); // 22021
                co_await expect_usable(db);
            }
        // raw bytes are not looked at: the server refuses them
        params p;
        p.add_raw(tusk::oid::text, tusk::format::binary, raw("a\0b"sv));
        auto [bound, v2] = co_await db.async_query(tusk::bound("select $1", std::move(p)), as_tuple);
        EXPECT_EQ(bound, sqlstate::character_not_in_repertoire);
        auto [in_sql, v3] = co_await db.async_query("select '\xff'", as_tuple);
        EXPECT_EQ(in_sql, sqlstate::character_not_in_repertoire);
        auto [in_script, v4] = co_await db.async_script("select '\xff'", as_tuple);
        EXPECT_EQ(in_script, sqlstate::character_not_in_repertoire);
        co_await expect_usable(db);
    });
}

TEST(params, bad_utf8_in_a_pipeline_harms_no_neighbour)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::vector<reply<tusk::single<std::string>>> replies;
        for (int i = 0; i < 50; ++i)
            db.async_query_one<std::string>(sql("select $1::text", i % 5 == 3 ? "\xff" : std::to_string(i)),
                                            replies.emplace_back(db).token());
        for (int i = 0; i < 50; ++i) {
            const auto& r = replies[static_cast<std::size_t>(i)];
            co_await r.wait();
            if (i % 5 == 3) {
                EXPECT_EQ(r.ec(), sqlstate::character_not_in_repertoire);
            } else {
                EXPECT_FALSE(r.ec());
                EXPECT_EQ(r.value().value(), std::to_string(i));
            }
        }
    });
}

TEST(params, raw_bytes_that_do_not_fit_their_type)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        params three;
        three.add_raw(tusk::oid::int4, tusk::format::binary, raw("abc"));
        auto [ec, value] = co_await db.async_query(tusk::bound("select $1", std::move(three)), as_tuple);
        EXPECT_TRUE(ec == sqlstate::protocol_violation || ec == sqlstate::invalid_binary_representation)
            << ec.message();
        params unknown_type;
        unknown_type.add_raw(tusk::oid(3'999'999'999U), tusk::format::binary, raw("abcd"));
        auto [ec2, v2] = co_await db.async_query(tusk::bound("select $1", std::move(unknown_type)), as_tuple);
        EXPECT_EQ(ec2, sqlstate::internal_error); // cache lookup failed for type
        co_await expect_usable(db);
    });
}

TEST(params, too_few_and_too_many)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (int repeat = 0; repeat < 2; ++repeat) {
            auto [few, v1] = co_await db.async_query(sql("select $1::int4 + $2::int4", 1), as_tuple);
            EXPECT_EQ(few, sqlstate::protocol_violation); // 08P01 at Bind
            auto [many, v2] = co_await db.async_query(sql("select $1::int4", 1, 2, 3), as_tuple);
            EXPECT_FALSE(many) << v2.diag().message(); // the server lets a declared parameter be unused
            co_await expect_usable(db);
        }
    });
}

TEST(params, arguments_may_die_at_once)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::vector<reply<tusk::single<std::string>>> replies;
        for (int i = 0; i < 100; ++i) {
            std::string text = "select $1 || " + std::to_string(i % 7);
            std::string value(200 + static_cast<std::size_t>(i), 'v');
            db.async_query_one<std::string>(sql(text, value), replies.emplace_back(db).token());
            text.assign(text.size(), '!');
            value.assign(value.size(), '!');
        }
        for (int i = 0; i < 100; ++i) {
            const auto& r = replies[static_cast<std::size_t>(i)];
            co_await r.wait();
            EXPECT_EQ(r.value().value(),
                      std::string(200 + static_cast<std::size_t>(i), 'v') + std::to_string(i % 7));
        }
    });
}

} // namespace
} // namespace tusk_test
