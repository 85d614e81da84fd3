// Distributed under the Boost Software License, Version 1.0.
#include "integration/extensions.hpp"
#include "integration/round_trip.hpp"

#include <cmath>

namespace tusk_test {
namespace {

using tusk::cube;
using tusk::errc;
using tusk::hstore;
using tusk::lquery;
using tusk::ltree;
using tusk::ltxtquery;
using tusk::sql;

const std::vector<sample<hstore>> stores = {{{}, "''"},
                                            {hstore({{"a", "1"}, {"b", std::nullopt}}), "'a=>1, b=>NULL'"},
                                            {hstore({{"", ""}, {"NULL", "NULL"}, {"\"\\", "=>, \xc3\xa4"}}),
                                             "$$\"\"=>\"\", \"NULL\"=>\"NULL\", \"\\\"\\\\\"=>\"=>, ä\"$$"}};
const std::vector<sample<ltree>> trees = {{ltree("Top.Science.Astronomy"), "'Top.Science.Astronomy'"},
                                          {ltree(), "''"}};
const std::vector<sample<lquery>> patterns = {{lquery("Top.*{1,2}.Astro@*"), "'Top.*{1,2}.Astro*@'"}};
const std::vector<sample<ltxtquery>> words = {{ltxtquery("Astro* & !pictures@"), "'Astro*&!pictures@'"}};
const std::vector<sample<cube>> cubes = {
    {cube({1, 2}, {3, 4}), "'(1,2),(3,4)'"}, {cube({1.5, -2}, {}), "'1.5,-2'"}, {cube(), "'()'"}};

std::string any_word(std::mt19937_64& random)
{
    static constexpr std::string_view letters[] = {"a",  "Z", "\"",   "\\",           " ",
                                                   "=>", ",", "NULL", "\xe2\x82\xac", "\n"};
    std::string text;
    for (std::size_t n = random() % 8; n > 0; --n) text += letters[random() % std::size(letters)];
    return text;
}

hstore any_hstore(std::mt19937_64& random)
{
    hstore h;
    for (std::size_t n = random() % (random() % 30 ? 8 : 500); n > 0; --n) {
        std::optional<std::string> content;
        if (random() % 4 != 0) content = any_word(random);
        h.pairs.insert_or_assign(any_word(random), std::move(content));
    }
    return h;
}

cube any_cube(std::mt19937_64& random)
{
    const auto corner = [&](std::size_t n) {
        std::vector<double> list(n);
        for (double& x : list) {
            do x = std::bit_cast<double>(random());
            while (std::isnan(x));
        }
        return list;
    };
    const std::size_t n = 1 + random() % 20;
    cube c{corner(n), {}};
    if (random() % 2 == 0) c.second = corner(n);
    return c;
}

ltree any_ltree(std::mt19937_64& random)
{
    ltree t;
    for (std::size_t n = 1 + random() % 10; n > 0; --n)
        t.text += "L" + std::to_string(random() % 1000) + (n == 1 ? "" : ".");
    return t;
}

/// Sent in binary with the OID that the type has in this database, the server sees the same value as from its text.
template <class T>
asio::awaitable<void> check_binary_form(tusk::connection& db, T value)
{
    const std::string type(tusk::encode_traits<T>::type_name);
    const auto number =
        co_await db.async_query_one<tusk::oid>(tusk::sql("select $1::regtype", std::string_view(type)));
    tusk::params p;
    p.add(value);
    struct growing {
        std::vector<std::byte> bytes;
        std::byte* extend(std::size_t n)
        {
            bytes.resize(bytes.size() + n);
            return bytes.data() + bytes.size() - n;
        }
    } buffer;
    tusk::encoder out(buffer);
    EXPECT_EQ(tusk::encode_traits<T>::encode_binary(value, out), tusk::errc{});
    EXPECT_EQ(out.error(), tusk::errc{});
    p.add_raw(number, tusk::format::binary, buffer.bytes);
    const tusk::result r = co_await db.async_query(
        tusk::bound("select ($1::" + type + ")::text = ($2::" + type + ")::text, $2::" + type, std::move(p)));
    EXPECT_TRUE(r[0][0].template as<bool>()) << type;
    EXPECT_EQ(r[0][1].template as<T>(), value) << type;
}

TEST(codec_extension, hstore)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await need_extension(db, "hstore");
        co_await check_samples(db, "hstore", stores);
        co_await check_random<hstore>(db, "hstore", 3000, any_hstore);
        std::mt19937_64 random(1);
        for (int i = 0; i < 50; ++i) co_await check_binary_form(db, any_hstore(random));
        // without a cast, where the server knows the type
        co_await db.async_execute("create temp table t (h hstore)");
        co_await db.async_execute(
            sql("insert into t values ($1), ($2)", stores[1].value, std::optional<hstore>()));
        const auto all = co_await db.async_query<std::optional<hstore>>("select h from t order by h is null");
        EXPECT_EQ(all[0], stores[1].value);
        EXPECT_FALSE(all[1]);
        const tusk::statement s = co_await db.async_prepare("select h from t where h = $1");
        const auto one = co_await db.async_query_one<hstore>(s.bind(stores[1].value));
        EXPECT_EQ(one, stores[1].value);
    });
}

TEST(codec_extension, ltree)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await need_extension(db, "ltree");
        co_await check_samples(db, "ltree", trees);
        co_await check_texts(db, "lquery", patterns);
        co_await check_texts(db, "ltxtquery", words);
        co_await check_random<ltree>(db, "ltree", 3000, any_ltree);
        co_await check_random<lquery>(db, "lquery", 1000,
                                      [](auto& r) { return lquery{any_ltree(r).text + ".*"}; });
        co_await check_random<ltxtquery>(db, "ltxtquery", 1000, [](auto& r) {
            return ltxtquery{"L" + std::to_string(r() % 1000) + " & !M" + std::to_string(r() % 1000)};
        });
        co_await check_binary_form(db, trees[0].value);
        co_await check_binary_form(db, patterns[0].value);
        co_await check_binary_form(db, words[0].value);
        const auto found = co_await db.async_query_one<bool>(
            sql("select $1::ltree ~ $2::lquery", trees[0].value, lquery{"*.Astronomy"}));
        EXPECT_TRUE(found);
    });
}

TEST(codec_extension, cube)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await need_extension(db, "cube");
        co_await check_samples(db, "cube", cubes);
        co_await check_texts(db, "cube", cubes);
        co_await check_random<cube>(db, "cube", 2000, any_cube);
        std::mt19937_64 random(1);
        for (int i = 0; i < 50; ++i) co_await check_binary_form(db, any_cube(random));
        const auto text =
            co_await db.async_query_one<std::string>(tusk::bound("select '1,2'::cube").text_results(true));
        EXPECT_EQ(text, "(1, 2)");
    });
}

TEST(codec_extension, types_that_are_text)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await need_extension(db, "isn"); // has no binary form
        co_await need_extension(db, "citext");
        for (const bool text : {false, true}) {
            tusk::bound request =
                sql("select $1::isbn13, $2::citext, $2::citext = 'ADA'", "978-0-393-04002-9", "Ada");
            const tusk::result r = co_await db.async_query(std::move(request.text_results(text)));
            EXPECT_EQ(r[0][0].as<std::string>(), "978-0-393-04002-9");
            EXPECT_EQ(r[0][1].as<std::string>(), "Ada");
            EXPECT_TRUE(r[0][2].as<bool>());
        }
    });
}

TEST(codec_extension, another_type_is_an_error)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await need_extension(db, "hstore");
        co_await need_extension(db, "citext");
        for (const bool text : {false, true}) {
            auto [ec, v] = co_await db.async_query_one<hstore>(
                tusk::bound("select 'hello'::citext as greeting").text_results(text), as_tuple);
            EXPECT_EQ(ec, errc::invalid_value);
            EXPECT_NE(v.diag().message().find("greeting"), std::string_view::npos);
        }
        auto [ec, v] = co_await db.async_query_one<hstore>("select 'hello'::text", as_tuple);
        EXPECT_EQ(ec, errc::column_mismatch);
        co_await expect_usable(db);
    });
}

} // namespace
} // namespace tusk_test
