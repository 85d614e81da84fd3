// Distributed under the Boost Software License, Version 1.0.
#include "integration/round_trip.hpp"

#include <chrono>

namespace tusk_test {
namespace {

using namespace std::chrono;
using tusk::errc;
using tusk::sql;

using ints = tusk::range<std::int32_t>;
using longs = tusk::range<std::int64_t>;
using dates = tusk::range<sys_days>;
using instants = tusk::range<sys_time<microseconds>>;
using clocks = tusk::range<local_time<microseconds>>;
using multi = tusk::multirange<std::int32_t>;

constexpr sys_days day = 2024y / February / 29;
constexpr sys_time<microseconds> instant = day + 3h + 1us;
constexpr local_time<microseconds> clock_time{instant.time_since_epoch()};

const std::vector<sample<ints>> int_ranges = {
    {ints(), "'empty'"},
    {ints(1, 5), "'[1,5)'"},
    {ints(-2'147'483'647, 2'147'483'647), "'[-2147483647,2147483647)'"},
    {ints::from(3), "'[3,)'"},
    {ints::below(3), "'(,3)'"},
    {ints::all(), "'(,)'"}};
const std::vector<sample<longs>> long_ranges = {{longs(1, 5'000'000'000), "'[1,5000000000)'"}};
const std::vector<sample<dates>> date_ranges = {{dates(day, day + days(1)), "'[2024-02-29,2024-03-01)'"},
                                                {dates::from(day), "'[2024-02-29,)'"}};
const std::vector<sample<instants>> instant_ranges = {
    {instants::closed(instant, instant + 1h),
     "'[2024-02-29 03:00:00.000001+00,2024-02-29 04:00:00.000001+00]'"},
    {instants::open(instant, instant + 1h),
     "'(2024-02-29 03:00:00.000001+00,2024-02-29 04:00:00.000001+00)'"}};
const std::vector<sample<clocks>> clock_ranges = {
    {clocks::from(clock_time), "'[2024-02-29 03:00:00.000001,)'"}};
const std::vector<sample<multi>> multiranges = {
    {multi(), "'{}'"}, {multi{{1, 3}, {5, 7}}, "'{[1,3),[5,7)}'"}, {multi{ints::all()}, "'{(,)}'"}};
const std::vector<sample<std::vector<ints>>> range_arrays = {
    {{ints(1, 2), ints(), ints::from(9)}, "array['[1,2)','empty','[9,)']"}};

ints any_range(std::mt19937_64& random)
{
    const auto a = static_cast<std::int32_t>(random() % 2'000'000) - 1'000'000;
    const auto length = static_cast<std::int32_t>(random() % 1000);
    switch (random() % 5) {
    case 0:
        return ints();
    case 1:
        return ints::from(a);
    case 2:
        return ints::below(a);
    default:
        return ints(a, a + 1 + length);
    }
}

multi any_multirange(std::mt19937_64& random)
{
    multi m;
    std::int32_t at = -1000;
    for (std::size_t n = random() % 6; n > 0; --n) {
        const std::int32_t from = at + 1 + static_cast<std::int32_t>(random() % 100);
        at = from + 1 + static_cast<std::int32_t>(random() % 100);
        m.ranges().push_back(ints(from, at));
    }
    return m;
}

TEST(codec_range, samples)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_execute("set timezone = 'Asia/Kathmandu'");
        co_await check_samples(db, "int4range", int_ranges);
        co_await check_samples(db, "int8range", long_ranges);
        co_await check_samples(db, "daterange", date_ranges);
        co_await check_samples(db, "tstzrange", instant_ranges);
        co_await check_samples(db, "tsrange", clock_ranges);
        co_await check_samples(db, "int4multirange", multiranges);
        co_await check_samples(db, "int4range[]", range_arrays);
    });
}

TEST(codec_range, thousands_at_random)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_random<ints>(db, "int4range", 3000, any_range);
        co_await check_random<multi>(db, "int4multirange", 3000, any_multirange);
    });
}

TEST(codec_range, is_brought_into_form_by_the_server)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto closed = sql("select $1", ints::closed(1, 3));
        EXPECT_EQ(co_await db.async_query_one<ints>(std::move(closed)), ints(1, 4));
        auto nothing = sql("select $1", ints(3, 3));
        EXPECT_EQ(co_await db.async_query_one<ints>(std::move(nothing)), ints());
        auto [ec, v] = co_await db.async_query_one<ints>(sql("select $1", ints(3, 1)), as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::data_exception) << v.diag().message();
        auto wide = sql("select $1", tusk::as_type("int8range", ints(1, 2)));
        EXPECT_EQ(co_await db.async_query_one<longs>(std::move(wide)), longs(1, 2));
    });
}

TEST(codec_range, of_users)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string name = unique_name("floats");
        co_await db.async_execute("create type " + name + " as range (subtype = float8)");
        const tusk::oid type = co_await db.async_query_one<tusk::oid>("select '" + name + "'::regtype::oid");
        using floats = tusk::range<double>;
        tusk::bound request = sql("select $1", tusk::as_oid(type, floats::closed(0.5, 2)));
        const floats looked_up = co_await db.async_query_one<floats>(request);
        EXPECT_EQ(looked_up, floats::closed(0.5, 2));
        const floats back = co_await db.async_query_one<floats>(std::move(request.text_results(true)));
        EXPECT_EQ(back, floats::closed(0.5, 2));
        auto [none, w] = co_await db.async_query(sql("select $1", floats()), as_tuple);
        EXPECT_EQ(none, errc::parameter_mismatch);
        co_await db.async_execute("drop type " + name);
    });
}

} // namespace
} // namespace tusk_test
