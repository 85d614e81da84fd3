// Distributed under the Boost Software License, Version 1.0.
#include "codec_forms.hpp"

#include <variant>

using namespace codec_test;
using tusk::pg_lsn;
using tusk::pg_snapshot;
using tusk::tid;
using tusk::xid8;

TEST(codec_system, pg_lsn_both_ways)
{
    check_forms(pg_lsn{0x16'b374'd848}, oid::pg_lsn, "00000016b374d848", "16/B374D848");
    check_forms(pg_lsn{}, oid::pg_lsn, "0000000000000000", "0/0");
    check_forms(pg_lsn{~std::uint64_t{0}}, oid::pg_lsn, "ffffffffffffffff", "FFFFFFFF/FFFFFFFF");
    break_fixed<pg_lsn>(oid::pg_lsn, unhex("00000016b374d848"));
    EXPECT_EQ(pg_lsn::parse("16/b374d848"), pg_lsn{0x16'b374'd848});
    for (const char* bad : {"", "/", "16", "16/", "/0", "16/-1", "-1/0", "0x1/0", "100000000/0",
                            "0/100000000", "0/0/0", " 0/0"})
        EXPECT_FALSE(pg_lsn::parse(bad)) << bad;
    EXPECT_LT(pg_lsn{1}, pg_lsn{2});
}

TEST(codec_system, xid8_both_ways)
{
    check_forms(xid8{18'446'744'073'709'551'615U}, oid::xid8, "ffffffffffffffff", "18446744073709551615");
    check_forms(xid8{3}, oid::xid8, "0000000000000003", "3");
    break_fixed<xid8>(oid::xid8, unhex("0000000000000003"));
    EXPECT_EQ(refused<xid8>(oid::xid8, text, "18446744073709551616"), errc::invalid_value);
    EXPECT_EQ(refused<xid8>(oid::xid8, text, "-1"), errc::invalid_value);
}

TEST(codec_system, tid_both_ways)
{
    check_forms(tid{1, 2}, oid::tid, "00000001 0002", "(1,2)");
    check_forms(tid{4'294'967'295U, 65'535}, oid::tid, "ffffffff ffff", "(4294967295,65535)");
    break_fixed<tid>(oid::tid, unhex("000000010002"));
    for (const char* bad :
         {"", "()", "(1)", "(1,)", "(1,2", "(-1,2)", "(1,65536)", "(4294967296,1)", "(1,2) "})
        EXPECT_FALSE(tid::parse(bad)) << bad;
}

TEST(codec_system, pg_snapshot_both_ways)
{
    const pg_snapshot s{{10}, {20}, {{10}, {14}, {15}}};
    constexpr std::string_view bytes =
        "00000003 000000000000000a 0000000000000014 000000000000000a 000000000000000e 000000000000000f";
    check_forms(s, oid::pg_snapshot, bytes, "10:20:10,14,15");
    check_forms(s, oid::txid_snapshot, bytes, "10:20:10,14,15");
    check_forms(pg_snapshot{{10}, {10}, {}}, oid::pg_snapshot, "00000000 000000000000000a 000000000000000a",
                "10:10:");
    EXPECT_EQ(tusk::encode_traits<pg_snapshot>::type, oid::pg_snapshot);
}

TEST(codec_system, pg_snapshot_that_cannot_be)
{
    EXPECT_FALSE((pg_snapshot{{0}, {1}, {}}).valid());
    EXPECT_FALSE((pg_snapshot{{2}, {1}, {}}).valid());
    EXPECT_FALSE((pg_snapshot{{1}, {9}, {{3}, {2}}}).valid());
    EXPECT_FALSE((pg_snapshot{{2}, {9}, {{1}}}).valid());
    EXPECT_FALSE((pg_snapshot{{2}, {9}, {{10}}}).valid());
    EXPECT_EQ(unsendable(pg_snapshot{}), errc::value_out_of_range);
    for (const char* bad : {"", "1", "1:2", "1:2:,", "1:2:1,", "0:1:", "2:1:", "1:9:3,2", ":1:", "1::"})
        EXPECT_FALSE(pg_snapshot::parse(bad)) << bad;
    for (const char* count : {"00000001", "ffffffff", "7fffffff", "20000000"})
        EXPECT_EQ(refused<pg_snapshot>(oid::pg_snapshot, binary,
                                       unhex(std::string(count) + "000000000000000a000000000000000a")),
                  errc::invalid_value)
            << count;
}

TEST(codec_void, is_nothing)
{
    EXPECT_EQ(refused<std::monostate>(oid::void_, binary, ""), errc{});
    EXPECT_EQ(refused<std::monostate>(oid::void_, text, ""), errc{});
    EXPECT_EQ(refused<std::monostate>(oid::void_, binary, "x"), errc::invalid_value);
    EXPECT_FALSE(accepts<std::monostate>(oid::text));
}

TEST(codec_reg, is_a_number_in_binary_and_a_name_in_text)
{
    for (const oid type :
         {oid::regproc, oid::regprocedure, oid::regoper, oid::regoperator, oid::regclass, oid::regtype,
          oid::regconfig, oid::regdictionary, oid::regnamespace, oid::regrole, oid::regcollation}) {
        EXPECT_EQ(written(oid(1259), type), "000004eb");
        EXPECT_EQ(read<oid>(type, binary, unhex("000004eb")), oid(1259));
        EXPECT_EQ(read<std::uint32_t>(type, binary, unhex("000004eb")), 1259u);
        EXPECT_FALSE(accepts<oid>(type, text));
        EXPECT_FALSE(accepts<std::string>(type, binary));
        EXPECT_EQ(read<std::string>(type, text, "pg_class"), "pg_class");
        EXPECT_FALSE(tusk::type_name(type).empty());
    }
}
