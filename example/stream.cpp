// Distributed under the Boost Software License, Version 1.0.
// A result that is too large to be kept: its rows are taken as they come.

#include "run.hpp"

#include <tusk.hpp>

#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

namespace {

struct sale {
    std::int32_t id;
    std::string item;
};

constexpr const char* sales = "select g as id, 'item ' || g as item from generate_series(1, 100000) g";

asio::awaitable<void> one_by_one(tusk::connection& db)
{
    auto stream = co_await db.async_stream<sale>("select 7 as id, 'tusk' as item");
    while (std::optional<sale> s = co_await stream.async_next())
        std::printf("%d: %s\n", s->id, s->item.c_str());
}

asio::awaitable<void> in_pieces(tusk::connection& db)
{
    std::int64_t sum = 0;
    auto stream = co_await db.async_stream<sale>(sales);
    for (auto some = co_await stream.async_next_rows(); !some.empty();
         some = co_await stream.async_next_rows())
        for (const sale& s : some) sum += s.id;
    expect(sum == 5'000'050'000, "each row has come once");
    expect(stream.done().rows_affected() == 100'000, "the end tells how many there were");
}

asio::awaitable<void> given_up(tusk::connection& db)
{
    auto stream = co_await db.async_stream(sales);
    const std::optional<tusk::row> first = co_await stream.async_next();
    expect(first && (*first)["id"].as<int>() == 1, "rows of any shape");
    stream.close(); // the rest is dropped when it comes
    const int answer = co_await db.async_query_one<int>("select 42");
    expect(answer == 42, "the connection is as good as before");
}

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);
    co_await one_by_one(db);
    co_await in_pieces(db);
    co_await given_up(db);
    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv) { return run_example(argc, argv, "stream", run); }
