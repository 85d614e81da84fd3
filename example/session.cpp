// Distributed under the Boost Software License, Version 1.0.
// A session that is handed on: what its user left behind is taken back. And names and texts in SQL.

#include "run.hpp"

#include <tusk.hpp>

#include <string>

namespace {

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);
    db.on_parameter([](std::string_view name, std::string_view value) {
        std::printf("%.*s is now %.*s\n", static_cast<int>(name.size()), name.data(),
                    static_cast<int>(value.size()), value.data());
    });
    co_await db.async_execute("set application_name to 'somebody'");
    co_await db.async_execute("create temp table scratch(n int)");
    co_await db.async_reset();
    expect(db.parameter("application_name") != "somebody", "the parameter is as before");
    const auto tables =
        co_await db.async_query_one<std::int64_t>("select count(*) from pg_class where relname = 'scratch'");
    expect(tables == 0, "the table is gone");

    const auto before = db.statistics().writes;
    co_await db.async_reset();
    expect(db.statistics().writes == before, "nothing was touched: the server was not asked");

    co_await db.async_ping();

    const std::string table = tusk::quote_identifier({"pg_temp", "Mixed \"Case\""});
    co_await db.async_execute("create table " + table + "(n int)");
    co_await db.async_execute("comment on table " + table + " is " + tusk::quote_literal("it's a test"));
    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv) { return run_example(argc, argv, "session", run); }
