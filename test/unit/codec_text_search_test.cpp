// Distributed under the Boost Software License, Version 1.0.
#include "codec_forms.hpp"

using namespace codec_test;
using tusk::tsquery;
using tusk::tsvector;
using weight = tsvector::weight;

namespace {

tsquery word(std::string text) { return tsquery::lexeme(std::move(text)); }

} // namespace

TEST(codec_tsvector, both_ways)
{
    check_forms(tsvector{}, oid::tsvector, "00000000", "");
    check_forms(tsvector{{{"a", {{1, weight::a}, {3, weight::b}}}, {"cat", {{5, weight::d}}}, {"x", {}}}},
                oid::tsvector, "00000003 6100 0002 c001 8003 63617400 0001 0005 7800 0000",
                "'a':1A,3B 'cat':5 'x'");
    check_forms(tsvector{{{"it's\\", {{16'383, weight::c}}}}}, oid::tsvector,
                "00000001 697427735c00 0001 7fff", "'it''s\\\\':16383C");
}

TEST(codec_tsvector, counts_that_lie)
{
    for (const char* bad :
         {"", "0000", "00000001", "00000002 6100 0000", "ffffffff 6100 0000", "7fffffff 6100 0000",
          "00000001 6100 0001", "00000001 6100 ffff 0001", "00000001 61", "00000001 6100 00", "00000000 00",
          "00000001 6100 0000 00", "00000001 6100 0101"})
        EXPECT_EQ(refused<tsvector>(oid::tsvector, binary, unhex(bad)), errc::invalid_value) << bad;
}

TEST(codec_tsvector, refuses_to_read_positions_that_it_does_not_send)
{
    EXPECT_EQ(refused<tsvector>(oid::tsvector, binary, unhex("00000001 6100 0001 c000")),
              errc::invalid_value);
    std::string all = "00000001 6100 0100", text = "'a'";
    for (int i = 1; i <= 256; ++i) {
        all += "0001";
        text += i == 1 ? ":1" : ",1";
    }
    EXPECT_EQ(read<tsvector>(oid::tsvector, binary, unhex(all)), tsvector::parse(text));
    EXPECT_FALSE(tsvector::parse(text + ",1"));
    all.replace(14, 4, "0101");
    EXPECT_EQ(refused<tsvector>(oid::tsvector, binary, unhex(all + "0001")), errc::invalid_value);
}

TEST(codec_tsvector, refuses_what_cannot_be_sent)
{
    EXPECT_EQ(unsendable(tsvector{{{"a", {{0, weight::a}}}}}), errc::value_out_of_range);
    EXPECT_EQ(unsendable(tsvector{{{"a", {{16'384, weight::a}}}}}), errc::value_out_of_range);
    EXPECT_EQ(unsendable(tsvector{{{"a", {{1, static_cast<weight>(4)}}}}}), errc::value_out_of_range);
    EXPECT_EQ(unsendable(tsvector{{{"a", std::vector<tsvector::position>(257)}}}), errc::value_out_of_range);
    EXPECT_EQ(unsendable(tsvector{{{std::string(1, '\0'), {}}}}), errc::nul_in_text);
    for (const char* bad : {"a", "'a", "'a'b'", "'a':", "'a':1,", "'a':x", "'a':1E", "'a'  'b'", "'a' ",
                            " 'a'", "'\\a'", "'a':65536", "'a':16384", "'a':0", "'a':1,0"})
        EXPECT_FALSE(tsvector::parse(bad)) << bad;
}

TEST(tsquery, is_put_together_with_operators)
{
    EXPECT_EQ((word("a") & (word("b") | !word("c"))).to_string(), "'a' & ( 'b' | !'c' )");
    EXPECT_EQ((word("a") & word("b") & word("c")).to_string(), "'a' & 'b' & 'c'");
    EXPECT_EQ((word("a") | (word("b") & word("c"))).to_string(), "'a' | 'b' & 'c'");
    EXPECT_EQ((!(word("a") & word("b"))).to_string(), "!( 'a' & 'b' )");
    EXPECT_EQ((!!word("a")).to_string(), "!!'a'");
    EXPECT_EQ(word("a").followed_by(word("b")).to_string(), "'a' <-> 'b'");
    EXPECT_EQ(word("a").followed_by(word("b"), 3).to_string(), "'a' <3> 'b'");
    EXPECT_EQ(word("a").followed_by(word("b").followed_by(word("c"))).to_string(), "'a' <-> ( 'b' <-> 'c' )");
    EXPECT_EQ(word("a").followed_by(word("b")).followed_by(word("c")).to_string(), "'a' <-> 'b' <-> 'c'");
    EXPECT_EQ((!word("a").followed_by(word("b"))).to_string(), "!( 'a' <-> 'b' )");
    EXPECT_EQ((!word("a")).followed_by(word("b")).to_string(), "!'a' <-> 'b'");
    EXPECT_EQ(tsquery::lexeme("it's", true, 15).to_string(), "'it''s':*ABCD");
    EXPECT_EQ(tsquery::lexeme("a", false, 5).to_string(), "'a':BD");
    EXPECT_EQ(tsquery().to_string(), "");
    EXPECT_EQ(tsquery() & word("a"), word("a"));
    EXPECT_EQ(word("a") | tsquery(), word("a"));
    EXPECT_TRUE((!tsquery()).empty());
}

TEST(tsquery, is_read_as_the_server_writes_it)
{
    for (const char* same :
         {"", "'a'", "'a' & 'b' | 'c'", "'a' | 'b' & 'c'", "( 'a' | 'b' ) & 'c'", "!( 'a' & 'b' )", "!!'a'",
          "'a' <-> ( 'b' | 'c' ) <-> 'd'", "!( 'a' <-> 'b' ) <-> 'c'", "'a' <-> !( 'b' <-> 'c' )",
          "'a' <2> 'b'", "'it''s' & 'b\\\\c' & 'x y':*ABCD", "'a' <-> ( 'b' & 'c' )"}) {
        const auto q = tsquery::parse(same);
        ASSERT_TRUE(q) << same;
        EXPECT_EQ(q->to_string(), same);
    }
    for (const char* bad :
         {"a",     "'a",     "'a' &",   "'a' & ",     "& 'a'",        "'a' 'b'",         "( 'a'",
          "'a' )", "( )",    "!",       "'a' <> 'b'", "'a' <-1> 'b'", "'a' <65536> 'b'", "'a':",
          "'a':E", "'a':AA", "'a':*:A", "('a')",      "'a'&'b'",      "'a' !'b'",        " "})
        EXPECT_FALSE(tsquery::parse(bad)) << bad;
}

TEST(tsquery, nodes_must_be_one_tree)
{
    using node = tsquery::node;
    using kind = tsquery::kind;
    const node leaf{kind::lexeme, "a", false, 0, 0};
    const node both{kind::and_, {}, false, 0, 0};
    const node no{kind::not_, {}, false, 0, 0};
    EXPECT_TRUE(tsquery::from_nodes({}));
    EXPECT_TRUE(tsquery::from_nodes({leaf}));
    EXPECT_TRUE(tsquery::from_nodes({leaf, leaf, both, no}));
    EXPECT_FALSE(tsquery::from_nodes({leaf, leaf}));
    EXPECT_FALSE(tsquery::from_nodes({both}));
    EXPECT_FALSE(tsquery::from_nodes({no}));
    EXPECT_FALSE(tsquery::from_nodes({leaf, both}));
    EXPECT_FALSE(tsquery::from_nodes({both, leaf, leaf}));
}

TEST(tsquery, has_no_depth_that_is_too_deep)
{
    tsquery left = word("a");
    std::vector<tsquery::node> right(100'000, left.nodes()[0]);
    for (int i = 1; i < 100'000; ++i) {
        left = std::move(left) & word("b");
        right.push_back({tsquery::kind::or_, {}, false, 0, 0});
    }
    EXPECT_EQ(left.to_string().size(), 100'000u * 6 - 3);
    EXPECT_EQ(tsquery::parse(left.to_string()), left);
    const auto deep = tsquery::from_nodes(std::move(right));
    ASSERT_TRUE(deep);
    EXPECT_EQ(deep->to_string().size(), 100'000u * 6 - 3);
    std::string bytes;
    ASSERT_EQ(encode(*deep, oid::none, bytes), errc{});
    EXPECT_EQ(read<tsquery>(oid::tsquery, binary, bytes), *deep);
    const std::string brackets = [] {
        std::string text;
        for (int i = 0; i < 100'000; ++i) text += "!( ";
        return text + "'a'";
    }();
    EXPECT_FALSE(tsquery::parse(brackets));
}

TEST(codec_tsquery, both_ways)
{
    check_reading(tsquery(), oid::tsquery, "00000000", "");
    EXPECT_EQ(unsendable(tsquery()), errc::value_out_of_range);
    check_forms(((!word("a")) & tsquery::lexeme("b", true, 12)) | word("c"), oid::tsquery,
                "00000006 0203 0100006300 0202 010c016200 0201 0100006100", "!'a' & 'b':*AB | 'c'");
    check_forms(word("a").followed_by(word("b"), 3), oid::tsquery, "00000003 02040003 0100006200 0100006100",
                "'a' <3> 'b'");
}

TEST(codec_tsquery, refuses_what_is_no_tree)
{
    for (const char* bad : {"", "00000001", "00000002 0100006100", "ffffffff 0100006100",
                            "7fffffff 0100006100", "00000001 0201", "00000002 0202 0100006100",
                            "00000002 0100006100 0100006100", "00000001 0300006100", "00000001 0110006100",
                            "00000001 0100026100", "00000001 01000061", "00000002 0200 0100006100",
                            "00000002 0205 0100006100", "00000000 00", "00000003 0204 0100006200 0100006100"})
        EXPECT_EQ(refused<tsquery>(oid::tsquery, binary, unhex(bad)), errc::invalid_value) << bad;
    EXPECT_EQ(unsendable(tsquery::lexeme("a", false, 16)), errc::value_out_of_range);
    EXPECT_EQ(unsendable(tsquery::lexeme(std::string(1, '\0'))), errc::nul_in_text);
}
