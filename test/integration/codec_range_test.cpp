// Distributed under the Boost Software License, Version 1.0.
#include "integration/round_trip.hpp"

#include <chrono>
#include <set>

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
using numbers = tusk::range<tusk::numeric>;
using whole_dates = tusk::range<tusk::date>;
using whole_instants = tusk::range<tusk::timestamptz>;
using multi = tusk::multirange<std::int32_t>;
using tusk::bound_kind;

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
const std::vector<sample<numbers>> number_ranges = {
    {numbers(), "'empty'"},
    {numbers(tusk::numeric::parse("1.50"), tusk::numeric::parse("1e30")), "'[1.50,1e30)'"},
    {numbers::open(0, 1), "'(0,1)'"},
    {numbers::from(tusk::numeric::infinity()), "'[Infinity,)'"}};
const std::vector<sample<whole_dates>> infinite_dates = {
    {whole_dates::from(tusk::date::minus_infinity()), "'[-infinity,)'"},
    {whole_dates(tusk::date(day), tusk::date::infinity()), "'[2024-02-29,infinity)'"}};
const std::vector<sample<whole_instants>> infinite_instants = {
    {whole_instants::closed(tusk::timestamptz::minus_infinity(), tusk::timestamptz::infinity()),
     "'[-infinity,infinity]'"}};
const std::vector<sample<multi>> multiranges = {
    {multi(), "'{}'"}, {multi{{1, 3}, {5, 7}}, "'{[1,3),[5,7)}'"}, {multi{ints::all()}, "'{(,)}'"}};
const std::vector<sample<std::vector<ints>>> range_arrays = {
    {{ints(1, 2), ints(), ints::from(9)}, "array['[1,2)','empty','[9,)']"}};

std::int32_t any_int(std::mt19937_64& random)
{
    return static_cast<std::int32_t>(random() >> (random() % 32)) / 2;
}
std::int64_t any_long(std::mt19937_64& random)
{
    return static_cast<std::int64_t>(random() >> (random() % 64)) / 2;
}
tusk::numeric any_number(std::mt19937_64& random)
{
    return tusk::numeric::parse(std::to_string(any_long(random)) + "." + std::to_string(random() % 1000));
}
sys_days any_day(std::mt19937_64& random) { return sys_days(days(any_int(random) / 1000)); }
sys_time<microseconds> any_instant(std::mt19937_64& random)
{
    return sys_time<microseconds>(microseconds(static_cast<std::int64_t>(random() >> 8)));
}
local_time<microseconds> any_clock_time(std::mt19937_64& random)
{
    return local_time<microseconds>(any_instant(random).time_since_epoch());
}

/// `n` different bounds in their order.
template <class T>
std::vector<T> any_bounds(std::mt19937_64& random, std::size_t n, T (*generate)(std::mt19937_64&))
{
    std::set<T> sorted;
    while (sorted.size() < n) sorted.insert(generate(random));
    return {sorted.begin(), sorted.end()};
}

/// Between two bounds, as the server writes it: whole numbers and days as [a,b).
template <class T>
tusk::range<T> between(std::mt19937_64& random, const T& lower, const T& upper)
{
    if constexpr (std::integral<T> || std::same_as<T, sys_days>) {
        return {lower, upper};
    } else {
        const auto kind = [&] { return random() % 2 ? bound_kind::inclusive : bound_kind::exclusive; };
        const bound_kind first = kind();
        return {{first, lower}, {kind(), upper}};
    }
}

template <class T, T (*Generate)(std::mt19937_64&)>
tusk::range<T> any_range(std::mt19937_64& random)
{
    const std::vector<T> bounds = any_bounds(random, 2, Generate);
    switch (random() % 6) {
    case 0:
        return {};
    case 1:
        return tusk::range<T>::from(bounds[0]);
    case 2:
        return tusk::range<T>::below(bounds[0]);
    default:
        return between(random, bounds[0], bounds[1]);
    }
}

template <class T, T (*Generate)(std::mt19937_64&)>
tusk::multirange<T> any_multirange(std::mt19937_64& random)
{
    const std::vector<T> bounds = any_bounds(random, 2 * (random() % 6), Generate);
    tusk::multirange<T> m;
    for (std::size_t i = 0; i < bounds.size(); i += 2)
        m.ranges().push_back(between(random, bounds[i], bounds[i + 1]));
    return m;
}

template <class T, T (*Generate)(std::mt19937_64&)>
asio::awaitable<void> check_random_ranges(tusk::connection& db, std::string name)
{
    co_await check_random<tusk::range<T>>(db, name + "range", 1500, any_range<T, Generate>);
    co_await check_random<tusk::multirange<T>>(db, name + "multirange", 1500, any_multirange<T, Generate>);
}

TEST(codec_range, samples)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_execute("set timezone = 'Asia/Kathmandu'");
        co_await check_samples(db, "int4range", int_ranges);
        co_await check_samples(db, "int8range", long_ranges);
        co_await check_samples(db, "numrange", number_ranges);
        co_await check_samples(db, "daterange", date_ranges);
        co_await check_samples(db, "daterange", infinite_dates);
        co_await check_samples(db, "tstzrange", infinite_instants);
        co_await check_samples(db, "tstzrange", instant_ranges);
        co_await check_samples(db, "tsrange", clock_ranges);
        co_await check_samples(db, "int4multirange", multiranges);
        co_await check_samples(db, "int4range[]", range_arrays);
    });
}

TEST(codec_range, every_date_style)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const char* style : {"SQL, DMY", "Postgres, DMY", "German"}) {
            SCOPED_TRACE(style);
            co_await db.async_execute("set datestyle = '" + std::string(style) + "'");
            co_await check_samples(db, "daterange", date_ranges);
            co_await check_samples(db, "tsrange", clock_ranges);
            co_await check_samples(db, "tstzrange", instant_ranges); // in UTC
        }
    });
}

TEST(codec_range, thousands_at_random)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_random_ranges<std::int32_t, any_int>(db, "int4");
        co_await check_random_ranges<std::int64_t, any_long>(db, "int8");
        co_await check_random_ranges<tusk::numeric, any_number>(db, "num");
        co_await check_random_ranges<sys_days, any_day>(db, "date");
        co_await check_random_ranges<local_time<microseconds>, any_clock_time>(db, "ts");
        co_await check_random_ranges<sys_time<microseconds>, any_instant>(db, "tstz");
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
