// Distributed under the Boost Software License, Version 1.0.
// Statements prepare themselves; async_prepare is for who wants to know what the server makes of one.

#include "run.hpp"

#include <tusk.hpp>

#include <cstdio>
#include <string>

namespace {

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);
    co_await db.async_execute(
        "create temp table item(id int8 generated always as identity, price numeric, made date)");

    tusk::statement insert =
        co_await db.async_prepare("insert into item(price, made) values ($1, $2) returning id");
    for (tusk::oid type : insert.parameter_types())
        std::printf("%s ", std::string(tusk::type_name(type)).c_str());
    std::printf("-> %s\n", insert.columns()[0].name.c_str());
    expect(insert.parameter_types()[0] == tusk::oid::numeric, "the server says what it wants");

    // The arguments are encoded for the described types: an int becomes a numeric here.
    auto id = co_await db.async_query_one<std::int64_t>(insert.bind(100, "2024-02-29"));
    expect(id == 1, "the first row");

    const tusk::bound wrong = insert.bind(1);
    expect(wrong.error() == tusk::errc::parameter_mismatch, "the number of values is checked at once");

    // The same text again and again: parsed once, by itself.
    const auto before = db.statistics();
    for (int i = 0; i < 10; ++i)
        co_await db.async_query_one<std::int64_t>(tusk::sql("select count(*) from item where id > $1", i));
    const auto after = db.statistics();
    expect(after.cache_misses - before.cache_misses == 1 && after.cache_hits - before.cache_hits == 9,
           "one miss, nine hits");

    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv) { return run_example(argc, argv, "prepared", run); }
