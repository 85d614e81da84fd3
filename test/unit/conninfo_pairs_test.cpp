// Distributed under the Boost Software License, Version 1.0.
// The keyword/value syntax.
#include "conninfo_world.hpp"

#include <gtest/gtest.h>

namespace tusk {
namespace {

using test::refusal;

std::string value(std::string_view text, std::string_view keyword)
{
    return std::string(conninfo::parse(text).get(keyword));
}

TEST(conninfo_pairs, empty_text_sets_nothing)
{
    EXPECT_TRUE(conninfo::parse("").empty());
    EXPECT_TRUE(conninfo::parse(" \t\n\v\f\r ").empty());
}

TEST(conninfo_pairs, several_pairs)
{
    const conninfo info = conninfo::parse("host=db1,db2 port=5433\tuser=ada\ndbname=shop");
    EXPECT_EQ(info.get("host"), "db1,db2");
    EXPECT_EQ(info.get("port"), "5433");
    EXPECT_EQ(info.get("user"), "ada");
    EXPECT_EQ(info.get("dbname"), "shop");
    EXPECT_EQ(info.list().size(), 4U);
}

TEST(conninfo_pairs, spaces_around_the_equals_sign)
{
    EXPECT_EQ(value("user = ada  port=\t5433", "user"), "ada");
    EXPECT_EQ(value("user = ada  port=\t5433", "port"), "5433");
    EXPECT_EQ(value("  user\n=\nada  ", "user"), "ada");
}

TEST(conninfo_pairs, quoted_values)
{
    EXPECT_EQ(value("user='ada lovelace'", "user"), "ada lovelace");
    EXPECT_EQ(value(R"(user='it\'s \\ \x')", "user"), R"(it's \ x)");
    EXPECT_EQ(value("user=''", "user"), "");
    EXPECT_TRUE(conninfo::parse("user=''").has("user"));
    EXPECT_EQ(value("user='a=b'port=1", "port"), "1"); // no blank needed behind a quote
}

TEST(conninfo_pairs, bare_values)
{
    EXPECT_EQ(value(R"(user=ada\ lovelace port=1)", "user"), "ada lovelace");
    EXPECT_EQ(value(R"(user=a\'b)", "user"), "a'b");
    EXPECT_EQ(value("user=a'b'", "user"), "a'b'");
    EXPECT_EQ(value("user==a", "user"), "=a");
    EXPECT_EQ(value("user=\xC3\xA9", "user"), "\xC3\xA9");
    EXPECT_EQ(value("user=", "user"), "");
    EXPECT_EQ(value("user=  port=5", "user"), "port=5"); // as libpq: the next word is the value
}

TEST(conninfo_pairs, a_trailing_backslash_is_dropped)
{
    EXPECT_EQ(value("user=ada\\", "user"), "ada");
    EXPECT_NE(refusal("user='ada\\"), "");
}

TEST(conninfo_pairs, the_last_of_a_duplicate_wins)
{
    EXPECT_EQ(value("user=a user=b", "user"), "b");
    EXPECT_EQ(value("user=a user=''", "user"), "");
}

TEST(conninfo_pairs, malformed_text_is_refused_with_its_place)
{
    EXPECT_EQ(refusal("port=1 us er=a"),
              "missing \"=\" after the keyword at byte 8 of the connection string");
    EXPECT_EQ(refusal("user"), "missing \"=\" after the keyword at byte 1 of the connection string");
    EXPECT_EQ(refusal("user='ada"), "unterminated quoted value at byte 6 of the connection string");
    EXPECT_EQ(refusal("user=a uzer=b"),
              "unknown connection parameter \"uzer\" at byte 8 of the connection string");
    EXPECT_EQ(refusal("=a"), "unknown connection parameter at byte 1 of the connection string");
    EXPECT_EQ(refusal("USER=a"), "unknown connection parameter \"USER\" at byte 1 of the connection string");
    EXPECT_NE(refusal("POSTGRES://host"), ""); // schemes are lower case
}

TEST(conninfo_pairs, nul_bytes_are_refused)
{
    using namespace std::string_view_literals;
    EXPECT_NE(refusal("user=a\0b"sv), "");
    EXPECT_NE(refusal("user=a\0"sv), "");
    EXPECT_NE(refusal("\0"sv), "");
}

TEST(conninfo_pairs, no_message_repeats_a_piece_of_a_password)
{
    // passwords with blanks that were not quoted
    for (const char* text :
         {"password=open sesame", "password=open sesame=x", "password='open sesame",
          "sslpassword=open sesame=x", "scram_client_key=open sesame=", "password=a sesame"}) {
        const std::string why = refusal(text);
        EXPECT_NE(why, "") << text;
        EXPECT_EQ(why.find("sesame"), std::string::npos) << why;
        EXPECT_EQ(why.find("open"), std::string::npos) << why;
    }
}

TEST(conninfo_pairs, every_keyword_of_libpq_is_known)
{
    const char* const all[] = {"service",
                               "user",
                               "password",
                               "passfile",
                               "channel_binding",
                               "connect_timeout",
                               "dbname",
                               "host",
                               "hostaddr",
                               "port",
                               "client_encoding",
                               "options",
                               "application_name",
                               "fallback_application_name",
                               "keepalives",
                               "keepalives_idle",
                               "keepalives_interval",
                               "keepalives_count",
                               "tcp_user_timeout",
                               "sslmode",
                               "sslnegotiation",
                               "sslcompression",
                               "sslcert",
                               "sslkey",
                               "sslcertmode",
                               "sslpassword",
                               "sslrootcert",
                               "sslcrl",
                               "sslcrldir",
                               "sslsni",
                               "requirepeer",
                               "require_auth",
                               "min_protocol_version",
                               "max_protocol_version",
                               "ssl_min_protocol_version",
                               "ssl_max_protocol_version",
                               "gssencmode",
                               "krbsrvname",
                               "gsslib",
                               "gssdelegation",
                               "replication",
                               "target_session_attrs",
                               "load_balance_hosts",
                               "scram_client_key",
                               "scram_server_key",
                               "oauth_issuer",
                               "oauth_client_id",
                               "oauth_client_secret",
                               "oauth_scope",
                               "sslkeylogfile"};
    EXPECT_EQ(std::size(all), 50U);
    std::string text;
    for (const char* keyword : all) text += std::string(keyword) + "='v of " + keyword + "' ";
    const conninfo info = conninfo::parse(text);
    EXPECT_EQ(info.list().size(), 50U);
    for (const char* keyword : all) EXPECT_EQ(info.get(keyword), std::string("v of ") + keyword);
}

} // namespace
} // namespace tusk
