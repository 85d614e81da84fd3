// Distributed under the Boost Software License, Version 1.0.
// What a connection says of types, and how often it asks.
#include "integration/extensions.hpp"
#include "integration/schema.hpp"

#include <string>
#include <vector>

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::oid;
using tusk::type_kind;
using tusk::type_ptr;

/// Types of every kind.
asio::awaitable<std::string> make_schema(tusk::connection& db)
{
    return tusk_test::make_schema(db, "described",
                                  "create type mood as enum ('sad', 'it''s ok', 'ä');"
                                  "create domain small as int4 check (value < 100);"
                                  "create domain smaller as small;"
                                  "create type address as (street varchar(20), feeling mood, n smaller);"
                                  "create type \"My Person\" as (id int8, others address[]);"
                                  "create type floatrange as range (subtype = float8);"
                                  "create table item (id int8, gone int4, tags text[]);"
                                  "alter table item drop column gone");
}

TEST(type_description, every_kind_with_one_query)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_schema(db);
        const type_ptr person = co_await db.async_describe_type("\"My Person\"");
        EXPECT_EQ(db.statistics().type_lookups, 1U);
        EXPECT_EQ(person->name, "My Person");
        EXPECT_EQ(person->schema, schema);
        EXPECT_EQ(person->sql_name(), '"' + schema + "\".\"My Person\"");
        EXPECT_EQ(person->kind, type_kind::composite);
        require(person->fields.size() == 2, "two fields");
        EXPECT_EQ(person->fields[0], (tusk::type_field{"id", oid::int8, -1}));
        const type_ptr addresses = co_await db.async_describe_type(person->fields[1].type);
        EXPECT_EQ(addresses->name, "address[]");
        EXPECT_EQ(addresses->sql_name(), '"' + schema + "\".\"address\"[]");
        const type_ptr address = co_await db.async_describe_type(addresses->element);
        EXPECT_EQ(address->array, addresses->id);
        require(address->fields.size() == 3, "three fields");
        EXPECT_EQ(address->fields[0], (tusk::type_field{"street", oid::varchar, 24}));
        const type_ptr mood = co_await db.async_describe_type(address->fields[1].type);
        EXPECT_EQ(mood->kind, type_kind::enumeration);
        EXPECT_EQ(mood->labels, (std::vector<std::string>{"sad", "it's ok", "ä"}));
        const type_ptr smaller = co_await db.async_describe_type(address->fields[2].type);
        EXPECT_EQ(smaller->kind, type_kind::domain);
        const type_ptr small = co_await db.async_describe_type(smaller->base);
        EXPECT_EQ(small->base, oid::int4);
        EXPECT_EQ(small->base_modifier, -1);
        EXPECT_EQ(db.statistics().type_lookups, 1U); // it brought all of them

        const type_ptr multi = co_await db.async_describe_type("floatmultirange");
        EXPECT_EQ(multi->kind, type_kind::multirange);
        const type_ptr range = co_await db.async_describe_type(multi->subtype);
        EXPECT_EQ(range->kind, type_kind::range);
        EXPECT_EQ(range->subtype, oid::float8);
        EXPECT_EQ(range->multirange, multi->id);
        const type_ptr item = co_await db.async_describe_type(schema + ".Item");
        EXPECT_EQ(item->fields,
                  (std::vector<tusk::type_field>{{"id", oid::int8, -1}, {"tags", oid{1009}, -1}}));
        EXPECT_EQ(db.statistics().type_lookups, 3U);
        co_await drop_schema(db, schema);
    });
}

TEST(type_description, built_in_types_need_no_query)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::vector<std::pair<std::string_view, oid>> names{{"int4", oid::int4},
                                                                  {"INTEGER", oid::int4},
                                                                  {"double precision", oid::float8},
                                                                  {"pg_catalog.int4[]", oid{1007}},
                                                                  {"\"char\"", oid::char_},
                                                                  {"char", oid::bpchar},
                                                                  {"timestamp with time zone[]", oid{1185}}};
        for (const auto& [name, expected] : names) {
            const type_ptr found = co_await db.async_describe_type(name);
            EXPECT_EQ(found->id, expected) << name;
            EXPECT_EQ(found->schema, "pg_catalog");
        }
        EXPECT_EQ(db.statistics().type_lookups, 0U);
        // and what the server says of them is the same
        for (const std::uint32_t id : {16, 18, 19, 23, 603, 1002, 1007, 1020, 1184, 2287, 3904, 4451, 6150}) {
            const type_ptr built_in = co_await db.async_describe_type(oid{id});
            const auto row = co_await db.async_query_one<
                std::tuple<std::string, std::string, char>>(tusk::sql(
                "select format_type(t.oid, -1), n.nspname, t.typdelim from pg_type t join pg_namespace n on "
                "n.oid = t.typnamespace where t.oid = $1",
                oid{id}));
            EXPECT_EQ(built_in->schema, std::get<1>(row));
            EXPECT_EQ(built_in->delimiter, std::get<2>(row)) << id;
            const auto same = co_await db.async_query_one<bool>(
                tusk::sql("select to_regtype($1) = $2", built_in->sql_name(), built_in->id));
            EXPECT_TRUE(same) << built_in->sql_name();
        }
        const type_ptr quoted = co_await db.async_describe_type("\"int4\"");
        EXPECT_EQ(quoted->id, oid::int4);
        EXPECT_EQ(db.statistics().type_lookups, 1U);
        const type_ptr table =
            co_await db.async_describe_type("pg_class"); // its columns are the server's alone
        EXPECT_EQ(table->fields.front().name, "oid");
        EXPECT_EQ(db.statistics().type_lookups, 2U);
    });
}

TEST(type_description, names)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_schema(db);
        const type_ptr mood = co_await db.async_describe_type("mood");
        std::uint64_t asked = 1;
        for (const std::string& name : {std::string("MOOD"), std::string(" mood "), std::string("\"mood\""),
                                        schema + ".mood", '"' + schema + "\" . mood"}) {
            const type_ptr same = co_await db.async_describe_type(name);
            EXPECT_EQ(same->id, mood->id) << name;
        }
        ++asked; // the name with the schema
        EXPECT_EQ(db.statistics().type_lookups, asked);
        for (const std::string_view name : {"mood[]", "_mood", "mood[][]", "\"mood\" [ ]"}) {
            const type_ptr array = co_await db.async_describe_type(name);
            EXPECT_EQ(array->id, mood->array) << name;
            EXPECT_EQ(array->element, mood->id);
        }
        asked += 2; // "_mood" is another name
        EXPECT_EQ(db.statistics().type_lookups, asked);
        for (const std::string name :
             {"nosuch", "nosuch.mood", "\"MOOD\"", "nosuch[]", "mood\\'; drop table x"}) {
            const auto [ec, none] = co_await db.async_describe_type(name, as_tuple);
            EXPECT_EQ(ec, errc::unknown_type) << name;
            EXPECT_NE(none.diag().message().find(name), std::string_view::npos) << none.diag().message();
            EXPECT_FALSE(none.value());
        }
        for (const std::string name :
             {"", "varchar(10)", "a.b.c", "int4 x", "\"x", "1x", "x]", "x[1]", "\"\""}) {
            const auto [ec, none] = co_await db.async_describe_type(name, as_tuple);
            EXPECT_EQ(ec, errc::unknown_type) << name;
            EXPECT_TRUE(none.diag().safe_to_retry());
        }
        const auto [ec, none] = co_await db.async_describe_type(oid{4'000'000'000}, as_tuple);
        EXPECT_EQ(ec, errc::unknown_type);
        EXPECT_NE(none.diag().message().find("4000000000"), std::string_view::npos);
        co_await drop_schema(db, schema);
        co_await expect_usable(db);
    });
}

TEST(type_description, an_extension_is_found_where_search_path_does_not_look)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await need_extension(db, "hstore"); // in public
        const std::string schema = co_await make_schema(db);
        co_await db.async_script("set search_path to ''; set client_min_messages to warning");
        const auto [ec, none] =
            co_await db.async_describe_type("mood", as_tuple); // anybody may have made that one
        EXPECT_EQ(ec, errc::unknown_type);
        const type_ptr hstore = co_await db.async_describe_type("hstore");
        const type_ptr hstores = co_await db.async_describe_type("hstore[]");
        EXPECT_EQ(hstore->array, hstores->id);
        co_await drop_schema(db, schema);
    });
}

TEST(type_description, whatever_the_modes_and_search_path)
{
    for (const auto mode :
         {tusk::statement_mode::cached, tusk::statement_mode::unnamed, tusk::statement_mode::simple}) {
        run_test(
            [](tusk::connection& db) -> asio::awaitable<void> {
                const std::string schema = co_await make_schema(db);
                // operators, functions and types that stand in front of the server's own, and backslashes in literals
                co_await db.async_script(
                    "create function lies(oid, oid) returns bool language sql as 'select false';"
                    "create operator = (function = lies, leftarg = oid, rightarg = oid);"
                    "create function to_regtype(text) returns regtype language sql as 'select null::regtype';"
                    "create type text as enum ('no'); create type oid as enum ('no');"
                    "set search_path to " +
                    schema + ", pg_catalog; set standard_conforming_strings to off");
                const type_ptr mood = co_await db.async_describe_type("mood");
                EXPECT_EQ(mood->labels.size(), 3U);
                const auto [ec, none] = co_await db.async_describe_type("\"it's a \\ name\"", as_tuple);
                EXPECT_EQ(ec, errc::unknown_type);
                co_await db.async_script("set search_path to pg_catalog; drop schema " + schema + " cascade");
            },
            {.mode = mode});
    }
}

TEST(type_description, asked_for_by_many_at_once_it_is_one_query)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_schema(db);
        using answer = reply<tusk::single<type_ptr>>;
        std::vector<answer> answers;
        for (int i = 0; i < 20; ++i)
            db.async_describe_type(i % 2 ? "mood" : "address", answers.emplace_back(db).token());
        reply<tusk::single<int>> behind(db);
        db.async_query_one<int>("select 7", behind.token());
        for (std::size_t i = 0; i < answers.size(); ++i) {
            co_await answers[i].wait();
            EXPECT_FALSE(answers[i].ec());
            EXPECT_EQ(answers[i].value().value()->name, i % 2 ? "mood" : "address");
        }
        co_await behind.wait();
        EXPECT_EQ(behind.value().value(), 7);
        EXPECT_LE(db.statistics().type_lookups, 2U); // the first, then all the others
        co_await drop_schema(db, schema);
    });
}

TEST(type_description, in_a_failed_transaction)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_schema(db);
        co_await db.async_execute("begin");
        const auto [failed, nothing] = co_await db.async_query("select 1 / 0", as_tuple);
        EXPECT_TRUE(failed);
        const auto [ec, none] = co_await db.async_describe_type("mood", as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::in_failed_sql_transaction) << ec.message();
        co_await db.async_execute("rollback");
        const type_ptr mood = co_await db.async_describe_type("mood");
        EXPECT_EQ(mood->name, "mood");
        co_await drop_schema(db, schema);
    });
}

TEST(type_description, names_follow_search_path)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string one = co_await make_schema(db);
        const type_ptr first = co_await db.async_describe_type("mood");
        const std::string two = co_await make_schema(db); // sets search_path
        const type_ptr second = co_await db.async_describe_type("mood");
        EXPECT_EQ(first->schema, one);
        EXPECT_EQ(second->schema, two);
        co_await db.async_execute("begin");
        co_await db.async_execute("set local search_path to " + one);
        const type_ptr third = co_await db.async_describe_type("mood");
        EXPECT_EQ(*third, *first);
        co_await db.async_execute("rollback");
        const type_ptr fourth = co_await db.async_describe_type("mood");
        EXPECT_EQ(*fourth, *second);
        co_await db.async_execute("discard all");
        const auto [ec, none] = co_await db.async_describe_type("mood", as_tuple);
        EXPECT_EQ(ec, errc::unknown_type);
        const type_ptr known = co_await db.async_describe_type(first->id); // OIDs stay
        EXPECT_EQ(*known, *first);
        co_await drop_schema(db, one);
        co_await drop_schema(db, two);
    });
}

TEST(type_description, ddl_on_the_connection_is_noticed)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string schema = co_await make_schema(db);
        const type_ptr before = co_await db.async_describe_type("mood");
        co_await db.async_execute("alter type mood add value 'new'");
        const type_ptr after = co_await db.async_describe_type("mood");
        EXPECT_EQ(after->id, before->id);
        EXPECT_EQ(after->labels.size(), 4U);
        EXPECT_EQ(before->labels.size(), 3U); // what was handed out does not change
        co_await db.async_execute("begin");
        co_await db.async_execute("alter type address add attribute more int4");
        const type_ptr longer = co_await db.async_describe_type("address");
        EXPECT_EQ(longer->fields.size(), 4U);
        co_await db.async_execute("rollback");
        const type_ptr again = co_await db.async_describe_type("address");
        EXPECT_EQ(again->fields.size(), 3U);
        co_await db.async_execute("drop type floatrange");
        const auto [ec, none] = co_await db.async_describe_type("floatrange", as_tuple);
        EXPECT_EQ(ec, errc::unknown_type);
        co_await drop_schema(db, schema);
    });
}

} // namespace
} // namespace tusk_test
