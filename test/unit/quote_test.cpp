// Distributed under the Boost Software License, Version 1.0.
#include <tusk/error.hpp>
#include <tusk/quote.hpp>

#include "session/touched.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace {

using tusk::errc;
using tusk::quote_identifier;
using tusk::quote_literal;
using namespace std::string_view_literals;

TEST(quote, identifiers)
{
    EXPECT_EQ(quote_identifier("users"), "\"users\"");
    EXPECT_EQ(quote_identifier("a\"b"), "\"a\"\"b\"");
    EXPECT_EQ(quote_identifier({"s", "t\"", "c"}), "\"s\".\"t\"\"\".\"c\"");
    EXPECT_EQ(quote_identifier({"a", "b"}), "\"a\".\"b\""); // not a view from one pointer to another
    EXPECT_EQ(quote_identifier(std::string(63, 'x')).size(), 65u);
}

TEST(quote, literals_as_libpq_has_them)
{
    EXPECT_EQ(quote_literal(""), "''");
    EXPECT_EQ(quote_literal("it's"), "'it''s'");
    EXPECT_EQ(quote_literal("a\\b'"), " E'a\\\\b'''");
}

TEST(quote, what_cannot_be_quoted)
{
    std::error_code ec;
    for (const std::string_view bad :
         {""sv, "a\0b"sv, "\xC3"sv, "\xE2\x82"sv, "\xC0\x80"sv, "\xED\xA0\x80"sv, "\xF4\x90\x80\x80"sv,
          "\xFF"sv, "a\x80"sv, "\xE0\x80\x80"sv, "\xF0\x80\x80\x80"sv}) {
        EXPECT_EQ(quote_identifier(bad, ec), "");
        EXPECT_EQ(ec, errc::invalid_identifier);
        EXPECT_THROW((void)quote_identifier(bad), tusk::error);
        EXPECT_THROW((void)quote_identifier({"fine", bad}), tusk::error);
        if (bad.empty()) continue;
        EXPECT_EQ(quote_literal(bad, ec), "");
        EXPECT_EQ(ec, bad.find('\0') == bad.npos ? errc::invalid_value : errc::nul_in_text);
        EXPECT_THROW((void)quote_literal(bad), tusk::error);
    }
    EXPECT_THROW((void)quote_identifier(std::string(64, 'x')), tusk::error);
    EXPECT_THROW((void)quote_identifier(std::initializer_list<std::string_view>{}), tusk::error);
    EXPECT_EQ(quote_literal("\xF4\x8F\xBF\xBF\xED\x9F\xBF", ec).size(), 9u);
    EXPECT_FALSE(ec);
}

TEST(touched, by_tags_and_texts)
{
    using namespace tusk::session;
    EXPECT_EQ(touched_by_tag("SET", false), touched_settings);
    EXPECT_EQ(touched_by_tag("LISTEN", false), touched_listening);
    EXPECT_EQ(touched_by_tag("DECLARE CURSOR", false), touched_cursors);
    EXPECT_EQ(touched_by_tag("PREPARE", false), touched_statements);
    EXPECT_EQ(touched_by_tag("PREPARE TRANSACTION", false), 0);
    EXPECT_EQ(touched_by_tag("CREATE TABLE", false), touched_temporary);
    EXPECT_EQ(touched_by_tag("SELECT 1", false), touched_temporary);
    EXPECT_EQ(touched_by_tag("SELECT 1", true), 0);
    EXPECT_EQ(touched_by_tag("DO", false), touched_all);
    EXPECT_EQ(touched_by_tag("CALL", true), touched_all);
    for (const char* harmless :
         {"", "INSERT 0 1", "COPY 3", "UPDATE 1", "DELETE 0", "SHOW", "COMMIT", "DROP TABLE"})
        EXPECT_EQ(touched_by_tag(harmless, false), 0) << harmless;
    EXPECT_EQ(touched_by_text("select Set_Config('a', 'b', false)"), touched_settings);
    EXPECT_EQ(touched_by_text("select pg_try_ADVISORY_lock(1)"), touched_locks);
    EXPECT_EQ(touched_by_text("select 1"), 0);
    EXPECT_EQ(reset_text(0), "");
    EXPECT_EQ(reset_text(touched_listening | touched_temporary), "unlisten *;discard temp;");
}

} // namespace
