// Distributed under the Boost Software License, Version 1.0.
#include "codec_forms.hpp"

using namespace codec_test;
using tusk::json;
using tusk::jsonb;
using tusk::jsonpath;

TEST(codec_json, both_ways)
{
    check_forms(json{"{\"a\": 1}"}, oid::json, "7b2261223a20317d", "{\"a\": 1}");
    check_forms(json{"1"}, oid::jsonb, "01 31", "1");
    check_forms(jsonb{"1"}, oid::jsonb, "01 31", "1");
    check_forms(jsonb{"[]"}, oid::json, "5b5d", "[]");
    check_forms(jsonpath{"$.a"}, oid::jsonpath, "01 242e61", "$.a");
    EXPECT_EQ(tusk::encode_traits<json>::type, oid::json);
    EXPECT_EQ(tusk::encode_traits<jsonb>::type, oid::jsonb);
    EXPECT_EQ(written(json{"1"}), "31");
    EXPECT_EQ(written(jsonb{"1"}), "0131");
    EXPECT_EQ(unsendable(json{std::string(1, '\0')}), errc::nul_in_text);
}

TEST(codec_json, version_must_be_known)
{
    for (const oid type : {oid::jsonb, oid::jsonpath}) {
        EXPECT_EQ(refused<std::string>(type, binary, ""), errc::invalid_value);
        EXPECT_EQ(refused<std::string>(type, binary, "\2$"), errc::invalid_value);
        EXPECT_EQ(read<std::string>(type, binary, "\1$"), "$");
    }
    EXPECT_EQ(refused<jsonpath>(oid::jsonpath, binary, "$"), errc::invalid_value);
    EXPECT_EQ(refused<jsonb>(oid::jsonb, binary, ""), errc::invalid_value);
}
