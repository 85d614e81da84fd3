// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

namespace tusk_test {

struct account {
    std::int64_t id;
    std::string owner;
    std::optional<double> balance;

    friend bool operator==(const account&, const account&) = default;
};

struct one_column {
    int n;
};

namespace {

using tusk::errc;
using tusk::sql;

constexpr const char* accounts =
    "select * from (values (1::int8, 'Ada'::text, 1.5::float8), (2, 'Bob', null)) "
    "as v(id, owner, balance)";

bool holds(const tusk::diagnostics& diag, std::string_view part)
{
    return diag.message().find(part) != std::string_view::npos;
}

TEST(typed_query, struct_by_name)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        tusk::rows<account> r = co_await db.async_query<account>(accounts);
        EXPECT_EQ(r.tag(), "SELECT 2");
        const std::vector<account> expected = {{1, "Ada", 1.5}, {2, "Bob", std::nullopt}};
        EXPECT_EQ(std::move(r).take(), expected);
        // the order of the columns does not matter
        const auto one = co_await db.async_query_one<account>(
            "select null::float8 as balance, 'Eve' as owner, 7::int8 as id");
        EXPECT_EQ(one, (account{7, "Eve", std::nullopt}));
        // a narrower column widens
        const auto wide = co_await db.async_query_one<account>(
            "select 2.5::float4 as balance, 'E'::varchar(3) as owner, 7::int2 as id");
        EXPECT_EQ(wide, (account{7, "E", 2.5}));
    });
}

TEST(typed_query, tuple_by_position)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto all =
            co_await db.async_query<std::tuple<std::int64_t, std::string, std::optional<double>>>(accounts);
        EXPECT_EQ(all.size(), 2u);
        EXPECT_EQ(all[1],
                  (std::tuple<std::int64_t, std::string, std::optional<double>>(2, "Bob", std::nullopt)));
        const auto pair = co_await db.async_query_one<std::pair<int, bool>>("select 4, true");
        EXPECT_EQ(pair, std::pair(4, true));
    });
}

TEST(typed_query, single_values)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto numbers = co_await db.async_query<int>("select generate_series(1, 5)");
        EXPECT_EQ(std::vector<int>(numbers.begin(), numbers.end()), (std::vector{1, 2, 3, 4, 5}));
        const auto optional = co_await db.async_query<std::optional<int>>("values (1), (null), (3)");
        EXPECT_EQ(optional.size(), 3u);
        EXPECT_EQ(optional[0], 1);
        EXPECT_EQ(optional[1], std::nullopt);
        const auto none = co_await db.async_query<int>("select 1 where false");
        EXPECT_TRUE(none.empty());
        const auto struct_of_one = co_await db.async_query_one<one_column>("select 9 as n");
        EXPECT_EQ(struct_of_one.n, 9);
    });
}

TEST(typed_query, optional_row)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string text = "select id, owner, balance from (values (1::int8, 'Ada', null::float8)) "
                                 "as v(id, owner, balance) where id = $1";
        std::optional<account> found = co_await db.async_query_optional<account>(sql(text, std::int64_t{1}));
        require(found.has_value(), "a row");
        EXPECT_EQ(found->owner, "Ada");
        std::optional<account> missing =
            co_await db.async_query_optional<account>(sql(text, std::int64_t{2}));
        EXPECT_FALSE(missing.has_value());
        auto [ec, two] = co_await db.async_query_optional<int>("select generate_series(1, 2)", as_tuple);
        EXPECT_EQ(ec, errc::too_many_rows);
        EXPECT_FALSE(two.has_value());
        EXPECT_FALSE(two.diag().message().empty());
        co_await expect_usable(db);
    });
}

TEST(typed_query, wrong_number_of_rows)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto [none, v1] = co_await db.async_query_one<int>("select 1 where false", as_tuple);
        EXPECT_EQ(none, errc::no_rows);
        EXPECT_FALSE(v1.diag().message().empty());
        auto [many, v2] = co_await db.async_query_one<int>("select generate_series(1, 5000)", as_tuple);
        EXPECT_EQ(many, errc::too_many_rows);
        auto [no_result, v3] = co_await db.async_query_one<int>("set local work_mem = '1MB'", as_tuple);
        EXPECT_TRUE(no_result == errc::no_rows || no_result == errc::column_mismatch) << no_result.message();
        co_await expect_usable(db);
    });
}

TEST(typed_query, mismatch_names_column_sql_type_and_cpp_type)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto [ec, value] = co_await db.async_query<account>(
            "select 1::int8 as id, 2.5::numeric as owner, 1::float8 as balance", as_tuple);
        EXPECT_EQ(ec, errc::column_mismatch);
        EXPECT_TRUE(holds(value.diag(), "owner")) << value.diag().message();
        EXPECT_TRUE(holds(value.diag(), "numeric")) << value.diag().message();
        EXPECT_TRUE(holds(value.diag(), "string")) << value.diag().message();
        EXPECT_TRUE(value.empty());

        auto [narrow, v2] = co_await db.async_query_one<std::int16_t>("select 1::int8 as big", as_tuple);
        EXPECT_EQ(narrow, errc::column_mismatch);
        EXPECT_TRUE(holds(v2.diag(), "big") && holds(v2.diag(), "int8")) << v2.diag().message();

        auto [in_tuple, v3] =
            co_await db.async_query<std::tuple<int, bool>>("select 1 as a, 2 as b", as_tuple);
        EXPECT_EQ(in_tuple, errc::column_mismatch);
        EXPECT_TRUE(holds(v3.diag(), "b") && holds(v3.diag(), "int4") && holds(v3.diag(), "bool"))
            << v3.diag().message();
        co_await expect_usable(db);
    });
}

TEST(typed_query, missing_and_superfluous_columns)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto [missing, v1] = co_await db.async_query<account>("select 1::int8 as id, 'x' as owner", as_tuple);
        EXPECT_EQ(missing, errc::column_mismatch);
        EXPECT_TRUE(holds(v1.diag(), "balance")) << v1.diag().message();
        auto [more, v2] = co_await db.async_query<account>(
            "select 1::int8 as id, 'x' as owner, 1::float8 as balance, 5 as surplus", as_tuple);
        EXPECT_EQ(more, errc::column_mismatch);
        EXPECT_TRUE(holds(v2.diag(), "surplus")) << v2.diag().message();
        auto [twice, v3] = co_await db.async_query<account>(
            "select 1::int8 as id, 'x' as owner, 1::float8 as balance, 2::int8 as id", as_tuple);
        EXPECT_EQ(twice, errc::column_mismatch);
        auto [few, v4] = co_await db.async_query<std::tuple<int, int>>("select 1", as_tuple);
        EXPECT_EQ(few, errc::column_mismatch);
        auto [many, v5] = co_await db.async_query<std::tuple<int>>("select 1, 2", as_tuple);
        EXPECT_EQ(many, errc::column_mismatch);
        auto [two, v6] = co_await db.async_query<int>("select 1, 2", as_tuple);
        EXPECT_EQ(two, errc::column_mismatch);
        auto [zero, v7] = co_await db.async_query<int>("select", as_tuple);
        EXPECT_EQ(zero, errc::column_mismatch);
        co_await expect_usable(db);
    });
}

TEST(typed_query, null_into_a_type_without_null)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto [ec, value] =
            co_await db.async_query<account>("values (1::int8, 'a', 1::float8), (2, null, 2)", as_tuple);
        EXPECT_EQ(ec, errc::column_mismatch); // column1, column2, column3: the names count
        auto [null, v2] = co_await db.async_query<account>(
            "select * from (values (1::int8, 'a', 1::float8), (2, null, 2)) v(id, owner, balance)", as_tuple);
        EXPECT_EQ(null, errc::unexpected_null);
        EXPECT_TRUE(holds(v2.diag(), "owner")) << v2.diag().message();
        auto [single, v3] = co_await db.async_query_one<int>("select null::int as why", as_tuple);
        EXPECT_EQ(single, errc::unexpected_null);
        EXPECT_TRUE(holds(v3.diag(), "why")) << v3.diag().message();
        co_await expect_usable(db);
    });
}

TEST(typed_query, a_client_side_failure_comes_after_the_statement_has_run)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_execute("create temp table ran(n int)");
        auto [ec, value] =
            co_await db.async_query<bool>("insert into ran values (1), (2) returning n", as_tuple);
        EXPECT_EQ(ec, errc::column_mismatch);
        const auto count = co_await db.async_query_one<std::int64_t>("select count(*) from ran");
        EXPECT_EQ(count, 2);
    });
}

TEST(typed_query, the_servers_error_comes_before_the_clients)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        // the rows do not fit, then the server fails on the last one
        auto [ec, value] =
            co_await db.async_query<bool>("select 10 / (3 - i) from generate_series(1, 3) i", as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::division_by_zero);
        EXPECT_EQ(value.diag().sqlstate(), "22012");
        // rows came before the failure: none is given
        auto [ec2, v2] =
            co_await db.async_query<int>("select 10 / (3 - i) from generate_series(1, 3) i", as_tuple);
        EXPECT_EQ(ec2, tusk::sqlstate::division_by_zero);
        EXPECT_TRUE(v2.empty());
        auto [ec3, v3] =
            co_await db.async_query("select 10 / (3 - i) from generate_series(1, 3) i", as_tuple);
        EXPECT_EQ(ec3, tusk::sqlstate::division_by_zero);
        EXPECT_TRUE(v3.empty());
        co_await expect_usable(db);
    });
}

TEST(typed_query, the_default_token_throws_with_diagnostics)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        bool thrown = false;
        try {
            co_await db.async_query_one<int>("select 1/0");
        } catch (const tusk::error& e) {
            thrown = true;
            EXPECT_EQ(e.code(), tusk::sqlstate::division_by_zero);
            EXPECT_EQ(e.diag().message(), "division by zero");
            EXPECT_FALSE(e.safe_to_retry());
            EXPECT_NE(std::string_view(e.what()).find("division by zero"), std::string_view::npos);
        }
        EXPECT_TRUE(thrown);
    });
}

TEST(typed_query, hundreds_of_typed_requests_in_one_pipeline)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::vector<reply<tusk::single<int>>> replies;
        for (int i = 0; i < 500; ++i) {
            auto& r = replies.emplace_back(db);
            db.async_query_one<int>(sql("select 1000 / ($1 % 10) * 0 + $1", i), r.token());
        }
        for (int i = 0; i < 500; ++i) {
            auto& r = replies[static_cast<std::size_t>(i)];
            co_await r.wait();
            if (i % 10 == 0) {
                EXPECT_EQ(r.ec(), tusk::sqlstate::division_by_zero);
            } else {
                EXPECT_FALSE(r.ec()) << r.diag().message();
                EXPECT_EQ(r.value().value(), i);
            }
        }
        for (const auto& r : replies) EXPECT_EQ(r.answers(), 1);
    });
}

} // namespace
} // namespace tusk_test
