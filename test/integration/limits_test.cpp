// Distributed under the Boost Software License, Version 1.0.
// The protocol's and the server's limits: what fits works, what does not is answered with a clear error.
#include "load.hpp"

#include <array>

using tusk::sql;
using namespace tusk_test;

namespace {

/// Claims far more bytes than there are: whoever refuses it by its size never touches them.
std::span<const std::byte> enormous(std::size_t claimed)
{
    static const std::array<std::byte, 16> few{};
    const volatile std::size_t hidden = claimed; // the compiler would warn of what is the point here
    return {few.data(), hidden};
}

/// A user's type whose encoding claims 1 GiB.
struct lying {};

} // namespace

template <>
struct tusk::encode_traits<lying> {
    static constexpr tusk::oid type = tusk::oid::bytea;
    static constexpr tusk::format format = tusk::format::binary;
    static errc encode(const lying&, encoder& out)
    {
        out.bytes(enormous(std::size_t{1} << 30));
        return {};
    }
};

namespace {

std::string listed(std::string_view before, int count, std::string_view after)
{
    std::string text;
    for (int i = 1; i <= count; ++i) {
        if (i > 1) text += ", ";
        text.append(before).append(std::to_string(i)).append(after);
    }
    return text;
}

} // namespace

TEST(Limits, MostParameters)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        constexpr int most = 65'535;
        const std::string text = "select cardinality(a), a[1], a[65535] from (select array[" +
                                 listed("$", most, "") + "]::int4[] as a) s";
        for (int round = 0; round < 2; ++round) { // described, then from the cache
            tusk::params p;
            for (int i = 1; i <= most; ++i) p.add(i + round);
            EXPECT_FALSE(p.error());
            const auto r = co_await db.async_query(tusk::bound(text, std::move(p)));
            EXPECT_EQ(r[0][0].as<int>(), most);
            EXPECT_EQ(r[0][1].as<int>(), 1 + round);
            EXPECT_EQ(r[0][2].as<int>(), most + round);
        }
        EXPECT_EQ(db.statistics().cache_hits, 1U);
        const tusk::statement s = co_await db.async_prepare(text);
        EXPECT_EQ(s.parameter_types().size(),
                  static_cast<std::size_t>(most)); // a ParameterDescription of 262 kB
    });
}

TEST(Limits, OneParameterTooMany)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        tusk::params p;
        for (int i = 1; i <= 65'536; ++i) p.add(i);
        EXPECT_EQ(p.error(), tusk::errc::too_many_parameters);
        const auto before = db.statistics().bytes_sent;
        auto [ec, none] = co_await db.async_query(
            tusk::bound("select array[" + listed("$", 65'536, "") + "]::int4[]", std::move(p)), as_tuple);
        EXPECT_EQ(ec, tusk::errc::too_many_parameters);
        EXPECT_NE(none.diag().message().find("65535"), std::string_view::npos);
        EXPECT_TRUE(none.diag().safe_to_retry());
        EXPECT_EQ(db.statistics().bytes_sent, before);
        co_await expect_usable(db);
    });
}

TEST(Limits, NoColumnsAtAll)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto r = co_await db.async_query("select from generate_series(1, 5)");
        EXPECT_TRUE(r.has_columns());
        EXPECT_TRUE(r.columns().empty());
        EXPECT_EQ(r.size(), 5U);
        EXPECT_EQ(std::distance(r.begin(), r.end()), 5);
        EXPECT_EQ(r.rows_affected(), 5U);
        r = co_await db.async_query("");
        EXPECT_FALSE(r.has_columns());
        EXPECT_EQ(r.tag(), "");
        co_await expect_usable(db);
    });
}

TEST(Limits, WidestTableAndWidestResult)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_execute("create temp table wide(" + listed("c", 1'600, " int2") + ")");
        const std::string insert = "insert into wide values (" + listed("$", 1'600, "") + ")";
        for (int row = 0; row < 3; ++row) {
            tusk::params p;
            for (int i = 1; i <= 1'600; ++i) p.add(static_cast<std::int16_t>(i + row));
            co_await db.async_execute(tusk::bound(insert, std::move(p)));
        }
        auto r = co_await db.async_query("select * from wide order by c1");
        require(r.columns().size() == 1'600 && r.size() == 3, "three rows of 1600 columns");
        for (std::size_t i = 0; i < 1'600; ++i) EXPECT_EQ(r[2][i].as<int>(), static_cast<int>(i + 3));
        EXPECT_EQ(r.columns()[1'599].name, "c1600");
        EXPECT_EQ(r[1]["c1600"].as<int>(), 1'601);

        r = co_await db.async_query("select " + listed("", 1'664, ""));
        EXPECT_EQ(r.columns().size(), 1'664U);
        EXPECT_EQ(r[0][1'663].as<int>(), 1'664);
        auto [ec, none] = co_await db.async_query("select " + listed("", 1'665, ""), as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::too_many_columns);
        auto [too_wide, nothing] = co_await db.async_execute(
            "create temp table wider(" + listed("c", 1'601, " int2") + ")", as_tuple);
        EXPECT_EQ(too_wide, tusk::sqlstate::too_many_columns);
        co_await expect_usable(db);
    });
}

TEST(Limits, AParameterTooLargeIsRefusedUnsent)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const auto before = db.statistics().bytes_sent;
        const auto expect_refused = [&](tusk::bound b) -> asio::awaitable<void> {
            auto [ec, none] = co_await db.async_query(std::move(b), as_tuple);
            EXPECT_EQ(ec, tusk::errc::request_too_large);
            EXPECT_NE(none.diag().message().find("$2"), std::string_view::npos) << none.diag().message();
            EXPECT_TRUE(none.diag().safe_to_retry());
        };
        for (std::size_t size : {std::size_t{1} << 30, (std::size_t{1} << 32) + 3, ~std::size_t{0}}) {
            tusk::params p;
            p.add(1).add_raw(tusk::oid::bytea, tusk::format::binary, enormous(size));
            co_await expect_refused(tusk::bound("select $1::int4, $2::bytea", std::move(p)));
        }
        co_await expect_refused(sql("select $1::int4, $2", 1, lying{}));
        co_await expect_refused(sql("select $1::int4, $2", 1, enormous(std::size_t{1} << 30)));
        EXPECT_EQ(db.statistics().bytes_sent, before);
        co_await expect_usable(db);
    });
}

TEST(Limits, AValueTooLargeForTheServerIsItsError)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        for (const char* text : {"select repeat('x', 1100000000)", "select lpad('', 1073741824, 'x')"}) {
            auto [ec, none] = co_await db.async_query(text, as_tuple);
            EXPECT_TRUE(ec) << text;
            if (the_server().version >= 15) { // 14 runs out of memory for the first
                EXPECT_EQ(ec, tusk::sqlstate::program_limit_exceeded) << none.diag().message();
                EXPECT_NE(none.diag().message().find("too large"), std::string_view::npos)
                    << none.diag().message();
            }
            EXPECT_EQ(none.diag().outcome(), tusk::outcome::completed);
            co_await expect_usable(db);
        }
    });
}

TEST(Limits, MegabytesBothWays)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string large(8'000'000, 'y');
        const auto r = co_await db.async_query(sql("select $1::text || 'z', md5($1)", large));
        EXPECT_EQ(r[0][0].view().size(), large.size() + 1);
        EXPECT_EQ(r[0][0].view().back(), 'z');
        co_await expect_usable(db);
    });
}

TEST(Limits, AMessageOverTheLimitClosesTheConnection)
{
    tusk::connection_options options;
    options.max_message_size = 64 * 1024;
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            EXPECT_EQ((co_await db.async_query_one<std::string>("select repeat('x', 60000)")).size(),
                      60'000U);
            std::vector<answer> answers(3);
            countdown left(db);
            ask(db, "select 1", answers[0], left);
            ask(db, "select repeat('x', 100000)", answers[1], left);
            ask(db, "select 2", answers[2], left);
            co_await left.wait();
            EXPECT_EQ(answers[0].value, 1);
            EXPECT_EQ(answers[1].ec, tusk::errc::message_too_large);
            EXPECT_NE(answers[1].diag.message().find("DataRow"), std::string_view::npos)
                << answers[1].diag.message();
            EXPECT_EQ(answers[1].diag.outcome(), tusk::outcome::unknown);
            EXPECT_EQ(answers[2].ec, tusk::errc::message_too_large);
            EXPECT_EQ(answers[2].diag.outcome(), tusk::outcome::unknown);
            EXPECT_FALSE(db.is_open());
            auto [ec, none] = co_await db.async_query("select 3", as_tuple);
            EXPECT_TRUE(ec);
            EXPECT_TRUE(none.diag().safe_to_retry());
            co_await db.async_connect(where()); // and may be opened again
            co_await expect_usable(db);
        },
        options);
}
