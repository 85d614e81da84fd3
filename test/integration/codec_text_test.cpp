// Distributed under the Boost Software License, Version 1.0.
#include "integration/round_trip.hpp"

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::sql;

std::vector<std::byte> bytes_of(std::initializer_list<int> list)
{
    std::vector<std::byte> b;
    for (const int i : list) b.push_back(static_cast<std::byte>(i));
    return b;
}

std::string any_text(std::mt19937_64& random)
{
    std::string text;
    for (std::size_t n = random() % (random() % 10 ? 20 : 2000); n; --n) {
        static constexpr unsigned limits[] = {0x7F, 0x7FF, 0xD7FF, 0x10FFFF};
        auto c = static_cast<unsigned>(1 + random() % limits[random() % 4]);
        if (c >= 0xD800 && c < 0xE000) c = 'x';
        const auto put = [&](unsigned byte) { text += static_cast<char>(byte); };
        if (c < 0x80) {
            put(c);
        } else if (c < 0x800) {
            put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
        } else {
            put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)),
                put(0x80 | (c & 0x3F));
        }
    }
    return text;
}

// Lists stand outside of coroutines, where g++ 12 makes nothing of them.
const std::vector<sample<std::string>> texts = {{"", "''"},
                                                {"a", "'a'"},
                                                {"it's", "'it''s'"},
                                                {"\\", "e'\\\\'"},
                                                {"\n\t\x01\x7f", "e'\\n\\t\\x01\\x7f'"},
                                                {"äöü€𝄞", "'äöü€𝄞'"},
                                                {"NULL", "'NULL'"},
                                                {" blanks ", "' blanks '"}};
const std::vector<sample<std::string>> padded = {{"ab  ", "'ab'"}, {"    ", "''"}};
const std::vector<sample<std::string>> documents = {{"{\"a\": [1, null]}", "'{\"a\":[1,null]}'"},
                                                    {"1", "'1'"}};
const std::vector<sample<std::string>> documents_as_written = {{"{\"a\":[1,null]}", "'{\"a\":[1,null]}'"}};
const std::vector<sample<std::string>> xml = {{"<a b=\"1\">é</a>", "'<a b=\"1\">é</a>'"}, {"", "''"}};
const std::vector<sample<std::vector<std::byte>>> byte_strings = {
    {{}, "''"}, {bytes_of({0}), "'\\x00'"}, {bytes_of({0, 255, 92, 39, 10}), "'\\x00ff5c270a'"}};

TEST(codec_text, samples)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_samples(db, "text", texts);
        co_await check_samples(db, "varchar", texts);
        co_await check_samples(db, "varchar(10)", texts);
        co_await check_samples(db, "name", texts);
        co_await check_samples(db, "char(4)", padded);
        co_await check_samples(db, "jsonb", documents);
        co_await check_texts(db, "json", documents_as_written);
        co_await check_texts(db, "xml", xml);
        co_await check_texts(db, "refcursor", texts);
    });
}

TEST(codec_text, every_kind_of_argument)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const char* pointer = "pointer";
        const char* null = nullptr;
        char array[8] = {'a', 'r', 'r', 0, 'x', 'x', 'x', 'x'};
        const auto r =
            co_await db.async_query(sql("select $1::text, $2::text, $3::text, $4::text, $5::text", pointer,
                                        null, array, std::string_view("view!", 4), std::string("string")));
        EXPECT_EQ(r[0][0].as<std::string>(), "pointer");
        EXPECT_TRUE(r[0][1].is_null());
        EXPECT_EQ(r[0][2].as<std::string>(), "arr");
        EXPECT_EQ(r[0][3].as<std::string_view>(), "view");
        EXPECT_EQ(r[0][4].as<std::string>(), "string");
    });
}

constexpr const char* text_like[] = {"x",        "{\"k\" : 1}", "{\"k\": 1}", "très content", "w", "c",
                                     "<!--x-->", "abc",         "n"};

TEST(codec_text, text_like_types)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create type pg_temp.mood as enum ('sad', 'très content');"
                                 "create domain pg_temp.word as text");
        for (const bool text : {false, true}) {
            tusk::bound request =
                "select 'x'::unknown, '{\"k\" : 1}'::json, '{\"k\" : 1}'::jsonb, "
                "'très content'::pg_temp.mood, 'w'::pg_temp.word, 'c'::\"char\", xmlcomment('x'), "
                "'abc'::bpchar, 'n'::name";
            request.text_results(text);
            const tusk::result r = co_await db.async_query(std::move(request));
            for (std::size_t i = 0; i < std::size(text_like); ++i)
                EXPECT_EQ(r[0][i].as<std::string>(), text_like[i]) << r.columns()[i].name;
        }
        // untyped text finds its type from where it stands
        const auto mood = co_await db.async_query_one<bool>(
            sql("select 'très content'::pg_temp.mood = $1 and date '2024-01-01' = $2", "très content",
                "2024-01-01"));
        EXPECT_TRUE(mood);
    });
}

TEST(codec_text, a_number_is_no_text_in_binary)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto [ec, value] = co_await db.async_query_one<std::string>("select 42 as answer", as_tuple);
        EXPECT_EQ(ec, errc::column_mismatch);
        EXPECT_NE(value.diag().message().find("answer"), std::string_view::npos);
        const auto text =
            co_await db.async_query_one<std::string>(tusk::bound("select 42").text_results(true));
        EXPECT_EQ(text, "42");
        auto [none, v2] = co_await db.async_query_one<int>("select 'x'::text", as_tuple);
        EXPECT_EQ(none, errc::column_mismatch);
        co_await expect_usable(db);
    });
}

/// Up to 60 bytes: a name has 63 at most.
std::string any_word(std::mt19937_64& random)
{
    std::string word;
    for (std::size_t left = random() % 30; left > 0; --left)
        word += random() % 8 ? std::string(1, static_cast<char>('a' + random() % 26)) : "\xc3\xa4";
    return word;
}

TEST(codec_text, names_cursors_and_xml_at_random)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_random<std::string>(db, "name", 1000, any_word);
        co_await check_random<std::string>(db, "refcursor", 1000, any_word);
        co_await check_random<std::string>(
            db, "xml", 1000, [](auto& random) { return "<w a=\"1\">" + any_word(random) + "</w>"; });
    });
}

TEST(codec_text, thousands_at_random)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_random<std::string>(db, "text", 3000, any_text);
        co_await check_random<std::string>(db, "varchar", 1000, any_text);
        co_await check_random<std::string>(db, "bpchar", 1000, any_text);
        co_await check_random<std::vector<std::byte>>(db, "bytea", 3000, [](auto& random) {
            std::vector<std::byte> b(random() % (random() % 20 ? 40 : 5000));
            for (std::byte& x : b) x = static_cast<std::byte>(random());
            return b;
        });
        co_await check_random<tusk::uuid>(db, "uuid", 3000, [](auto& random) {
            std::array<std::byte, 16> b;
            for (std::byte& x : b) x = static_cast<std::byte>(random());
            return tusk::uuid(b);
        });
    });
}

TEST(codec_bytea, samples)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const char* output : {"hex", "escape"}) {
            co_await db.async_execute("set bytea_output = " + std::string(output));
            co_await check_samples(db, "bytea", byte_strings);
        }
        std::vector<std::byte> all;
        for (int i = 0; i < 256; ++i) all.push_back(static_cast<std::byte>(i));
        const auto escaped =
            co_await db.async_query_one<std::vector<std::byte>>(sql("select $1", all)); // escape, binary
        EXPECT_EQ(escaped, all);
        const auto as_text =
            co_await db.async_query_one<std::vector<std::byte>>(sql("select $1", all).text_results(true));
        EXPECT_EQ(as_text, all);
        const auto sum =
            co_await db.async_query_one<std::string>(sql("select md5($1)", std::span<const std::byte>(all)));
        EXPECT_EQ(sum, "e2c865db4162bed963bfaa9ef6ac18f0");
    });
}

std::vector<sample<tusk::uuid>> uuids()
{
    return {{tusk::uuid(), "'00000000-0000-0000-0000-000000000000'"},
            {tusk::uuid::parse("a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11").value(),
             "'{A0EEBC99-9C0B4EF8BB6D-6BB9-BD38-0A11}'"},
            {tusk::uuid::parse(std::string(32, 'f')).value(), "'ffffffff-ffff-ffff-ffff-ffffffffffff'"}};
}

TEST(codec_uuid, samples)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_samples(db, "uuid", uuids());
        const auto made = co_await db.async_query_one<std::tuple<tusk::uuid, std::string>>(
            "select u, u::text from gen_random_uuid() u");
        EXPECT_EQ(std::get<0>(made).to_string(), std::get<1>(made));
    });
}

} // namespace
} // namespace tusk_test
