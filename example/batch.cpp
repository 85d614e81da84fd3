// Distributed under the Boost Software License, Version 1.0.
// Several statements together: one round trip, one implicit transaction.

#include "run.hpp"

#include <tusk.hpp>

#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>

namespace {

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);
    co_await db.async_execute(
        "create temp table account(id int primary key, balance int check (balance >= 0))");

    tusk::batch opening;
    for (int id = 1; id <= 3; ++id) opening.add(tusk::sql("insert into account values ($1, 100)", id));
    opening.add("select sum(balance) from account");
    tusk::batch_result opened = co_await db.async_run(std::move(opening));
    expect(opened[3].value[0][0].as<std::int64_t>() == 300, "each part has its result");

    tusk::batch transfer;
    transfer.add(tusk::sql("update account set balance = balance + $2 where id = $1", 2, 500));
    transfer.add(tusk::sql("update account set balance = balance - $2 where id = $1", 1, 500)); // too much
    transfer.add("select 'never reached'");
    // A token that does not throw sees the parts of a batch that failed.
    auto on_done = [](std::error_code ec, const tusk::batch_result& parts) {
        std::printf("%s\n", parts.diag().to_string().c_str());
        expect(ec == tusk::sqlstate::check_violation && parts[1].ec == ec, "the second part failed");
        expect(!parts[0].ec && parts[2].ec == tusk::errc::skipped,
               "the first had run, the third was skipped");
    };
    db.async_run(std::move(transfer), on_done);

    auto second = co_await db.async_query_one<int>("select balance from account where id = 2");
    expect(second == 100, "what the batch did was undone");
    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv) { return run_example(argc, argv, "batch", run); }
