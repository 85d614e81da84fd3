// Distributed under the Boost Software License, Version 1.0.
#include "codec_forms.hpp"

#include <stdexcept>

using namespace codec_test;
using tusk::cidr;
using tusk::inet;
using tusk::macaddr;
using tusk::macaddr8;

namespace {

inet address(std::string_view from) { return inet::parse(from).value(); }
cidr network(std::string_view from) { return cidr::parse(from).value(); }

} // namespace

TEST(inet, is_made_of_bytes)
{
    EXPECT_EQ(inet().to_string(), "0.0.0.0");
    const inet::v4_bytes four{192, 168, 0, 1};
    EXPECT_EQ(inet(four).to_string(), "192.168.0.1");
    EXPECT_EQ(inet(four, 24).to_string(), "192.168.0.1/24");
    EXPECT_EQ(inet(four, 24).prefix(), 24u);
    EXPECT_EQ(inet(four, 24).max_prefix(), 32u);
    EXPECT_TRUE(inet(four).is_v4());
    EXPECT_EQ(inet(four).v4(), four);
    EXPECT_FALSE(inet(four).v6());
    EXPECT_EQ(inet(four).bytes().size(), 4u);
    inet::v6_bytes sixteen{};
    sixteen[15] = 1;
    EXPECT_EQ(inet(sixteen).to_string(), "::1");
    EXPECT_EQ(inet(sixteen, 0).to_string(), "::1/0");
    EXPECT_TRUE(inet(sixteen).is_v6());
    EXPECT_EQ(inet(sixteen).v6(), sixteen);
    EXPECT_FALSE(inet(sixteen).v4());
    EXPECT_THROW(inet(four, 33), std::out_of_range);
    EXPECT_THROW(inet(sixteen, 129), std::out_of_range);
}

TEST(inet, prints_what_the_server_prints)
{
    for (const char* same :
         {"::", "::1", "::5", "1::", "::1.2.3.4", "::ffff:1.2.3.4", "::ffff:1.2.3.4/96", "::0.5.0.0",
          "0:0:1::", "1:0:0:2::3", "0:1::1:0:0:1", "1:0:1:1:1:1:1:1", "::1:2:3", "2001:db8::1/64",
          "1:2:3:4:5:6:7:8", "::/0", "0.0.0.0/0", "10.1.2.3/8", "255.255.255.255"})
        EXPECT_EQ(address(same).to_string(), same);
}

TEST(inet, reads_every_spelling_of_rfc_4291)
{
    EXPECT_EQ(address("2001:DB8:0:0:0:0:0:1"), address("2001:db8::1"));
    EXPECT_EQ(address("0001::"), address("1::"));
    EXPECT_EQ(address("1:2:3:4:5:6:7::"), address("1:2:3:4:5:6:7:0"));
    EXPECT_EQ(address("::2:3:4:5:6:7:8"), address("0:2:3:4:5:6:7:8"));
    EXPECT_EQ(address("1:2:3:4:5:6:1.2.3.4"), address("1:2:3:4:5:6:102:304"));
    EXPECT_EQ(address("64:ff9b::192.0.2.33"), address("64:ff9b::c000:221"));
    EXPECT_EQ(address("::0/128"), address("::"));
}

TEST(inet, refuses_everything_else)
{
    for (const char* bad : {"",
                            "/",
                            "/8",
                            "1",
                            "1.2.3",
                            "1.2.3.4.5",
                            "1.2.3.",
                            ".1.2.3",
                            "1..2.3",
                            "256.0.0.1",
                            "01.2.3.4",
                            "1.2.3.4/",
                            "1.2.3.4/33",
                            "1.2.3.4/-1",
                            "1.2.3.4/08",
                            "1.2.3.4/8/8",
                            " 1.2.3.4",
                            "1.2.3.4 ",
                            "a.b.c.d",
                            "1.2.3.0x4",
                            "+1.2.3.4",
                            ":",
                            ":::",
                            "1:",
                            ":1",
                            "1:2:3:4:5:6:7",
                            "1:2:3:4:5:6:7:8:9",
                            "1:2:3:4:5:6:7:8::",
                            "::1:2:3:4:5:6:7:8",
                            "1::2::3",
                            "12345::",
                            "g::",
                            "::1%eth0",
                            "::1/129",
                            "::1.2.3",
                            "1.2.3.4::",
                            "1:2:3:4:5:6:7:1.2.3.4",
                            "::1.2.3.4:5",
                            "[::1]"})
        EXPECT_FALSE(inet::parse(bad)) << bad;
}

TEST(cidr, has_no_bits_behind_its_prefix)
{
    EXPECT_EQ(cidr().to_string(), "0.0.0.0/32");
    EXPECT_EQ(network("10.0.0.0/8").to_string(), "10.0.0.0/8");
    EXPECT_EQ(network("10.1.2.3").to_string(), "10.1.2.3/32");
    EXPECT_EQ(network("2001:db8::/32").to_string(), "2001:db8::/32");
    EXPECT_FALSE(cidr::parse("10.0.0.1/8"));
    EXPECT_FALSE(cidr::parse("128.0.0.0/0"));
    EXPECT_FALSE(cidr::parse("::1/127"));
    EXPECT_TRUE(cidr::parse("::/0"));
    EXPECT_THROW(cidr(address("10.0.0.1/8")), std::invalid_argument);
    EXPECT_EQ(cidr(address("10.0.0.0/8")), network("10.0.0.0/8"));
    EXPECT_EQ(address("10.255.3.4/9").network(), network("10.128.0.0/9"));
    EXPECT_EQ(address("ffff:ffff::1/17").network(), network("ffff:8000::/17"));
    EXPECT_TRUE(address("10.128.0.0/9").is_network());
    EXPECT_FALSE(address("10.128.0.1/9").is_network());
    EXPECT_TRUE(network("10.0.0.0/8").contains(address("10.2.3.4")));
    EXPECT_TRUE(network("10.0.0.0/8").contains(address("10.2.3.4/8")));
    EXPECT_FALSE(network("10.0.0.0/8").contains(address("10.2.3.4/7")));
    EXPECT_FALSE(network("10.0.0.0/8").contains(address("11.0.0.0")));
    EXPECT_FALSE(network("0.0.0.0/0").contains(address("::")));
}

TEST(macaddr, reads_the_usual_spellings)
{
    const macaddr mac{{0x08, 0x00, 0x2b, 0x01, 0x02, 0x0f}};
    for (const char* same : {"08:00:2b:01:02:0f", "08-00-2B-01-02-0F", "0800.2b01.020f", "0800-2b01-020f",
                             "08002b:01020f", "08002b-01020f", "08002b01020f"})
        EXPECT_EQ(macaddr::parse(same), mac) << same;
    for (const char* bad : {"", ":", "08", "08:00:2b:01:02", "08:00:2b:01:02:0f:", "08:00-2b:01:02:0f",
                            "8:00:2b:01:02:0f", "0:800:2b:01:02:0f", "08002b01020", "08002b01020f0",
                            "0g002b01020f", "08002b0102:0f", "08002b\t01020f"})
        EXPECT_FALSE(macaddr::parse(bad)) << bad;
    EXPECT_LT(macaddr(), mac);

    const macaddr8 long_mac{{0x08, 0x00, 0x2b, 0xff, 0xfe, 0x01, 0x02, 0x0f}};
    for (const char* same :
         {"08:00:2b:ff:fe:01:02:0f", "0800.2bff.fe01.020f", "08002bff-fe01020f", "08002bfffe01020f"})
        EXPECT_EQ(macaddr8::parse(same), long_mac) << same;
    EXPECT_FALSE(macaddr8::parse("08:00:2b:01:02:0f"));
}

TEST(codec_network, inet_both_ways)
{
    check_forms(address("10.1.2.3/8"), oid::inet, "02 08 00 04 0a010203", "10.1.2.3/8");
    check_forms(address("192.168.0.1"), oid::inet, "02 20 00 04 c0a80001", "192.168.0.1");
    check_forms(address("::ffff:1.2.3.4"), oid::inet, "03 80 00 10 00000000000000000000ffff01020304",
                "::ffff:1.2.3.4");
    EXPECT_EQ(tusk::encode_traits<inet>::type, oid::inet);
    EXPECT_EQ(written(address("10.0.0.0/8"), oid::cidr), "020801040a000000");
    EXPECT_EQ(unsendable(address("10.0.0.1/8"), oid::cidr), errc::value_out_of_range);
    EXPECT_EQ(read<inet>(oid::cidr, binary, unhex("020801040a000000")), address("10.0.0.0/8"));
    EXPECT_EQ(read<inet>(oid::cidr, text, "10.0.0.0/8"), address("10.0.0.0/8"));
    break_fixed<inet>(oid::inet, unhex("022000040a010203"));
}

TEST(codec_network, cidr_both_ways)
{
    check_forms(network("10.0.0.0/8"), oid::cidr, "02 08 01 04 0a000000", "10.0.0.0/8");
    check_forms(network("::/0"), oid::cidr, "03 00 01 10 00000000000000000000000000000000", "::/0");
    EXPECT_EQ(written(network("10.0.0.0/8"), oid::inet), "020800040a000000");
    EXPECT_FALSE(accepts<cidr>(oid::inet));
    EXPECT_EQ(refused<cidr>(oid::cidr, binary, unhex("020801040a000001")), errc::invalid_value);
}

TEST(codec_network, refuses_what_is_no_address)
{
    for (const char* bad :
         {"", "02", "02200004", "022000040a0102", "022000040a01020304", "022000100a010203",
          "022100040a010203", "012000040a010203", "0a2000040a010203", "032000040a010203", "022002040a010203",
          "02200010000000000000000000000000000000ff", "0381001000000000000000000000000000000000"})
        EXPECT_EQ(refused<inet>(oid::inet, binary, unhex(bad)), errc::invalid_value) << bad;
}

TEST(codec_network, macaddr_both_ways)
{
    check_forms(macaddr{{8, 0, 0x2b, 1, 2, 3}}, oid::macaddr, "08002b010203", "08:00:2b:01:02:03");
    check_forms(macaddr8{{8, 0, 0x2b, 0xff, 0xfe, 1, 2, 3}}, oid::macaddr8, "08002bfffe010203",
                "08:00:2b:ff:fe:01:02:03");
    break_fixed<macaddr>(oid::macaddr, unhex("08002b010203"));
    break_fixed<macaddr8>(oid::macaddr8, unhex("08002bfffe010203"));
}
