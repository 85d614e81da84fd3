// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "integration/round_trip.hpp"

#include <exception>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace tusk_test {

/// As check_samples, for types that have no `=`, or one that compares something else such as areas: the server compares
/// texts. Where T has a to_string(), it writes what the server writes.
template <class T>
asio::awaitable<void> check_texts(tusk::connection& db, std::string type, std::vector<sample<T>> samples)
{
    for (const sample<T>& s : samples) {
        const std::string literal = "(" + std::string(s.literal) + ")::" + type;
        for (const bool text : {false, true}) {
            tusk::bound request = tusk::sql("select ($1::" + type + ")::text = (" + literal +
                                                ")::text, $1::" + type + ", " + literal,
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
            if constexpr (requires { s.value.to_string(); })
                if (text) EXPECT_EQ(s.value.to_string(), r[0][2].view());
        }
    }
    const auto null =
        co_await db.async_query_one<std::optional<T>>(tusk::sql("select $1::" + type, std::optional<T>()));
    EXPECT_FALSE(null.has_value());
    auto [ec, value] = co_await db.async_query_one<T>("select null::" + type + " as empty", as_tuple);
    EXPECT_EQ(ec, tusk::errc::unexpected_null) << type;
}

/// `count` random values in one pipeline: each comes back as text that is equal to its to_string().
template <class T, class Generate>
asio::awaitable<void> check_random_texts(tusk::connection& db, std::string type, int count, Generate generate)
{
    std::mt19937_64 random(20'240'301);
    std::vector<std::string> expected;
    std::deque<reply<tusk::single<std::string>>> replies;
    const std::string text = "select $1::" + type;
    for (int i = 0; i < count; ++i) {
        const T value = generate(random);
        expected.push_back(value.to_string());
        tusk::bound request = tusk::sql(text, value);
        request.text_results(true);
        db.async_query_one<std::string>(std::move(request), replies.emplace_back(db).token());
    }
    int wrong = 0;
    for (std::size_t i = 0; i < replies.size(); ++i) {
        co_await replies[i].wait();
        const bool good = !replies[i].ec() && replies[i].value().value() == expected[i];
        if (good || ++wrong > 3) continue;
        EXPECT_EQ(replies[i].value().value(), expected[i]) << type << ' ' << replies[i].ec().message();
    }
    EXPECT_EQ(wrong, 0) << type;
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

/// Creates an extension of contrib where it is not there yet; tests in other processes may do so at the same time.
inline asio::awaitable<void> need_extension(tusk::connection& db, std::string name)
{
    co_await db.async_script("begin; select pg_advisory_xact_lock(7251); create extension if not exists " +
                             name + "; commit");
}

} // namespace tusk_test
