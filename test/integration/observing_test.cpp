// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>

#include <map>
#include <sstream>
#include <vector>

namespace tusk_test {
namespace {

using tusk::errc;
using tusk::sql;
using tusk::sqlstate;
using reached = enum tusk::request_event::step;
using namespace std::string_view_literals;
using kind = enum tusk::request_event::kind;

/// What was told of one request.
struct record {
    kind what{};
    std::string text, context;
    std::size_t statements = 0;
    int begins = 0, answers = 0, ends = 0;
    std::optional<std::chrono::nanoseconds> sent, first_answer;
    std::chrono::nanoseconds elapsed{0};
    std::uint64_t bytes_sent = 0, bytes_received = 0, rows = 0, affected = 0;
    bool cached = false;
    int resent = 0;
    std::error_code ec;
    std::string message;
    std::int32_t process_id = 0;
};

/// Writes down what it is told, and that it is told in order.
class observer {
public:
    [[nodiscard]] tusk::connection_options options()
    {
        tusk::connection_options o;
        o.on_request_event = [this](const tusk::request_event& e) { note(e); };
        o.on_close_event = [this](const tusk::close_event& e) { closes.push_back(e); };
        return o;
    }

    /// The last request with this text.
    [[nodiscard]] const record& of(std::string_view text) const
    {
        for (auto r = records.rbegin(); r != records.rend(); ++r)
            if (r->text == text) return *r;
        throw std::runtime_error("not told of: " + std::string(text));
    }
    void expect_complete() const
    {
        for (const record& r : records) {
            EXPECT_EQ(r.begins, 1) << r.text;
            EXPECT_LE(r.answers, 1) << r.text;
            EXPECT_EQ(r.ends, 1) << r.text;
            EXPECT_EQ(r.answers == 1, r.first_answer.has_value()) << r.text;
        }
    }

    std::vector<record> records;
    std::vector<tusk::close_event> closes;

private:
    void note(const tusk::request_event& e)
    {
        if (e.step == reached::begin) {
            EXPECT_FALSE(e.context.has_value());
            e.context = records.size();
            record& r = records.emplace_back();
            r.what = e.kind;
            r.text = e.sql();
            r.statements = e.statements;
            for (std::size_t i = 1; i < e.statements; ++i) r.text += "; " + std::string(e.sql(i));
            r.process_id = e.process_id;
            ++r.begins;
            return;
        }
        record& r = records.at(std::any_cast<std::size_t>(e.context));
        EXPECT_EQ(r.ends, 0) << r.text;
        EXPECT_EQ(r.what, e.kind) << r.text;
        ++(e.step == reached::end ? r.ends : r.answers);
        r.sent = e.sent;
        r.first_answer = e.first_answer;
        r.elapsed = e.elapsed;
        r.bytes_sent = e.bytes_sent;
        r.bytes_received = e.bytes_received;
        r.rows = e.rows;
        r.affected = e.rows_affected;
        r.cached = e.cached;
        r.resent = e.resent;
        r.ec = e.ec;
        r.message = e.diag.message();
        if (e.step == reached::end && r.statements == 1 && !e.sql().empty()) EXPECT_EQ(e.sql(), r.text);
    }
};

/// Runs with an open connection that is observed; afterwards every request must have come to its end.
template <class Body>
void run_observed(observer& told, Body body)
{
    run_test(body, told.options());
    told.expect_complete();
}

TEST(observing, tells_times_sizes_rows_and_whether_it_was_cached)
{
    observer told;
    run_observed(told, [&](tusk::connection& db) -> asio::awaitable<void> {
        const char* text = "select n from generate_series(1, $1::int4) n";
        for (int i = 0; i < 2; ++i) {
            const auto before = db.statistics();
            const tusk::result r = co_await db.async_query(sql(text, 1000));
            EXPECT_EQ(r.size(), 1000u);
            const record& seen = told.of(text);
            EXPECT_EQ(seen.what, kind::query);
            EXPECT_EQ(seen.rows, 1000u);
            EXPECT_EQ(seen.affected, 1000u);
            EXPECT_EQ(seen.cached, i == 1);
            EXPECT_EQ(seen.answers, 1);
            EXPECT_FALSE(seen.ec);
            EXPECT_EQ(seen.process_id, db.process_id());
            EXPECT_EQ(seen.bytes_sent, db.statistics().bytes_sent - before.bytes_sent);
            EXPECT_EQ(seen.bytes_received, db.statistics().bytes_received - before.bytes_received);
            require(seen.sent && seen.first_answer, "it was sent and answered");
            EXPECT_LE(seen.sent->count(), seen.first_answer->count());
            EXPECT_LE(seen.first_answer->count(), seen.elapsed.count());
        }
        EXPECT_EQ(told.records.size(), 2u);
    });
}

TEST(observing, tells_of_every_kind)
{
    observer told;
    run_observed(told, [&](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table t(n int); create type pg_temp.mood as enum ('sad')");
        EXPECT_EQ(told.records.back().what, kind::script);
        tusk::batch b;
        b.add("insert into t values (1), (2)");
        b.add("select * from t");
        co_await db.async_run(std::move(b));
        const record& batch = told.of("insert into t values (1), (2); select * from t");
        EXPECT_EQ(batch.what, kind::batch);
        EXPECT_EQ(batch.statements, 2u);
        EXPECT_EQ(batch.rows, 2u);
        EXPECT_EQ(batch.affected, 4u);

        (void)co_await db.async_prepare("select 1");
        EXPECT_EQ(told.of("select 1").what, kind::prepare);
        (void)co_await db.async_describe_type("pg_temp.mood");
        EXPECT_EQ(told.of("").what, kind::describe_type);

        auto in = co_await db.async_copy_in("copy t from stdin");
        co_await in.async_write("3\n4\n5\n");
        (void)co_await in.async_finish();
        EXPECT_EQ(told.of("copy t from stdin").what, kind::copy_in);
        EXPECT_EQ(told.of("copy t from stdin").affected, 3u);
        EXPECT_GT(told.of("copy t from stdin").bytes_sent, 11u + 5u);
        auto out = co_await db.async_copy_out("copy t to stdout");
        while (!(co_await out.async_read()).empty()) {
        }
        EXPECT_EQ(told.of("copy t to stdout").what, kind::copy_out);
        EXPECT_EQ(told.of("copy t to stdout").affected, 5u);

        auto stream = co_await db.async_stream<int>("select n from t");
        while (auto n = co_await stream.async_next()) EXPECT_LE(*n, 5);
        EXPECT_EQ(told.of("select n from t").rows, 5u);

        std::vector<int> items{7, 8, 9};
        (void)co_await db.async_execute_many("insert into t values ($1)", items, tusk::bulk::independent);
        EXPECT_EQ(std::ranges::count(told.records, "insert into t values ($1)", &record::text), 3);

        tusk::transaction tx = co_await db.async_begin();
        EXPECT_EQ(told.records.back().what, kind::begin_transaction);
        (void)co_await tx.async_execute("delete from t");
        EXPECT_EQ(told.of("delete from t").affected, 8u);
        co_await tx.async_commit();
        EXPECT_EQ(told.records.back().what, kind::end_transaction);
        EXPECT_GT(told.records.back().bytes_sent, 0u);
        {
            tusk::transaction dropped = co_await db.async_begin();
            (void)co_await dropped.async_execute("select 2");
        }
        EXPECT_EQ(told.records.back().what, kind::end_transaction);
    });
}

TEST(observing, tells_how_requests_fail)
{
    observer told;
    run_observed(told, [&](tusk::connection& db) -> asio::awaitable<void> {
        (void)co_await db.async_query("select 1/0", as_tuple);
        EXPECT_EQ(told.of("select 1/0").ec, sqlstate::division_by_zero);
        EXPECT_EQ(told.of("select 1/0").message, "division by zero");
        // by the client alone, and after an answer that was good
        (void)co_await db.async_query(sql("select $1", "a\0b"sv), as_tuple);
        EXPECT_EQ(told.of("select $1").ec, errc::nul_in_text);
        EXPECT_FALSE(told.of("select $1").sent);
        EXPECT_EQ(told.of("select $1").answers, 0);
        (void)co_await db.async_query_one<int>("select 1 where false", as_tuple);
        EXPECT_EQ(told.of("select 1 where false").ec, errc::no_rows);

        (void)co_await db.async_execute(sql("select pg_sleep(1000)").timeout(std::chrono::milliseconds(20)),
                                        as_tuple);
        EXPECT_EQ(told.of("select pg_sleep(1000)").ec, errc::timed_out);
        EXPECT_GE(told.of("select pg_sleep(1000)").elapsed, std::chrono::milliseconds(20));
        // on the wire, and behind it in the queue, since a script holds back what follows
        asio::cancellation_signal first, second;
        reply<tusk::script_result> sent(db);
        reply<tusk::command> queued(db);
        db.async_script("select pg_sleep(1001)", asio::bind_cancellation_slot(first.slot(), sent.token()));
        db.async_execute("select 3", asio::bind_cancellation_slot(second.slot(), queued.token()));
        second.emit(asio::cancellation_type::terminal);
        co_await queued.wait();
        EXPECT_EQ(told.of("select 3").ec, asio::error::operation_aborted);
        EXPECT_FALSE(told.of("select 3").sent);
        first.emit(asio::cancellation_type::terminal);
        co_await sent.wait();
        EXPECT_EQ(told.of("select pg_sleep(1001)").ec, asio::error::operation_aborted);
        co_await expect_usable(db);
    });
}

TEST(observing, a_request_that_is_sent_again_is_one)
{
    observer told;
    run_observed(told, [&](tusk::connection& db) -> asio::awaitable<void> {
        co_await db.async_script("create temp table t as select 1 as a");
        (void)co_await db.async_query("select * from t");
        const std::uint64_t first = told.of("select * from t").bytes_sent;
        co_await db.async_script("alter table t add b int");
        const tusk::result r = co_await db.async_query("select * from t");
        EXPECT_EQ(r.columns().size(), 2u);
        EXPECT_EQ(told.of("select * from t").resent, 1);
        EXPECT_EQ(told.of("select * from t").rows, 1u);
        EXPECT_GT(told.of("select * from t").bytes_sent, first);
        EXPECT_EQ(std::ranges::count(told.records, "select * from t", &record::text), 2);
    });
}

TEST(observing, begins_within_the_call_and_ends_before_the_handler)
{
    observer told;
    run_observed(told, [&](tusk::connection& db) -> asio::awaitable<void> {
        reply<tusk::result> answer(db);
        int ends = -1;
        db.async_query("select 4", [&, done = answer.token()](std::error_code ec, tusk::result r) {
            ends = told.of("select 4").ends;
            done(ec, std::move(r));
        });
        EXPECT_EQ(told.of("select 4").begins, 1);
        EXPECT_EQ(told.of("select 4").ends, 0);
        co_await answer.wait();
        EXPECT_EQ(ends, 1);
    });
}

TEST(observing, a_lost_connection_ends_what_is_outstanding)
{
    observer told;
    run_loop([&]() -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::connection db(executor, told.options()), other(executor);
        co_await db.async_connect(where());
        co_await other.async_connect(where());
        reply<tusk::command> sent(db), waits(db);
        db.async_script("select pg_sleep(1002)", [](std::error_code, const tusk::script_result&) {});
        db.async_execute("select 5", waits.token());
        const std::int32_t pid = db.process_id();
        (void)co_await other.async_query(sql("select pg_terminate_backend($1)", pid));
        co_await waits.wait();
        EXPECT_EQ(told.of("select pg_sleep(1002)").ec, sqlstate::admin_shutdown);
        EXPECT_EQ(told.of("select 5").ec, errc::connection_lost);
        EXPECT_FALSE(told.of("select 5").sent);
        require(told.closes.size() == 1, "it has ended once");
        EXPECT_EQ(told.closes[0].ec, errc::connection_lost);
        EXPECT_EQ(told.closes[0].process_id, pid);
        EXPECT_EQ(told.closes[0].statistics.requests, 1u);
        EXPECT_NE(std::string(told.closes[0].diag.message()).find("terminating"), std::string::npos);
        (void)co_await db.async_execute("select 6", as_tuple);
        co_await other.async_close();
    });
    EXPECT_NE(told.of("select 6").ec, std::error_code());
    told.expect_complete();
    EXPECT_EQ(told.closes.size(), 1u);
}

TEST(observing, tells_why_a_session_ends)
{
    observer told;
    run_loop([&]() -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::connection db(executor, told.options());
        (void)co_await db.async_execute("select 7", as_tuple); // not connected
        EXPECT_EQ(told.of("select 7").ec, errc::not_connected);
        EXPECT_EQ(told.of("select 7").process_id, 0);
        EXPECT_TRUE(told.closes.empty());
        co_await db.async_connect(where());
        co_await db.async_close();
        require(told.closes.size() == 1, "closed");
        EXPECT_FALSE(told.closes[0].ec);
        co_await db.async_connect(where());
    }); // destroys it
    ASSERT_EQ(told.closes.size(), 2u);
    EXPECT_EQ(told.closes[1].ec, asio::error::operation_aborted);
}

TEST(observing, ends_with_the_execution_context)
{
    observer told;
    {
        auto io = std::make_unique<asio::io_context>();
        auto db = std::make_unique<tusk::connection>(*io, told.options());
        db->async_connect(where(), [&](std::error_code ec, const tusk::diagnostics&) {
            EXPECT_FALSE(ec);
            db->async_execute("select pg_sleep(1003)", [](std::error_code, const tusk::command&) { FAIL(); });
            io->stop();
        });
        io->run();
        io.reset();
    }
    EXPECT_EQ(told.of("select pg_sleep(1003)").ec, asio::error::operation_aborted);
    told.expect_complete();
    EXPECT_EQ(told.closes.size(), 1u);
}

TEST(observing, a_hook_that_throws_harms_nothing)
{
    int calls = 0;
    tusk::connection_options options;
    options.on_request_event = [&](const tusk::request_event&) {
        ++calls;
        throw std::runtime_error("no room for spans");
    };
    options.on_close_event = [&](const tusk::close_event&) {
        ++calls;
        throw 1;
    };
    run_test(
        [](tusk::connection& db) -> asio::awaitable<void> {
            for (int i = 0; i < 3; ++i) co_await expect_usable(db);
        },
        options);
    EXPECT_GE(calls, 3 * 3 + 1);
}

// --- the wire trace

std::string traced_session(std::string_view user, std::string_view extra)
{
    tusk::connection_options options;
    std::ostringstream to;
    options.trace.sink = [&](std::string_view text) { to << text; };
    options.trace.flags = tusk::trace_flags::suppress_timestamps | tusk::trace_flags::regress_mode;
    run_loop([&]() -> asio::awaitable<void> {
        auto executor = co_await asio::this_coro::executor;
        tusk::connection db(executor, options);
        co_await db.async_connect(where(user, the_server().password, via::tcp, extra));
        (void)co_await db.async_query(sql("select $1::int4 as n", 7));
        co_await db.async_close();
    });
    return to.str();
}

/// Whether the lines come in this order, among others.
void expect_lines(const std::string& trace, const std::vector<std::string>& lines)
{
    std::size_t at = 0;
    for (const std::string& line : lines) {
        const std::size_t found = trace.find(line, at);
        EXPECT_NE(found, std::string::npos) << line << "\nis not, or not in its place, in\n" << trace;
        if (found != std::string::npos) at = found + line.size();
    }
}

TEST(wire_trace, shows_a_session_from_its_login_on)
{
    const std::string trace = traced_session("tusk_scram", "sslmode=require");
    expect_lines(trace,
                 {"F\t8\tSSLRequest\t 1234 5679\n", "B\t1\tSSLResponse\t S\n",
                  "\tStartupMessage\t 3 0 \"user\"", "\tAuthenticationSASL\t ", "\tSASLInitialResponse\t ",
                  "\tAuthenticationSASLContinue\t 'BBBB'\n", "\tSASLResponse\t 'BBBB'\n",
                  "\tAuthenticationSASLFinal\t 'BBBB'\n", "B\t8\tAuthenticationOk\n",
                  "\tBackendKeyData\t NNNN NNNN\n", "B\t5\tReadyForQuery\t I\n", "\tParse\t \"tusk_",
                  "\tBind\t \"\" \"tusk_", "F\t9\tExecute\t \"\" 0\nF\t4\tSync\nB\t4\tParseComplete\n",
                  "B\t14\tDataRow\t 1 4 '\\x00\\x00\\x00\\x07'\n", "B\t13\tCommandComplete\t \"SELECT 1\"\n",
                  "B\t5\tReadyForQuery\t I\nF\t4\tTerminate\n"});
    EXPECT_EQ(trace.find(the_server().password), std::string::npos) << trace;
}

TEST(wire_trace, shows_no_password)
{
    const std::string clear = traced_session("tusk_password", "sslmode=disable require_auth=password");
    expect_lines(clear, {"B\t8\tAuthenticationCleartextPassword\nF\tNN\tPasswordMessage\t \"SSSS\"\n"});
    EXPECT_EQ(clear.find(the_server().password), std::string::npos) << clear;
    const std::string hashed = traced_session("tusk_md5", "sslmode=disable");
    expect_lines(hashed, {"B\t12\tAuthenticationMD5Password\nF\tNN\tPasswordMessage\t \"SSSS\"\n"});
}

TEST(wire_trace, begins_and_ends_when_it_is_told)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::ostringstream to;
        co_await expect_usable(db);
        db.trace(to);
        co_await db.async_script("select 42");
        db.untrace();
        co_await db.async_script("select 43");
        const std::string text = to.str();
        EXPECT_NE(text.find("\tF\t14\tQuery\t \"select 42\"\n"), std::string::npos) << text;
        EXPECT_TRUE(text.ends_with("\tB\t5\tReadyForQuery\t I\n")) << text;
        EXPECT_EQ(text.find("select 43"), std::string::npos) << text;
        // from within itself
        int lines = 0;
        db.trace([&](std::string_view) {
            if (++lines == 2) db.untrace();
        });
        co_await expect_usable(db);
        EXPECT_EQ(lines, 2);
    });
}

} // namespace
} // namespace tusk_test
