// Distributed under the Boost Software License, Version 1.0.
#include "integration/round_trip.hpp"

#include <cmath>
#include <limits>

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::numeric;
using tusk::sql;

numeric of(const char* text) { return numeric::parse(text); }

const std::vector<sample<numeric>> samples = {
    {0, "0"},
    {of("0.00"), "0.00"},
    {1, "1"},
    {of("1.50"), "1.50"},
    {of("1.500"), "1.500"},
    {of("-0.0001"), "-0.0001"},
    {of("-12345678901234567890.0987654321"), "-12345678901234567890.0987654321"},
    {10'000, "10000"},
    {of("99990000.00009999"), "99990000.00009999"},
    {of("1e131071"), "'1e131071'"},
    {of("-1e-16383"), "'-1e-16383'"},
    {of("1e-100"), "'1e-100'"},
    {std::numeric_limits<std::int64_t>::min(), "-9223372036854775808"},
    {std::numeric_limits<std::uint64_t>::max(), "18446744073709551615"},
    {numeric(0.1), "0.1"},
    {numeric::nan(), "'NaN'"},
    {numeric::infinity(), "'Infinity'"},
    {-numeric::infinity(), "'-Infinity'"}};

/// 2^k - 1 digits, of which most are few.
std::string any_digits(std::mt19937_64& random, std::size_t most)
{
    const std::size_t size = std::min(most, static_cast<std::size_t>(random() >> (47 + random() % 17)));
    std::string digits;
    const bool zeros = random() % 4 == 0; // long rows of them
    while (digits.size() < size)
        digits += zeros && random() % 8 != 0 ? '0' : static_cast<char>('0' + random() % 10);
    return digits;
}

numeric any_numeric(std::mt19937_64& random)
{
    std::string text = random() % 2 ? "-" : "";
    text += any_digits(random, numeric::max_integer_digits) + "0." + any_digits(random, numeric::max_scale);
    std::error_code ec;
    numeric value = numeric::parse(text, ec); // the 0 made it too long at times
    return ec ? numeric::nan() : value;
}

TEST(codec_numeric, samples)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_samples(db, "numeric", samples);
    });
}

TEST(codec_numeric, the_largest)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string most = std::string(131'072, '9') + "." + std::string(16'383, '9');
        for (const std::string& text : {most, "-" + most}) {
            const numeric value = numeric::parse(text);
            tusk::result r =
                co_await db.async_query(sql("select $1, $1::text, $2::text::numeric = $1", value, text));
            EXPECT_EQ(r[0][0].as<numeric>().to_string(), text);
            EXPECT_EQ(r[0][1].view(), text);
            EXPECT_TRUE(r[0][2].as<bool>());
        }
        auto [ec, r] = co_await db.async_query("select ('9' || repeat('9', 131072))::numeric", as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::numeric_value_out_of_range);
    });
}

TEST(codec_numeric, thousands_at_random)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_random<numeric>(db, "numeric", 4000, any_numeric);
    });
}

TEST(codec_numeric, what_the_server_computes)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string from =
            " from (select (random() * 10 ^ (random() * 30 - 15))::numeric * sign(random() - 0.5)::int "
            "/ (1 + i % 7) as n from generate_series(1, 2000) i union all select sqrt(2::numeric) "
            "union all select avg(i) from generate_series(1, 3) i union all select exp(100::numeric) "
            "union all select round(12345.678, -2) union all select 1e-7 * 1e-7) s";
        tusk::result r = co_await db.async_query("select n, n::text" + from);
        EXPECT_EQ(r.size(), 2005u);
        for (const tusk::row& row : r) EXPECT_EQ(row[0].as<numeric>().to_string(), row[1].view());
    });
}

TEST(codec_numeric, order_and_equality_are_the_servers)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        tusk::result r = co_await db.async_query("with v(n) as (values (1.5), (1.50), (-1.5), (0), (0.00), "
                                                 "('NaN'), ('Infinity'), ('-Infinity'), (1e20), "
                                                 "(-1e20), (9999), (10000), (0.0001), (1.50001)) "
                                                 "select a.n, b.n, a.n < b.n, a.n = b.n from v a, v b");
        EXPECT_EQ(r.size(), 14u * 14u);
        for (const tusk::row& row : r) {
            const auto a = row[0].as<numeric>(), b = row[1].as<numeric>();
            EXPECT_EQ(a < b, row[2].as<bool>()) << a.to_string() << ' ' << b.to_string();
            EXPECT_EQ(a == b, row[3].as<bool>()) << a.to_string() << ' ' << b.to_string();
            if (a == b) EXPECT_EQ(a.hash(), b.hash());
        }
    });
}

TEST(codec_numeric, whole_ones_as_integers)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const bool text : {false, true}) {
            const auto ask = [text](const char* s) { return tusk::bound(s).text_results(text); };
            const auto sum = co_await db.async_query_one<std::int64_t>(
                ask("select sum(i) from generate_series(1, 100000) i, (select 1::int8) s where i::int8 > 0"));
            EXPECT_EQ(sum, 5'000'050'000);
            const auto big = co_await db.async_query_one<std::int64_t>(
                ask("select sum(n) from (values (9223372036854775807::int8), (-7::int8)) v(n)"));
            EXPECT_EQ(big, 9'223'372'036'854'775'800);
            const auto most =
                co_await db.async_query_one<std::uint64_t>(ask("select 18446744073709551615::numeric(20)"));
            EXPECT_EQ(most, std::numeric_limits<std::uint64_t>::max());
            auto [a, v1] =
                co_await db.async_query_one<std::int64_t>(ask("select 1.5::numeric as part"), as_tuple);
            EXPECT_EQ(a, errc::value_not_representable);
            EXPECT_NE(v1.diag().message().find("part"), std::string_view::npos) << v1.diag().message();
            auto [b, v2] = co_await db.async_query_one<std::int64_t>(
                ask("select 9223372036854775808::numeric"), as_tuple);
            EXPECT_EQ(b, errc::value_not_representable);
            // declared with decimals: refused before there is a value
            auto [c, v3] =
                co_await db.async_query_one<std::int64_t>(ask("select 1::numeric(10, 2)"), as_tuple);
            EXPECT_EQ(c, errc::column_mismatch);
            auto [d, v4] = co_await db.async_query_one<double>(ask("select 1::numeric"), as_tuple);
            EXPECT_EQ(d, errc::column_mismatch);
            auto [e, v5] = co_await db.async_query_one<int>(ask("select 1::numeric"), as_tuple);
            EXPECT_EQ(e, errc::column_mismatch);
        }
        if (the_server().version >= 15) { // 14 has no negative scale
            const auto hundreds = co_await db.async_query_one<std::int64_t>("select 12345::numeric(3, -2)");
            EXPECT_EQ(hundreds, 12'300);
        }
        const auto add = co_await db.async_prepare("select $1::numeric + 1");
        const auto more =
            co_await db.async_query_one<numeric>(add.bind(std::numeric_limits<std::uint64_t>::max()));
        EXPECT_EQ(more, of("18446744073709551616"));
        co_await expect_usable(db);
    });
}

} // namespace
} // namespace tusk_test
