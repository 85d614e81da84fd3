// Distributed under the Boost Software License, Version 1.0.
// Parameters whose types are known by name alone, in batches, statements, transactions, and when something changes.
#include "integration/named_types.hpp"

namespace tusk_test {
namespace {

using namespace named_types;

TEST(named_types, batches)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_schema(db);
        tusk::batch b;
        b.add("select $1::int4", 1)
            .add("select $1", as_type("place", castle))
            .add(sql("select $1, $2", as_type("floatrange", ada.span), as_type("place", cottage)))
            .add("select 4");
        const tusk::batch_result r = co_await db.async_run(b);
        EXPECT_EQ(db.statistics().type_lookups, 1U);
        EXPECT_EQ(r[1].value[0][0].as<named_place>(), castle);
        EXPECT_EQ(r[2].value[0][1].as<named_place>(), cottage);
        EXPECT_EQ(r[2].value[0][0].as<tusk::range<double>>(), ada.span);
        b.add("select $1", as_type("nosuch", 1)).add("select 6");
        const auto [ec, failed] = co_await db.async_run(b, as_tuple);
        EXPECT_EQ(ec, errc::unknown_type);
        EXPECT_EQ(failed[4].ec, errc::unknown_type);
        EXPECT_EQ(failed[1].ec, errc::skipped);
        b.clear();
        EXPECT_FALSE(b.names_types());
        co_await drop_schema(db, schema);
    });
}

TEST(named_types, prepared_statements)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_schema(db);
        const tusk::statement inferred = co_await db.async_prepare("select $1::place, $2::temper");
        using row = std::tuple<named_place, temper>;
        const auto a = co_await db.async_query_one<row>(
            inferred.bind(as_type("place", castle), as_type("temper", temper::wild)));
        EXPECT_EQ(a, row(castle, temper::wild));
        const tusk::statement named = co_await db.async_prepare(
            sql("select $1, $2", as_type("place", castle), as_type("temper", temper::wild)));
        EXPECT_EQ(named.parameter_types().size(), 2U);
        EXPECT_LT(static_cast<std::uint32_t>(named.parameter_types()[0]), 0xff000000U);
        const auto b = co_await db.async_query_one<row>(named.bind(as_type("place", cottage), temper::calm));
        EXPECT_EQ(b, row(cottage, temper::calm));
        tusk::params p;
        p.add(as_type("place", castle)).add("calm");
        const auto c = co_await db.async_query_one<row>(named.bind(p));
        EXPECT_EQ(c, row(castle, temper::calm));
        const auto [ec, none] = co_await db.async_query(
            named.bind(as_type("person", ada), as_type("temper", temper::wild)), as_tuple);
        EXPECT_EQ(ec, errc::parameter_mismatch) << none.diag().message();
        co_await drop_schema(db, schema);
    });
}

TEST(named_types, in_transactions)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_schema(db);
        co_await db.async_execute("begin");
        const auto [failed, nothing] = co_await db.async_query("select 1 / 0", as_tuple);
        EXPECT_TRUE(failed);
        const auto [ec, none] =
            co_await db.async_query(sql("select $1", as_type("temper", "calm")), as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::in_failed_sql_transaction);
        EXPECT_TRUE(none.diag().safe_to_retry());
        co_await db.async_execute("rollback");
        co_await db.async_execute("begin");
        co_await db.async_execute("create type brief as enum ('x')");
        std::string text = co_await shown(db, "select $1::text", as_type("brief", "x"));
        EXPECT_EQ(text, "x");
        co_await db.async_execute("rollback"); // its OID means nothing now
        text = co_await shown(db, "select $1::text", as_type("brief", "x"));
        EXPECT_NE(text.find("the server has no type"), text.npos) << text;
        co_await drop_schema(db, schema);
        co_await expect_usable(db);
    });
}

TEST(named_types, dropped_and_made_anew_by_others)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_schema(db);
        tusk::connection other(db.get_executor());
        co_await other.async_connect(where());
        co_await other.async_script("set client_min_messages to warning; set search_path to " + schema);
        const std::string remake =
            "drop type place cascade; create type place as (street title, feeling temper, number "
            "small, codes small[], history temper[])";
        std::string text = co_await shown(db, "select $1::text", as_type("place", castle));
        EXPECT_EQ(text, castle_text);
        EXPECT_EQ(db.statistics().type_lookups, 1U);
        co_await other.async_script(remake);
        text = co_await shown(db, "select $1::text", as_type("place", castle)); // a statement that is cached
        EXPECT_EQ(text, castle_text);
        EXPECT_EQ(db.statistics().type_lookups, 2U);
        EXPECT_EQ(db.statistics().heals, 1U);
        co_await other.async_script(remake);
        text = co_await shown(db, "select 'new ' || $1::text", as_type("place", castle)); // one that is not
        EXPECT_EQ(text, "new " + std::string(castle_text));
        EXPECT_EQ(db.statistics().type_lookups, 3U);
        EXPECT_EQ(db.statistics().heals, 2U);
        // inside of a value
        co_await db.async_script("create type house as (at place, n int4)");
        text = co_await shown(db, "select $1::text", as_type("house", std::tuple(cottage, 1)));
        EXPECT_TRUE(text.starts_with("(\"(")) << text;
        co_await other.async_script(
            "alter type house drop attribute at; drop type place cascade; create type place as (street "
            "title, feeling temper, number small, codes small[], history temper[]);"
            "alter type house drop attribute n; alter type house add attribute at place; alter "
            "type house add attribute n int4");
        text = co_await shown(db, "select $1::text", as_type("house", std::tuple(cottage, 1)));
        EXPECT_TRUE(text.starts_with("(\"(")) << text;
        // gone for good
        co_await other.async_script("drop type house");
        const auto [ec, none] = co_await db.async_query(
            sql("select $1::text", as_type("house", std::tuple(cottage, 1))), as_tuple);
        EXPECT_EQ(ec, errc::unknown_type) << ec.message() << none.diag().message();
        co_await drop_schema(db, schema);
        co_await other.async_close();
        co_await expect_usable(db);
    });
}

TEST(named_types, cancelled_while_held)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_schema(db);
        asio::cancellation_signal stop;
        std::error_code stopped;
        tusk::diagnostics diag;
        db.async_query(sql("select $1", as_type("temper", "calm")),
                       asio::bind_cancellation_slot(stop.slot(), [&](std::error_code ec, tusk::result r) {
                           stopped = ec;
                           diag = r.diag();
                       }));
        reply<tusk::result> behind(db);
        db.async_query(sql("select $1", as_type("place", castle)), behind.token());
        stop.emit(asio::cancellation_type::terminal);
        co_await behind.wait();
        EXPECT_EQ(stopped, asio::error::operation_aborted);
        EXPECT_TRUE(diag.safe_to_retry());
        EXPECT_EQ(behind.value()[0][0].as<named_place>(), castle);
        EXPECT_LE(db.statistics().type_lookups, 2U);
        co_await drop_schema(db, schema);
    });
}

TEST(named_types, the_connection_ends_while_held)
{
    run_loop([]() -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        reply<tusk::result> held(executor);
        reply<tusk::single<tusk::type_ptr>> described(executor);
        {
            tusk::connection db(executor);
            co_await db.async_connect(where());
            db.async_query(sql("select $1", as_type("nosuch", "calm")), held.token());
            db.async_describe_type("nosuch", described.token());
        }
        co_await held.wait();
        co_await described.wait();
        EXPECT_EQ(held.ec(), asio::error::operation_aborted);
        EXPECT_EQ(described.ec(), asio::error::operation_aborted);
        EXPECT_TRUE(held.diag().safe_to_retry());
        // and closed in good order it is answered
        tusk::connection db(executor);
        co_await db.async_connect(where());
        reply<tusk::result> last(db);
        db.async_query(sql("select $1", as_type("nosuch", "calm")), last.token());
        co_await db.async_close();
        EXPECT_EQ(last.answers(), 1);
        EXPECT_EQ(last.ec(), errc::unknown_type);
    });
}

TEST(named_types, by_unnamed_statements_and_a_cache_of_one)
{
    for (const tusk::connection_options& options :
         {tusk::connection_options{.mode = tusk::statement_mode::unnamed},
          tusk::connection_options{.statement_cache_capacity = 1}}) {
        run_test(
            [](tusk::connection& db) -> asio::awaitable<void> {
                const std::string schema = co_await make_schema(db);
                for (int i = 0; i < 3; ++i) {
                    const std::string text = co_await shown(db, "select $1::text", as_type("place", castle));
                    EXPECT_EQ(text, castle_text);
                }
                EXPECT_EQ(db.statistics().type_lookups, 1U);
                EXPECT_EQ(db.statistics().cache_evictions, 0U);
                co_await drop_schema(db, schema);
            },
            options);
    }
}

} // namespace
} // namespace tusk_test
