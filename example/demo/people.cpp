// Distributed under the Boost Software License, Version 1.0.
// Who answered, the table, and rows as structs.
#include "gate.hpp"
#include "report.hpp"
#include "steps.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <vector>

namespace demo {

namespace {

struct account {
    std::int64_t id;
    std::string owner;
    std::optional<std::string> email;
    std::int64_t cents;
    std::chrono::year_month_day opened;
};

asio::awaitable<void> log_in_with_password(tusk::connection& db, tusk::conninfo where, const char* password)
{
    where.set("user", "tusk_scram");
    where.set("password", password);
    tusk::connection second(db.get_executor());
    const auto start = clock::now();
    co_await second.async_connect(where);
    line("a second login", std::string(second.authentication_method()) + " as tusk_scram, " +
                               spell(clock::now() - start) + " with connecting and hashing");
    co_await second.async_close();
}

} // namespace

asio::awaitable<void> introduce(tusk::connection& db, std::string where)
{
    const auto target = tusk::conninfo::parse(where);
    const auto start = clock::now();
    co_await db.async_connect(target);
    const auto connected = clock::now() - start;

    heading("Who answered");
    const std::uint32_t protocol = db.protocol_version();
    line("server", "PostgreSQL " + std::string(db.parameter("server_version")) + ", process " +
                       std::to_string(db.process_id()) + ", protocol " + std::to_string(protocol >> 16) +
                       "." + std::to_string(protocol & 0xffff));
    line("authentication", std::string(db.authentication_method()) + ", connected in " + spell(connected));

    std::vector<clock::duration> times;
    for (int i = 0; i < 201; ++i) {
        const auto before = clock::now();
        const int one = co_await db.async_query_one<int>("select 1");
        times.push_back(clock::now() - before);
        expect(one == 1, "select 1 gives 1");
    }
    std::ranges::sort(times);
    line("round trip", spell(times[times.size() / 2]) + " (median of " + std::to_string(times.size()) +
                           "; fastest " + spell(times.front()) + ")");
    // ./dev demo starts a server that has this role; another one is not asked.
    if (const char* password = std::getenv("TUSK_PASSWORD"))
        co_await log_in_with_password(db, target, password);
}

asio::awaitable<void> fill(tusk::connection& db)
{
    heading("A table of " + grouped(account_count) + " accounts");
    co_await db.async_script(
        "create temp table accounts("
        "  id int8 primary key, owner text not null, email text constraint one_email unique,"
        "  cents int8 not null, opened date not null, active bool not null)");

    constexpr int per_batch = 1000;
    constexpr int batches = account_count / per_batch;
    const std::chrono::sys_days first = std::chrono::year(2010) / 1 / 1;
    const auto start = clock::now();
    gate all(db.get_executor(), batches);
    std::uint64_t inserted = 0;
    auto on_batch = [&](std::error_code ec, const tusk::batch_result& parts) {
        if (ec) line("failed", parts.diag().to_string());
        for (const tusk::batch_part& part : parts) inserted += part.value.rows_affected();
        all.arrive();
    };
    for (int b = 0; b < batches; ++b) {
        tusk::batch rows;
        rows.reserve(per_batch);
        for (int i = b * per_batch + 1; i <= (b + 1) * per_batch; ++i) {
            const std::string owner = "owner " + std::to_string(i);
            std::optional<std::string> email;
            if (i % 10 != 0) email = "owner" + std::to_string(i) + "@example.org";
            rows.add(tusk::sql("insert into accounts values ($1, $2, $3, $4, $5, $6)", std::int64_t{i}, owner,
                               email, std::int64_t{i} * 7919 % 10'000'000,
                               first + std::chrono::days(i % 5000), i % 3 != 0));
        }
        db.async_run(std::move(rows), on_batch);
    }
    co_await all.wait();
    const auto time = clock::now() - start;

    const auto count = co_await db.async_query_one<std::int64_t>("select count(*) from accounts");
    expect(inserted == account_count && count == account_count, "every account was inserted");
    line("inserted", grouped(inserted) + " inserts in " + std::to_string(batches) + " pipelined batches, " +
                         spell(time) + " (" + grouped(static_cast<std::uint64_t>(rate(inserted, time))) +
                         " a second)");
    co_await db.async_execute("analyze accounts");
}

asio::awaitable<void> typed(tusk::connection& db)
{
    heading("Rows as structs");
    const auto start = clock::now();
    tusk::rows<account> richest = co_await db.async_query<account>(tusk::sql(
        "select id, owner, email, cents, opened from accounts where opened < $1 order by cents desc limit 5",
        std::chrono::year(2015) / 1 / 1));
    const auto time = clock::now() - start;
    for (const account& a : richest)
        line("account " + std::to_string(a.id), a.owner + ", " + a.email.value_or("no address") + ", " +
                                                    grouped(static_cast<std::uint64_t>(a.cents / 100)) +
                                                    " EUR, since " +
                                                    std::to_string(static_cast<int>(a.opened.year())));
    expect(richest.size() == 5 && std::ranges::is_sorted(richest, std::greater(), &account::cents),
           "five, in order");

    const auto before = clock::now();
    auto everything =
        co_await db.async_query<account>("select id, owner, email, cents, opened from accounts order by id");
    const auto all_time = clock::now() - before;
    std::int64_t sum = 0;
    for (const account& a : everything) sum += a.id;
    expect(everything.size() == account_count && sum == std::int64_t{account_count} * (account_count + 1) / 2,
           "all accounts came");
    line("time", spell(time) + " for these; " + spell(all_time) + " for all " + grouped(everything.size()) +
                     " into structs");
}

} // namespace demo
