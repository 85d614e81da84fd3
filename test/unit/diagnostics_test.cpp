// Distributed under the Boost Software License, Version 1.0.
#include <tusk/diagnostics.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace {

using tusk::diagnostics;
using tusk::outcome;

// Fields written with '|' for the NUL that ends each; the body's own NUL is added.
std::string body_of(std::string text)
{
    for (char& c : text)
        if (c == '|') c = '\0';
    return text + '\0';
}

const std::string full =
    body_of("SFEHLER|VERROR|C23505|Mdoppelter Schl\xC3\xBCssel|DKey (id)=(1) already exists.|"
            "HTry another.|P15|p7|qselect 1|WPL/pgSQL function f()|spublic|taccounts|cid|dint4|"
            "naccounts_pkey|Fnbtinsert.c|L666|R_bt_check_unique|");

TEST(diagnostics, empty)
{
    const diagnostics none;
    EXPECT_TRUE(none.empty());
    EXPECT_EQ(none.message(), "");
    EXPECT_EQ(none.severity(), "");
    EXPECT_EQ(none.position(), 0);
    EXPECT_EQ(none.outcome(), outcome::completed);
    EXPECT_FALSE(none.safe_to_retry());
    EXPECT_EQ(none.to_string(), "");
}

TEST(diagnostics, every_field)
{
    const diagnostics d = diagnostics::server(full);
    EXPECT_FALSE(d.empty());
    EXPECT_EQ(d.severity(), "ERROR");
    EXPECT_EQ(d.severity_localized(), "FEHLER");
    EXPECT_EQ(d.sqlstate(), "23505");
    EXPECT_EQ(d.message(), "doppelter Schl\xC3\xBCssel");
    EXPECT_EQ(d.detail(), "Key (id)=(1) already exists.");
    EXPECT_EQ(d.hint(), "Try another.");
    EXPECT_EQ(d.position(), 15);
    EXPECT_EQ(d.internal_position(), 7);
    EXPECT_EQ(d.internal_query(), "select 1");
    EXPECT_EQ(d.where(), "PL/pgSQL function f()");
    EXPECT_EQ(d.schema(), "public");
    EXPECT_EQ(d.table(), "accounts");
    EXPECT_EQ(d.column(), "id");
    EXPECT_EQ(d.data_type(), "int4");
    EXPECT_EQ(d.constraint(), "accounts_pkey");
    EXPECT_EQ(d.source_file(), "nbtinsert.c");
    EXPECT_EQ(d.source_line(), 666);
    EXPECT_EQ(d.routine(), "_bt_check_unique");
    EXPECT_EQ(d.outcome(), outcome::completed);
}

TEST(diagnostics, unknown_fields_are_kept_and_missing_ones_empty)
{
    const diagnostics d = diagnostics::server(body_of("SERROR|?what|M|Mlater|"));
    EXPECT_EQ(d.field('?'), "what");
    EXPECT_EQ(d.severity(), "ERROR"); // older servers send no 'V'
    EXPECT_EQ(d.message(), "");       // the first of its letter
    EXPECT_EQ(d.hint(), "");
    EXPECT_EQ(d.field('\0'), "");
}

TEST(diagnostics, what_comes_behind_the_end_is_not_read)
{
    EXPECT_EQ(diagnostics::server(body_of("SERROR|") + body_of("Mhidden|")).message(), "");
    EXPECT_EQ(diagnostics::server(std::string(1, '\0')).message(), "");
    EXPECT_EQ(diagnostics::server("").severity(), "");
}

TEST(diagnostics, truncated_at_every_byte)
{
    for (std::size_t size = 0; size < full.size(); ++size) {
        const std::string part = full.substr(0, size);
        const diagnostics d = diagnostics::server(part);
        // a field is there whole or not at all
        EXPECT_EQ(d.severity(), size >= 15 ? "ERROR" : size >= 8 ? "FEHLER" : "") << size;
        EXPECT_EQ(d.sqlstate(), size >= 22 ? "23505" : "") << size;
        EXPECT_EQ(d.routine(), size + 1 >= full.size() ? "_bt_check_unique" : "") << size;
        EXPECT_FALSE(d.to_string().find('\0') != std::string::npos);
    }
}

TEST(diagnostics, numbers_that_are_none)
{
    for (const char* bad : {"P|", "Pabc|", "P-3|", "P0|", "P12x|", "P 12|", "P+1|", "P99999999999999|"})
        EXPECT_EQ(diagnostics::server(body_of(bad)).position(), 0) << bad;
    EXPECT_EQ(diagnostics::server(body_of("P2147483647|")).position(), 2147483647);
}

TEST(diagnostics, the_clients_own_words)
{
    const diagnostics d = diagnostics::client("host \"x\" was not found", outcome::not_sent);
    EXPECT_FALSE(d.empty());
    EXPECT_EQ(d.message(), "host \"x\" was not found");
    EXPECT_EQ(d.sqlstate(), "");
    EXPECT_EQ(d.severity(), "");
    EXPECT_EQ(d.outcome(), outcome::not_sent);
    EXPECT_TRUE(d.safe_to_retry());
    EXPECT_EQ(d.to_string(), "host \"x\" was not found");
    EXPECT_EQ(diagnostics::client(std::string("a\0Db", 4)).message(), "a");
    EXPECT_EQ(diagnostics::client(std::string("a\0Db", 4)).detail(), "");
    EXPECT_EQ(diagnostics::client("").message(), "");
}

TEST(diagnostics, outcome_is_changed_in_a_copy)
{
    const diagnostics d = diagnostics::server(full);
    const diagnostics changed = d.with_outcome(outcome::unknown);
    EXPECT_EQ(changed.outcome(), outcome::unknown);
    EXPECT_EQ(changed.constraint(), "accounts_pkey");
    EXPECT_EQ(d.outcome(), outcome::completed);
    EXPECT_TRUE(diagnostics().with_outcome(outcome::completed).empty());
    EXPECT_TRUE(diagnostics().with_outcome(outcome::not_sent).safe_to_retry());
    EXPECT_EQ(diagnostics().with_outcome(outcome::not_sent).message(), "");
}

TEST(diagnostics, copies_share_and_outlive)
{
    diagnostics copy;
    std::string_view message;
    {
        const diagnostics d = diagnostics::server(full);
        copy = d;
        message = d.message();
    }
    EXPECT_EQ(message, copy.message());
    EXPECT_EQ(message.data(), copy.message().data());
}

TEST(diagnostics, to_string_reads_like_psql)
{
    EXPECT_EQ(diagnostics::server(full).to_string(),
              "FEHLER:  doppelter Schl\xC3\xBCssel (SQLSTATE 23505) at character 15\n"
              "DETAIL:  Key (id)=(1) already exists.\nHINT:  Try another.\nQUERY:  select 1\n"
              "CONTEXT:  PL/pgSQL function f()");
    EXPECT_EQ(diagnostics::server(body_of("VFATAL|Mno|")).to_string(), "FATAL:  no");
}

} // namespace
