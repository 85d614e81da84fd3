// Distributed under the Boost Software License, Version 1.0.
#include "integration/round_trip.hpp"

#include <algorithm>
#include <map>

namespace tusk_test {
namespace {

using tusk::sql;
using tusk::tsquery;
using tusk::tsvector;
using weight = tsvector::weight;

tsquery word(const char* text, bool prefix = false, std::uint8_t weights = 0)
{
    return tsquery::lexeme(text, prefix, weights);
}

const std::vector<sample<tsvector>> vectors = {
    {{}, "''"},
    {tsvector({{"a", {{1, weight::a}, {3, weight::b}}}, {"cat", {{5, weight::d}}}, {"x", {}}}),
     "'a:1A,3B cat:5 x'"},
    {tsvector({{"b\\c", {{16'383, weight::c}}}, {"it's", {}}, {"two words", {}}, {"\xc3\xa9t\xc3\xa9", {}}}),
     "$$'it''s' 'two words' 'b\\\\c':16383C été$$"}};
const std::vector<sample<tsquery>> queries = {
    {word("a"), "'a'"},
    {(word("a") & !word("b")) | word("c", true, 12), "'a & !b | c:*AB'"},
    {word("a").followed_by(word("b").followed_by(word("c", false, 15)), 3), "'a <3> (b <-> c:ABCD)'"},
    {(!(word("a") | word("b"))) & word("c"), "'!(a | b) & c'"},
    {word("it's") & word("b\\c") & word("x y"), "$$'it''s' & 'b\\\\c' & 'x y'$$"}};

std::string any_word(std::mt19937_64& random)
{
    static constexpr std::string_view letters[] = {
        "a", "b", "Z", "9", "'", "\\", " ", ":", "&", "*", "\xc3\xa4", "\xe2\x82\xac", "("};
    std::string text;
    for (std::size_t n = 1 + random() % (random() % 30 ? 6 : 300); n > 0; --n)
        text += letters[random() % std::size(letters)];
    return text;
}

tsvector any_vector(std::mt19937_64& random)
{
    std::map<std::string, std::vector<tsvector::position>> sorted; // as the server sorts: by bytes
    for (std::size_t n = random() % (random() % 30 ? 8 : 300); n > 0; --n) {
        std::map<std::uint16_t, weight> positions;
        for (std::size_t k = random() % 5; k > 0; --k)
            positions[static_cast<std::uint16_t>(1 + random() % 16'383)] = static_cast<weight>(random() % 4);
        auto& list = sorted[any_word(random)];
        list.clear();
        for (const auto& [index, w] : positions) list.push_back({index, w});
    }
    tsvector v;
    for (auto& [text, positions] : sorted) v.lexemes.push_back({text, std::move(positions)});
    return v;
}

tsquery any_query(std::mt19937_64& random, unsigned depth = 6)
{
    const auto leaf = [&] {
        return tsquery::lexeme(any_word(random), random() % 3 == 0,
                               static_cast<std::uint8_t>(random() % 3 ? 0 : random() % 16));
    };
    if (depth == 0) return leaf();
    switch (random() % 6) {
    case 0:
        return leaf();
    case 1:
        return !any_query(random, depth - 1);
    case 2:
        return any_query(random, depth - 1)
            .followed_by(any_query(random, depth - 1), static_cast<std::uint16_t>(random() % 20));
    case 3: {
        const tsquery left = any_query(random, depth - 1);
        return left | any_query(random, depth - 1);
    }
    default: {
        const tsquery left = any_query(random, depth - 1);
        return left & any_query(random, depth - 1);
    }
    }
}

tsquery any_query_of_depth_six(std::mt19937_64& random) { return any_query(random); }

TEST(codec_text_search, samples)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_samples(db, "tsvector", vectors);
        co_await check_texts(db, "tsvector", vectors);
        co_await check_samples(db, "tsquery", queries);
        co_await check_texts(db, "tsquery", queries);
    });
}

TEST(codec_text_search, thousands_at_random)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_random<tsvector>(db, "tsvector", 2000, any_vector);
        co_await check_random_texts<tsvector>(db, "tsvector", 2000, any_vector);
        co_await check_random_texts<tsquery>(db, "tsquery", 3000, any_query_of_depth_six);
        // what text cannot tell apart, a & (b & c) and (a & b) & c, is read from left to right
        co_await check_random<tsquery>(db, "tsquery", 3000, [](auto& random) {
            return tsquery::parse(any_query(random).to_string()).value();
        });
    });
}

TEST(codec_text_search, trees_of_any_shape_in_binary)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::mt19937_64 random(5);
        std::deque<tsquery> values;
        std::deque<reply<tusk::single<tsquery>>> replies;
        for (int i = 0; i < 2000; ++i) {
            values.push_back(any_query(random));
            db.async_query_one<tsquery>(sql("select $1", values.back()), replies.emplace_back(db).token());
        }
        int wrong = 0;
        for (std::size_t i = 0; i < replies.size(); ++i) {
            co_await replies[i].wait();
            if (replies[i].ec() || replies[i].value().value() != values[i]) ++wrong;
        }
        EXPECT_EQ(wrong, 0);
    });
}

TEST(codec_text_search, as_the_server_uses_them)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto document = co_await db.async_query_one<tsvector>(
            "select to_tsvector('english', 'A fat cat sat on a mat and ate a fat rat')");
        EXPECT_EQ(document.to_string(), "'ate':9 'cat':3 'fat':2,11 'mat':7 'rat':12 'sat':4");
        const auto found = co_await db.async_query_one<std::tuple<bool, bool>>(
            sql("select $1 @@ $2, $1 @@ $3", document, word("fat").followed_by(word("ra", true)),
                word("cat").followed_by(word("rat"))));
        EXPECT_EQ(found, std::tuple(true, false));
        const auto q = co_await db.async_query_one<tsquery>(
            "select websearch_to_tsquery('english', 'fat -\"big rats\"')");
        EXPECT_EQ(q, word("fat") & !word("big").followed_by(word("rat")));
    });
}

TEST(codec_text_search, the_empty_query_is_read_and_sent_as_text)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const bool text : {false, true}) {
            tusk::bound request = sql("select ''::tsquery, $1::tsquery", "");
            const tusk::result r = co_await db.async_query(std::move(request.text_results(text)));
            EXPECT_TRUE(r[0][0].as<tsquery>().empty());
            EXPECT_TRUE(r[0][1].as<tsquery>().empty());
        }
        auto [ec, v] = co_await db.async_query(sql("select $1", tsquery()), as_tuple);
        EXPECT_EQ(ec, tusk::errc::value_out_of_range);
        co_await expect_usable(db);
    });
}

TEST(codec_text_search, long_chains)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        tsquery q = word("a");
        for (int i = 0; i < 3000; ++i) q = std::move(q) | word("b");
        for (const bool text : {false, true}) {
            tusk::bound request = sql("select $1", q);
            const auto back = co_await db.async_query_one<tsquery>(std::move(request.text_results(text)));
            EXPECT_EQ(back, q);
        }
    });
}

} // namespace
} // namespace tusk_test
