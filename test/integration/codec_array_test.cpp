// Distributed under the Boost Software License, Version 1.0.
#include "integration/round_trip.hpp"

#include <array>
#include <optional>
#include <span>

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::sql;

using int4s = std::vector<std::int32_t>;
using maybe_int4s = std::vector<std::optional<std::int32_t>>;
using int8s = std::vector<std::int64_t>;
using words = std::vector<std::string>;
using maybe_words = std::vector<std::optional<std::string>>;
using table = std::vector<int4s>;
using word_table = std::vector<words>;
using whole = tusk::array<std::int32_t>;
using whole_words = tusk::array<std::optional<std::string>>;

// Lists stand outside of coroutines, where g++ 12 makes nothing of them.
const std::vector<sample<int4s>> int4_arrays = {
    {{}, "'{}'"}, {{1}, "'{1}'"}, {{-1, 0, 2'147'483'647}, "'{-1,0,2147483647}'"}};
const std::vector<sample<int8s>> int8_arrays = {
    {{}, "'{}'"}, {{INT64_MIN, INT64_MAX}, "'{-9223372036854775808,9223372036854775807}'"}};
const std::vector<sample<maybe_int4s>> null_arrays = {{{std::nullopt}, "'{NULL}'"},
                                                      {{1, std::nullopt, 3}, "'{1,NULL,3}'"}};
const std::vector<sample<std::vector<double>>> float_arrays = {{{0.1, -1e300}, "'{0.1,-1e300}'"}};
const std::vector<sample<std::vector<bool>>> bool_arrays = {{{true, false, true}, "'{t,f,t}'"}};
const std::vector<sample<table>> tables = {{{}, "'{}'"}, {{{1, 2, 3}, {4, 5, 6}}, "'{{1,2,3},{4,5,6}}'"}};
const std::vector<sample<word_table>> word_tables = {{{{"a", "b"}, {"", "}{"}}, "'{{a,b},{\"\",\"}{\"}}'"}};
const std::vector<sample<words>> word_arrays = {
    {{}, "'{}'"},
    {{"", "NULL", "null", " a ", "a,b", "{", "}", "\"", "\\", "'", "é\n\t"},
     "array['','NULL','null',' a ','a,b','{','}','\"',E'\\\\','''',E'é\\n\\t']"}};
const std::vector<sample<maybe_words>> null_words = {{{std::nullopt, "", "NULL"}, "array[null,'','NULL']"}};
const std::vector<sample<whole>> wholes = {
    {whole(), "'{}'"},
    {whole{1, 2}, "'{1,2}'"},
    {whole({{2, 2}}, {7, 8}), "'[2:3]={7,8}'"},
    {whole({{1, -5}, {2, 0}, {1, 1}}, {1, 2}), "'[-5:-5][0:1][1:1]={{{1},{2}}}'"}};
const std::vector<sample<whole_words>> whole_word_arrays = {
    {whole_words({{2, 0}, {1, 1}}, {"a b", std::nullopt}), "'[0:1][1:1]={{\"a b\"},{NULL}}'"}};
const std::vector<sample<std::array<std::int16_t, 3>>> triples = {{{1, 2, 3}, "'{1,2,3}'"}};
const std::vector<sample<std::vector<std::vector<std::byte>>>> bytea_arrays = {
    {{{}, {std::byte{0}, std::byte{0x22}, std::byte{0x5c}}}, "array['\\x'::bytea,'\\x00225c']"}};

template <class T>
std::vector<T> any_vector(std::mt19937_64& random, std::size_t most)
{
    std::vector<T> v(random() % most);
    for (T& element : v) element = static_cast<T>(random() >> (random() % 64));
    return v;
}

std::string any_word(std::mt19937_64& random)
{
    constexpr std::string_view letters = "ab{},;\"\\ '\n\tNUL()[]=:";
    std::string word;
    for (std::size_t n = random() % 8; n > 0; --n) word += letters[random() % letters.size()];
    return word;
}

maybe_words any_words(std::mt19937_64& random)
{
    maybe_words v(random() % 12);
    for (auto& element : v)
        if (random() % 4 != 0) element = any_word(random);
    return v;
}

whole any_whole(std::mt19937_64& random)
{
    whole::dimension_list dimensions(random() % 7);
    std::size_t count = dimensions.empty() ? 0 : 1;
    for (auto& d : dimensions) {
        d = {static_cast<std::int32_t>(1 + random() % 3), static_cast<std::int32_t>(random() % 9) - 4};
        count *= static_cast<std::size_t>(d.length);
    }
    std::vector<std::int32_t> elements(count);
    for (auto& e : elements) e = static_cast<std::int32_t>(random());
    return whole(dimensions, elements);
}

TEST(codec_array, samples)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_samples(db, "int4[]", int4_arrays);
        co_await check_samples(db, "int8[]", int8_arrays);
        co_await check_samples(db, "int4[]", null_arrays);
        co_await check_samples(db, "float8[]", float_arrays);
        co_await check_samples(db, "bool[]", bool_arrays);
        co_await check_samples(db, "int4[]", tables);
        co_await check_samples(db, "text[]", word_tables);
        co_await check_samples(db, "text[]", word_arrays);
        co_await check_samples(db, "text[]", null_words);
        co_await check_samples(db, "int4[]", wholes);
        co_await check_samples(db, "text[]", whole_word_arrays);
        co_await check_samples(db, "int2[]", triples);
        co_await check_samples(db, "bytea[]", bytea_arrays);
    });
}

TEST(codec_array, thousands_at_random)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await check_random<std::vector<std::int16_t>>(
            db, "int2[]", 2000, [](auto& r) { return any_vector<std::int16_t>(r, 40); });
        co_await check_random<int4s>(db, "int4[]", 2000,
                                     [](auto& r) { return any_vector<std::int32_t>(r, 40); });
        co_await check_random<int8s>(db, "int8[]", 2000,
                                     [](auto& r) { return any_vector<std::int64_t>(r, 40); });
        co_await check_random<maybe_words>(db, "text[]", 3000, any_words);
        co_await check_random<whole>(db, "int4[]", 3000, any_whole);
    });
}

TEST(codec_array, many_elements)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::mt19937_64 random(7);
        int4s many(200'000);
        for (auto& m : many) m = static_cast<std::int32_t>(random());
        for (const bool text : {false, true}) {
            tusk::bound request = sql("select $1::int4[]", many);
            request.text_results(text);
            const auto back = co_await db.async_query_one<int4s>(std::move(request));
            EXPECT_TRUE(back == many);
        }
    });
}

TEST(codec_array, as_parameters)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const int4s ids{2, 3};
        auto list = sql("select count(*) from generate_series(1, 5) g where g = any($1)", tusk::any(ids));
        EXPECT_EQ(co_await db.async_query_one<std::int64_t>(std::move(list)), 2);
        auto inline_list = sql("select array_length($1, 1)", tusk::any({1, 2, 3}));
        EXPECT_EQ(co_await db.async_query_one<int>(std::move(inline_list)), 3);
        auto span = sql("select $1::int4[]", std::span<const std::int32_t>(ids));
        EXPECT_EQ(co_await db.async_query_one<int4s>(std::move(span)), ids);
        auto names = sql("select 'b' = any($1)", words{"a", "b"}); // the server infers text[]
        EXPECT_TRUE(co_await db.async_query_one<bool>(std::move(names)));
        auto wide = sql("select pg_typeof($1)::text", tusk::as_type("numeric[]", ids));
        EXPECT_EQ(co_await db.async_query_one<std::string>(std::move(wide)), "numeric[]");

        const tusk::statement s =
            co_await db.async_prepare("select sum(x) from unnest($1::int8[]) x, (select $2::varchar[]) y");
        auto bound = s.bind(ids, words{"x"}); // int4 values as int8[]
        auto [ec, r] = co_await db.async_query(std::move(bound), as_tuple);
        EXPECT_FALSE(ec) << r.diag().message();
        auto swapped = s.bind(words{"x"}, ids);
        auto [bad, none] = co_await db.async_query(std::move(swapped), as_tuple);
        EXPECT_EQ(bad, errc::parameter_mismatch) << none.diag().message();
        auto large = sql("select $1", std::vector<std::uint64_t>{1, UINT64_MAX});
        auto [out, nothing] = co_await db.async_query(std::move(large), as_tuple);
        EXPECT_EQ(out, errc::value_out_of_range);
        EXPECT_NE(nothing.diag().message().find("$1, element 2"), std::string_view::npos);
        co_await expect_usable(db);
    });
}

TEST(codec_array, what_the_catalogues_have)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const bool text : {false, true}) {
            const auto ask = [text](const char* s) { return tusk::bound(s).text_results(text); };
            const auto key = co_await db.async_query_one<std::vector<std::int16_t>>(
                ask("select indkey from pg_index where indexrelid = 'pg_class_oid_index'::regclass"));
            EXPECT_EQ(key.size(), 1u);
            const auto arguments = co_await db.async_query_one<std::vector<tusk::oid>>(
                ask("select proargtypes from pg_proc where oid = 'int4pl'::regproc"));
            EXPECT_EQ(arguments, (std::vector{tusk::oid::int4, tusk::oid::int4}));
            auto boxes = ask("select array['(1,2),(3,4)'::box, '(5,6),(7,8)'::box]");
            if (!text) continue;
            const auto read = co_await db.async_query_one<words>(std::move(boxes));
            EXPECT_EQ(read, (words{"(3,4),(1,2)", "(7,8),(5,6)"}));
            auto sent = sql("select $1", tusk::as_type("box[]", read));
            sent.text_results(true);
            const auto back = co_await db.async_query_one<words>(std::move(sent));
            EXPECT_EQ(back, read);
        }
        const auto common = co_await db.async_query("select most_common_vals from pg_stats limit 3");
        EXPECT_LE(common.size(), 3u);
    });
}

TEST(codec_array, misfits)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const bool text : {false, true}) {
            const auto ask = [text](const char* s) { return tusk::bound(s).text_results(text); };
            auto [a, v1] = co_await db.async_query_one<int4s>(ask("select '{1,NULL}'::int4[]"), as_tuple);
            EXPECT_EQ(a, errc::unexpected_null);
            auto [b, v2] = co_await db.async_query_one<int4s>(ask("select '{{1}}'::int4[]"), as_tuple);
            EXPECT_EQ(b, errc::value_not_representable);
            auto [c, v3] = co_await db.async_query_one<int4s>(ask("select '[0:0]={1}'::int4[]"), as_tuple);
            EXPECT_EQ(c, errc::value_not_representable);
            auto [d, v4] = co_await db.async_query_one<int4s>(ask("select '{1}'::int8[]"), as_tuple);
            EXPECT_EQ(d, errc::column_mismatch);
            EXPECT_NE(v4.diag().message().find("int8[]"), std::string_view::npos) << v4.diag().message();
            auto [e, v5] = co_await db.async_query_one<table>(ask("select '{1}'::int4[]"), as_tuple);
            EXPECT_EQ(e, errc::value_not_representable);
        }
        co_await expect_usable(db);
    });
}

} // namespace
} // namespace tusk_test
