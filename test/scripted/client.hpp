// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "scripted/scripted_server.hpp"

#include <tusk/connection.hpp>
#include <tusk/error.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/post.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace scripted {

/// A handler that remembers what it was called with; its copies share that. It counts, since an operation must
/// complete exactly once.
template <class Value>
class answer {
public:
    void operator()(std::error_code ec, Value value) const
    {
        ++said_->calls;
        said_->ec = ec;
        said_->value = std::move(value);
    }

    [[nodiscard]] int calls() const noexcept { return said_->calls; }
    [[nodiscard]] bool done() const noexcept { return said_->calls > 0; }
    [[nodiscard]] std::error_code ec() const noexcept { return said_->ec; }
    [[nodiscard]] const Value& value() const noexcept { return said_->value; }
    /// For a handle, which cannot be copied.
    [[nodiscard]] Value& value_to_move() const noexcept { return said_->value; }
    [[nodiscard]] const tusk::diagnostics& diag() const noexcept
    {
        return tusk::detail::diag_of(said_->value);
    }
    [[nodiscard]] std::string text() const { return diag().to_string(); }

private:
    struct said {
        int calls = 0;
        std::error_code ec;
        Value value;
    };
    std::shared_ptr<said> said_ = std::make_shared<said>();
};

using event = answer<tusk::diagnostics>;
using number = answer<tusk::single<std::int32_t>>;
using done = answer<tusk::command>;

/// Runs the context until `enough()`. False, and the test fails, when that never comes.
template <class Enough>
bool run_until(asio::io_context& ctx, Enough enough)
{
    const auto limit = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
    while (!enough()) {
        if (ctx.stopped()) ctx.restart();
        if (ctx.run_one_until(limit)) continue;
        if (enough()) break;
        if (!ctx.stopped() || std::chrono::steady_clock::now() >= limit) {
            ADD_FAILURE() << "the client waited in vain";
            return false;
        }
        ADD_FAILURE() << "nothing is left to wait for, but what was expected has not come";
        return false;
    }
    return true;
}

/// Runs what is ready and whatever that makes ready.
inline void run_ready(asio::io_context& ctx)
{
    if (ctx.stopped()) ctx.restart();
    ctx.poll();
}

/// A connection with its context.
struct client {
    client() = default;
    explicit client(const tusk::connection_options& options)
        : db(ctx, options)
    {
    }

    event connect(const std::string& where)
    {
        event e;
        db.async_connect(where, e);
        run_until(ctx, [&] { return e.done(); });
        return e;
    }

    /// Opens a session, or the test fails.
    bool open(const std::string& where)
    {
        const event e = connect(where);
        EXPECT_FALSE(e.ec()) << e.text();
        return !e.ec();
    }

    event close()
    {
        event e;
        db.async_close(e);
        run_until(ctx, [&] { return e.done(); });
        return e;
    }

    /// Destroys the connection, as its destructor would: for scripts that wait for its end.
    void drop() { db = tusk::connection(ctx); }

    /// For the script: sets the flag in the thread that runs the context, and so wakes it.
    void tell(bool& flag)
    {
        asio::post(ctx, [&flag] { flag = true; });
    }

    number ask(const std::string& sql)
    {
        number n;
        db.async_query_one<std::int32_t>(sql, n);
        return n;
    }

    template <class... Answers>
    bool wait(const Answers&... answers)
    {
        return run_until(ctx, [&] { return (answers.done() && ...); });
    }
    template <class Answer>
    bool wait(const std::vector<Answer>& answers)
    {
        return run_until(ctx, [&] {
            for (const Answer& a : answers)
                if (!a.done()) return false;
            return true;
        });
    }

    asio::io_context ctx;
    tusk::connection db{ctx};
};

/// The request was answered with this number, once.
inline void expect_number(const number& n, std::int32_t expected)
{
    EXPECT_EQ(n.calls(), 1);
    EXPECT_FALSE(n.ec()) << n.ec().message() << ": " << n.text();
    EXPECT_EQ(n.value().value(), expected);
}

/// The operation failed with this error, once, and this became of it.
template <class Answer>
void expect_failure(const Answer& a, std::error_code ec, tusk::outcome what)
{
    EXPECT_EQ(a.calls(), 1);
    EXPECT_EQ(a.ec(), ec) << a.ec().message() << ": " << a.text();
    EXPECT_EQ(static_cast<int>(a.diag().outcome()), static_cast<int>(what)) << a.text();
    EXPECT_EQ(a.diag().safe_to_retry(), what == tusk::outcome::not_sent);
}

inline const std::error_code aborted = asio::error::operation_aborted;

/// A question that this signal ends.
inline number ask(client& c, const std::string& sql, asio::cancellation_signal& stop)
{
    number n;
    c.db.async_query_one<std::int32_t>(sql, asio::bind_cancellation_slot(stop.slot(), n));
    return n;
}

} // namespace scripted
