// Distributed under the Boost Software License, Version 1.0.
// statement_mode::unnamed through PgBouncer in transaction mode, which gives each transaction any of four
// servers.
#include "load.hpp"

#include <set>

using tusk::sql;
using namespace tusk_test;

namespace {

/// Clients of the pooler. Each database has four servers of its own; a client that holds one for long, in a
/// transaction, uses a database that the other tests leave alone.
class clients {
public:
    asio::awaitable<void> connect(std::size_t n, const std::string& database = the_server().database)
    {
        const server& s = the_server();
        require(!s.bouncer_port.empty(), "a PgBouncer runs in front of the server");
        tusk::connection_options options;
        options.mode = tusk::statement_mode::unnamed;
        auto executor = co_await asio::this_coro::executor;
        for (std::size_t i = 0; i < n; ++i) {
            all_.push_back(std::make_unique<tusk::connection>(executor, options));
            co_await all_.back()->async_connect("host=" + s.host + " port=" + s.bouncer_port +
                                                " user=" + s.user + " dbname=" + database);
        }
    }
    asio::awaitable<void> close()
    {
        for (auto& db : all_) co_await db->async_close();
    }
    tusk::connection& operator[](std::size_t i) { return *all_.at(i); }
    [[nodiscard]] std::size_t size() const { return all_.size(); }

private:
    std::vector<std::unique_ptr<tusk::connection>> all_;
};

asio::awaitable<int> server_of(tusk::connection& db)
{
    co_return co_await db.async_query_one<int>("select pg_backend_pid()");
}

} // namespace

TEST(PgBouncer, ManyClientsPipelineOverFourServers)
{
    run_loop([]() -> asio::awaitable<void> {
        constexpr std::size_t each = 100;
        clients dbs;
        co_await dbs.connect(30);
        countdown left(dbs[0]);
        std::vector<answer> answers(dbs.size() * each);
        for (std::size_t i = 0; i < answers.size(); ++i) {
            const int n = static_cast<int>(i);
            // texts and types differ between neighbours, so that any mixed up statement shows
            const std::string text = "select $1::int4 + " + std::to_string(i % 7) + " / $2::int4";
            ask(dbs[i % dbs.size()], sql(text, n, i % 10 ? 1 : 0), answers[i], left);
        }
        co_await left.wait();
        for (std::size_t i = 0; i < answers.size(); ++i) {
            require(answers[i].count == 1, "one answer each");
            if (i % 10)
                require(answers[i].value == static_cast<int>(i + i % 7), answers[i].diag.message());
            else
                EXPECT_EQ(answers[i].ec, tusk::sqlstate::division_by_zero);
        }
        for (std::size_t i = 0; i < dbs.size(); ++i) co_await expect_usable(dbs[i]);
        co_await dbs.close();
    });
}

TEST(PgBouncer, AClientGoesFromServerToServer)
{
    run_loop([]() -> asio::awaitable<void> {
        clients dbs;
        co_await dbs.connect(5, "postgres");
        // three of the four servers are held in transactions, so that client 3 gets the last one
        for (std::size_t i = 0; i < 3; ++i) co_await dbs[i].async_execute("begin");
        const int held = co_await server_of(dbs[0]);
        const int before = co_await server_of(dbs[3]);
        EXPECT_NE(before, held);
        EXPECT_EQ(co_await dbs[3].async_query_one<int>(sql("select $1::int4 + 1", 1)), 2);
        // then that one is held too, and the first is free again
        co_await dbs[4].async_execute("begin");
        EXPECT_EQ(co_await server_of(dbs[4]), before);
        co_await dbs[0].async_execute("rollback");
        EXPECT_EQ(co_await server_of(dbs[3]), held);
        EXPECT_EQ(co_await dbs[3].async_query_one<int>(sql("select $1::int4 + 1", 2)),
                  3); // the same statement there
        for (std::size_t i : {1U, 2U, 4U}) co_await dbs[i].async_execute("rollback");
        co_await dbs.close();
    });
}

TEST(PgBouncer, TransactionsAndTheirErrors)
{
    run_loop([]() -> asio::awaitable<void> {
        clients dbs;
        co_await dbs.connect(2);
        const std::string table = unique_name("bounced");
        co_await dbs[0].async_execute("create table " + table + "(id int primary key, who int)");
        const auto insert = [&](int id, int who) {
            return sql("insert into " + table + " values ($1, $2)", id, who);
        };
        co_await dbs[0].async_execute("begin");
        const int pid = co_await server_of(dbs[0]);
        for (int i = 0; i < 20; ++i) {
            co_await dbs[0].async_execute(insert(i, 0));
            EXPECT_NE(co_await server_of(dbs[1]), pid); // somebody else's turn meanwhile
        }
        EXPECT_EQ(co_await server_of(dbs[0]), pid);
        co_await dbs[0].async_execute("commit");

        co_await dbs[1].async_execute("begin");
        co_await dbs[1].async_execute(insert(100, 1));
        auto [ec, none] = co_await dbs[1].async_execute(insert(7, 1), as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::unique_violation);
        EXPECT_EQ(none.diag().table(), table);
        EXPECT_EQ(dbs[1].transaction_status(), tusk::transaction_status::failed);
        co_await dbs[1].async_execute("rollback");
        EXPECT_EQ(co_await dbs[1].async_query_one<int>("select count(*)::int4 from " + table), 20);

        tusk::batch parts;
        parts.add(insert(200, 1)).add(insert(201, 1)).add(insert(7, 1)).add(insert(202, 1));
        auto [failed, results] = co_await dbs[1].async_run(std::move(parts), as_tuple);
        EXPECT_EQ(failed, tusk::sqlstate::unique_violation);
        EXPECT_EQ(results[3].ec, tusk::errc::skipped);
        EXPECT_EQ(co_await dbs[1].async_query_one<int>("select count(*)::int4 from " + table), 20);
        co_await dbs[0].async_script("drop table " + table);
        co_await dbs.close();
    });
}

TEST(PgBouncer, EveryKindOfRequest)
{
    run_loop([]() -> asio::awaitable<void> {
        clients dbs;
        co_await dbs.connect(1);
        tusk::connection& db = dbs[0];
        const tusk::statement s = co_await db.async_prepare("select $1::int8 * 2");
        EXPECT_EQ(co_await db.async_query_one<std::int64_t>(s.bind(21)), 42);
        const auto results = co_await db.async_script("select 1; select 'two'");
        EXPECT_EQ(results.at(1)[0][0].view(), "two");
        const auto r = co_await db.async_query(sql("select repeat($1::text, 100000)", "x"));
        EXPECT_EQ(r[0][0].view().size(), 100'000U);
        auto [ec, none] = co_await db.async_query("select * from no_such_table", as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::undefined_table);
        co_await expect_usable(db);
        co_await dbs.close();
    });
}
