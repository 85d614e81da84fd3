// Distributed under the Boost Software License, Version 1.0.
// A tracer with a span for each request, below the caller's; and the messages themselves, as PQtrace shows them.

#include "run.hpp"

#include <tusk.hpp>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// What a tracing library has, in small.
struct span {
    std::string name;
    std::shared_ptr<span> parent;
    std::chrono::nanoseconds took{0};
    std::string status = "unset";
};

thread_local std::shared_ptr<span> active; // the span of what this thread does now
std::vector<std::shared_ptr<span>> exported;

void trace(const tusk::request_event& e)
{
    using step = enum tusk::request_event::step;
    if (e.step == step::begin) {
        e.context = std::make_shared<span>(span{std::string(e.sql()), active});
    } else if (e.step == step::end) {
        const auto& s = std::any_cast<const std::shared_ptr<span>&>(e.context);
        s->took = e.elapsed;
        s->status = !e.ec                                          ? "ok"
                    : e.ec.category() == tusk::sqlstate_category() ? tusk::sqlstate_string(e.ec)
                                                                   : e.ec.message();
        exported.push_back(s);
        std::printf("%-18s %-6s %llu rows, %llu bytes sent, %llu received%s\n", s->name.c_str(),
                    s->status.c_str(), static_cast<unsigned long long>(e.rows),
                    static_cast<unsigned long long>(e.bytes_sent),
                    static_cast<unsigned long long>(e.bytes_received), e.cached ? ", cached" : "");
    }
}

asio::awaitable<void> run(tusk::connection& db, std::string where)
{
    co_await db.async_connect(where);
    active = std::make_shared<span>(span{"GET /users", nullptr});
    for (int id = 1; id < 3; ++id) (void)co_await db.async_query_one<int>(tusk::sql("select $1::int4", id));
    try {
        co_await db.async_execute("select 1/0");
    } catch (const tusk::error&) {
    }
    expect(exported.size() == 3, "a span for each request");
    expect(exported[0]->parent == active && exported[1]->parent == active, "below that of the caller");
    expect(exported[2]->status == "22012", "with the SQLSTATE");

    std::string text;
    db.trace([&](std::string_view line) { text += line; }, tusk::trace_flags::suppress_timestamps);
    co_await db.async_script("select 42 as answer");
    db.untrace();
    std::printf("%s", text.c_str());
    expect(text.starts_with("F\t24\tQuery\t \"select 42 as answer\"\n"), "what was sent");
    expect(text.ends_with("B\t13\tCommandComplete\t \"SELECT 1\"\nB\t5\tReadyForQuery\t I\n"),
           "what was received");
    co_await db.async_close();
}

void tell_end(const tusk::close_event& e)
{
    std::printf("process %d: %s after %llu requests\n", e.process_id,
                e.ec ? e.ec.message().c_str() : "closed",
                static_cast<unsigned long long>(e.statistics.requests));
}

} // namespace

int main(int argc, char** argv)
{
    tusk::connection_options options;
    options.on_request_event = trace;
    options.on_close_event = tell_end;
    return run_example(argc, argv, "trace", run, options);
}
