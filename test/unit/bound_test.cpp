// Distributed under the Boost Software License, Version 1.0.
#include "allocations.hpp"

#include <tusk/sql.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace {

using tusk::bound;
using tusk::errc;
using tusk::oid;
using tusk::sql;
using tusk::test::allocation_watch;

std::string values_of(const bound& b)
{
    const auto v = b.parameters().values();
    return {reinterpret_cast<const char*>(v.data()), v.size()};
}

std::string text_of(bound b) { return std::string(b.sql()); }

TEST(bound, comes_from_any_text)
{
    EXPECT_EQ(text_of("select 1"), "select 1");
    EXPECT_EQ(text_of(std::string("select 2")), "select 2");
    EXPECT_EQ(text_of(std::string_view("select 3")), "select 3");
    EXPECT_EQ(text_of(static_cast<const char*>(nullptr)), "");
    EXPECT_EQ(text_of(std::string_view()), "");
    const bound b("select 1");
    EXPECT_FALSE(b.error());
    EXPECT_TRUE(b.declared().empty());
    EXPECT_TRUE(b.parameters().empty());
}

TEST(bound, short_statements_need_no_heap)
{
    const allocation_watch watch;
    const bound b = sql("select $1::int4", 7);
    EXPECT_EQ(watch.count(), 0U);
    EXPECT_EQ(b.sql(), "select $1::int4");
    EXPECT_EQ(values_of(b), std::string("\0\0\0\4\0\0\0\7", 8));
    ASSERT_EQ(b.declared().size(), 1U);
    EXPECT_EQ(b.declared()[0], oid::int4);
}

TEST(bound, some_200_bytes_of_text_and_parameters_need_no_heap)
{
    const std::string text(120, 'x');
    const allocation_watch watch;
    const bound b = sql(text, 1, 2, std::int64_t{3}, 4.0, "some text");
    EXPECT_EQ(watch.count(), 0U);
    EXPECT_EQ(b.sql(), text);
}

TEST(bound, owns_what_it_was_made_from)
{
    std::string text = "select $1 -- " + std::string(300, 'x');
    std::string value(500, 'v');
    const bound b = sql(text, value);
    const std::string before = text;
    text.assign(text.size(), '!');
    value.assign(value.size(), '!');
    EXPECT_EQ(b.sql(), before);
    EXPECT_EQ(values_of(b).substr(4), std::string(500, 'v'));
}

TEST(bound, moves_without_allocating_and_copies_independently)
{
    for (const std::size_t size : {10U, 1000U}) {
        const std::string text(size, 's');
        bound a = sql(text, std::string(size, 'p'), 1);
        a.text_results(true);
        const std::string values = values_of(a);
        const bound copy = a;
        const allocation_watch watch;
        bound moved = std::move(a);
        EXPECT_EQ(watch.count(), 0U);
        for (const bound* b : {&copy, static_cast<const bound*>(&moved)}) {
            EXPECT_EQ(b->sql(), text);
            EXPECT_EQ(values_of(*b), values);
            EXPECT_TRUE(b->text_results());
        }
        moved.parameters().add(3);
        EXPECT_EQ(copy.parameters().size(), 2U);
        EXPECT_EQ(moved.declared().size(), 3U);
    }
}

TEST(bound, a_nul_in_the_text_is_an_error)
{
    const bound b(std::string("select 1\0; drop table t", 23));
    EXPECT_EQ(b.error(), errc::nul_in_text);
    EXPECT_NE(b.diag().message().find("offset 8"), std::string_view::npos);
    EXPECT_TRUE(b.diag().safe_to_retry());
    const bound copy = b;
    EXPECT_EQ(copy.error(), errc::nul_in_text);
}

TEST(bound, hands_on_the_error_of_its_parameters)
{
    const bound b = sql("select $1, $2", 1, std::string("\0", 1));
    EXPECT_EQ(b.error(), errc::nul_in_text);
    EXPECT_NE(b.diag().message().find("$2"), std::string_view::npos);
}

TEST(bound, takes_parameters_made_at_run_time)
{
    tusk::params p;
    for (int i = 0; i < 10; ++i) p.add(i);
    const bound b("insert into t values (...)", std::move(p));
    EXPECT_EQ(b.parameters().size(), 10U);
    EXPECT_EQ(b.declared().size(), 10U);
    EXPECT_FALSE(b.error());
}

} // namespace
