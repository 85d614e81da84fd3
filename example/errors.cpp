// Distributed under the Boost Software License, Version 1.0.
// What goes wrong, and how a program sees it: codes that compare, and all that the server said.

#include "run.hpp"

#include <tusk.hpp>

#include <cstdio>
#include <string>

namespace {

asio::awaitable<void> caught(tusk::connection& db)
{
    co_await db.async_execute("create temp table users(id int primary key, email text unique, age int)");
    co_await db.async_execute("insert into users values (1, 'ada@example.org', null)");
    try {
        co_await db.async_execute(tusk::sql("insert into users values ($1, $2)", 2, "ada@example.org"));
        expect(false, "the address is refused");
    } catch (const tusk::error& e) {
        std::printf("%s\n", e.diag().to_string().c_str());
        expect(e.code() == tusk::sqlstate::unique_violation, "23505");
        expect(e.code() == tusk::sqlstate_class::integrity_constraint_violation, "any of class 23");
        expect(e.diag().constraint() == "users_email_key" && e.diag().table() == "users", "which constraint");
        expect(!e.safe_to_retry(), "the server has seen it");
    }
}

asio::awaitable<void> misread(tusk::connection& db)
{
    try {
        co_await db.async_query_one<int>("select age from users");
        expect(false, "NULL is no int");
    } catch (const tusk::error& e) {
        std::printf("%s\n", e.what());
        expect(e.code() == tusk::errc::unexpected_null, "std::optional<int> would take it");
    }
}

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);
    co_await caught(db);
    co_await misread(db);

    // Without exceptions: a handler gets the code, and the diagnostics in its value.
    db.async_query("selec 1", [](std::error_code ec, const tusk::result& r) {
        expect(ec == tusk::sqlstate::syntax_error && r.diag().position() == 1, "the first character");
    });
    auto still = co_await db.async_query_one<int>("select 1");
    expect(still == 1, "the connection stays usable");
    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv) { return run_example(argc, argv, "errors", run); }
