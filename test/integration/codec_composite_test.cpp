// Distributed under the Boost Software License, Version 1.0.
#include "integration/round_trip.hpp"

#include <optional>
#include <tuple>
#include <variant>

namespace tusk_test {

struct address {
    std::string street;
    std::optional<std::int32_t> number;
    std::vector<std::int32_t> codes;

    friend bool operator==(const address&, const address&) = default;
};
enum class mood { sad, ok, very_happy };
struct person {
    std::int64_t id = 0;
    mood feeling{};
    address home;
    std::vector<address> others;
    std::vector<std::optional<mood>> history;
};
struct brief {
    std::int64_t id = 0;
    std::string who = "nobody";
    int age = 7;
};

} // namespace tusk_test

template <>
struct tusk::row_traits<tusk_test::brief> {
    static constexpr member_column columns[] = {{"who", "name"}};
    static constexpr std::string_view defaulted[] = {"age"};
    static constexpr bool extra_columns = true;
};

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::sql;

/// Types of this test alone, and their OIDs.
struct types {
    std::string address_name = unique_name("address");
    std::string mood_name = unique_name("mood");
    tusk::oid address{}, addresses{}, mood{};
};

asio::awaitable<types> make_types(tusk::connection& db)
{
    types t;
    co_await db.async_execute("create type " + t.address_name +
                              " as (street text, number int4, codes int4[])");
    co_await db.async_execute("create type " + t.mood_name + " as enum ('sad', 'ok', 'very_happy')");
    using oids = std::tuple<tusk::oid, tusk::oid, tusk::oid>;
    const std::string query = "select '" + t.address_name + "'::regtype::oid, '" + t.address_name +
                              "[]'::regtype::oid, '" + t.mood_name + "'::regtype::oid";
    const oids found = co_await db.async_query_one<oids>(query);
    std::tie(t.address, t.addresses, t.mood) = found;
    co_return t;
}

asio::awaitable<void> drop_types(tusk::connection& db, const types& t)
{
    co_await db.async_execute("drop type " + t.address_name + " cascade");
    co_await db.async_execute("drop type " + t.mood_name + " cascade"); // and the fields of it
}

const address castle{"a \"b\", (c)\\", std::nullopt, {1, 2}};
const address cottage{"", 7, {}};

address any_address(std::mt19937_64& random)
{
    constexpr std::string_view letters = "ab(),\"\\ '\n{}";
    address a;
    for (std::size_t n = random() % 9; n > 0; --n) a.street += letters[random() % letters.size()];
    if (random() % 3 != 0) a.number = static_cast<std::int32_t>(random());
    a.codes.resize(random() % 4);
    for (auto& c : a.codes) c = static_cast<std::int32_t>(random() % 100);
    return a;
}

TEST(codec_composite, goes_and_comes_back)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const types t = co_await make_types(db);
        using row = std::tuple<address, bool>;
        const std::string query = "select $1::" + t.address_name + ", $1::" + t.address_name + " = " +
                                  "row(E'a \"b\", (c)\\\\', null, '{1,2}')::" + t.address_name;
        for (const bool text : {false, true}) {
            tusk::bound inferred = sql(query, castle);
            inferred.text_results(text);
            const row a = co_await db.async_query_one<row>(std::move(inferred));
            EXPECT_EQ(a, row(castle, true));
            tusk::bound named = sql(query, tusk::as_oid(t.address, castle));
            named.text_results(text);
            const row b = co_await db.async_query_one<row>(std::move(named));
            EXPECT_EQ(b, row(castle, true));
            tusk::bound null = sql("select $1::" + t.address_name, std::optional<address>());
            null.text_results(text);
            using nothing = std::optional<address>;
            const nothing c = co_await db.async_query_one<nothing>(std::move(null));
            EXPECT_FALSE(c);
        }
        const tusk::statement s = co_await db.async_prepare("select $1::" + t.address_name);
        const auto d = co_await db.async_query_one<std::tuple<address>>(s.bind(cottage));
        EXPECT_EQ(std::get<0>(d), cottage);
        co_await drop_types(db, t);
    });
}

TEST(codec_composite, in_rows_arrays_and_each_other)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const types t = co_await make_types(db);
        const std::string query = "select 5::int8 as id, $1::" + t.mood_name +
                                  " as feeling, $2::" + t.address_name + " as home, $3::" + t.address_name +
                                  "[] as others, $4::" + t.mood_name + "[] as history";
        const std::vector<std::optional<mood>> history{mood::sad, std::nullopt};
        std::vector<tusk::typed<address>> others;
        for (const address& a : {castle, cottage}) others.push_back(tusk::as_oid(t.address, a));
        for (const bool text : {false, true}) {
            tusk::bound request = sql(query, mood::very_happy, cottage, others, history);
            request.text_results(text);
            const person p = co_await db.async_query_one<person>(std::move(request));
            EXPECT_EQ(p.id, 5);
            EXPECT_EQ(p.feeling, mood::very_happy);
            EXPECT_EQ(p.home, cottage);
            EXPECT_EQ(p.others, (std::vector{castle, cottage}));
            EXPECT_EQ(p.history, history);
            tusk::bound record =
                tusk::bound("select (1, 'a,b'::text, null::float8, array[1,2], ('x'::text, 2))");
            record.text_results(text);
            using inner = std::tuple<std::string, int>;
            using outer = std::tuple<int, std::string, std::optional<double>, std::vector<int>, inner>;
            const auto r = co_await db.async_query_one<std::tuple<outer>>(std::move(record));
            EXPECT_EQ(std::get<0>(r), outer(1, "a,b", std::nullopt, {1, 2}, {"x", 2}));
        }
        co_await drop_types(db, t);
    });
}

TEST(codec_composite, thousands_at_random)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const types t = co_await make_types(db);
        co_await check_random<std::optional<address>>(db, t.address_name, 3000, any_address);
        co_await drop_types(db, t);
    });
}

TEST(codec_composite, misfits)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        using two = std::tuple<std::tuple<int, int>>;
        for (const bool text : {false, true}) {
            const auto ask = [text](const char* s) { return tusk::bound(s).text_results(text); };
            auto [a, v1] = co_await db.async_query_one<two>(ask("select (1, 2, 3)"), as_tuple);
            EXPECT_EQ(a, errc::value_not_representable);
            auto [b, v2] = co_await db.async_query_one<two>(ask("select (1, null::int)"), as_tuple);
            EXPECT_EQ(b, errc::unexpected_null);
            auto [c, v3] = co_await db.async_query_one<two>(ask("select (1, 'x'::text)"), as_tuple);
            EXPECT_EQ(c, text ? errc::invalid_value : errc::column_mismatch);
            auto [d, v4] = co_await db.async_query_one<std::tuple<address>>(ask("select 1"), as_tuple);
            EXPECT_EQ(d, errc::column_mismatch);
        }
        co_await expect_usable(db);
    });
}

const std::vector<sample<mood>> moods = {
    {mood::sad, "'sad'"}, {mood::ok, "'ok'"}, {mood::very_happy, "'very_happy'"}};

TEST(codec_enum, samples_and_thousands_at_random)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const types t = co_await make_types(db);
        co_await check_samples(db, t.mood_name, moods);
        co_await check_random<mood>(db, t.mood_name, 2000, [](auto& random) { return mood(random() % 3); });
        co_await drop_types(db, t);
    });
}

TEST(codec_enum, labels)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const types t = co_await make_types(db);
        auto twice = sql("select $1::" + t.mood_name + " = 'ok', $2::text", mood::ok, mood::sad);
        const auto r = co_await db.async_query_one<std::tuple<bool, mood>>(std::move(twice));
        EXPECT_EQ(r, std::tuple(true, mood::sad));
        co_await db.async_execute("alter type " + t.mood_name + " add value 'odd'");
        auto [ec, v] = co_await db.async_query_one<mood>("select 'odd'::" + t.mood_name, as_tuple);
        EXPECT_EQ(ec, errc::value_not_representable);
        const tusk::statement s = co_await db.async_prepare("select $1::" + t.mood_name);
        EXPECT_EQ(co_await db.async_query_one<mood>(s.bind(mood::very_happy)), mood::very_happy);
        co_await drop_types(db, t);
    });
}

TEST(codec_variant, columns_of_several_types)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        using any = std::variant<std::monostate, bool, std::int64_t, std::string>;
        const auto b = co_await db.async_query_one<any>("select true");
        EXPECT_EQ(b, any(true));
        const auto i = co_await db.async_query_one<any>("select 5::int4");
        EXPECT_EQ(i, any(std::int64_t{5}));
        const auto s = co_await db.async_query_one<any>("select 'x'");
        EXPECT_EQ(s, any("x"));
        const auto n = co_await db.async_query_one<any>("select null");
        EXPECT_EQ(n, any());
        tusk::bound all = sql("select $1::int8, $2::text, $3::bool", any(std::int64_t{7}), any("y"), any());
        const auto back = co_await db.async_query_one<std::tuple<any, any, any>>(std::move(all));
        EXPECT_EQ(back, std::tuple(any(std::int64_t{7}), any("y"), any()));
    });
}

TEST(row_traits, rename_default_and_pass_over)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto a = co_await db.async_query<brief>(
            "select i::int8 as id, 'Ada' as name, now() as then from generate_series(1, 3) i");
        require(a.size() == 3, "three rows");
        EXPECT_EQ(a[2].id, 3);
        EXPECT_EQ(a[2].who, "Ada");
        EXPECT_EQ(a[2].age, 7);
        auto [ec, v] = co_await db.async_query_one<brief>("select 1::int8 as id, 5 as age", as_tuple);
        EXPECT_EQ(ec, errc::column_mismatch);
        EXPECT_NE(v.diag().message().find("\"name\""), std::string_view::npos) << v.diag().message();
    });
}

TEST(type_info, agrees_with_the_server)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        using entry = std::tuple<tusk::oid, std::string, tusk::oid>;
        const auto all =
            co_await db.async_query<entry>("select oid, typname::text, typarray from pg_type where oid < "
                                           "10000 and typnamespace = 'pg_catalog'::regnamespace");
        EXPECT_GT(all.size(), 150u);
        for (const auto& [type, name, array] : all) {
            const tusk::type_info* known = tusk::find_type(type);
            EXPECT_TRUE(known) << name;
            if (!known || name == "char") continue;
            EXPECT_EQ(tusk::find_type(name), known) << name;
            if (tusk::find_type(array)) EXPECT_EQ(known->array, array) << name;
        }
    });
}

} // namespace
} // namespace tusk_test
