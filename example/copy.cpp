// Distributed under the Boost Software License, Version 1.0.
// COPY: the fast way for many rows, in both directions.

#include "run.hpp"

#include <tusk.hpp>

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

struct user {
    std::int64_t id;
    std::string name;
};

constexpr const char* into_users = "copy users (id, name) from stdin (format binary)";

asio::awaitable<void> rows_in(tusk::connection& db)
{
    std::vector<user> users;
    for (int i = 0; i < 1000; ++i) users.push_back({i, "user " + std::to_string(i)});

    auto copy = co_await db.async_copy_in<user>(into_users);
    co_await copy.async_write_rows(users);
    tusk::command done = co_await copy.async_finish(); // only now are they there
    expect(done.rows_affected() == 1000, "all rows were copied");
}

asio::awaitable<void> rows_out(tusk::connection& db)
{
    std::size_t rows = 0;
    auto copy = co_await db.async_copy_out<user>("copy users to stdout (format binary)");
    for (auto some = co_await copy.async_read_rows(); !some.empty(); some = co_await copy.async_read_rows())
        rows += some.size();
    expect(rows == 1000, "all rows have come");

    std::size_t letters = 0;
    auto again = co_await db.async_copy_out<std::pair<std::int64_t, std::string_view>>(
        "copy users to stdout (format binary)");
    co_await again.async_for_each([&](auto& user) { letters += user.second.size(); });
    expect(letters > 5000, "all names were seen");
}

asio::awaitable<void> bytes(tusk::connection& db)
{
    auto in = co_await db.async_copy_in("copy users from stdin (format csv)");
    co_await in.async_write("2001,\"Ada, countess\"\n2002,Grace\n");
    co_await in.async_finish();

    std::string csv;
    auto out =
        co_await db.async_copy_out("copy (select * from users where id > 2000) to stdout (format csv)");
    for (auto some = co_await out.async_read(); !some.empty(); some = co_await out.async_read())
        csv += some.text();
    expect(csv == "2001,\"Ada, countess\"\n2002,Grace\n", "what went in comes out");
}

asio::awaitable<void> given_up(tusk::connection& db)
{
    {
        auto copy = co_await db.async_copy_in<user>(into_users);
        user nobody{3000, "nobody"};
        co_await copy.async_write_row(nobody);
    } // without async_finish nothing is copied
    const bool there = co_await db.async_query_one<bool>("select exists (select from users where id = 3000)");
    expect(!there, "a COPY that was not finished leaves nothing");
}

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);
    co_await db.async_script("create temp table users(id int8, name text)");
    co_await rows_in(db);
    co_await rows_out(db);
    co_await bytes(db);
    co_await given_up(db);
    co_await db.async_close();
    std::printf("copied in and out\n");
}

} // namespace

int main(int argc, char** argv) { return run_example(argc, argv, "copy", run); }
