// Distributed under the Boost Software License, Version 1.0.
#include <tusk/batch.hpp>
#include <tusk/detail/named_types.hpp>
#include <tusk/detail/sql_type_name.hpp>
#include <tusk/sql.hpp>

#include "session/named_parameters.hpp"

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <tuple>
#include <vector>

namespace {

using namespace tusk;
using detail::is_named;
using detail::name_of;
using detail::named_type;

TEST(sql_type_name, spellings)
{
    const auto spelt = [](std::string_view text) {
        detail::sql_type_name name;
        return detail::parse_type_name(text, name) ? name.to_string() : "none";
    };
    EXPECT_EQ(spelt("Mood"), "\"mood\"");
    EXPECT_EQ(spelt(" app . Mood [ ] [] "), "\"app\".\"mood\"[]");
    EXPECT_EQ(spelt("\"A \"\"b\"\"\".\"[]\""), "\"A \"\"b\"\"\".\"[]\"");
    EXPECT_EQ(spelt("_x$1\xc3\xa4"), "\"_x$1\xc3\xa4\"");
    EXPECT_EQ(spelt(spelt("app.\"Mood\"[]")), "\"app\".\"Mood\"[]");
    for (const std::string& bad :
         {std::string(), std::string(" "), std::string("a.b.c"), std::string("a b"), std::string("\"a"),
          std::string("1a"), std::string("a["), std::string("a[1]"), std::string("a]"), std::string("\"\""),
          std::string("."), std::string("a\0b", 3), std::string(2000, 'a'), std::string("varchar(3)"),
          std::string("a;")})
        EXPECT_EQ(spelt(bad), "none") << bad;
}

TEST(named_type, one_number_for_all_spellings)
{
    const oid mood = named_type("mood");
    EXPECT_TRUE(is_named(mood));
    EXPECT_EQ(named_type(" \"mood\" "), mood);
    EXPECT_EQ(named_type("MOOD"), mood);
    EXPECT_EQ(name_of(mood), "\"mood\"");
    EXPECT_EQ(name_of(detail::named_array_of(mood)), "\"mood\"[]");
    EXPECT_EQ(named_type("mood[]"), detail::named_array_of(mood));
    EXPECT_EQ(detail::named_array_of(named_type("mood[]")), oid::none);
    EXPECT_EQ(named_type("INTEGER"), oid::int4);
    EXPECT_EQ(named_type("int4[]"), oid{1007});
    EXPECT_EQ(named_type("no name"), oid::none);
    EXPECT_EQ(name_of(oid::int4), "");
    EXPECT_EQ(name_of(oid{0xffff'ffff}), "");
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t)
        threads.emplace_back([] {
            for (int i = 0; i < 200; ++i) {
                const std::string name = "thread_" + std::to_string(i);
                EXPECT_EQ(name_of(named_type(name)), '"' + name + '"');
            }
        });
    for (std::thread& t : threads) t.join();
}

TEST(params, remember_what_is_to_be_put_in)
{
    EXPECT_EQ(sql("select $1", 1).view().places, nullptr);
    const bound b = sql("select $1", as_type("place", std::tuple(1, std::string("x"))));
    ASSERT_TRUE(b.view().places);
    const auto& places = *b.view().places;
    ASSERT_EQ(places.places().size(), 2U);
    EXPECT_EQ(places.places()[0].at, 8U); // behind the value's length and the number of fields
    EXPECT_EQ(places.places()[1].at, 20U);
    EXPECT_EQ(places.assumptions().size(), 2U);
    EXPECT_EQ(places.names().size(), 1U);
    bound copy = b;
    copy.parameters().clear();
    EXPECT_EQ(copy.view().places, nullptr);
    EXPECT_TRUE(b.view().places);
    batch all;
    all.add("select 1").add(b).add("select $1", as_type("mood", "sad")).add("select $1", 4);
    EXPECT_TRUE(all.names_types());
    EXPECT_EQ(all[0].places, nullptr);
    EXPECT_EQ(all[1].places->places().size(), 2U);
    EXPECT_EQ(all[2].places->places().size(), 0U);
    EXPECT_EQ(all[3].places, nullptr);
}

session::described_type described(std::uint32_t id, type_kind kind, std::string name)
{
    session::described_type t;
    t.type.id = oid{id};
    t.type.kind = kind;
    t.type.name = name;
    t.type.schema = "s";
    t.names.push_back('"' + name + '"');
    return t;
}

TEST(named_parameters, are_put_in)
{
    session::type_catalogue catalogue;
    bound b = sql("select $1", as_type("place", std::tuple(1, std::string("x"))));
    EXPECT_EQ(session::missing_names(b.view(), catalogue).names, std::vector<std::string>{"\"place\""});
    auto small = described(20'001, type_kind::domain, "small");
    small.type.base = oid::int4;
    auto place = described(20'002, type_kind::composite, "place");
    place.type.fields = {{"n", oid{20'001}, -1}, {"t", oid::varchar, -1}};
    catalogue.learn({small, place});
    EXPECT_TRUE(session::missing_names(b.view(), catalogue).empty());
    diagnostics why;
    ASSERT_TRUE(session::fits_types(b.view(), catalogue, why)) << why.message();
    session::named_parameters put;
    statement_view v = b.view();
    put.put(v, catalogue);
    EXPECT_EQ(v.declared[0], oid{20'002});
    EXPECT_EQ(v.places, nullptr);
    const auto at = [&](std::size_t i) { return static_cast<unsigned>(v.values[i]); };
    EXPECT_EQ(at(10) << 8 | at(11), 20'001U);
    EXPECT_EQ(at(22) << 8 | at(23), 1043U);

    place.type.fields[1].type = oid::jsonb; // whose binary form is no text
    catalogue.learn({place});
    EXPECT_FALSE(session::fits_types(b.view(), catalogue, why));
    EXPECT_EQ(why.message(),
              "field 2 of \"s\".\"place\" is \"pg_catalog\".\"jsonb\", and a value for it was encoded as "
              "\"pg_catalog\".\"text\"");
    place.type.fields.pop_back();
    catalogue.learn({place});
    EXPECT_FALSE(session::fits_types(b.view(), catalogue, why));
    EXPECT_EQ(why.message(), "there is no field 2 of \"s\".\"place\"");
}

TEST(type_catalogue, answers_that_no_server_gives)
{
    session::type_catalogue catalogue;
    auto one = described(20'001, type_kind::domain, "one");
    auto two = described(20'002, type_kind::domain, "two");
    one.type.base = oid{20'002}; // in a circle
    two.type.base = oid{20'001};
    catalogue.learn({one, two, one});
    EXPECT_EQ(catalogue.known()->types.size(), 2U);
    (void)known_types(catalogue.known().get()).base(oid{20'001});
    const std::uint64_t before = catalogue.version();
    std::vector<session::described_type> many;
    for (std::uint32_t i = 0; i < session::type_catalogue::max_types; ++i)
        many.push_back(described(30'000 + i, type_kind::enumeration, "many" + std::to_string(i)));
    catalogue.learn(std::move(many));
    EXPECT_EQ(catalogue.find("\"one\""), oid::none); // what was before has given way
    EXPECT_EQ(catalogue.known()->types.size(), session::type_catalogue::max_types);
    EXPECT_GT(catalogue.version(), before);
}

TEST(type_catalogue, commands)
{
    session::type_catalogue catalogue;
    const auto learn = [&] { catalogue.learn({described(20'001, type_kind::enumeration, "mood")}); };
    const auto name = [&] { return catalogue.find("\"mood\"") != oid::none; };
    const auto type = [&] { return catalogue.find(oid{20'001}) != nullptr; };
    for (const std::string_view harmless :
         {"SELECT 1", "INSERT 0 1", "BEGIN", "COMMIT", "ROLLBACK", "CREATE TYPE"}) {
        learn();
        catalogue.heed(harmless, false);
        EXPECT_TRUE(name() && type()) << harmless;
    }
    for (const std::string_view path : {"SET", "RESET", "DISCARD ALL"}) {
        learn();
        catalogue.heed(path, path == "DISCARD ALL");
        EXPECT_TRUE(!name() && type()) << path;
        learn();
        catalogue.heed("ROLLBACK", true); // of it
        EXPECT_TRUE(!name() && type()) << path;
        catalogue.settled();
        learn();
        catalogue.heed("ROLLBACK", true);
        EXPECT_TRUE(name()) << path;
    }
    learn();
    catalogue.heed("SET", true); // the server tells itself
    EXPECT_TRUE(name());
    catalogue.heed("DROP TYPE", true);
    EXPECT_TRUE(!name() && !type());
    learn();
    catalogue.heed("ROLLBACK", true);
    EXPECT_TRUE(!name() && !type());
}

} // namespace
