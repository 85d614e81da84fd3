// Distributed under the Boost Software License, Version 1.0.
// Rows that hold types of users which have to be known before they can be read.
#include "integration/schema.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>

#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace tusk_test {

struct known_place {
    std::string street;
    std::int32_t number = 0;
    std::vector<std::int32_t> codes;
    std::optional<tusk::range<double>> span;

    friend bool operator==(const known_place&, const known_place&) = default;
};
struct known_row {
    int id = 0;
    tusk::range<double> span;
    known_place at;
};

namespace {

using tusk::as_type;
using tusk::errc;
using tusk::sql;
using tusk::type_ptr;
using floats = tusk::range<double>;

const floats half(0.5, 1.5);
const known_place here{"high", 7, {1, 2}, half};
constexpr const char* here_sql = "row('high', 7, '{1,2}', '[0.5,1.5)')::place";

asio::awaitable<std::string> make_unread(tusk::connection& db)
{
    return tusk_test::make_schema(
        db, "unread",
        "create type temper as enum ('calm', 'wild');"
        "create domain small as int4; create domain smaller as small;"
        "create domain smalls as smaller[]; create domain title as text;"
        "create type floatrange as range (subtype = float8);"
        "create domain positive as floatrange;"
        "create type smallrange as range (subtype = smaller);"
        "create type temperrange as range (subtype = temper);"
        "create type place as (street title, number smaller, codes smalls, span positive);"
        "create domain home as place");
}

/// The same in both formats, the first time and known: one look-up in all.
template <class T>
asio::awaitable<void> reads(std::string expression, T expected)
{
    auto whole = [&](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_unread(db);
        for (const bool text : {false, true, false}) {
            tusk::bound query("select " + expression);
            query.text_results(text);
            auto [ec, value] = co_await db.async_query_one<std::tuple<T>>(std::move(query), as_tuple);
            EXPECT_FALSE(ec) << expression << (text ? " as text: " : ": ") << value.diag().message();
            EXPECT_TRUE(std::get<0>(value.value()) == expected) << expression;
            EXPECT_LE(db.statistics().type_lookups, 1U) << expression;
            tusk::bound again("select " + expression);
            again.text_results(text);
            const tusk::result r = co_await db.async_query(std::move(again));
            EXPECT_TRUE(r[0][0].template as<T>() == expected) << expression;
        }
        EXPECT_EQ(db.statistics().type_lookups, 1U) << expression;
        co_await drop_schema(db, schema);
    };
    auto executor = co_await asio::this_coro::executor;
    tusk::connection db(executor);
    co_await db.async_connect(where());
    co_await whole(db);
    co_await db.async_close();
}

const tusk::multirange<double> two_ranges{half, floats::from(7)};
const std::vector<floats> list_of_ranges{half, {}};
const std::vector<std::optional<floats>> list_of_some{half, std::nullopt};
const std::vector<known_place> list_of_places{here, here};
const std::vector<int> one_two{1, 2};

TEST(unread_rows, ranges_and_domains_of_users)
{
    run_loop([]() -> asio::awaitable<void> {
        co_await reads<floats>("'[0.5,1.5)'::floatrange", half);
        co_await reads<tusk::multirange<double>>("'{[0.5,1.5),[7,)}'::floatmultirange", two_ranges);
        co_await reads<std::vector<floats>>("array['[0.5,1.5)', 'empty']::floatrange[]", list_of_ranges);
        co_await reads<std::vector<std::optional<floats>>>("array['[0.5,1.5)', null]::positive[]",
                                                           list_of_some);
        co_await reads<tusk::range<int>>("'[1,3]'::smallrange", tusk::range<int>::closed(1, 3));
        co_await reads<std::vector<int>>("array[1, 2]::smaller[]", one_two);
        co_await reads<known_place>(here_sql, here);
        co_await reads<std::vector<known_place>>("array[" + std::string(here_sql) + "," + here_sql + "]",
                                                 list_of_places);
        co_await reads<std::vector<known_place>>(
            "array[" + std::string(here_sql) + "," + here_sql + "]::home[]", list_of_places);
        using setting = std::variant<std::monostate, int, floats>;
        co_await reads<setting>("'[0.5,1.5)'::floatrange", setting(half));
        co_await reads<tusk::range<std::string>>("'[calm,wild]'::temperrange",
                                                 tusk::range<std::string>::closed("calm", "wild"));
    });
}

TEST(unread_rows, what_a_record_holds_is_seen_in_its_rows)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_unread(db);
        using pair = std::pair<int, floats>;
        const auto rows = co_await db.async_query<std::tuple<pair>>(
            "select row(i::smaller, case when i = 3 then '[0.5,1.5)'::floatrange else 'empty' end) "
            "from generate_series(1, 5) i");
        EXPECT_EQ(rows.size(), 5U);
        EXPECT_EQ(std::get<0>(rows[2]), pair(3, half));
        EXPECT_EQ(db.statistics().type_lookups, 2U); // the second type was met when the first was known
        // in the midst of rows, and then another one
        const std::string query =
            "select case when i < 3 then row(i) when i < 5 then row(i::small) else row(i::int8::int4) end "
            "from generate_series(1, 6) i";
        const auto more = co_await db.async_query<std::tuple<std::tuple<int>>>(query);
        for (int i = 0; i < 6; ++i)
            EXPECT_EQ(std::get<0>(std::get<0>(more[static_cast<std::size_t>(i)])), i + 1);
        EXPECT_EQ(db.statistics().type_lookups, 2U); // small came with smaller
        co_await drop_schema(db, schema);
    });
}

TEST(unread_rows, every_kind_of_typed_request)
{
    const auto fresh = [](auto body) {
        run_test([&](tusk::connection& db) -> asio::awaitable<void> {
            const std::string schema = co_await make_unread(db);
            co_await body(db);
            EXPECT_EQ(db.statistics().type_lookups, 1U);
            co_await drop_schema(db, schema);
            co_await expect_usable(db);
        });
    };
    const std::string one =
        "select 1 as id, '[0.5,1.5)'::floatrange as span, " + std::string(here_sql) + " as at";
    fresh([&](tusk::connection& db) -> asio::awaitable<void> {
        const known_row row = co_await db.async_query_one<known_row>(one);
        EXPECT_EQ(row.span, half);
        EXPECT_EQ(row.at, here);
    });
    fresh([&](tusk::connection& db) -> asio::awaitable<void> {
        const auto row = co_await db.async_query_optional<known_row>(one);
        EXPECT_TRUE(row && row->at == here);
        const auto none = co_await db.async_query_optional<known_row>(one + " where false");
        EXPECT_FALSE(none);
    });
    fresh([&](tusk::connection& db) -> asio::awaitable<void> { // no rows, and too many
        const auto [ec, none] = co_await db.async_query_one<known_row>(one + " where false", as_tuple);
        EXPECT_EQ(ec, errc::no_rows);
        const auto [ec2, two] = co_await db.async_query_one<known_row>(one + " union all " + one, as_tuple);
        EXPECT_EQ(ec2, errc::too_many_rows);
    });
    fresh([&](tusk::connection& db) -> asio::awaitable<void> {
        int shown = 0;
        const tusk::command done =
            co_await db.async_for_each<known_row>(one + " from generate_series(1, 100000)",
                                                  [&](known_row& row) { shown += row.at == here ? 1 : 0; });
        EXPECT_EQ(shown, 100000);
        EXPECT_EQ(done.rows_affected(), 100000U);
    });
    fresh(
        [&](tusk::connection& db) -> asio::awaitable<void> { // which throws while what was set aside is read
            const auto [ec, none] = co_await db.async_for_each<known_row>(
                one + " from generate_series(1, 100)",
                [n = 0](known_row&) mutable {
                    if (++n == 7) throw std::runtime_error("enough");
                },
                as_tuple);
            EXPECT_EQ(ec, errc::visitor_failed);
        });
    fresh([&](tusk::connection& db)
              -> asio::awaitable<void> { // a value that is not representable, behind good ones
        const auto [ec, none] = co_await db.async_query<std::tuple<std::vector<int>, floats>>(
            "select case when i < 5 then array[1] else array[array[1]] end::smaller[], "
            "'[0.5,1.5)'::floatrange "
            "from generate_series(1, 9) i",
            as_tuple);
        EXPECT_EQ(ec, errc::value_not_representable) << none.diag().message();
    });
}

TEST(unread_rows, the_pipeline_goes_on_and_nothing_runs_twice)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_unread(db);
        co_await db.async_script("create sequence s");
        std::vector<reply<tusk::rows<std::tuple<std::int64_t, floats>>>> typed;
        std::vector<reply<tusk::single<std::int64_t>>> plain;
        for (int i = 0; i < 100; ++i) {
            db.async_query<std::tuple<std::int64_t, floats>>("select nextval('s'), '[0.5,1.5)'::floatrange",
                                                             typed.emplace_back(db).token());
            db.async_query_one<std::int64_t>("select nextval('s')", plain.emplace_back(db).token());
        }
        for (std::size_t i = 0; i < 100; ++i) {
            co_await typed[i].wait();
            co_await plain[i].wait();
            EXPECT_FALSE(typed[i].ec()) << typed[i].diag().message();
            EXPECT_EQ(std::get<0>(typed[i].value()[0]), static_cast<std::int64_t>(2 * i + 1));
            EXPECT_EQ(std::get<1>(typed[i].value()[0]), half);
            EXPECT_EQ(plain[i].value().value(), static_cast<std::int64_t>(2 * i + 2));
        }
        EXPECT_EQ(db.statistics().type_lookups, 1U);
        co_await drop_schema(db, schema);
    });
}

TEST(unread_rows, what_does_not_fit_when_it_is_known)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_unread(db);
        const auto [ec, a] =
            co_await db.async_query_one<tusk::range<int>>("select '[0.5,1.5)'::floatrange as r", as_tuple);
        EXPECT_EQ(ec, errc::column_mismatch) << a.diag().message();
        EXPECT_NE(a.diag().message().find("\"r\""), std::string_view::npos);
        const auto [ec2, b] = co_await db.async_query_one<int>("select 'calm'::temper", as_tuple);
        EXPECT_EQ(ec2, errc::column_mismatch);
        const auto [ec3, c] = co_await db.async_query_one<std::tuple<std::tuple<std::int16_t>>>(
            "select row(1::smaller)", as_tuple);
        EXPECT_EQ(ec3, errc::column_mismatch) << c.diag().message();
        const auto [ec4, d] = co_await db.async_query_one<floats>("select 'calm'::temper", as_tuple);
        EXPECT_EQ(ec4, errc::column_mismatch);
        co_await drop_schema(db, schema);
        co_await expect_usable(db);
    });
}

TEST(unread_rows, a_dynamic_result_says_that_it_needs_the_type)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_unread(db);
        const std::string query = "select '[0.5,1.5)'::floatrange as r, row(1::smaller) as s";
        const tusk::result before = co_await db.async_query(query);
        floats out;
        EXPECT_EQ(before[0][0].get(out), errc::unknown_type);
        std::tuple<int> inner;
        EXPECT_EQ(before[0][1].get(inner), errc::unknown_type);
        std::tuple<floats, std::tuple<int>> row;
        EXPECT_EQ(before[0].get(row), errc::column_mismatch);
        try {
            (void)before[0]["r"].as<floats>();
            ADD_FAILURE();
        } catch (const tusk::error& e) {
            EXPECT_NE(std::string_view(e.what()).find("async_describe_type"), std::string_view::npos)
                << e.what();
        }
        EXPECT_EQ(before.columns()[0].types.find(before.columns()[0].type), nullptr);
        EXPECT_EQ(db.statistics().type_lookups, 0U);
        const type_ptr range = co_await db.async_describe_type("floatrange");
        co_await db.async_describe_type("smaller");
        std::optional<tusk::result> after = co_await db.async_query(query);
        EXPECT_EQ(after->columns(), before.columns());
        EXPECT_EQ((*after)[0][0].as<floats>(), half);
        EXPECT_EQ((*after)[0][1].as<std::tuple<int>>(), std::tuple(1));
        const tusk::column& c = after->columns()[0];
        require(c.types.find(c.type), "known");
        EXPECT_EQ(c.types.find(c.type)->name, "floatrange");
        // a result owns what it knows, whatever becomes of the connection's knowledge
        co_await drop_schema(db, schema);
        EXPECT_EQ((*after)[0][0].as<floats>(), half);
        EXPECT_EQ(before[0][0].get(out), errc::unknown_type);
    });
}

TEST(unread_rows, in_a_transaction_that_fails_meanwhile)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_unread(db);
        reply<tusk::command> begin(db);
        reply<tusk::single<floats>> range(db);
        reply<tusk::command> fails(db);
        db.async_execute("begin", begin.token());
        db.async_query_one<floats>("select '[0.5,1.5)'::floatrange", range.token());
        db.async_execute("select 1 / 0", fails.token());
        co_await range.wait();
        EXPECT_EQ(range.ec(), tusk::sqlstate::in_failed_sql_transaction) << range.diag().message();
        EXPECT_FALSE(range.diag().safe_to_retry());
        co_await db.async_execute("rollback");
        const floats now = co_await db.async_query_one<floats>("select '[0.5,1.5)'::floatrange");
        EXPECT_EQ(now, half);
        // a deferred constraint fails a request whose rows were set aside
        co_await db.async_script("create table u (n int unique deferrable initially deferred)");
        const auto [ec, none] = co_await db.async_query<std::tuple<int, tusk::range<int>>>(
            "insert into u values (1), (1) returning n, '[1,2]'::smallrange", as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::unique_violation);
        co_await drop_schema(db, schema);
        co_await expect_usable(db);
    });
}

TEST(unread_rows, cancelled_and_lost_while_they_wait)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_unread(db);
        asio::cancellation_signal stop;
        std::error_code stopped;
        reply<tusk::single<int>> behind(db);
        db.async_query<floats>(
            "select '[0.5,1.5)'::floatrange",
            asio::bind_cancellation_slot(stop.slot(),
                                         [&](std::error_code ec, tusk::rows<floats>) { stopped = ec; }));
        db.async_query_one<int>(
            "select 5", [&, token = behind.token()](std::error_code ec, tusk::single<int> n) mutable {
                stop.emit(asio::cancellation_type::terminal); // the rows are here, and wait for their type
                token(ec, std::move(n));
            });
        co_await behind.wait();
        co_await expect_usable(db);
        EXPECT_EQ(stopped, asio::error::operation_aborted);
        const auto [ec, nothing] =
            co_await db.async_query_one<floats>("select '[0.5,1.5)'::floatrange", as_tuple);
        EXPECT_FALSE(ec);
        reply<tusk::single<tusk::range<int>>> lost(db);
        db.async_query_one<tusk::range<int>>("select '[1,2]'::smallrange", lost.token());
        reply<tusk::command> end(db);
        db.async_execute("select pg_terminate_backend(pg_backend_pid())", end.token());
        co_await lost.wait();
        co_await end.wait();
        EXPECT_TRUE(lost.ec());
        EXPECT_FALSE(lost.diag().safe_to_retry());
        co_await db.async_connect(where());
        co_await drop_schema(db, schema);
    });
}

} // namespace
} // namespace tusk_test
