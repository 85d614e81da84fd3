// Distributed under the Boost Software License, Version 1.0.
#include "integration/round_trip.hpp"

#include <asio/ip/address.hpp>

namespace tusk_test {
namespace {

using tusk::cidr;
using tusk::errc;
using tusk::inet;
using tusk::macaddr;
using tusk::macaddr8;
using tusk::sql;

inet address(const char* text) { return inet::parse(text).value(); }
cidr network(const char* text) { return cidr::parse(text).value(); }

const std::vector<sample<inet>> addresses = {
    {inet(), "'0.0.0.0'"},
    {address("10.1.2.3/8"), "'10.1.2.3/8'"},
    {address("255.255.255.255"), "'255.255.255.255/32'"},
    {address("192.168.0.1/0"), "'192.168.0.1/0'"},
    {address("::"), "'::'"},
    {address("::1"), "'0:0:0:0:0:0:0:1'"},
    {address("2001:db8::1/64"), "'2001:DB8::1/64'"},
    {address("::ffff:1.2.3.4/96"), "'::ffff:1.2.3.4/96'"},
    {address("::1.2.3.4"), "'::102:304'"},
    {address("1:0:0:2::3"), "'1:0:0:2:0:0:0:3'"},
    {address("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/1"), "'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/1'"}};
const std::vector<sample<cidr>> networks = {{cidr(), "'0.0.0.0/32'"},
                                            {network("10.0.0.0/8"), "'10'"},
                                            {network("0.0.0.0/0"), "'0.0.0.0/0'"},
                                            {network("2001:db8::/32"), "'2001:db8::/32'"},
                                            {network("::1"), "'::1/128'"}};
const std::vector<sample<macaddr>> macs = {{macaddr(), "'00:00:00:00:00:00'"},
                                           {macaddr{{8, 0, 0x2b, 1, 2, 3}}, "'0800.2b01.0203'"},
                                           {macaddr{{255, 255, 255, 255, 255, 255}}, "'ffffffffffff'"}};
const std::vector<sample<macaddr8>> long_macs = {
    {macaddr8(), "'00:00:00:00:00:00:00:00'"},
    {macaddr8{{8, 0, 0x2b, 0xff, 0xfe, 1, 2, 3}}, "'08:00:2b:01:02:03'"}};

inet any_inet(std::mt19937_64& random)
{
    const auto fill = [&](auto bytes) {
        for (auto& b : bytes) b = static_cast<std::uint8_t>(random() % 3 == 0 ? 0 : random());
        // runs of zeros are what the text of IPv6 is about
        for (std::size_t n = random() % bytes.size(); n > 0; --n) bytes[random() % bytes.size()] = 0;
        return bytes;
    };
    if (random() % 2 == 0) return inet(fill(inet::v4_bytes()), static_cast<unsigned>(random() % 33));
    return inet(fill(inet::v6_bytes()), static_cast<unsigned>(random() % 129));
}

template <class Mac>
Mac any_mac(std::mt19937_64& random)
{
    Mac mac;
    for (auto& b : mac.bytes) b = static_cast<std::uint8_t>(random());
    return mac;
}

TEST(codec_network, samples)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_samples(db, "inet", addresses);
        co_await check_samples(db, "cidr", networks);
        co_await check_samples(db, "macaddr", macs);
        co_await check_samples(db, "macaddr8", long_macs);
        co_await check_texts(db, "inet", addresses); // by their texts too: to_string() is the server's
        co_await check_texts(db, "cidr", networks);
        co_await check_texts(db, "macaddr", macs);
        co_await check_texts(db, "macaddr8", long_macs);
    });
}

TEST(codec_network, thousands_at_random)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto any_cidr = [](auto& random) { return any_inet(random).network(); };
        co_await check_random<inet>(db, "inet", 4000, any_inet);
        co_await check_random_texts<inet>(db, "inet", 4000, any_inet);
        co_await check_random<cidr>(db, "cidr", 3000, any_cidr);
        co_await check_random_texts<cidr>(db, "cidr", 3000, any_cidr);
        co_await check_random<macaddr>(db, "macaddr", 2000, any_mac<macaddr>);
        co_await check_random<macaddr8>(db, "macaddr8", 2000, any_mac<macaddr8>);
    });
}

TEST(codec_network, addresses_and_networks_of_each_other)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const bool text : {false, true}) {
            const auto n =
                co_await db.async_query_one<inet>(tusk::bound("select '10/8'::cidr").text_results(text));
            EXPECT_EQ(n, address("10.0.0.0/8"));
            auto [ec, v] = co_await db.async_query_one<cidr>(
                tusk::bound("select '10.0.0.1/8'::inet").text_results(text), as_tuple);
            EXPECT_EQ(ec, errc::column_mismatch);
        }
        const tusk::statement s = co_await db.async_prepare("select $1::cidr, $2::inet");
        const tusk::result r = co_await db.async_query(s.bind(address("10.0.0.0/8"), network("10.0.0.0/8")));
        EXPECT_EQ(r[0][0].as<cidr>(), network("10.0.0.0/8"));
        EXPECT_EQ(r[0][1].as<inet>(), address("10.0.0.0/8"));
        auto [ec, v] =
            co_await db.async_query(s.bind(address("10.0.0.1/8"), network("10.0.0.0/8")), as_tuple);
        EXPECT_EQ(ec, errc::value_out_of_range);
    });
}

TEST(codec_network, the_server_agrees_on_networks)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::mt19937_64 random(7);
        for (int i = 0; i < 300; ++i) {
            const inet a = any_inet(random);
            const inet b = random() % 2 == 0 ? any_inet(random) : a;
            const tusk::result r =
                co_await db.async_query(sql("select network($1), $1::inet::cidr >>= $2::inet", a, b));
            EXPECT_EQ(r[0][0].as<cidr>(), a.network()) << a.to_string();
            EXPECT_EQ(r[0][1].as<bool>(), a.network().contains(b)) << a.to_string() << ' ' << b.to_string();
        }
    });
}

TEST(codec_network, addresses_of_asio)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto four = asio::ip::make_address("192.0.2.7").to_v4();
        const auto six = asio::ip::make_address("2001:db8::7").to_v6();
        const tusk::result r =
            co_await db.async_query(sql("select $1, $2", inet(four.to_bytes()), inet(six.to_bytes())));
        EXPECT_EQ(asio::ip::address_v4(r[0][0].as<inet>().v4().value()), four);
        EXPECT_EQ(asio::ip::address_v6(r[0][1].as<inet>().v6().value()), six);
    });
}

} // namespace
} // namespace tusk_test
