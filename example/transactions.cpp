// Distributed under the Boost Software License, Version 1.0.
// Transactions: commit, rollback by scope, savepoints, repetition.

#include "run.hpp"

#include <tusk.hpp>

#include <cstdio>
#include <string>

namespace {

asio::awaitable<int> sum_of(tusk::connection& db)
{
    const int sum = co_await db.async_query_one<int>("select sum(amount)::int4 from accounts");
    co_return sum;
}

/// What is done as a whole, or again, or not at all.
asio::awaitable<int> take_ten(tusk::transaction& tx)
{
    const int left = co_await tx.async_query_one<int>(
        "update accounts set amount = amount - 10 where id = 1 returning amount");
    co_return left;
}

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);
    co_await db.async_script("create temp table accounts(id int primary key, amount int not null);"
                             "insert into accounts values (1, 100), (2, 100)");
    {
        tusk::transaction tx = co_await db.async_begin();
        co_await tx.async_execute(tusk::sql("update accounts set amount = amount - $1 where id = 1", 10));
        co_await tx.async_execute(tusk::sql("update accounts set amount = amount + $1 where id = 2", 10));
        co_await tx.async_commit();
    }
    {
        tusk::transaction tx = co_await db.async_begin();
        co_await tx.async_execute("delete from accounts");
    } // without async_commit it is rolled back
    expect(co_await sum_of(db) == 200, "nothing was deleted");

    {
        tusk::transaction tx = co_await db.async_begin();
        co_await tx.async_savepoint("before");
        co_await tx.async_execute("delete from accounts where id = 2");
        co_await tx.async_rollback_to("before");
        co_await tx.async_commit();
    }
    expect(co_await sum_of(db) == 200, "nor now");

    tusk::transaction_options how;
    how.isolation = tusk::isolation::serializable;
    const int left = co_await db.async_transaction(how, take_ten);
    expect(left == 80, "ten less than ninety");

    bool committed = false;
    db.async_transaction(
        how,
        [](tusk::transaction& tx, tusk::transaction_done done) {
            tx.async_execute("update accounts set amount = 0 where id = 1", done);
        },
        tusk::repetition{.attempts = 3},
        [&](std::error_code ec, tusk::diagnostics why) {
            if (ec) std::printf("%s: %s\n", ec.message().c_str(), why.to_string().c_str());
            committed = !ec;
        });
    expect(co_await sum_of(db) == 110, "it waits for the end of the transaction");
    expect(committed, "it was told before");
    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv) { return run_example(argc, argv, "transactions", run); }
