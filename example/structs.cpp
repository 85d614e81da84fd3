// Distributed under the Boost Software License, Version 1.0.
// Rows into structs by the names of their members, into tuples by position, and into single values.

#include "run.hpp"

#include <tusk.hpp>

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

namespace {

struct user {
    std::int64_t id;
    std::string name;
    std::optional<std::string> email;
    std::chrono::year_month_day born;
};

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    using namespace std::chrono_literals;
    co_await db.async_connect(where);
    co_await db.async_execute("create temp table users(id int8, name text, email text, born date)");

    const std::vector<user> some{{1, "Ada", "ada@example.org", 1815y / 12 / 10},
                                 {2, "Alan", std::nullopt, 1912y / 6 / 23}};
    for (const user& u : some) {
        tusk::command done = co_await db.async_execute(
            tusk::sql("insert into users values ($1, $2, $3, $4)", u.id, u.name, u.email, u.born));
        expect(done.rows_affected() == 1, "one row was inserted");
    }

    tusk::rows<user> all =
        co_await db.async_query<user>("select name, born, id, email from users order by id");
    for (const user& u : all)
        std::printf("%s <%s>\n", u.name.c_str(), u.email.value_or("no address").c_str());
    expect(all.size() == 2 && all[0].born == some[0].born && !all[1].email, "what was stored comes back");

    using pair = std::tuple<std::int64_t, std::string>;
    auto pairs = co_await db.async_query<pair>("select id, name from users order by id");
    expect(std::get<1>(pairs[1]) == "Alan", "tuples are read by position");

    std::size_t letters = 0;
    const auto count = [&](const std::tuple<std::int64_t, std::string_view>& row) {
        letters += std::get<1>(row).size(); // a view of the received bytes, good for this call
    };
    co_await db.async_for_each<std::tuple<std::int64_t, std::string_view>>("select id, name from users",
                                                                           count);
    expect(letters == 7, "rows are shown one by one");

    std::optional<user> nobody =
        co_await db.async_query_optional<user>(tusk::sql("select * from users where name = $1", "Grace"));
    expect(!nobody, "no row is no error here");

    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv) { return run_example(argc, argv, "structs", run); }
