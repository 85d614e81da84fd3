// Distributed under the Boost Software License, Version 1.0.
#include "integration/round_trip.hpp"

#include <cmath>
#include <limits>

namespace tusk_test {
namespace {

using tusk::box;
using tusk::circle;
using tusk::line;
using tusk::lseg;
using tusk::path;
using tusk::point;
using tusk::polygon;
using tusk::sql;

using f8 = std::numeric_limits<double>;

const std::vector<sample<point>> points = {
    {{0, 0}, "'(0,0)'"},
    {{1.5, -0.0}, "'(1.5,-0)'"},
    {{f8::infinity(), -f8::infinity()}, "'(Infinity,-Infinity)'"},
    {{f8::max(), f8::denorm_min()}, "'(1.7976931348623157e308,4.9e-324)'"},
    {{1e15, 1e14}, "'(1e15,1e14)'"},
    {{0.1, 0.00001}, "'(0.1,0.00001)'"}};
const std::vector<sample<line>> lines = {{{1, 2, 3}, "'{1,2,3}'"}, {{-1, 0, 0.5}, "'{-1,0,0.5}'"}};
const std::vector<sample<lseg>> segments = {{{{1, 2}, {3, 4}}, "'[(1,2),(3,4)]'"},
                                            {{{0, 0}, {0, 0}}, "'0,0,0,0'"}};
const std::vector<sample<box>> boxes = {{{{3, 4}, {1, 2}}, "'(1,2),(3,4)'"},
                                        {{{3, 4}, {1, 2}}, "'(1,4),(3,2)'"}};
const std::vector<sample<path>> paths = {{{{{1, 2}}, false}, "'[(1,2)]'"},
                                         {{{{1, 2}, {3, 4}}, false}, "'[(1,2),(3,4)]'"},
                                         {{{{1, 2}, {3, 4}, {5, 6}}, true}, "'((1,2),(3,4),(5,6))'"}};
const std::vector<sample<polygon>> polygons = {{polygon({{1, 2}}), "'((1,2))'"},
                                               {polygon({{1, 2}, {3, 4}, {5, 0}}), "'((1,2),(3,4),(5,0))'"}};
const std::vector<sample<circle>> circles = {{{{1, 2}, 3}, "'<(1,2),3>'"}, {{{0, 0}, 0}, "'<(0,0),0>'"}};

double any_double(std::mt19937_64& random)
{
    double d = 0;
    switch (random() % 3) {
    case 0:
        return static_cast<double>(random() % 1000);
    case 1:
        return static_cast<double>(random() % 1'000'000) / 1000 - 500;
    default:
        do d = std::bit_cast<double>(random());
        while (std::isnan(d));
        return d;
    }
}

point any_point(std::mt19937_64& random)
{
    const double x = any_double(random);
    return {x, any_double(random)};
}

std::vector<point> any_points(std::mt19937_64& random)
{
    std::vector<point> list(1 + random() % (random() % 50 ? 8 : 500));
    for (point& p : list) p = any_point(random);
    return list;
}

lseg any_segment(std::mt19937_64& random)
{
    const point a = any_point(random);
    return {a, any_point(random)};
}

box any_box(std::mt19937_64& random)
{
    const point a = any_point(random);
    const point b = any_point(random);
    return {{std::max(a.x, b.x), std::max(a.y, b.y)}, {std::min(a.x, b.x), std::min(a.y, b.y)}};
}

path any_path(std::mt19937_64& random)
{
    const bool closed = random() % 2 == 0;
    return {any_points(random), closed};
}

polygon any_polygon(std::mt19937_64& random) { return polygon(any_points(random)); }

circle any_circle(std::mt19937_64& random)
{
    const point center = any_point(random);
    return {center, std::abs(any_double(random))};
}

line any_line(std::mt19937_64& random)
{
    const point p = any_point(random);
    return {p.x, 1, p.y};
}

TEST(codec_geometric, samples)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_texts(db, "point", points);
        co_await check_texts(db, "line", lines);
        co_await check_texts(db, "lseg", segments);
        co_await check_texts(db, "box", boxes);
        co_await check_texts(db, "path", paths);
        co_await check_texts(db, "polygon", polygons);
        co_await check_texts(db, "circle", circles);
    });
}

TEST(codec_geometric, thousands_at_random)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_random<point>(db, "point", 3000, any_point);
        co_await check_random<line>(db, "line", 1000, any_line);
        co_await check_random<lseg>(db, "lseg", 1000, any_segment);
        co_await check_random<box>(db, "box", 1000, any_box);
        co_await check_random<path>(db, "path", 1500, any_path);
        co_await check_random<polygon>(db, "polygon", 1000, any_polygon);
        co_await check_random<circle>(db, "circle", 1000, any_circle);
    });
}

TEST(codec_geometric, not_a_number)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const bool text : {false, true}) {
            tusk::bound request = sql("select $1::point, $2::circle", point{f8::quiet_NaN(), 1},
                                      circle{{0, 0}, f8::quiet_NaN()});
            const tusk::result r = co_await db.async_query(std::move(request.text_results(text)));
            EXPECT_TRUE(std::isnan(r[0][0].as<point>().x));
            EXPECT_TRUE(std::isnan(r[0][1].as<circle>().radius));
        }
    });
}

TEST(codec_geometric, what_the_server_refuses)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto [ec, r] = co_await db.async_query(sql("select $1", line{0, 0, 1}), as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::invalid_binary_representation) << r.diag().message();
        auto [none, r2] = co_await db.async_query(sql("select $1", path{}), as_tuple);
        EXPECT_EQ(none, tusk::errc::value_out_of_range);
        auto [minus, r3] = co_await db.async_query(sql("select $1", circle{{0, 0}, -1}), as_tuple);
        EXPECT_EQ(minus, tusk::errc::value_out_of_range);
        const box swapped = co_await db.async_query_one<box>(sql("select $1", box{{1, 4}, {3, 2}}));
        EXPECT_EQ(swapped, (box{{3, 4}, {1, 2}}));
        co_await expect_usable(db);
    });
}

} // namespace
} // namespace tusk_test
