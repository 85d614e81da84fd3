// Distributed under the Boost Software License, Version 1.0.
// Parameters whose types are known by name alone.
#include "integration/support.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>

#include <optional>
#include <string>
#include <tuple>
#include <vector>

namespace tusk_test {

enum class temper { calm, wild };
struct named_place {
    std::string street;
    temper feeling{};
    std::optional<std::int32_t> number;
    std::vector<std::int32_t> codes;
    std::vector<temper> history;

    friend bool operator==(const named_place&, const named_place&) = default;
};
struct named_person {
    std::int64_t id = 0;
    named_place home;
    std::vector<named_place> others;
    tusk::range<double> span;

    friend bool operator==(const named_person&, const named_person&) = default;
};
/// A type with a codec of its own, sent by name.
struct codes_of_place {
    std::int32_t number = 0;
};

} // namespace tusk_test

template <>
struct tusk::encode_traits<tusk_test::codes_of_place> {
    static constexpr oid type = oid::none;
    static constexpr tusk::format format = tusk::format::binary;
    static constexpr std::string_view type_name = "small";

    [[nodiscard]] static errc encode(const tusk_test::codes_of_place& v, encoder& out)
    {
        out.i32(v.number);
        return {};
    }
};

namespace tusk_test {
namespace {

using tusk::as_oid;
using tusk::as_type;
using tusk::errc;
using tusk::oid;
using tusk::sql;

asio::awaitable<std::string> make_schema(tusk::connection& db)
{
    std::string schema = unique_name("named");
    co_await db.async_script(
        "create schema " + schema + "; set search_path to " + schema +
        ", public;"
        "create type temper as enum ('calm', 'wild');"
        "create domain small as int4 check (value < 100); create domain smalls as int4[];"
        "create domain title as varchar(20);"
        "create type place as (street title, feeling temper, number small, codes small[], history temper[]);"
        "create type floatrange as range (subtype = float8);"
        "create type smallrange as range (subtype = small);"
        "create type person as (id int8, home place, others place[], span floatrange)");
    co_return schema;
}

asio::awaitable<void> drop_schema(tusk::connection& db, std::string schema)
{
    co_await db.async_script("set client_min_messages to warning; drop schema " + schema + " cascade");
}

const named_place castle{"high", temper::wild, std::nullopt, {1, 2}, {temper::calm, temper::wild}};
const named_place cottage{"", temper::calm, 7, {}, {}};
named_place numbered(int n) { return {"", temper::calm, n, {}, {}}; }
const named_person ada{1, castle, {cottage, castle}, tusk::range<double>(1.5, 2.5)};

template <class Value>
asio::awaitable<std::string> shown(tusk::connection& db, std::string query, Value value)
{
    auto [ec, text] = co_await db.async_query_one<std::string>(sql(query, value), as_tuple);
    if (ec) co_return ec.message() + ": " + std::string(text.diag().message());
    co_return text.value();
}

// g++ 12 takes no list beside a co_await
const std::vector<int> one_two{1, 2};
const std::vector<std::optional<int>> one_null{1, std::nullopt};
const std::vector<temper> one_temper{temper::calm};
const std::vector<named_place> two_places{cottage, castle};
const std::vector<tusk::range<double>> two_ranges{ada.span, {}};
const tusk::hstore one_hstore({{"a", "1"}, {"b", std::nullopt}});
const std::vector<tusk::hstore> two_hstores{one_hstore, {}};
const std::vector<std::string> extensions{"hstore", "ltree", "cube"};
const tusk::cube square({1, 2}, {3, 4});
const tusk::multirange<double> one_range{ada.span};
const std::vector<tusk::cube> one_cube{tusk::cube({1}, {})};

constexpr std::string_view castle_text = R"((high,wild,,"{1,2}","{calm,wild}"))";

TEST(named_types, one_look_up_for_each_type)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_schema(db);
        std::string text = co_await shown(db, "select $1::text", as_type("temper", "wild"));
        EXPECT_EQ(text, "wild");
        text = co_await shown(db, "select $1::text", as_type("temper", temper::calm));
        EXPECT_EQ(text, "calm");
        EXPECT_EQ(db.statistics().type_lookups, 1U);
        EXPECT_EQ(db.statistics().cache_hits, 1U); // the same declared type, so the same statement
        text =
            co_await shown(db, "select pg_typeof($1)::text", as_type(schema + ".\"temper\"", temper::calm));
        EXPECT_EQ(text, "temper");
        text = co_await shown(db, "select $1::text", as_type("temper[]", one_temper));
        EXPECT_EQ(text, "{calm}");
        std::vector moods(1, as_type("temper", temper::wild));
        moods.push_back(as_type("temper", temper::calm));
        text = co_await shown(db, "select $1::text || pg_typeof($1)::text", moods);
        EXPECT_EQ(text, "{wild,calm}temper[]");
        EXPECT_EQ(db.statistics().type_lookups, 3U); // for each name
        text = co_await shown(db, "select ($1 + 1)::text || pg_typeof($1)::text", as_type("small", 41));
        EXPECT_EQ(text, "42small");
        text = co_await shown(db, "select pg_typeof($1)::text", as_type("small", std::optional<int>()));
        EXPECT_EQ(text, "small");
        text = co_await shown(db, "select pg_typeof($1)::text || $1", codes_of_place{9});
        EXPECT_EQ(text, "small9");
        EXPECT_EQ(db.statistics().type_lookups, 4U);
        text = co_await shown(db, "select $1::text || pg_typeof($1)", as_type("smalls", one_two));
        EXPECT_EQ(text, "{1,2}smalls");
        text = co_await shown(db, "select $1::text || pg_typeof($1)", as_type("small[]", one_two));
        EXPECT_EQ(text, "{1,2}small[]");
        text = co_await shown(db, "select $1::text || pg_typeof($1)", as_type("small[]", one_null));
        EXPECT_EQ(text, "{1,NULL}small[]");
        co_await drop_schema(db, schema);
    });
}

TEST(named_types, composites_arrays_of_them_and_ranges)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_schema(db);
        std::string text = co_await shown(db, "select $1::text", as_type("place", castle));
        EXPECT_EQ(text, castle_text);
        text = co_await shown(db, "select $1[2]::text || pg_typeof($1)", as_type("place[]", two_places));
        EXPECT_EQ(text, std::string(castle_text) + "place[]");
        text = co_await shown(db, "select ($1).others[2]::text", as_type("person", ada));
        EXPECT_EQ(text, castle_text);
        text = co_await shown(db, "select ($1).span::text", as_type("person", std::optional(ada)));
        EXPECT_EQ(text, "[1.5,2.5)");
        const auto whole = co_await db.async_query_one<bool>(
            sql("select $1 = row(1, row('high','wild',null,'{1,2}','{calm,wild}'), "
                "array[row('','calm',7,'{}','{}')::place,"
                "row('high','wild',null,'{1,2}','{calm,wild}')::place], '[1.5,2.5)')::person",
                as_type("person", ada)));
        EXPECT_TRUE(whole);
        text = co_await shown(db, "select $1::text || pg_typeof($1)", as_type("floatrange", ada.span));
        EXPECT_EQ(text, "[1.5,2.5)floatrange");
        text = co_await shown(db, "select $1::text || pg_typeof($1)", as_type("floatmultirange", one_range));
        EXPECT_EQ(text, "{[1.5,2.5)}floatmultirange");
        text = co_await shown(db, "select $1::text", as_type("smallrange", tusk::range<int>::closed(1, 3)));
        EXPECT_EQ(text, "[1,3]");
        text = co_await shown(db, "select $1::text", as_type("floatrange[]", two_ranges));
        EXPECT_EQ(text, "{\"[1.5,2.5)\",empty}");
        // a name inside of what is sent without one
        text = co_await shown(db, "select (($1::person).home).street::text",
                              std::tuple(std::int64_t{1}, as_type("place", castle),
                                         as_type("place[]", two_places), as_type("floatrange", ada.span)));
        EXPECT_EQ(text, "high");
        co_await drop_schema(db, schema);
    });
}

TEST(named_types, extensions_inside_of_composites_and_arrays)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_schema(db);
        for (const std::string& extension : extensions) {
            const bool there = co_await db.async_query_one<bool>(
                sql("select exists (select from pg_extension where extname = $1)", extension));
            if (!there) co_await db.async_script("create extension " + extension + " schema public");
        }
        co_await db.async_script("create type bag as (h hstore, path ltree, c cube, many hstore[])");
        const tusk::hstore h = one_hstore;
        const std::tuple bag(h, tusk::ltree("a.b"), std::optional(square), two_hstores);
        const std::string expected =
            R"x(("""a""=>""1"", ""b""=>NULL",a.b,"(1, 2),(3, 4)","{""\\""a\\""=>\\""1\\"", \\""b\\""=>NULL"",""""}"))x";
        std::string text = co_await shown(db, "select $1::text", as_type("bag", bag));
        EXPECT_EQ(text, expected);
        const std::uint64_t before = db.statistics().type_lookups;
        text = co_await shown(db, "select $1::bag::text", bag); // they have their names by themselves
        EXPECT_EQ(text, expected);
        EXPECT_EQ(db.statistics().type_lookups, before + 1);
        text = co_await shown(db, "select $1::bag::text", bag);
        EXPECT_EQ(text, expected);
        EXPECT_EQ(db.statistics().type_lookups, before + 1);
        text = co_await shown(db, "select pg_typeof($1)::text || $1::text", as_type("hstore", h));
        EXPECT_EQ(text, R"(hstore"a"=>"1", "b"=>NULL)");
        text = co_await shown(db, "select pg_typeof($1)::text", as_type("cube[]", one_cube));
        EXPECT_EQ(text, "cube[]");
        using read =
            std::tuple<tusk::hstore, tusk::ltree, std::optional<tusk::cube>, std::vector<tusk::hstore>>;
        const auto back =
            co_await db.async_query_one<std::tuple<read>>(sql("select $1", as_type("bag", bag)));
        EXPECT_EQ(std::get<0>(back), bag);
        // without the extension the error says so
        const tusk::pgvector vector(std::vector<float>(1, 1.0F));
        const auto [ec, none] =
            co_await db.async_query(sql("select $1", as_type("bag", std::tuple(vector, 1))), as_tuple);
        EXPECT_EQ(ec, errc::parameter_mismatch);
        const auto [ec2, none2] =
            co_await db.async_query(sql("select $1::record", std::tuple(vector, 1)), as_tuple);
        EXPECT_EQ(ec2, errc::unknown_type);
        EXPECT_NE(none2.diag().message().find("vector"), std::string_view::npos) << none2.diag().message();
        co_await drop_schema(db, schema);
    });
}

TEST(named_types, what_does_not_fit_is_not_sent)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_schema(db);
        const std::string query = "select $1::text";
        const std::uint64_t before = db.statistics().requests;
        std::string text = co_await shown(db, query, as_type("small", std::int64_t{1}));
        EXPECT_NE(text.find(".\"small\" is \"" + schema +
                            "\".\"small\", and a value for it was encoded as \"pg_catalog\".\"int8\""),
                  text.npos)
            << text;
        text = co_await shown(db, query, as_type("temper", 1));
        EXPECT_NE(text.find("encoded as"), text.npos) << text;
        text = co_await shown(db, query, as_type("temper", castle));
        EXPECT_NE(text.find("there is no field 1 of"), text.npos) << text;
        text = co_await shown(db, query, as_type("temper[]", one_two));
        EXPECT_NE(text.find("an element of"), text.npos) << text;
        text = co_await shown(db, query, as_type("place", std::tuple(1, temper::calm, 1, one_two, "{}")));
        EXPECT_NE(text.find("field 1 of"), text.npos) << text;
        text = co_await shown(db, query, as_type("floatrange", tusk::range<std::int64_t>::closed(1, 2)));
        EXPECT_NE(text.find("what is in"), text.npos) << text;
        text = co_await shown(db, query, as_type("smallrange", tusk::range<std::int16_t>::closed(1, 2)));
        EXPECT_NE(text.find("encoded as"), text.npos) << text;
        EXPECT_EQ(db.statistics().requests, before);
        const auto [ec, r] = co_await db.async_query(sql(query, as_type("small", std::int64_t{1})), as_tuple);
        EXPECT_EQ(ec, errc::parameter_mismatch);
        EXPECT_TRUE(r.diag().safe_to_retry());
        // the server has a word too
        text = co_await shown(db, query, as_type("place", std::tuple("x", temper::calm)));
        EXPECT_NE(text.find("wrong number of columns"), text.npos) << text;
        text = co_await shown(db, query, as_type("small", 100));
        EXPECT_NE(text.find("small_check"), text.npos) << text;
        co_await drop_schema(db, schema);
        co_await expect_usable(db);
    });
}

TEST(named_types, unknown_names_harm_nobody)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_schema(db);
        std::vector<reply<tusk::result>> replies;
        db.async_query("select 0", replies.emplace_back(db).token());
        db.async_query(sql("select $1", as_type("nosuch", "x")), replies.emplace_back(db).token());
        db.async_query(sql("select $1", as_type("temper", "calm")), replies.emplace_back(db).token());
        db.async_query("select 3", replies.emplace_back(db).token());
        for (const auto& r : replies) co_await r.wait();
        EXPECT_EQ(replies[0].value()[0][0].as<int>(), 0);
        EXPECT_EQ(replies[1].ec(), errc::unknown_type);
        EXPECT_TRUE(replies[1].diag().safe_to_retry());
        EXPECT_EQ(replies[1].diag().message(), "the server has no type \"nosuch\"");
        EXPECT_EQ(replies[2].value()[0][0].as<std::string>(), "calm");
        EXPECT_EQ(replies[3].value()[0][0].as<int>(), 3);
        EXPECT_EQ(db.statistics().requests, 3U + 1U); // the script of make_schema, and no other
        const auto [ec, none] = co_await db.async_query(sql("select $1", as_type("no name", "x")), as_tuple);
        EXPECT_EQ(ec, errc::unknown_type);
        // made later, it is found
        co_await db.async_execute("create type nosuch as enum ('x')");
        const std::string text = co_await shown(db, "select pg_typeof($1)::text", as_type("nosuch", "x"));
        EXPECT_EQ(text, "nosuch");
        co_await drop_schema(db, schema);
    });
}

TEST(named_types, order_is_kept_in_a_pipeline)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_schema(db);
        co_await db.async_script("create table log (n int4 generated always as identity, t temper, i int4)");
        constexpr int count = 300;
        std::vector<reply<tusk::command>> replies;
        for (int i = 0; i < count; ++i) {
            auto token = replies.emplace_back(db).token();
            if (i % 3 == 1)
                db.async_execute(sql("insert into log (t, i) values ($1, $2)",
                                     as_type("temper", i % 2 ? "calm" : "wild"), i),
                                 std::move(token));
            else if (i % 50 == 0)
                db.async_execute(
                    sql("insert into log (i) values (($1).number)", as_type("place", numbered(i % 100))),
                    std::move(token));
            else
                db.async_execute(sql("insert into log (i) values ($1)", i), std::move(token));
        }
        for (const auto& r : replies) {
            co_await r.wait();
            EXPECT_FALSE(r.ec()) << r.diag().message();
        }
        const auto ordered = co_await db.async_query_one<bool>(
            "select bool_and(i % 100 = (n - 1) % 100) and count(*) = 300 from log");
        EXPECT_TRUE(ordered);
        EXPECT_EQ(db.statistics().type_lookups, 2U);
        co_await drop_schema(db, schema);
    });
}

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
