// Distributed under the Boost Software License, Version 1.0.
#include "integration/round_trip.hpp"

#include <bitset>

namespace tusk_test {
namespace {

using tusk::bits;
using tusk::errc;
using tusk::sql;

bits digits(const char* text) { return bits::parse(text).value(); }

const std::vector<sample<bits>> any_length = {{bits(), "B''"},
                                              {digits("1"), "B'1'"},
                                              {digits("10101010"), "B'10101010'"},
                                              {digits("101010101"), "X'AA8'::bit(9)"},
                                              {bits(1000, true), "repeat('1', 1000)"}};
const std::vector<sample<bits>> five = {{digits("10110"), "B'10110'"}, {digits("10000"), "B'1'"}};
const std::vector<sample<std::bitset<5>>> sets = {{std::bitset<5>("10110"), "B'10110'"}};

bits any_bits(std::mt19937_64& random)
{
    bits b(random() % (random() % 20 ? 70 : 5000));
    for (std::size_t i = 0; i < b.size(); ++i) b.set(i, random() % 2 == 0);
    return b;
}

TEST(codec_bits, samples)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_samples(db, "varbit", any_length);
        co_await check_texts(db, "varbit", any_length);
        co_await check_samples(db, "bit(5)", five);
        co_await check_samples(db, "bit(5)", sets);
    });
}

TEST(codec_bits, thousands_at_random)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_random<bits>(db, "varbit", 3000, any_bits);
        co_await check_random_texts<bits>(db, "varbit", 1000, any_bits);
        co_await check_random<std::bitset<77>>(db, "bit(77)", 2000, [](auto& random) {
            return std::bitset<77>(random()) << 13 ^ std::bitset<77>(random());
        });
    });
}

TEST(codec_bits, columns_and_order)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_execute("create temp table flags (b bit(3), v bit varying(4))");
        co_await db.async_execute(sql("insert into flags values ($1, $2)", digits("101"), digits("1111")));
        const auto found = co_await db.async_query_one<std::tuple<bits, bits>>(
            sql("select b, v from flags where b = $1 and v = $2", digits("101"), digits("1111")));
        EXPECT_EQ(found, (std::tuple(digits("101"), digits("1111"))));
        auto [ec, r] =
            co_await db.async_execute(sql("insert into flags values ($1)", digits("1010")), as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::string_data_length_mismatch);
        auto [other, v] = co_await db.async_query_one<std::bitset<4>>("select b from flags", as_tuple);
        EXPECT_EQ(other, errc::value_not_representable);
        std::mt19937_64 random(3);
        for (int i = 0; i < 200; ++i) {
            const bits a = any_bits(random);
            bits b = any_bits(random);
            if (i % 3 == 0) (b = a).push_back(i % 2 == 0);
            const auto less = co_await db.async_query_one<bool>(sql("select $1 < $2", a, b));
            EXPECT_EQ(less, a < b) << a.to_string() << ' ' << b.to_string();
        }
    });
}

} // namespace
} // namespace tusk_test
