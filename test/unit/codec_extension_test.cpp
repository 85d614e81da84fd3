// Distributed under the Boost Software License, Version 1.0.
#include "codec_forms.hpp"

using namespace codec_test;
using tusk::cube;
using tusk::ewkb;
using tusk::hstore;

TEST(codec_hstore, both_ways)
{
    check_extension_forms(hstore{}, "00000000", "");
    check_extension_forms(hstore{{{"a", "1"}, {"b", std::nullopt}}},
                          "00000002 00000001 61 00000001 31 00000001 62 ffffffff",
                          "\"a\"=>\"1\", \"b\"=>NULL");
    check_extension_forms(hstore{{{"", ""}, {"\"\\", "NULL"}}},
                          "00000002 00000000 00000000 00000002 225c 00000004 4e554c4c",
                          "\"\"=>\"\", \"\\\"\\\\\"=>\"NULL\"");
}

TEST(codec_hstore, counts_that_lie)
{
    for (const char* bad :
         {"", "00000001", "ffffffff", "7fffffff 00000000 ffffffff", "00000002 00000001 61 ffffffff",
          "00000001 ffffffff ffffffff", "00000001 7fffffff ffffffff", "00000001 00000001 61 fffffffe",
          "00000001 00000001 61 00000002 31", "00000001 00000001 61 7fffffff 31",
          "00000001 00000000 ffffffff 00", "00000002 00000001 61 ffffffff 00000001 61 ffffffff"})
        EXPECT_EQ(refused<hstore>(extension_type, binary, unhex(bad)), errc::invalid_value) << bad;
    for (const char* bad : {"a=>1", "\"a\"", "\"a\"=>", "\"a\"=>\"1", "\"a\"=>\"1\",", "\"a\"=>null",
                            "\"a\" => \"1\"", "\"a\"=>\"1\", \"a\"=>\"2\"", "\"a\"=>\"\\"})
        EXPECT_FALSE(hstore::parse(bad)) << bad;
    std::string bytes;
    EXPECT_EQ(unsendable(hstore{{{std::string(1, '\0'), {}}}}), errc::nul_in_text);
    EXPECT_EQ(encode_binary(hstore{{{"a", std::string(1, '\0')}}}, bytes), errc::nul_in_text);
}

TEST(codec_ltree, both_ways)
{
    check_extension_forms(tusk::ltree{"a.b"}, "01 612e62", "a.b");
    check_extension_forms(tusk::ltree{}, "01", "");
    check_extension_forms(tusk::lquery{"*.a.b"}, "01 2a2e612e62", "*.a.b");
    check_extension_forms(tusk::ltxtquery{"a & b"}, "01 612026 2062", "a & b");
    EXPECT_EQ(refused<tusk::ltree>(extension_type, binary, ""), errc::invalid_value);
    EXPECT_EQ(refused<tusk::ltree>(extension_type, binary, "\2a"), errc::invalid_value);
    EXPECT_EQ(unsendable(tusk::lquery{std::string(1, '\0')}), errc::nul_in_text);
}

TEST(codec_cube, both_ways)
{
    check_extension_forms(cube{{1, 2}, {3, 4}},
                          "00000002 3ff0000000000000 4000000000000000 4008000000000000 4010000000000000",
                          "(1, 2),(3, 4)");
    check_extension_forms(cube{{1, 2}, {}}, "80000002 3ff0000000000000 4000000000000000", "(1, 2)");
    check_extension_forms(cube{}, "80000000", "()");
    for (const char* bad :
         {"", "80000001", "00000001 3ff0000000000000", "ffffffff", "7fffffff", "80000065", "80000000 00"})
        EXPECT_EQ(refused<cube>(extension_type, binary, unhex(bad)), errc::invalid_value) << bad;
    for (const char* bad : {"", "(", "1", "(1,2)", "(1, 2),(3)", "(1),()", "(1),", "(1, )"})
        EXPECT_FALSE(cube::parse(bad)) << bad;
    const std::string widest = cube{std::vector<double>(cube::max_dimensions), {}}.to_string();
    EXPECT_TRUE(cube::parse(widest));
    EXPECT_FALSE(cube::parse("(0, " + widest.substr(1)));
    EXPECT_EQ(unsendable(cube{{1}, {1, 2}}), errc::value_out_of_range);
    EXPECT_EQ(unsendable(cube{std::vector<double>(101), {}}), errc::value_out_of_range);
}

TEST(codec_ewkb, both_ways)
{
    const std::string point = unhex("0101000000000000000000f03f0000000000000040");
    ewkb value;
    for (const char c : point) value.bytes.push_back(static_cast<std::byte>(c));
    check_extension_forms(value, "0101000000000000000000f03f0000000000000040",
                          "0101000000000000000000F03F0000000000000040");
    EXPECT_EQ(read<ewkb>(extension_type, text, "01ff0A").bytes.size(), 3u);
    EXPECT_EQ(refused<ewkb>(extension_type, text, "01f"), errc::invalid_value);
    EXPECT_EQ(refused<ewkb>(extension_type, text, "0g"), errc::invalid_value);
}
