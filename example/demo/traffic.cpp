// Distributed under the Boost Software License, Version 1.0.
// One connection under load, an error among neighbours, and a query of any shape.
#include "gate.hpp"
#include "report.hpp"
#include "steps.hpp"

#include <cstdint>
#include <cstdio>
#include <vector>

namespace demo {

namespace {

constexpr const char* point_select = "select id, owner from accounts where id = $1";

struct person {
    std::int64_t id;
    std::string owner;
};

/// Spread over the table.
[[nodiscard]] std::int64_t id_of(int i) { return std::int64_t{i} * 7919 % account_count + 1; }

[[nodiscard]] bool right(const person& p, int i)
{
    return p.id == id_of(i) && p.owner == "owner " + std::to_string(p.id);
}

[[nodiscard]] std::string report(clock::duration time)
{
    return spell(time) + ", " + grouped(static_cast<std::uint64_t>(rate(select_count, time))) + " a second";
}

[[nodiscard]] std::string report_writes(const tusk::connection_statistics& from,
                                        const tusk::connection_statistics& to)
{
    return grouped(to.requests - from.requests) + " requests, " + grouped(to.writes - from.writes) +
           " writes, " + grouped(to.reads - from.reads) + " reads, " +
           grouped((to.bytes_sent - from.bytes_sent) / 1024) + " KiB out, " +
           grouped((to.bytes_received - from.bytes_received) / 1024) + " KiB in";
}

} // namespace

asio::awaitable<void> point_selects(tusk::connection& db)
{
    heading(grouped(select_count) + " point selects on this one connection");
    const auto first = db.statistics();
    int answers = 0;
    auto start = clock::now();
    for (int i = 0; i < select_count; ++i)
        answers += right(co_await db.async_query_one<person>(tusk::sql(point_select, id_of(i))), i);
    const auto in_turn = clock::now() - start;
    expect(answers == select_count, "every select in turn gives its own account");
    const auto second = db.statistics();

    answers = 0;
    gate all(db.get_executor(), select_count);
    start = clock::now();
    for (int i = 0; i < select_count; ++i)
        db.async_query_one<person>(tusk::sql(point_select, id_of(i)),
                                   [&, i](std::error_code ec, const tusk::single<person>& p) {
                                       answers += !ec && right(*p, i);
                                       all.arrive();
                                   });
    co_await all.wait();
    const auto pipelined = clock::now() - start;
    expect(answers == select_count, "every pipelined select gives its own account");
    const auto third = db.statistics();

    char ratio[32];
    std::snprintf(ratio, sizeof ratio, "%.1f times as fast",
                  std::chrono::duration<double>(in_turn) / std::chrono::duration<double>(pipelined));
    line("one after the other", report(in_turn));
    line("", report_writes(first, second));
    line("pipelined", report(pipelined) + ": " + ratio);
    line("", report_writes(second, third));

    heading("Statement cache");
    const std::uint64_t hits = third.cache_hits - first.cache_hits;
    const std::uint64_t misses = third.cache_misses - first.cache_misses;
    line("these selects", grouped(hits) + " hits, " + grouped(misses) + " miss");
    line("since connecting", grouped(third.cache_hits) + " hits, " + grouped(third.cache_misses) +
                                 " misses, " + grouped(third.cache_evictions) + " evictions");
    const auto prepared =
        co_await db.async_query_one<std::int64_t>("select count(*) from pg_prepared_statements");
    line("the server holds", grouped(static_cast<std::uint64_t>(prepared)) + " prepared statements");
    expect(misses == 1 && hits == 2 * select_count - 1, "the select was parsed once");
}

asio::awaitable<void> violation(tusk::connection& db)
{
    heading("An error in the middle of a pipeline");
    struct outcome {
        std::error_code ec;
        tusk::diagnostics diag;
    };
    constexpr int requests = 5;
    std::vector<outcome> outcomes(requests);
    gate all(db.get_executor(), requests);
    for (int i = 0; i < requests; ++i) {
        const std::string email = i == 2 ? "owner1@example.org" : "new" + std::to_string(i) + "@example.org";
        db.async_execute(tusk::sql("insert into accounts values ($1, 'new', $2, 0, '2024-02-29', true)",
                                   account_count + 1 + i, email),
                         [&, i](std::error_code ec, const tusk::command& done) {
                             outcomes[static_cast<std::size_t>(i)] = {ec, done.diag()};
                             all.arrive();
                         });
    }
    co_await all.wait();

    for (int i = 0; i < requests; ++i) {
        const auto& [ec, diag] = outcomes[static_cast<std::size_t>(i)];
        line("insert " + std::to_string(i + 1), ec ? std::string(diag.message()) : "done");
        if (!ec) continue;
        line("", "SQLSTATE    " + std::string(diag.sqlstate()) + " (" + ec.message() + ")");
        line("", "constraint  " + std::string(diag.constraint()) + " on table " + std::string(diag.table()));
        line("", "detail      " + std::string(diag.detail()));
    }
    for (int i = 0; i < requests; ++i)
        expect(outcomes[static_cast<std::size_t>(i)].ec ==
                   (i == 2 ? make_error_code(tusk::sqlstate::unique_violation) : std::error_code()),
               "the third alone is a unique violation");
    expect(outcomes[2].diag.constraint() == "one_email", "the constraint is named");
    const auto stored =
        co_await db.async_query_one<std::int64_t>("select count(*) from accounts where owner = 'new'");
    expect(stored == requests - 1, "the neighbours were stored");
    line("stored", grouped(static_cast<std::uint64_t>(stored)) + " of " + std::to_string(requests));
}

asio::awaitable<void> dynamic(tusk::connection& db)
{
    heading("A query of any shape");
    tusk::bound by_state(
        "select active, count(*) as accounts, (sum(cents) / 100)::numeric(14, 2) as eur, "
        "avg(cents / 100.0)::numeric(12, 2) as average, min(opened) as first, max(opened) as last, "
        "age(max(opened), min(opened)) as between, null::jsonb as notes "
        "from accounts group by active order by active");
    tusk::result table = co_await db.async_query(by_state.text_results(true));
    print(table);
    expect(table.size() == 2 && table.columns()[1].type == tusk::oid::int8 && table[0]["notes"].is_null(),
           "two groups, with the types of their columns");
}

} // namespace demo
