// Distributed under the Boost Software License, Version 1.0.
// One statement for many items: all or nothing, or each by itself.

#include "run.hpp"

#include <tusk.hpp>

#include <cstdio>
#include <string>
#include <tuple>
#include <vector>

namespace {

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);
    co_await db.async_script("create temp table users(id int primary key, name text)");
    const std::string insert = "insert into users values ($1, $2)";

    std::vector<std::tuple<int, std::string>> users{{1, "Ada"}, {2, "Grace"}, {3, "Edsger"}};
    const tusk::bulk_result all = co_await db.async_execute_many(insert, users);
    expect(all.rows_affected() == 3, "all are there");

    users = {{4, "Barbara"}, {2, "Grace again"}, {5, "Donald"}};
    const tusk::bulk_result each = co_await db.async_execute_many(insert, users, tusk::bulk::independent);
    for (const tusk::bulk_failure& f : each.failures())
        std::printf("item %zu: %s\n", f.item, std::string(f.diag.message()).c_str());
    expect(each.rows_affected() == 2, "the others are there");
    expect(each.failures().size() == 1 && each.failures()[0].item == 1, "the second is not");
    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv) { return run_example(argc, argv, "bulk", run); }
