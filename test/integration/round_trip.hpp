// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "integration/support.hpp"

#include <bit>
#include <concepts>
#include <cstring>
#include <deque>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace tusk_test {

/// The same value, for floating point numbers the same bits, for numeric with the same scale.
template <class T>
[[nodiscard]] bool same(const T& a, const T& b)
{
    if constexpr (std::floating_point<T>)
        return std::memcmp(&a, &b, sizeof a) == 0;
    else if constexpr (std::same_as<T, tusk::numeric>)
        return a == b && a.scale() == b.scale();
    else
        return a == b;
}

/// A value in C++ and as SQL writes it.
template <class T>
struct sample {
    T value;
    const char* literal;
};

/// Each value goes to the server, which compares it with the literal and gives it back; and the literal comes in both
/// formats.
template <class T>
asio::awaitable<void> check_samples(tusk::connection& db, std::string type, std::vector<sample<T>> samples)
{
    for (const sample<T>& s : samples) {
        const std::string literal = "(" + std::string(s.literal) + ")::" + type;
        for (const bool text : {false, true}) {
            tusk::bound request = tusk::sql("select $1::" + type + " is not distinct from " + literal +
                                                ", $1::" + type + ", " + literal,
                                            s.value);
            request.text_results(text);
            auto [ec, r] = co_await db.async_query(std::move(request), as_tuple);
            EXPECT_FALSE(ec) << literal << ": " << r.diag().message();
            if (ec) continue;
            EXPECT_EQ(r.columns()[1].format, text ? tusk::format::text : tusk::format::binary);
            EXPECT_TRUE(r[0][0].template as<bool>()) << "the server does not see " << literal;
            EXPECT_TRUE(same(r[0][1].template as<T>(), s.value))
                << literal << (text ? " as text" : " as binary");
            EXPECT_TRUE(same(r[0][2].template as<T>(), s.value))
                << literal << (text ? " as text" : " as binary");
            // by the typed path, and wrapped
            tusk::bound again = tusk::sql("select $1::" + type, std::optional<T>(s.value));
            again.text_results(text);
            const auto back = co_await db.async_query_one<std::optional<T>>(std::move(again));
            EXPECT_TRUE(back && same(*back, s.value)) << literal;
        }
    }
    const auto null =
        co_await db.async_query_one<std::optional<T>>(tusk::sql("select $1::" + type, std::optional<T>()));
    EXPECT_FALSE(null.has_value());
    auto [ec, value] = co_await db.async_query_one<T>("select null::" + type + " as empty", as_tuple);
    EXPECT_EQ(ec, tusk::errc::unexpected_null) << type;
    EXPECT_NE(value.diag().message().find("empty"), std::string_view::npos) << value.diag().message();
}

/// `count` random values in one pipeline, every second one read as text.
template <class T, class Generate>
asio::awaitable<void> check_random(tusk::connection& db, std::string type, int count, Generate generate)
{
    std::mt19937_64 random(20'240'229);
    std::deque<T> values;
    std::vector<reply<tusk::single<T>>> replies;
    const std::string text = "select $1::" + type;
    for (int i = 0; i < count; ++i) {
        values.push_back(generate(random));
        tusk::bound request = tusk::sql(text, values.back());
        request.text_results(i % 2 == 1);
        db.async_query_one<T>(std::move(request), replies.emplace_back(db).token());
    }
    int wrong = 0;
    for (std::size_t i = 0; i < replies.size(); ++i) {
        co_await replies[i].wait();
        const bool good = !replies[i].ec() && same(replies[i].value().value(), values[i]);
        if (good || ++wrong > 3) continue;
        const auto shown =
            co_await db.async_query_one<std::string>(tusk::sql("select ($1::" + type + ")::text", values[i]));
        EXPECT_TRUE(good) << type << ' ' << shown << (i % 2 ? " as text: " : " as binary: ")
                          << replies[i].ec().message();
    }
    EXPECT_EQ(wrong, 0) << type;
}

} // namespace tusk_test
