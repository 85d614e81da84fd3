// Distributed under the Boost Software License, Version 1.0.
// The class itself: set, get, list, to_string, equality, errors.
#include "conninfo_world.hpp"

#include <gtest/gtest.h>

namespace tusk {
namespace {

TEST(conninfo_value, set_get_has_unset)
{
    conninfo info;
    EXPECT_TRUE(info.empty());
    EXPECT_FALSE(info.has("user"));
    EXPECT_EQ(info.get("user"), "");
    info.set("user", "ada");
    info.set("host", "h");
    info.set("user", "grace");
    EXPECT_EQ(info.get("user"), "grace");
    info.set("user", info.get("host")); // a view into itself
    EXPECT_EQ(info.get("user"), "h");
    info.set("user", info.get("user"));
    EXPECT_EQ(info.get("user"), "h");
    info.set("port", "");
    EXPECT_TRUE(info.has("port"));
    info.unset("port");
    info.unset("no such thing");
    EXPECT_FALSE(info.has("port"));
    EXPECT_FALSE(info.has("no such thing"));
    EXPECT_EQ(info.get("no such thing"), "");
}

TEST(conninfo_value, set_refuses_unknown_keywords_and_nul)
{
    using namespace std::string_view_literals;
    conninfo info;
    try {
        info.set("uzer", "ada");
        FAIL();
    } catch (const error& e) {
        EXPECT_EQ(e.code(), errc::invalid_conninfo);
        EXPECT_EQ(e.diag().message(), "unknown connection parameter \"uzer\"");
        EXPECT_TRUE(e.safe_to_retry());
    }
    try {
        info.set("password", "open\0sesame"sv);
        FAIL();
    } catch (const error& e) {
        EXPECT_EQ(e.code(), errc::invalid_conninfo);
        EXPECT_EQ(e.diag().message(), "the value of password holds a NUL byte");
    }
    EXPECT_THROW(info.set("us\0er"sv, "x"), error);
    EXPECT_TRUE(info.empty());

    std::error_code ec;
    diagnostics diag;
    info.set("uzer", "x", ec, diag);
    EXPECT_EQ(ec, errc::invalid_conninfo);
    info.set("user", "x", ec, diag);
    EXPECT_FALSE(ec);
    EXPECT_TRUE(diag.empty());
}

TEST(conninfo_value, set_dbname_expands_connection_strings)
{
    conninfo where = conninfo::parse("host=before user=ada port=1");
    where.set_dbname("shop");
    EXPECT_EQ(where.to_string(), "user=ada dbname=shop host=before port=1");
    where.set_dbname("postgresql://after/stock?sslmode=require");
    EXPECT_EQ(where.to_string(), "user=ada dbname=stock host=after port=1 sslmode=require");
    where.set_dbname("host=last");
    EXPECT_EQ(where.to_string(), "user=ada dbname=stock host=last port=1 sslmode=require");
    where.set("host", "later");
    EXPECT_EQ(where.get("host"), "later");

    std::error_code ec;
    tusk::diagnostics diag;
    where.set_dbname("host=x password=hush colour=red", ec, diag);
    EXPECT_EQ(ec, tusk::errc::invalid_conninfo);
    EXPECT_EQ(diag.message().find("hush"), std::string_view::npos);
    EXPECT_EQ(where.get("host"), "later"); // nothing is half done
    EXPECT_FALSE(where.has("password"));
    EXPECT_THROW(where.set_dbname("postgresql://[::1"), tusk::error);
    where.set_dbname("", ec, diag);
    EXPECT_FALSE(ec);
    EXPECT_EQ(where.get("dbname"), "");
}

TEST(conninfo_value, parse_throws_or_reports)
{
    EXPECT_THROW((void)conninfo::parse("nonsense"), error);
    std::error_code ec = errc::invalid_conninfo;
    EXPECT_EQ(conninfo::parse("user=a", ec).get("user"), "a");
    EXPECT_FALSE(ec);
    EXPECT_TRUE(conninfo::parse("user=a nonsense", ec).empty());
    EXPECT_EQ(ec, errc::invalid_conninfo);
}

TEST(conninfo_value, list_is_ordered_and_masks_secrets)
{
    const auto list = conninfo::parse("port=1 password=sesame oauth_client_secret=sesame user=ada").list();
    ASSERT_EQ(list.size(), 4U);
    EXPECT_EQ(list[0].keyword, "user");
    EXPECT_EQ(list[0].value, "ada");
    EXPECT_FALSE(list[0].secret);
    EXPECT_EQ(list[0].source, conninfo::source::explicit_);
    EXPECT_EQ(list[1].keyword, "password");
    EXPECT_EQ(list[1].value, "********");
    EXPECT_TRUE(list[1].secret);
    EXPECT_EQ(list[2].keyword, "port");
    EXPECT_TRUE(list[3].secret);
}

TEST(conninfo_value, to_string_is_read_back_and_holds_no_secret)
{
    conninfo info;
    for (const char* keyword :
         {"password", "sslpassword", "scram_client_key", "scram_server_key", "oauth_client_secret"})
        info.set(keyword, "sesame");
    EXPECT_EQ(info.to_string(), "");
    info.set("user", "a b\\'c\t\n");
    info.set("dbname", "");
    info.set("host", "h,/tmp");
    EXPECT_EQ(info.to_string(), "user='a b\\\\\\'c\t\n' dbname='' host=h,/tmp");

    const conninfo back = conninfo::parse(info.to_string());
    EXPECT_EQ(back.get("user"), info.get("user"));
    EXPECT_TRUE(back.has("dbname"));
    EXPECT_FALSE(back.has("password"));
}

TEST(conninfo_value, equality)
{
    const conninfo a = conninfo::parse("user=a port=1"), b = conninfo::parse("postgres://a@:1");
    EXPECT_EQ(a, b);
    EXPECT_NE(a, conninfo::parse("user=a port=2"));
    EXPECT_NE(a, conninfo::parse("user=a"));
    EXPECT_NE(conninfo(), conninfo::parse("user=''"));
    EXPECT_NE(conninfo::parse("password=a"), conninfo::parse("password=b"));
}

TEST(conninfo_value, copies_are_independent)
{
    conninfo a = conninfo::parse("user=a password=short");
    conninfo b = a;
    b.set("password", "a much longer password than fits a small string");
    EXPECT_EQ(a.get("password"), "short");
    conninfo c = std::move(b);
    EXPECT_EQ(c.get("password"), "a much longer password than fits a small string");
    a = c;
    EXPECT_EQ(a, c);
    a = std::move(c);
    EXPECT_EQ(a.get("user"), "a");
}

TEST(conninfo_secret, memory_is_wiped_when_moved_from_and_overwritten)
{
    std::string text = "sesame, and much more than a short string";
    const char* at = text.data();
    const std::size_t room = text.capacity();
    text.resize(2); // the rest is still there
    conn::wipe(text);
    EXPECT_TRUE(text.empty());
    ASSERT_EQ(text.data(), at);
    for (std::size_t i = 0; i != room; ++i) EXPECT_EQ(at[i], '\0') << i;

    conn::secret a("sesame"), b(std::move(a));
    EXPECT_TRUE(a.empty()); // NOLINT: the state after a move is what is tested
    EXPECT_EQ(b.view(), "sesame");
    a = b;
    b = std::move(a);
    EXPECT_EQ(b.view(), "sesame");
    b = *&b;
    EXPECT_EQ(b.view(), "sesame");
}

} // namespace
} // namespace tusk
