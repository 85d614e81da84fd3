// Distributed under the Boost Software License, Version 1.0.
// Rows fetched as many at a time as are wanted, with other requests of the transaction in between.

#include "run.hpp"

#include <tusk.hpp>

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace {

struct order {
    std::int32_t id;
    std::string customer;
};

constexpr const char* orders =
    "select g as id, 'customer ' || g % 7 as customer from generate_series(1, 1000) g order by id";

asio::awaitable<void> in_portions(tusk::connection& db)
{
    auto tx = co_await db.async_begin();
    co_await tx.async_execute("create temp table done(id int) on commit drop");
    auto open = co_await tx.async_cursor<order>(orders);
    for (auto some = co_await open.async_fetch(300); !some.empty(); some = co_await open.async_fetch(300)) {
        tusk::batch marks;
        for (const order& o : some) marks.add(tusk::sql("insert into done values ($1)", o.id));
        co_await tx.async_run(std::move(marks)); // between two fetches
    }
    const auto done = co_await tx.async_query_one<std::int64_t>("select count(*) from done");
    expect(done == 1000, "each row has come once");
    co_await tx.async_commit();
}

asio::awaitable<void> two_side_by_side(tusk::connection& db)
{
    auto tx = co_await db.async_begin();
    auto even = co_await tx.async_cursor<int>("select g from generate_series(0, 100, 2) g");
    auto odd = co_await tx.async_cursor<int>("select g from generate_series(1, 101, 2) g");
    std::vector<int> all;
    while (!even.at_end() && !odd.at_end()) {
        for (const int n : co_await even.async_fetch(1)) all.push_back(n);
        for (const int n : co_await odd.async_fetch(1)) all.push_back(n);
    }
    expect(all.size() == 102 && all.front() == 0 && all.back() == 101, "they take turns");
    co_await tx.async_commit();
}

asio::awaitable<void> as_many_as_needed(tusk::connection& db)
{
    auto tx = co_await db.async_begin();
    {
        auto rows = co_await tx.async_cursor("select generate_series(1, 1000000000000) as n");
        const tusk::result first = co_await rows.async_fetch(3);
        for (const tusk::row r : first) std::printf("%lld\n", r["n"].as<long long>());
    } // closed on the server: the rest costs nothing
    const int answer = co_await tx.async_query_one<int>("select 42");
    expect(answer == 42, "the transaction is as good as before");
    co_await tx.async_commit();
}

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);
    co_await in_portions(db);
    co_await two_side_by_side(db);
    co_await as_many_as_needed(db);
    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv) { return run_example(argc, argv, "cursor", run); }
