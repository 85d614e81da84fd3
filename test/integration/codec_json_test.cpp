// Distributed under the Boost Software License, Version 1.0.
#include "integration/round_trip.hpp"

namespace tusk_test {
namespace {

using tusk::json;
using tusk::jsonb;
using tusk::jsonpath;
using tusk::sql;

const std::vector<sample<json>> texts = {
    {json("{\"k\" : 1}"), "'{\"k\" : 1}'"}, {json("\"\xc3\xa4\""), "'\"ä\"'"}, {json(" null"), "' null'"}};
const std::vector<sample<jsonb>> documents = {{jsonb("{\"a\": [1, null]}"), "'{\"a\":[1,null]}'"},
                                              {jsonb("1.50"), "'1.50'"}};
const std::vector<sample<jsonpath>> paths = {{jsonpath("$.\"a\"[*]?(@ > 1)"), "'$.a[*] ? (@ > 1)'"},
                                             {jsonpath("strict $"), "'strict $'"}};
const std::vector<sample<std::string>> path_texts = {{"$.\"a\"", "'$.a'"}};

std::string any_json(std::mt19937_64& random)
{
    std::string text = "[";
    for (std::size_t n = random() % 6; n > 0; --n)
        text += std::to_string(static_cast<int>(random() % 1000)) + ", \"\xe2\x82\xac" +
                std::to_string(random() % 100) + "\", ";
    return text + "null]";
}

jsonpath any_path(std::mt19937_64& random)
{
    std::string text = random() % 2 ? "$" : "strict $";
    for (std::size_t n = random() % 6; n > 0; --n)
        text += random() % 2 ? ".\"k" + std::to_string(random() % 100) + "\""
                             : "[" + std::to_string(random() % 100) + "]";
    return jsonpath{text};
}

TEST(codec_json, samples)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_texts(db, "json", texts);
        co_await check_samples(db, "jsonb", documents);
        co_await check_texts(db, "jsonpath", paths);
        co_await check_texts(db, "jsonpath", path_texts,
                             false); // sent as text, a field would have to be binary
    });
}

TEST(codec_json, thousands_at_random)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_random<json>(db, "json", 2000, [](auto& random) { return json{any_json(random)}; });
        co_await check_random<jsonb>(db, "jsonb", 2000, [](auto& random) { return jsonb{any_json(random)}; });
        co_await check_random<json>(db, "jsonb", 1000, [](auto& random) { return json{any_json(random)}; });
        co_await check_random<jsonpath>(db, "jsonpath", 1000, any_path);
    });
}

TEST(codec_json, is_declared_where_nothing_can_be_inferred)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const tusk::result r = co_await db.async_query(
            sql("select jsonb_build_object('a', $1), jsonb_build_object('a', $2), jsonb_typeof($2)",
                json{"{\"b\": 1}"}, jsonb{"[1]"}));
        EXPECT_EQ(r[0][0].as<std::string>(), "{\"a\": {\"b\": 1}}");
        EXPECT_EQ(r[0][1].as<jsonb>().text, "{\"a\": [1]}");
        EXPECT_EQ(r[0][2].as<std::string>(), "array");
        const tusk::statement s = co_await db.async_prepare("select $1::json, $2::jsonb");
        const tusk::result each = co_await db.async_query(s.bind(jsonb{"[1]"}, json{"[2]"}));
        EXPECT_EQ(each[0][0].as<json>().text, "[1]");
        EXPECT_EQ(each[0][1].as<json>().text, "[2]");
        auto [ec, v] = co_await db.async_query(sql("select $1", json{"{"}), as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::invalid_text_representation);
        const auto first = co_await db.async_query_one<jsonb>(sql("select jsonb_path_query_first($1, $2)",
                                                                  jsonb{"{\"a\": [1, 2, 3]}"},
                                                                  jsonpath{"$.a[*] ? (@ > 1)"}));
        EXPECT_EQ(first.text, "2");
    });
}

} // namespace
} // namespace tusk_test
