// Distributed under the Boost Software License, Version 1.0.
// Parameters whose types are known by name alone.
#include "integration/extensions.hpp"
#include "integration/named_types.hpp"

namespace tusk_test {
namespace {

using namespace named_types;

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
        for (const std::string& extension : extensions) co_await need_extension(db, extension);
        const std::string schema = co_await make_schema(db);
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

} // namespace
} // namespace tusk_test
