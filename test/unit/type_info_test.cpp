// Distributed under the Boost Software License, Version 1.0.
#include <tusk/detail/type_links.hpp>
#include <tusk/type_info.hpp>

#include "values/type_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

using tusk::find_type;
using tusk::oid;
using tusk::type_kind;

TEST(type_info, finds_types_by_oid)
{
    const tusk::type_info* t = find_type(oid::int4);
    ASSERT_TRUE(t);
    EXPECT_EQ(t->name, "int4");
    EXPECT_EQ(t->kind, type_kind::base);
    EXPECT_EQ(t->array, oid{1007});
    EXPECT_EQ(t->element, oid::none);
    EXPECT_EQ(find_type(oid{1007})->element, oid::int4);
    EXPECT_EQ(find_type(oid{22})->element, oid::int2);  // int2vector
    EXPECT_EQ(find_type(oid{600})->element, oid::none); // a point has subscripts and is no array
    EXPECT_FALSE(find_type(oid::none));
    EXPECT_FALSE(find_type(oid{15}));
    EXPECT_FALSE(find_type(oid{16'384}));
    EXPECT_FALSE(find_type(oid{0xffff'ffff}));
}

TEST(type_info, knows_how_types_hang_together)
{
    const tusk::type_info* range = find_type("int4range");
    ASSERT_TRUE(range);
    EXPECT_EQ(range->kind, type_kind::range);
    EXPECT_EQ(range->subtype, oid::int4);
    const tusk::type_info* multi = find_type(range->multirange);
    ASSERT_TRUE(multi);
    EXPECT_EQ(multi->name, "int4multirange");
    EXPECT_EQ(multi->kind, type_kind::multirange);
    EXPECT_EQ(multi->subtype, range->id);
    EXPECT_EQ(find_type("pg_class")->kind, type_kind::composite);
    EXPECT_EQ(find_type("record")->kind, type_kind::pseudo);
}

TEST(type_info, finds_types_by_name)
{
    EXPECT_EQ(find_type("int4[]")->id, oid{1007});
    EXPECT_EQ(find_type("_int4")->id, oid{1007});
    EXPECT_EQ(find_type("pg_catalog.int4")->id, oid::int4);
    EXPECT_EQ(find_type("integer")->id, oid::int4);
    EXPECT_EQ(find_type("integer[]")->id, oid{1007});
    EXPECT_EQ(find_type("timestamp with time zone")->id, oid::timestamptz);
    EXPECT_EQ(find_type("double precision[]")->id, oid{1022});
    EXPECT_EQ(find_type("char")->id, oid::bpchar);
    EXPECT_EQ(find_type("\"char\"")->id, oid::char_);
    EXPECT_EQ(find_type("\"char\"[]")->id, oid{1002});
    EXPECT_EQ(find_type("_char")->id, oid{1002});
    for (const char* name :
         {"", "_", "[]", "_[]", "int", "INT4", "int4[][]", "mood", "pg_catalog.", "public.int4"})
        EXPECT_EQ(find_type(name) != nullptr, std::string(name) == "int") << name;
}

TEST(type_info, tables_agree)
{
    const auto& table = tusk::detail::type_table;
    EXPECT_TRUE(std::ranges::is_sorted(table, std::less<>(), &tusk::type_info::id));
    EXPECT_EQ(std::size(table), std::size(tusk::detail::types_by_name));
    for (const tusk::type_info& t : table) {
        EXPECT_EQ(find_type(t.id), &t) << t.name;
        EXPECT_EQ(find_type(t.name), &t) << t.name;
        EXPECT_EQ(tusk::type_name(t.id), t.name);
        EXPECT_EQ(tusk::detail::array_of(t.id), t.array) << t.name;
        EXPECT_EQ(tusk::detail::multirange_of(t.id), t.multirange) << t.name;
        if (t.array != oid::none) {
            EXPECT_EQ(find_type(t.array)->element, t.id) << t.name;
            EXPECT_EQ(find_type(t.array)->name, std::string(t.name) + "[]");
        }
        if (t.kind == type_kind::range) EXPECT_EQ(tusk::detail::range_of(t.subtype), t.id) << t.name;
    }
}
