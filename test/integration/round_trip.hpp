// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "integration/support.hpp"

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstring>
#include <deque>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Values of a type on their way to a server and back: alone, in arrays, in composites, in both formats.
namespace tusk_test {

/// The same value, for floating point numbers the same bits, for numeric with the same scale; also inside of optionals,
/// vectors and pairs.
template <class T>
[[nodiscard]] bool same(const T& a, const T& b)
{
    if constexpr (std::floating_point<T>)
        return std::memcmp(&a, &b, sizeof a) == 0;
    else if constexpr (std::same_as<T, tusk::numeric>)
        return a == b && a.scale() == b.scale();
    else if constexpr (tusk::detail::is_optional<T>)
        return a.has_value() == b.has_value() && (!a || same(*a, *b));
    else if constexpr (requires {
                           a.first;
                           a.second;
                       })
        return same(a.first, b.first) && same(a.second, b.second);
    else if constexpr (tusk::detail::container<T>::is)
        return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                          [](const auto& x, const auto& y) { return same(x, y); });
    else
        return a == b;
}

/// A value in C++ and as SQL writes it.
template <class T>
struct sample {
    T value;
    const char* literal;
};

/// How the server compares: by texts where a type has no `=`, or one that compares something else such as areas.
enum class compare { values, texts };

/// What values of T are put into.
template <class T>
struct around {
    using codec = tusk::encode_traits<T>;
    using element = std::conditional_t<tusk::detail::is_optional<T>, T, std::optional<T>>;
    using list = std::vector<element>;
    using pair = std::pair<element, element>;
    using named_pair = std::pair<tusk::typed<element>, tusk::typed<element>>;

    /// There are no arrays of arrays, and those of composites are tested by themselves.
    static constexpr bool lists = !tusk::detail::container<T>::is && !requires(const T& v) { v.dimensions(); }
    &&tusk::detail::part_type<T> != tusk::oid::none;
    /// Types of extensions are sent as text, and fields of composites in binary.
    static constexpr bool pairs = !requires { codec::type_name; };
};

/// A type on the server, and a composite type with two fields of it, which goes with the connection.
struct type_names {
    std::string type, pair;
    tusk::oid id{}; ///< oid::none: its values go into no composite

    [[nodiscard]] std::string list() const { return type + "[]"; }
};

/// `pairs`: whether values are to be sent in composites.
inline asio::awaitable<type_names> name_types(tusk::connection& db, std::string type, bool pairs)
{
    type_names names{type, "pg_temp." + unique_name("pair"), tusk::oid::none};
    co_await db.async_execute("create type " + names.pair + " as (a " + type + ", b " + type + ")");
    const auto id = co_await db.async_query_one<tusk::oid>("select '" + type + "'::regtype::oid");
    if (pairs) names.id = id;
    co_return names;
}

template <class T>
[[nodiscard]] typename around<T>::named_pair
typed_pair(const type_names& names, typename around<T>::element a, typename around<T>::element b)
{
    return {tusk::as_oid(names.id, std::move(a)), tusk::as_oid(names.id, std::move(b))};
}

/// A sample that is on its way.
template <class T>
struct sample_trip {
    std::string literal;
    T value;
    bool text;
    reply<tusk::result> answer;

    void check(compare how) const;
};

/// What is asked of each sample: whether the server sees what the literal says, and both back.
template <class T>
[[nodiscard]] tusk::bound ask_sample(const type_names& names, const T& value, const std::string& literal,
                                     compare how)
{
    const std::string sent = "$1::" + names.type;
    tusk::params p;
    p.add(value);
    std::string query = "select " + sent + " as sent, " + literal + " as literal, ";
    query += how == compare::values ? sent + " is not distinct from " + literal
                                    : "(" + sent + ")::text = (" + literal + ")::text";
    query += " as seen";
    const auto add = [&](const std::string& column, const std::string& type, const std::string& written) {
        const std::string number = "$" + std::to_string(p.size());
        query += ", " + number + "::" + type + " as " + column + ", (" + number + "::" + type +
                 ")::text = (" + written + "::" + type + ")::text as " + column + "_seen";
    };
    if constexpr (around<T>::lists) {
        p.add(typename around<T>::list{value, std::nullopt});
        add("list", names.list(), "array[" + literal + ", null]");
    }
    const std::string row = "row(null, " + literal + ")";
    query += ", " + row + "::" + names.pair + " as pair_literal";
    if constexpr (around<T>::pairs) {
        if (names.id != tusk::oid::none) {
            p.add(typed_pair<T>(names, std::nullopt, value));
            add("pair", names.pair, row);
        }
    }
    return {query, std::move(p)};
}

template <class T>
void sample_trip<T>::check(compare how) const
{
    using list = typename around<T>::list;
    using pair = typename around<T>::pair;
    SCOPED_TRACE(literal + (text ? " as text" : " as binary"));
    ASSERT_FALSE(answer.ec()) << answer.ec().message() << ": " << answer.diag().message();
    const tusk::result& r = answer.value();
    EXPECT_EQ(r.columns()[0].format, text ? tusk::format::text : tusk::format::binary);
    for (const tusk::field f : r[0]) {
        const std::string_view name = f.column().name;
        if (name.ends_with("seen"))
            EXPECT_TRUE(f.template as<bool>()) << name;
        else if (name == "sent" || name == "literal")
            EXPECT_TRUE(same(f.template as<T>(), value)) << name;
        else if (name.starts_with("pair"))
            EXPECT_TRUE(same(f.template as<pair>(), pair(std::nullopt, value))) << name;
        else if constexpr (around<T>::lists)
            EXPECT_TRUE(same(f.template as<list>(), list{value, std::nullopt})) << name;
    }
    if constexpr (requires { value.to_string(); })
        if (text && how == compare::texts) EXPECT_EQ(value.to_string(), r[0]["literal"].view());
}

/// NULL is sent and read by std::optional, and refused by T.
template <class T>
asio::awaitable<void> check_null(tusk::connection& db, std::string type)
{
    for (const bool text : {false, true}) {
        tusk::bound sent = tusk::sql("select $1::" + type, std::optional<T>());
        const tusk::result null = co_await db.async_query(std::move(sent.text_results(text)));
        EXPECT_FALSE(null[0][0].template as<std::optional<T>>().has_value()) << type;
        T value{};
        EXPECT_EQ(null[0][0].get(value), tusk::errc::unexpected_null) << type;
    }
}

/// Each value goes to the server alone, in an array and in a composite. The server compares it with the literal and gives
/// it back, and the literal comes too; all in both formats. `in_composite`: whether T can be sent as a field of that type.
template <class T>
asio::awaitable<void> check_samples(tusk::connection& db, std::string type, std::vector<sample<T>> samples,
                                    compare how = compare::values, bool in_composite = true)
{
    SCOPED_TRACE(type);
    const type_names names = co_await name_types(db, type, in_composite);
    std::deque<sample_trip<T>> trips;
    for (const sample<T>& s : samples) {
        const std::string literal = "(" + std::string(s.literal) + ")::" + type;
        for (const bool text : {false, true}) {
            trips.push_back({literal, s.value, text, reply<tusk::result>(db)});
            tusk::bound request = ask_sample(names, s.value, literal, how);
            request.text_results(text);
            db.async_query(std::move(request), trips.back().answer.token());
        }
    }
    for (const sample_trip<T>& t : trips) {
        co_await t.answer.wait();
        t.check(how);
    }
    co_await check_null<T>(db, type);
}

/// The same where the server compares texts; the to_string() of T, if it has one, writes what the server writes.
template <class T>
asio::awaitable<void> check_texts(tusk::connection& db, std::string type, std::vector<sample<T>> samples,
                                  bool in_composite = true)
{
    return check_samples(db, std::move(type), std::move(samples), compare::texts, in_composite);
}

/// All values in one pipeline, every second one read as text. `Good(answer, value)` says whether it is what it should be.
/// The results are dynamic: a typed query of each type would take the compiler several times as long.
template <class Answer, class Value, class Good>
asio::awaitable<void> send_all(tusk::connection& db, std::string statement, std::deque<Value> values,
                               bool all_as_text, Good good)
{
    std::vector<reply<tusk::result>> replies;
    for (std::size_t i = 0; i < values.size(); ++i) {
        tusk::bound request = tusk::sql(statement, values[i]);
        request.text_results(all_as_text || i % 2 == 1);
        db.async_query(std::move(request), replies.emplace_back(db).token());
    }
    int wrong = 0;
    for (std::size_t i = 0; i < replies.size(); ++i) {
        co_await replies[i].wait();
        Answer answer{};
        const bool right = !replies[i].ec() && !replies[i].value()[0].get(answer) && good(answer, values[i]);
        if (right || ++wrong > 3) continue;
        tusk::bound again = tusk::sql(statement, values[i]);
        auto [ec, shown] = co_await db.async_query(std::move(again.text_results(true)), as_tuple);
        EXPECT_TRUE(right) << statement << ' ' << (ec ? "fails" : shown[0][0].view())
                           << (all_as_text || i % 2 ? " as text: " : " as binary: ")
                           << replies[i].ec().message() << ' ' << replies[i].diag().message();
    }
    EXPECT_EQ(wrong, 0) << statement;
}

struct comes_back {
    template <class T>
    bool operator()(const T& answer, const T& value) const
    {
        return same(answer, value);
    }
};

template <class T>
struct pair_comes_back {
    bool operator()(const std::tuple<typename around<T>::pair>& answer,
                    const typename around<T>::named_pair& value) const
    {
        return same(std::get<0>(answer).first, value.first.value) &&
               same(std::get<0>(answer).second, value.second.value);
    }
};

/// `count` random values come back; a part of them also in arrays of up to 40, some NULL, and in composites.
template <class T, class Generate>
asio::awaitable<void> check_random(tusk::connection& db, std::string type, int count, Generate generate)
{
    std::mt19937_64 random(20'240'229);
    std::deque<T> values;
    for (int i = 0; i < count; ++i) values.push_back(generate(random));
    co_await send_all<T>(db, "select $1::" + type, values, false, comes_back());

    using list = typename around<T>::list;
    std::deque<list> lists;
    std::deque<typename around<T>::named_pair> pairs;
    const type_names names = co_await name_types(db, type, true);
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (lists.empty() || lists.back().size() > random() % 40) lists.emplace_back();
        if (random() % 8 == 0) lists.back().emplace_back();
        lists.back().emplace_back(values[i]);
        if (i % 8 == 1) pairs.push_back(typed_pair<T>(names, values[i - 1], values[i]));
    }
    if constexpr (around<T>::lists)
        co_await send_all<list>(db, "select $1::" + names.list(), lists, false, comes_back());
    if constexpr (around<T>::pairs)
        co_await send_all<std::tuple<typename around<T>::pair>>(db, "select $1::" + names.pair, pairs, false,
                                                                pair_comes_back<T>());
}

struct same_text {
    template <class T>
    bool operator()(const std::string& answer, const T& value) const
    {
        return answer == value.to_string();
    }
};

/// `count` random values: each comes back as text that is equal to its to_string().
template <class T, class Generate>
asio::awaitable<void> check_random_texts(tusk::connection& db, std::string type, int count, Generate generate)
{
    std::mt19937_64 random(20'240'301);
    std::deque<T> values;
    for (int i = 0; i < count; ++i) values.push_back(generate(random));
    co_await send_all<std::string>(db, "select $1::" + type, values, true, same_text());
}

} // namespace tusk_test
