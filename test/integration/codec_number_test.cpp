// Distributed under the Boost Software License, Version 1.0.
#include "integration/round_trip.hpp"

#include <cmath>
#include <limits>

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::sql;

template <class T>
constexpr T least = std::numeric_limits<T>::min();
template <class T>
constexpr T most = std::numeric_limits<T>::max();

/// Values of all magnitudes.
template <class T>
T any_integer(std::mt19937_64& random)
{
    return static_cast<T>(random() >> (random() % 64));
}

/// All bit patterns but those of NaN, of which PostgreSQL keeps one.
template <class T, class Bits>
T any_float(std::mt19937_64& random)
{
    T value;
    do value = std::bit_cast<T>(static_cast<Bits>(random()));
    while (std::isnan(value));
    return value;
}

// Lists stand outside of coroutines, where g++ 12 makes nothing of them.
const std::vector<sample<bool>> bools = {{true, "true"}, {false, "false"}};
const std::vector<sample<std::int16_t>> int2s = {
    {0, "0"}, {1, "1"}, {-1, "-1"}, {most<std::int16_t>, "32767"}, {least<std::int16_t>, "-32768"}};
const std::vector<sample<std::int32_t>> int4s = {
    {0, "0"}, {-1, "-1"}, {most<std::int32_t>, "2147483647"}, {least<std::int32_t>, "-2147483648"}};
const std::vector<sample<std::int64_t>> int8s = {{0, "0"},
                                                 {-1, "-1"},
                                                 {4'294'967'296, "4294967296"},
                                                 {most<std::int64_t>, "9223372036854775807"},
                                                 {least<std::int64_t>, "-9223372036854775808"}};
const std::vector<sample<long long>> longs = {{-5, "-5"}};
const std::vector<sample<std::uint16_t>> uint2s = {{0, "0"}, {65'535, "65535"}};
const std::vector<sample<std::uint32_t>> uint4s = {{0, "0"}, {most<std::uint32_t>, "4294967295"}};
const std::vector<sample<std::uint64_t>> uint8s = {{0, "0"}, {most<std::int64_t>, "9223372036854775807"}};
const std::vector<sample<tusk::oid>> oids = {{tusk::oid::int4, "23"},
                                             {tusk::oid(4'294'967'295U), "4294967295"}};
const std::vector<sample<char>> chars = {{'a', "'a'"}, {'~', "'~'"}};

using f4 = std::numeric_limits<float>;
using f8 = std::numeric_limits<double>;
const std::vector<sample<float>> floats = {{0, "0"},
                                           {-0.0F, "'-0'"},
                                           {0.1F, "0.1"},
                                           {f4::max(), "3.4028235e38"},
                                           {f4::min(), "1.17549435e-38"},
                                           {f4::denorm_min(), "'1.4e-45'"},
                                           {f4::infinity(), "'Infinity'"},
                                           {-f4::infinity(), "'-Infinity'"},
                                           {f4::quiet_NaN(), "'NaN'"}};
const std::vector<sample<double>> doubles = {{0, "0"},
                                             {-0.0, "'-0'"},
                                             {0.1, "0.1"},
                                             {f8::max(), "1.7976931348623157e308"},
                                             {f8::min(), "'2.2250738585072014e-308'"},
                                             {f8::denorm_min(), "'4.9e-324'"},
                                             {f8::infinity(), "'Infinity'"},
                                             {-f8::infinity(), "'-Infinity'"},
                                             {f8::quiet_NaN(), "'NaN'"}};

TEST(codec_number, samples)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_samples(db, "bool", bools);
        co_await check_samples(db, "int2", int2s);
        co_await check_samples(db, "int4", int4s);
        co_await check_samples(db, "int8", int8s);
        co_await check_samples(db, "int8", longs);
        co_await check_samples(db, "int4", uint2s);
        co_await check_samples(db, "int8", uint4s);
        co_await check_samples(db, "int8", uint8s);
        co_await check_samples(db, "oid", oids);
        co_await check_samples(db, "\"char\"", chars);
        co_await check_samples(db, "float4", floats);
        co_await check_samples(db, "float8", doubles);
    });
}

TEST(codec_number, thousands_at_random)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_random<bool>(db, "bool", 200, [](auto& r) { return r() % 2 == 0; });
        co_await check_random<std::int16_t>(db, "int2", 3000, any_integer<std::int16_t>);
        co_await check_random<std::int32_t>(db, "int4", 3000, any_integer<std::int32_t>);
        co_await check_random<std::int64_t>(db, "int8", 3000, any_integer<std::int64_t>);
        co_await check_random<std::uint16_t>(db, "int4", 3000, any_integer<std::uint16_t>);
        co_await check_random<std::uint32_t>(db, "int8", 3000, any_integer<std::uint32_t>);
        co_await check_random<std::uint64_t>(db, "int8", 3000,
                                             [](auto& r) { return any_integer<std::uint64_t>(r) >> 1; });
        co_await check_random<tusk::oid>(db, "oid", 3000,
                                         [](auto& r) { return tusk::oid(any_integer<std::uint32_t>(r)); });
        co_await check_random<char>(db, "\"char\"", 500,
                                    [](auto& r) { return static_cast<char>(1 + r() % 127); });
        co_await check_random<float>(db, "float4", 3000, any_float<float, std::uint32_t>);
        co_await check_random<double>(db, "float8", 3000, any_float<double, std::uint64_t>);
    });
}

TEST(codec_number, extra_float_digits_zero_still_reads)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_execute("set extra_float_digits = 0");
        const auto text =
            co_await db.async_query_one<double>(tusk::bound("select 1e300::float8 / 7").text_results(true));
        EXPECT_NEAR(text / (1e300 / 7), 1, 1e-14);
    });
}

TEST(codec_number, unsigned_values_that_no_sql_type_holds)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto [ec, value] = co_await db.async_query(sql("select $1", most<std::uint64_t>), as_tuple);
        EXPECT_EQ(ec, errc::value_out_of_range);
        EXPECT_NE(value.diag().message().find("$1"), std::string_view::npos) << value.diag().message();
        EXPECT_TRUE(value.diag().safe_to_retry());
        auto [ec2, v2] = co_await db.async_query(sql("select $1", std::uint64_t{1} << 63), as_tuple);
        EXPECT_EQ(ec2, errc::value_out_of_range);
        co_await expect_usable(db);
    });
}

TEST(codec_number, values_that_do_not_fit_the_cpp_type)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const bool text : {false, true}) {
            const auto ask = [text](const char* s) { return tusk::bound(s).text_results(text); };
            auto [a, v1] =
                co_await db.async_query_one<std::uint64_t>(ask("select -1::int8 as minus"), as_tuple);
            EXPECT_EQ(a, errc::value_not_representable);
            EXPECT_NE(v1.diag().message().find("minus"), std::string_view::npos) << v1.diag().message();
            auto [b, v2] =
                co_await db.async_query_one<std::uint32_t>(ask("select 4294967296::int8"), as_tuple);
            EXPECT_EQ(b, errc::value_not_representable);
            auto [c, v3] = co_await db.async_query_one<std::uint16_t>(ask("select 65536::int4"), as_tuple);
            EXPECT_EQ(c, errc::value_not_representable);
            auto [d, v4] = co_await db.async_query_one<std::uint16_t>(ask("select -1::int4"), as_tuple);
            EXPECT_EQ(d, errc::value_not_representable);
            auto [e, v5] = co_await db.async_query_one<float>(ask("select 1::float8"), as_tuple);
            EXPECT_EQ(e, errc::column_mismatch);
        }
        co_await expect_usable(db);
    });
}

TEST(codec_number, narrower_columns_widen)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const bool text : {false, true}) {
            const auto ask = [text](const char* s) { return tusk::bound(s).text_results(text); };
            const auto a = co_await db.async_query_one<std::int64_t>(ask("select (-7)::int2"));
            EXPECT_EQ(a, -7);
            const auto b = co_await db.async_query_one<std::int32_t>(ask("select (-7)::int2"));
            EXPECT_EQ(b, -7);
            const auto c = co_await db.async_query_one<std::int64_t>(ask("select (-7)::int4"));
            EXPECT_EQ(c, -7);
            const auto d = co_await db.async_query_one<double>(ask("select 1.5::float4"));
            EXPECT_EQ(d, 1.5);
            const auto e = co_await db.async_query_one<std::uint32_t>(ask("select 4294967295::oid"));
            EXPECT_EQ(e, 4'294'967'295U);
            const auto f = co_await db.async_query_one<std::uint32_t>(ask("select '3'::xid"));
            EXPECT_EQ(f, 3U);
            const auto g = co_await db.async_query_one<std::int64_t>(ask("select 4294967295::oid"));
            EXPECT_EQ(g, 4'294'967'295);
        }
        const auto table = co_await db.async_query_one<tusk::oid>("select 'pg_class'::regclass");
        EXPECT_EQ(table, tusk::oid(1259));
    });
}

} // namespace
} // namespace tusk_test
