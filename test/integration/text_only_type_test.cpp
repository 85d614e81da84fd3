// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

namespace tusk_test {
namespace {

using tusk::format;
using tusk::sqlstate;

// aclitem has no binary form; relacl is aclitem[]
constexpr const char* item = "select 42 as n, makeaclitem(10, 10, 'SELECT', false) as acl, 1.5::float8 as f";
constexpr const char* array =
    "select i as n, case when i > 5 then array[makeaclitem(10, 10, 'SELECT', false)] end as acl, "
    "1.5::float8 as f from generate_series(1, 10) i";

void expect_item(const tusk::result& r)
{
    EXPECT_EQ(r.size(), 1u);
    EXPECT_EQ(r[0]["n"].as<int>(), 42);
    EXPECT_EQ(r[0]["acl"].format(), format::text);
    EXPECT_EQ(r[0]["acl"].as<std::string>(), "tusk=r/tusk");
    EXPECT_EQ(r[0]["f"].as<double>(), 1.5);
}

TEST(text_only_type, heals_outside_a_transaction)
{
    for (const auto mode : {tusk::statement_mode::cached, tusk::statement_mode::unnamed}) {
        tusk::connection_options options;
        options.mode = mode;
        run_test(
            [mode](tusk::connection& db) -> asio::awaitable<void> {
                for (int repeat = 0; repeat < 3; ++repeat) {
                    const tusk::result one = co_await db.async_query(item);
                    expect_item(one);
                    if (mode == tusk::statement_mode::cached) EXPECT_EQ(one[0]["n"].format(), format::binary);
                    const tusk::result many = co_await db.async_query(array);
                    EXPECT_EQ(many.size(), 10u); // rows that came before the failure are not given twice
                    EXPECT_TRUE(many[0]["acl"].is_null());
                    EXPECT_EQ(many[9]["acl"].as<std::string>(), "{tusk=r/tusk}");
                    EXPECT_EQ(many[9]["n"].as<int>(), 10);
                    const auto typed =
                        co_await db.async_query<std::tuple<int, std::optional<std::string>, double>>(array);
                    EXPECT_EQ(typed.size(), 10u);
                    EXPECT_EQ(typed[5], (std::tuple(6, std::optional<std::string>("{tusk=r/tusk}"), 1.5)));
                    const auto catalogue = co_await db.async_query<std::optional<std::string>>(
                        "select relacl from pg_class order by relacl is null desc");
                    EXPECT_GT(catalogue.size(), 300u);
                }
                if (mode == tusk::statement_mode::cached) EXPECT_EQ(db.statistics().heals, 3u); // once each
            },
            options);
    }
}

TEST(text_only_type, in_a_transaction_it_is_reported_and_works_the_next_time)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_execute("begin");
        auto [ec, value] = co_await db.async_query(item, as_tuple);
        EXPECT_EQ(ec, sqlstate::undefined_function); // no binary output function available for type aclitem
        EXPECT_EQ(db.transaction_status(), tusk::transaction_status::failed);
        co_await db.async_execute("rollback");
        co_await db.async_execute("begin");
        const tusk::result r = co_await db.async_query(item);
        expect_item(r);
        co_await db.async_execute("commit");
        EXPECT_EQ(db.statistics().heals, 0u);
    });
}

TEST(text_only_type, asked_for_as_text_from_the_start)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_execute("begin");
        for (int repeat = 0; repeat < 2; ++repeat) {
            const tusk::result r = co_await db.async_query(tusk::bound(item).text_results(true));
            expect_item(r);
        }
        co_await db.async_execute("commit");
    });
}

TEST(text_only_type, described_first_it_needs_no_healing)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const tusk::statement s = co_await db.async_prepare(item);
        EXPECT_EQ(s.columns()[1].type, tusk::oid(1033));
        const tusk::result r = co_await db.async_query(s.bind());
        expect_item(r);
    });
}

TEST(text_only_type, in_a_pipeline)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::vector<reply<tusk::result>> replies;
        for (int i = 0; i < 30; ++i) db.async_query(i % 2 ? item : array, replies.emplace_back(db).token());
        reply<tusk::single<int>> last(db);
        db.async_query_one<int>("select 7", last.token());
        for (std::size_t i = 0; i < replies.size(); ++i) {
            co_await replies[i].wait();
            EXPECT_FALSE(replies[i].ec()) << replies[i].ec().message();
            if (i % 2)
                expect_item(replies[i].value());
            else
                EXPECT_EQ(replies[i].value().size(), 10u);
        }
        co_await last.wait();
        EXPECT_EQ(last.value().value(), 7);
    });
}

TEST(text_only_type, types_of_users)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string t = unique_name("plain"); // a type of one's own without a send function
        co_await db.async_script(
            "create type " + t + ";create function " + t + "_in(cstring) returns " + t +
            " language internal immutable strict as 'textin';create function " + t + "_out(" + t +
            ") returns cstring language internal immutable strict as 'textout';create type " + t +
            "(input = " + t + "_in, output = " + t + "_out, like = text);create type " + t +
            "_pair as (a int, b " + t + ");create domain " + t + "_domain as " + t);
        const std::string text = "select 5 as n, 'x'::" + t + " as plain, array['y'::" + t +
                                 "] as several, row(1, 'z')::" + t + "_pair as pair, 'd'::" + t +
                                 "_domain as named";
        std::exception_ptr failure;
        try {
            for (int repeat = 0; repeat < 2; ++repeat) {
                const tusk::result r = co_await db.async_query(text);
                EXPECT_EQ(r[0]["n"].as<int>(), 5);
                EXPECT_EQ(r[0]["plain"].as<std::string>(), "x");
                EXPECT_EQ(r[0]["several"].as<std::string>(), "{y}");
                EXPECT_EQ(r[0]["pair"].as<std::string>(), "(1,z)");
                EXPECT_EQ(r[0]["named"].as<std::string>(), "d");
            }
            EXPECT_EQ(db.statistics().heals, 1u);
        } catch (...) {
            failure = std::current_exception();
        }
        co_await db.async_script("drop type " + t + " cascade; drop type if exists " + t + "_pair");
        if (failure) std::rethrow_exception(failure);
    });
}

TEST(text_only_type, an_ordinary_missing_function_is_no_reason_to_try_again)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto [ec, value] = co_await db.async_query("select no_such_function_send(1)", as_tuple);
        EXPECT_EQ(ec, sqlstate::undefined_function);
        co_await db.async_script("create function pg_temp.raises() returns int language plpgsql as $$ begin "
                                 "raise exception 'mine' using errcode = '42883'; end $$");
        auto [mine, v2] = co_await db.async_query("select pg_temp.raises()", as_tuple);
        EXPECT_EQ(mine, sqlstate::undefined_function);
        EXPECT_EQ(db.statistics().heals, 0u);
        co_await expect_usable(db);
    });
}

} // namespace
} // namespace tusk_test
