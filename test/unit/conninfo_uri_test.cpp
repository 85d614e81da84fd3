// Distributed under the Boost Software License, Version 1.0.
// The URI syntax.
#include "conninfo_world.hpp"

#include <gtest/gtest.h>

namespace tusk {
namespace {

using test::refusal;

struct uri_case {
    const char* text;
    const char* pairs; // the same in the other syntax
};

class conninfo_uri : public testing::TestWithParam<uri_case> {};

TEST_P(conninfo_uri, means_the_same_as_the_pairs)
{
    EXPECT_EQ(conninfo::parse(GetParam().text), conninfo::parse(GetParam().pairs))
        << GetParam().text << " is " << conninfo::parse(GetParam().text).to_string();
}

const uri_case cases[] = {
    {"postgresql://", ""},
    {"postgres:///", ""},
    {"postgresql://host", "host=host"},
    {"postgres://user:secret@host:5433/db", "user=user password=secret host=host port=5433 dbname=db"},
    {"postgres://user@host/", "user=user host=host"},
    {"postgres://@host", "host=host"},
    {"postgres://user:@host", "user=user host=host"},
    {"postgres://:secret@host", "password=secret host=host"},
    {"postgres://u:a:b@host", "user=u password=a:b host=host"},
    {"postgres://host:/", "host=host"},
    {"postgres://:5433/", "port=5433"},
    {"postgres:///db", "dbname=db"},
    {"postgres://?host=h", "host=h"},
    {"postgres:///db?host=/tmp&port=1", "dbname=db host=/tmp port=1"},
    // the first '@' before the first '/' ends the credentials
    {"postgres://u:p@ss@host/x", "user=u password=p host=ss@host dbname=x"},
    {"postgres://host/a@b", "host=host dbname=a@b"},
    {"postgres://host:1/a@b", "host=host port=1 dbname=a@b"},
    // percent-encoding
    {"postgres://%75ser:p%40s%2Fs%3a@h%6fst/d%20b", R"(user=user password=p@s/s: host=host dbname='d b')"},
    {"postgres://%2Fvar%2Frun%2Fpostgresql/db", "host=/var/run/postgresql dbname=db"},
    {"postgres://%2ftmp:5433,%2ftmp/db", "host=/tmp,/tmp port=5433, dbname=db"},
    {"postgres://%40abstract", "host=@abstract"},
    {"postgres://host/db?us%65r=a%26b%3D", "host=host dbname=db user=a&b="},
    {"postgres://host?user=a+b#c", "host=host user=a+b#c"}, // neither '+' nor '#' is special
    {"postgres://host?user=x?y/z", "host=host user=x?y/z"},
    {"postgres://host/a/b", "host=host dbname=a/b"},
    {"postgres://host?options=-c%20search_path%3Dx", "host=host options='-c search_path=x'"},
    // several hosts
    {"postgres://a,b:5433,c/db", "host=a,b,c port=,5433, dbname=db"},
    {"postgres://a,b", "host=a,b port=,"},
    {"postgres://u@,:1/", "user=u host=, port=,1"},
    // IPv6
    {"postgres://[::1]", "host=::1"},
    {"postgres://[2001:db8::1]:5433/db", "host=2001:db8::1 port=5433 dbname=db"},
    {"postgres://[::1],h:3?user=x", "host=::1,h port=,3 user=x"},
    {"postgres://[fe80::1%25eth0]/", "host=fe80::1%eth0"},
    // the query
    {"postgres://h?", "host=h"},
    {"postgres://h?user=", "host=h user=''"},
    {"postgres://h?user=a&", "host=h user=a"},
    {"postgres://h/db?port=1&port=2&dbname=other", "host=h port=2 dbname=other"},
    {"postgres://h?ssl=true", "host=h sslmode=require"},
    // blanks around a part are dropped
    {"postgres:// h / d ?user= x ", "host=h dbname=d user=x"},
};

INSTANTIATE_TEST_SUITE_P(forms, conninfo_uri, testing::ValuesIn(cases));

TEST(conninfo_uri_errors, malformed_percent_encoding)
{
    EXPECT_EQ(refusal("postgres://h/%zz"), "malformed percent-encoding in the part at byte 14 of the URI");
    for (const char* text : {"postgres://%", "postgres://h/%4", "postgres://h/%", "postgres://h/a%1g",
                             "postgres://u%@h", "postgres://h?user=%", "postgres://h?%=a", "postgres://%1"})
        EXPECT_NE(refusal(text).find("malformed percent-encoding"), std::string::npos) << text;
}

TEST(conninfo_uri_errors, an_encoded_nul_byte)
{
    for (const char* text :
         {"postgres://a%00b", "postgres://u:%00@h", "postgres://h/%00", "postgres://h?user=%00"})
        EXPECT_NE(refusal(text).find("%00"), std::string::npos) << text;
}

TEST(conninfo_uri_errors, a_nul_byte)
{
    using namespace std::string_view_literals;
    EXPECT_NE(refusal("postgres://h/a\0b"sv), "");
}

TEST(conninfo_uri_errors, ipv6_brackets)
{
    EXPECT_EQ(refusal("postgres://[::1"), "missing \"]\" after the IPv6 address at byte 12 of the URI");
    EXPECT_EQ(refusal("postgres://[]"), "empty IPv6 address at byte 12 of the URI");
    EXPECT_EQ(refusal("postgres://[::1]z"),
              "unexpected character behind the IPv6 address at byte 17 of the URI");
}

TEST(conninfo_uri_errors, the_query)
{
    EXPECT_EQ(refusal("postgres://h?uzer=a"), "unknown connection parameter \"uzer\" at byte 14 of the URI");
    EXPECT_EQ(refusal("postgres://h?user"), "missing \"=\" in the query parameter at byte 14 of the URI");
    EXPECT_EQ(refusal("postgres://h?user=a=b"),
              "more than one \"=\" in the query parameter at byte 14 of the URI");
    for (const char* text : {"postgres://h?user=a&&port=1", "postgres://h?&user=a", "postgres://h?=a",
                             "postgres://h?ssl=false", "postgres://h?USER=a", "postgres://h?user=a b"})
        EXPECT_NE(refusal(text), "") << text;
}

TEST(conninfo_uri_errors, no_message_repeats_a_piece_of_a_password)
{
    for (const char* text : {"postgres://u:ses%ame@h", "postgres://u:sesame@h?uzer=x=sesame",
                             "postgres://u:ses/ame@h?x=y", "postgres://u:open/sesame@h",
                             "postgres://u:sesame@h?sesame=1", "postgres://h?password=open&sesame=1",
                             "postgres://h?password=open&sesame", "postgres://u:ses ame@h"}) {
        const std::string why = refusal(text);
        EXPECT_NE(why, "") << text;
        for (const char* piece : {"ses", "ame@", "open"})
            EXPECT_EQ(why.find(piece), std::string::npos) << why;
    }
}

TEST(conninfo_uri_errors, a_slash_in_a_password_is_explained)
{
    EXPECT_EQ(refusal("postgres://u:open/sesame@h/db"),
              "the port in the URI is not a number; a \"/\" in a password must be written %2F");
}

TEST(conninfo_uri_errors, an_at_sign_in_a_password_is_explained_when_connecting)
{
    const auto r = test::resolve("postgres://u:open@sesame@h/db");
    EXPECT_EQ(r.ec, errc::invalid_conninfo);
    EXPECT_EQ(r.why(), "host holds an \"@\"; in the password of a URI it must be written %40");
}

// Whatever the text, parsing ends with a value or an error, and reads nothing behind the text.
TEST(conninfo_uri_errors, every_prefix_of_a_text_is_answered)
{
    for (const std::string whole :
         {"postgres://us%65r:pa%20ss@[::1]:5433,%2Ftmp:1/d%62?application_name=a%26b&sslmode=prefer",
          R"(user = 'a b\'c' password=p\ q  host=a,b)"}) {
        for (std::size_t n = 0; n <= whole.size(); ++n) {
            const std::string exact(whole, 0, n);
            std::error_code ec;
            const conninfo info = conninfo::parse(exact, ec);
            EXPECT_TRUE(!ec || info.empty());
            EXPECT_FALSE(n == whole.size() && ec);
        }
    }
}

} // namespace
} // namespace tusk
