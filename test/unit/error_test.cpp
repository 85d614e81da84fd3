// Distributed under the Boost Software License, Version 1.0.
#include <tusk/error.hpp>
#include <tusk/oid.hpp>

#include <set>
#include <string>
#include <system_error>

#include <gtest/gtest.h>

namespace {

using tusk::diagnostics;
using tusk::errc;
using tusk::oid;

TEST(errc, each_has_its_own_message)
{
    std::set<std::string> seen;
    for (int value = 1; value <= static_cast<int>(errc::value_not_representable); ++value) {
        const std::error_code ec = static_cast<errc>(value);
        EXPECT_TRUE(static_cast<bool>(ec));
        EXPECT_EQ(ec.message().find("unknown"), std::string::npos) << value;
        EXPECT_TRUE(seen.insert(ec.message()).second) << ec.message();
    }
    EXPECT_EQ(std::error_code(9999, tusk::client_category()).message(), "unknown tusk error 9999");
    EXPECT_STREQ(tusk::client_category().name(), "tusk");
}

TEST(errc, compares)
{
    const std::error_code ec = errc::no_rows;
    EXPECT_TRUE(ec == errc::no_rows);
    EXPECT_FALSE(ec == errc::too_many_rows);
    EXPECT_FALSE(ec == tusk::sqlstate::unique_violation);
}

TEST(error, says_what_is_known)
{
    const std::string body("SERROR\0VERROR\0C23505\0Mduplicate key\0DKey (id)=(1) exists.\0HTry 2.\0", 67);
    const tusk::error e(tusk::sqlstate::unique_violation, diagnostics::server(body));
    EXPECT_STREQ(e.what(), "duplicate key (detail: Key (id)=(1) exists.) (hint: Try 2.): unique violation");
    EXPECT_EQ(e.code(), tusk::sqlstate::unique_violation);
    EXPECT_EQ(e.diag().sqlstate(), "23505");
    EXPECT_FALSE(e.safe_to_retry());
}

TEST(error, without_diagnostics)
{
    const tusk::error e(errc::no_rows);
    EXPECT_STREQ(e.what(), "the query returned no row");
    EXPECT_TRUE(e.diag().empty());
}

TEST(error, is_a_system_error)
{
    const diagnostics lost = diagnostics::client("the socket was closed", tusk::outcome::not_sent);
    try {
        throw tusk::error(errc::connection_lost, lost);
    } catch (const std::system_error& e) {
        EXPECT_EQ(e.code(), errc::connection_lost);
        EXPECT_STREQ(e.what(), "the socket was closed: the connection to the server was lost");
    }
    EXPECT_TRUE(tusk::error(errc::connection_lost, lost).safe_to_retry());
}

TEST(oid, names_of_types)
{
    EXPECT_EQ(tusk::type_name(oid::int4), "int4");
    EXPECT_EQ(tusk::type_name(oid::boolean), "bool");
    EXPECT_EQ(tusk::type_name(oid::char_), "\"char\"");
    EXPECT_EQ(tusk::type_name(oid::void_), "void");
    EXPECT_EQ(tusk::type_name(oid::timestamptz), "timestamptz");
    EXPECT_EQ(tusk::type_name(oid::none), "");
    EXPECT_EQ(tusk::type_name(static_cast<oid>(999'999)), "");
}

} // namespace
