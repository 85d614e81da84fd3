// Distributed under the Boost Software License, Version 1.0.
#include "codec_forms.hpp"

#include <cmath>
#include <limits>

using namespace codec_test;
using tusk::box;
using tusk::circle;
using tusk::line;
using tusk::lseg;
using tusk::path;
using tusk::point;
using tusk::polygon;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

} // namespace

TEST(codec_geometric, both_ways)
{
    check_forms(point{1, 2.5}, oid::point, "3ff0000000000000 4004000000000000", "(1,2.5)");
    check_forms(point{-0.0, -infinity}, oid::point, "8000000000000000 fff0000000000000", "(-0,-Infinity)");
    check_forms(line{1, 2, 3}, oid::line, "3ff0000000000000 4000000000000000 4008000000000000", "{1,2,3}");
    check_forms(lseg{{1, 2}, {3, 4}}, oid::lseg,
                "3ff0000000000000 4000000000000000 4008000000000000 4010000000000000", "[(1,2),(3,4)]");
    check_forms(box{{3, 4}, {1, 2}}, oid::box,
                "4008000000000000 4010000000000000 3ff0000000000000 4000000000000000", "(3,4),(1,2)");
    check_forms(circle{{1, 2}, 3}, oid::circle, "3ff0000000000000 4000000000000000 4008000000000000",
                "<(1,2),3>");
    check_forms(path{{{0, 0}, {1, 1}}, true}, oid::path,
                "01 00000002 0000000000000000 0000000000000000 3ff0000000000000 3ff0000000000000",
                "((0,0),(1,1))");
    check_forms(path{{{1, 1}}, false}, oid::path, "00 00000001 3ff0000000000000 3ff0000000000000", "[(1,1)]");
    check_forms(polygon{{{0, 0}, {1, 1}}}, oid::polygon,
                "00000002 0000000000000000 0000000000000000 3ff0000000000000 3ff0000000000000",
                "((0,0),(1,1))");
}

TEST(codec_geometric, every_byte_is_needed)
{
    break_fixed<point>(oid::point, unhex("3ff00000000000004004000000000000"));
    break_fixed<circle>(oid::circle, unhex("3ff000000000000040000000000000004008000000000000"));
    break_fixed<path>(oid::path, unhex("00000000013ff00000000000003ff0000000000000"));
}

TEST(codec_geometric, numbers_are_those_of_float8)
{
    const point p = read<point>(oid::point, text, "(NaN,Infinity)");
    EXPECT_TRUE(std::isnan(p.x));
    EXPECT_EQ(p.y, infinity);
    EXPECT_EQ((point{no_number, 1e15}).to_string(), "(NaN,1e+15)");
    EXPECT_EQ((point{0.1, 1e14}).to_string(), "(0.1,100000000000000)");
    EXPECT_EQ((point{0.0001, 1e-5}).to_string(), "(0.0001,1e-05)");
    EXPECT_TRUE(std::isnan(read<circle>(oid::circle, text, "<(0,0),NaN>").radius));
}

TEST(codec_geometric, counts_that_lie)
{
    const std::string one = unhex("3ff00000000000003ff0000000000000");
    for (const char* count : {"00000000", "00000002", "ffffffff", "80000000", "7fffffff", "10000001"}) {
        EXPECT_EQ(refused<polygon>(oid::polygon, binary, unhex(count) + one), errc::invalid_value) << count;
        EXPECT_EQ(refused<path>(oid::path, binary, unhex("01") + unhex(count) + one), errc::invalid_value)
            << count;
    }
    EXPECT_EQ(refused<path>(oid::path, binary, unhex("0200000001") + one), errc::invalid_value);
}

TEST(codec_geometric, refuses_what_the_server_does)
{
    EXPECT_EQ(unsendable(path()), errc::value_out_of_range);
    EXPECT_EQ(unsendable(polygon()), errc::value_out_of_range);
    EXPECT_EQ(unsendable(circle{{0, 0}, -1}), errc::value_out_of_range);
    EXPECT_EQ(refused<circle>(oid::circle, binary, unhex("00000000000000000000000000000000bff0000000000000")),
              errc::invalid_value);
    for (const char* bad : {"", "()", "(1)", "(1,2", "1,2", "(1,2)x", "(1,,2)", "( 1,2)", "(1,2) ", "(x,2)",
                            "(nan(1),2)", "(1e999,2)", "(+1,2)"})
        EXPECT_FALSE(point::parse(bad)) << bad;
    for (const char* bad : {"()", "[]", "[(1,2))", "((1,2)]", "[(1,2),]", "[(1,2)(3,4)]", "(1,2)"})
        EXPECT_FALSE(path::parse(bad)) << bad;
    EXPECT_FALSE(polygon::parse("()"));
    EXPECT_FALSE(circle::parse("<(0,0),-1>"));
    EXPECT_FALSE(line::parse("{1,2}"));
    EXPECT_FALSE(lseg::parse("[(1,2)]"));
    EXPECT_FALSE(box::parse("(1,2)"));
}
