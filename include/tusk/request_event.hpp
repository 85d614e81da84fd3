// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/diagnostics.hpp>

#include <any>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <system_error>

namespace tusk {

namespace detail {
class request;
}

/// What becomes of a request, told to `connection_options::on_request_event` while it happens: what a span of
/// OpenTelemetry, a metric, or a log of slow statements is made of. It never holds a parameter.
///
/// Each request, whatever it is, has one `begin` and one `end`, and at most one `first_answer` between them. `begin` comes
/// from within the call that makes the request (with a lazy token, such as the default one, when it is awaited), so that
/// what the caller's thread holds, such as the active span, is there. The others come on the connection's executor; `end`
/// right before the handler is run, with what the handler is given.
///
/// Units: times count from `begin`; bytes are those of the protocol, before encryption.
/// Lifetimes: the object is good for the call alone.
/// \code
/// options.on_request_event = [](const tusk::request_event& e) {
///     using step = enum tusk::request_event::step;
///     if (e.step == step::begin)
///         e.context = tracer->StartSpan("query", {{"db.query.text", e.sql()}});
///     else if (e.step == step::end)
///         std::any_cast<span&>(e.context)->End();
/// };
/// \endcode
class request_event {
public:
    enum class step : std::uint8_t {
        begin,        ///< it was made
        first_answer, ///< the first message of its answer has come
        end,          ///< its handler is about to run
    };

    enum class kind : std::uint8_t {
        query,             ///< one statement; also a stream's, and an item of async_execute_many's
        batch,             ///< several under one Sync
        prepare,           ///< Parse and Describe
        script,            ///< a text by the simple protocol
        describe_type,     ///< async_describe_type, which has no text; the query that it may cost is not told
        copy_in,           ///< COPY FROM STDIN
        copy_out,          ///< COPY TO STDOUT
        ping,              ///< async_ping
        reset,             ///< async_reset
        begin_transaction, ///< reserves the connection; BEGIN itself goes out with the first statement
        end_transaction,   ///< COMMIT or ROLLBACK
        open_cursor,       ///< async_cursor
        fetch,             ///< async_fetch of a cursor, under the cursor's text
        close_cursor,      ///< async_close of a cursor, or the end of its life
    };

    request_event(const detail::request& of, std::any& context, const diagnostics& diag) noexcept
        : context(context)
        , diag(diag)
        , of_(of)
    {
    }

    enum step step = step::begin;
    enum kind kind = kind::query;
    std::uint64_t id = 0;        ///< names the request among those of this connection
    std::int32_t process_id = 0; ///< of the server's process; 0 where there is no session
    std::size_t statements = 0;  ///< how many texts it has: one, or as many as a batch has parts
    /// The text of a statement as it was given, with $1 for its parameters; empty when there is none.
    [[nodiscard]] std::string_view sql(std::size_t statement = 0) const noexcept;

    /// Yours: what `begin` puts there comes back at the other steps, and is destroyed behind `end`.
    std::any& context;

    // What is known by now.

    std::chrono::steady_clock::time_point begun;          ///< when it was made, and queued
    std::optional<std::chrono::nanoseconds> sent;         ///< until it was first written for the socket
    std::optional<std::chrono::nanoseconds> first_answer; ///< until the first message of its answer
    std::chrono::nanoseconds elapsed{0};                  ///< until now
    std::uint64_t bytes_sent = 0;                         ///< of all times that it was sent
    std::uint64_t bytes_received = 0;                     ///< of its answers, as long as it waited for them
    std::uint64_t rows = 0;                               ///< received; of a COPY see `rows_affected`
    std::uint64_t rows_affected = 0;                      ///< by the command tags, together
    bool cached = false;     ///< all of its statements were prepared already; false until it is sent
    std::uint8_t resent = 0; ///< how often it was sent again since a statement had gone stale

    std::error_code ec;      ///< of `end`; an SQLSTATE, or what the client found
    const diagnostics& diag; ///< of `end`; the server's words may quote values

private:
    const detail::request& of_;
};

} // namespace tusk
