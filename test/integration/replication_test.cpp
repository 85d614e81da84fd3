// Distributed under the Boost Software License, Version 1.0.
// A walsender: replication=... in the connection string.
#include "integration/unconnected.hpp"

namespace tusk_test {
namespace {

TEST(replication, a_walsender_speaks_the_simple_protocol)
{
    for (const char* kind : {"database", "true", "on", "1"})
        with_unconnected([kind](tusk::connection& db) -> asio::awaitable<void> {
            co_await db.async_connect(where("tusk", {}, via::tcp, std::string("replication=") + kind));
            const std::vector<tusk::result> r = co_await db.async_script("IDENTIFY_SYSTEM");
            require(r.size() == 1 && r[0].size() == 1, "one system");
            EXPECT_EQ(r[0].columns()[0].name, "systemid");
            const bool of_a_database = std::string_view(kind) == "database";
            EXPECT_EQ(r[0][0]["dbname"].is_null(), !of_a_database) << kind;

            // the server refuses everything else, and goes on
            auto [ec, refused] = co_await db.async_query("select 1", as_tuple);
            EXPECT_EQ(ec, tusk::sqlstate::protocol_violation) << ec.message();
            EXPECT_EQ((co_await db.async_script("IDENTIFY_SYSTEM")).size(), 1u);
            co_await db.async_close();
        });
}

TEST(replication, a_physical_walsender_knows_no_sql)
{
    with_unconnected([](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_connect(where("tusk", {}, via::tcp, "replication=true"));
        auto [ec, r] = co_await db.async_script("select 1", as_tuple);
        EXPECT_TRUE(ec);
        EXPECT_EQ((co_await db.async_script("IDENTIFY_SYSTEM")).size(), 1u);
        co_await db.async_close();
    });
}

TEST(replication, statement_mode_simple_makes_queries_work)
{
    asio::io_context io;
    tusk::connection_options simple;
    simple.mode = tusk::statement_mode::simple;
    tusk::connection db(io, simple);
    bool done = false;
    db.async_connect(where("tusk", {}, via::tcp, "replication=database"), [&](std::error_code ec,
                                                                              const tusk::diagnostics& diag) {
        ASSERT_FALSE(ec) << diag.message();
        db.async_query_one<int>("select 1", [&](std::error_code failed, const tusk::single<int>& one) {
            EXPECT_FALSE(failed) << failed.message();
            EXPECT_EQ(one.value(), 1);
            done = true;
            db.async_close([](std::error_code, const tusk::diagnostics&) {});
        });
    });
    io.run();
    EXPECT_TRUE(done);
}

TEST(replication, other_values_are_the_servers_to_refuse)
{
    with_unconnected([](tusk::connection& db) -> asio::awaitable<void> {
        auto [ec, diag] =
            co_await db.async_connect(where("tusk", {}, via::tcp, "replication=perhaps"), as_tuple);
        EXPECT_EQ(ec, tusk::sqlstate::invalid_parameter_value) << ec.message();
        co_await db.async_connect(where("tusk", {}, via::tcp, "replication=off"));
        co_await expect_usable(db);
    });
}

} // namespace
} // namespace tusk_test
