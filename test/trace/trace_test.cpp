// Distributed under the Boost Software License, Version 1.0.
// What libpq says and hears, shown by libpq's PQtrace and by tusk: the same lines.
#include "traced_libpq.hpp"

#include "wire/tracer.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <span>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace trace_test {
namespace {

using namespace std::string_view_literals;
using tusk::trace_flags;

std::string where(const std::string& more)
{
    const char* const uri = std::getenv("TUSK_URI"); // from with_server.sh
    if (uri == nullptr) throw std::runtime_error("TUSK_URI is not set");
    return uri + std::string(std::string_view(uri).find('?') == std::string_view::npos ? "?" : "&") +
           "sslmode=disable&gssencmode=disable" + more;
}

std::size_t length_at(std::string_view bytes, std::size_t at)
{
    std::size_t n = 0;
    for (std::size_t i = 0; i < 4; ++i) n = n << 8 | static_cast<unsigned char>(bytes.at(at + i));
    return n;
}

/// What tusk shows of it: what was sent, and behind it what was received.
std::string shown(const recording& all, trace_flags flags)
{
    std::string text;
    tusk::wire::tracer tracer({[&](std::string_view piece) { text += piece; }, flags});
    std::string_view sent = all.sent;
    const std::size_t startup = length_at(sent, 0);
    tracer.sent_untyped(std::as_bytes(std::span(sent.substr(0, startup))));
    sent.remove_prefix(startup);
    // the first question tells what the first answer is
    std::string_view received = all.received;
    while (!sent.empty() || !received.empty()) {
        const bool answer = !sent.empty() && sent.front() == 'p';
        if (!received.empty() && (sent.empty() || answer)) {
            const std::size_t whole = length_at(received, 1) + 1;
            const bool ok = received.starts_with("R\0\0\0\x8\0\0\0\0"sv); // which libpq never shows
            if (!ok)
                tracer.received({received.front(), std::as_bytes(std::span(received.substr(5, whole - 5)))});
            const bool asked = received.front() == 'R';
            received.remove_prefix(whole);
            if (!asked || !answer) continue;
        }
        const std::size_t whole = length_at(sent, 1) + 1;
        tracer.sent(std::as_bytes(std::span(sent.substr(0, whole))));
        sent.remove_prefix(whole);
    }
    return text;
}

/// The lines of one side, 'F' or 'B', without the key to cancelling, which tusk does not show.
std::string side(const std::string& trace, char which)
{
    std::string lines, line;
    for (std::istringstream in(trace); std::getline(in, line);) {
        if (line.find("\tBackendKeyData\t") != std::string::npos) line.resize(line.rfind(' '));
        if (line.starts_with(which)) lines += line + '\n';
    }
    return lines;
}

void expect_same(const recording& all, trace_flags flags)
{
    const std::string ours = shown(all, flags);
    EXPECT_EQ(side(ours, 'F'), side(all.trace, 'F'));
    EXPECT_EQ(side(ours, 'B'), side(all.trace, 'B'));
    // nothing else but that
    const auto lines = [](const std::string& s) { return std::ranges::count(s, '\n'); };
    EXPECT_EQ(lines(ours), lines(all.trace)) << ours << "\nlibpq:\n" << all.trace;
}

void drain(const libpq& pq, PGconn* conn)
{
    for (int nothing = 0; nothing < 2;) { // between the results of a pipeline there is one without any
        PGresult* const r = pq.get_result(conn);
        nothing = r != nullptr ? 0 : nothing + 1;
        pq.clear(r);
    }
}

void statements(const libpq& pq, PGconn* conn)
{
    const char* const values[] = {"7", nullptr, "a'b\\"};
    const char binary[] = {0, 0, 0, 7};
    const char* const coded[] = {binary};
    const unsigned int4[] = {23};
    const int lengths[] = {4};
    const int formats[] = {1};
    const char* const sql = "select $1::int4, $2::text, $3::text, 'a' || chr(9)";
    pq.clear(pq.exec_params(conn, sql, 3, nullptr, values, nullptr, nullptr, 0));
    pq.clear(pq.exec_params(conn, "select $1", 1, int4, coded, lengths, formats, 1));
    pq.clear(pq.exec_params(conn, "select", 0, nullptr, nullptr, nullptr, nullptr, 0));
    pq.clear(pq.prepare(conn, "s", "select $1 from pg_class limit 3", 1, int4));
    pq.clear(pq.describe_prepared(conn, "s"));
    pq.clear(pq.exec_prepared(conn, "s", 1, coded, lengths, formats, 1));
    pq.clear(pq.close_prepared(conn, "s"));
    pq.clear(pq.exec(conn, ""));
    pq.clear(pq.exec(
        conn, "select oid, typname, typarray from pg_type order by oid limit 50; set timezone = 'UTC'"));
    pq.clear(pq.exec(conn, "select 1/0"));
    pq.clear(pq.exec_params(conn, "selec", 0, nullptr, nullptr, nullptr, nullptr, 0));
    pq.clear(pq.exec(conn, "do $$ begin raise notice 'look' using hint = 'here'; end $$"));
    pq.clear(pq.exec(conn, "listen here; notify here, 'now'"));
    int result[2] = {0, 0};
    int size = 0;
    pq.clear(pq.fn(conn, 2026, result, &size, 1, nullptr, 0)); // pg_backend_pid
}

void copies(const libpq& pq, PGconn* conn)
{
    pq.clear(pq.exec(conn, "create temp table copied(n int, t text)"));
    pq.clear(pq.exec(conn, "copy copied from stdin"));
    EXPECT_EQ(pq.put_copy_data(conn, "1\tone\n2\t\\N\n", 11), 1);
    EXPECT_EQ(pq.put_copy_end(conn, nullptr), 1);
    drain(pq, conn);
    pq.clear(pq.exec(conn, "copy copied from stdin"));
    EXPECT_EQ(pq.put_copy_end(conn, "no more"), 1);
    drain(pq, conn);
    pq.clear(pq.exec(conn, "copy copied from stdin"));
    EXPECT_EQ(pq.put_copy_data(conn, "wrong\n", 6), 1);
    EXPECT_EQ(pq.put_copy_end(conn, nullptr), 1);
    drain(pq, conn);
    for (const char* sql : {"copy copied to stdout", "copy copied to stdout (format binary)"}) {
        pq.clear(pq.exec(conn, sql));
        char* row = nullptr;
        while (pq.get_copy_data(conn, &row, 0) > 0) pq.free_memory(row);
        drain(pq, conn);
    }
}

void pipeline(const libpq& pq, PGconn* conn)
{
    EXPECT_EQ(pq.enter_pipeline_mode(conn), 1);
    const auto ask = [&](const char* sql) {
        EXPECT_EQ(pq.send_query_params(conn, sql, 0, nullptr, nullptr, nullptr, nullptr, 0), 1);
    };
    ask("select 1");
    ask("select 2");
    EXPECT_EQ(pq.pipeline_sync(conn), 1);
    ask("select 3");
    ask("select 1/0");
    ask("select 4");
    EXPECT_EQ(pq.send_flush_request(conn), 1);
    EXPECT_EQ(pq.pipeline_sync(conn), 1);
    drain(pq, conn);
    EXPECT_EQ(pq.exit_pipeline_mode(conn), 1) << pq.error_message(conn);
}

class trace : public testing::TestWithParam<int> {
protected:
    void compare(const std::string& more, const std::function<void(const libpq&, PGconn*)>& talk)
    {
        const recording all = record(where(more), GetParam(), talk);
        ASSERT_GT(all.sent.size(), 0u);
        ASSERT_GT(all.received.size(), 0u);
        expect_same(all, static_cast<trace_flags>(GetParam()));
    }
};

TEST_P(trace, of_statements_is_that_of_libpq) { compare("", statements); }
TEST_P(trace, of_copy_is_that_of_libpq) { compare("", copies); }
TEST_P(trace, of_a_pipeline_is_that_of_libpq) { compare("", pipeline); }

INSTANTIATE_TEST_SUITE_P(plain_and_regress, trace,
                         testing::Values(suppress_timestamps, suppress_timestamps | regress_mode));

TEST(trace_of_login, with_scram_is_that_of_libpq)
{
    const char* const password = std::getenv("TUSK_PASSWORD");
    ASSERT_NE(password, nullptr);
    const auto nothing = [](const libpq&, PGconn*) {};
    const recording all = record(where(std::string("&user=tusk_scram&password=") + password),
                                 suppress_timestamps | regress_mode, nothing);
    expect_same(all, trace_flags::suppress_timestamps | trace_flags::regress_mode);
    EXPECT_NE(all.trace.find("SASLResponse"), std::string::npos) << all.trace;
}

} // namespace
} // namespace trace_test
