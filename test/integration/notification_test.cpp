// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

#include <asio/post.hpp>

namespace tusk_test {
namespace {

using tusk::sql;

struct note {
    std::int32_t pid;
    std::string channel, payload;
    friend bool operator==(const note&, const note&) = default;
};

TEST(notification, to_oneself)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::vector<note> seen;
        db.on_notification([&](std::int32_t pid, std::string_view channel, std::string_view payload) {
            seen.push_back({pid, std::string(channel), std::string(payload)});
        });
        const std::string channel = unique_name("Kanal é");
        co_await db.async_execute("listen \"" + channel + "\"");
        co_await db.async_query(sql("select pg_notify($1, $2)", channel, "payload 'with' \\ everything €"));
        co_await db.async_execute("notify \"" + channel + "\"");
        co_await db.async_query(sql("select pg_notify($1, $2)", channel, std::string(7999, 'x')));
        const std::vector<note> expected = {{db.process_id(), channel, "payload 'with' \\ everything €"},
                                            {db.process_id(), channel, ""},
                                            {db.process_id(), channel, std::string(7999, 'x')}};
        EXPECT_EQ(seen, expected);
        // held back while a transaction is open
        co_await db.async_execute("begin");
        co_await db.async_query(sql("select pg_notify($1, 'late')", channel));
        EXPECT_EQ(seen.size(), 3u);
        co_await db.async_execute("commit");
        EXPECT_EQ(seen.size(), 4u);
        co_await db.async_execute("unlisten *");
        co_await db.async_execute("notify \"" + channel + "\"");
        EXPECT_EQ(seen.size(), 4u);
    });
}

TEST(notification, while_idle)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        const std::string channel = unique_name("idle");
        asio::steady_timer event(executor, asio::steady_timer::time_point::max());
        std::vector<note> seen;
        db.on_notification([&](std::int32_t pid, std::string_view where_from, std::string_view payload) {
            seen.push_back({pid, std::string(where_from), std::string(payload)});
            if (seen.size() == 100) event.cancel();
        });
        co_await db.async_execute("listen " + channel);
        tusk::connection other(executor);
        co_await other.async_connect(where());
        for (int i = 0; i < 100; ++i)
            co_await other.async_query(sql("select pg_notify($1, $2::text)", channel, std::to_string(i)));
        if (seen.size() < 100) co_await event.async_wait(as_tuple);
        EXPECT_EQ(seen.size(), 100u);
        for (int i = 0; i < 100; ++i)
            EXPECT_EQ(seen[static_cast<std::size_t>(i)],
                      (note{other.process_id(), channel, std::to_string(i)}));
        co_await other.async_close();
    });
}

TEST(notification, between_the_answers_of_a_pipeline)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string channel = unique_name("busy");
        int seen = 0;
        db.on_notification([&](std::int32_t, std::string_view, std::string_view) { ++seen; });
        co_await db.async_execute("listen " + channel);
        std::vector<reply<tusk::single<int>>> replies;
        for (int i = 0; i < 300; ++i) {
            db.async_execute(sql("select pg_notify($1, $2::text)", channel, std::to_string(i)),
                             [](auto, auto) {});
            db.async_query_one<int>(sql("select $1", i), replies.emplace_back(db).token());
        }
        for (int i = 0; i < 300; ++i) {
            co_await replies[static_cast<std::size_t>(i)].wait();
            EXPECT_EQ(replies[static_cast<std::size_t>(i)].value().value(), i);
        }
        EXPECT_EQ(seen, 300);
    });
}

TEST(notification, hooks_may_use_and_change_the_connection)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        const std::string channel = unique_name("hook");
        reply<tusk::single<int>> asked(db);
        int first = 0, second = 0;
        db.on_notification([&, a = std::string(100, 'a')](std::int32_t, std::string_view, std::string_view) {
            ++first;
            db.async_query_one<int>("select 77", asked.token());
            // it replaces itself while it runs
            db.on_notification([&](std::int32_t, std::string_view, std::string_view) { ++second; });
            EXPECT_EQ(a, std::string(100, 'a'));
        });
        co_await db.async_execute("listen " + channel);
        co_await db.async_execute("notify " + channel);
        co_await asked.wait();
        EXPECT_EQ(asked.value().value(), 77);
        co_await db.async_execute("notify " + channel);
        EXPECT_EQ(first, 1);
        EXPECT_EQ(second, 1);
        int notices = 0;
        db.on_notice([&, a = std::string(100, 'a')](const tusk::diagnostics&) {
            ++notices;
            db.on_notice({});
            EXPECT_EQ(a, std::string(100, 'a'));
        });
        co_await db.async_execute("do $$ begin raise notice 'a'; raise notice 'b'; end $$");
        EXPECT_EQ(notices, 1);
        co_await expect_usable(db);
    });
}

} // namespace
} // namespace tusk_test
