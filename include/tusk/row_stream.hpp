// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/column.hpp>
#include <tusk/command.hpp>
#include <tusk/detail/stream_flow.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/result.hpp>
#include <tusk/row.hpp>
#include <tusk/rows.hpp>
#include <tusk/throwing.hpp>

#include <memory>
#include <system_error>
#include <utility>

namespace tusk {

/// The rows of a statement, taken as they come, in constant memory: what `async_stream` gives.
///
/// Not more than about 64 KiB of rows wait for the user; then nothing more is read from the server, which stops
/// sending. So requests behind a stream wait until it is read to its end, or given up. A stream that nobody reads keeps
/// the connection, and `async_close`, waiting.
///
/// **Errors.** A failure of the statement comes behind the rows that were received before it: the rows are provisional
/// until the end has been seen. A row that cannot be read is an error of its own, and the next operation goes on behind
/// it. errc::operation_pending: one operation at a time.
///
/// **Cancellation.** A cancelled operation takes no row, and the stream goes on.
///
/// **Lifetimes.** A stream that is destroyed early, or `close()`d, is given up, and the connection stays usable: the rest
/// of its rows is dropped when it comes. Where that takes longer than two milliseconds the server is asked to stop, unless
/// requests were sent behind the stream, or a transaction is open, which would fail. It may be moved while an operation is
/// under way. Used on the connection's executor, like the connection.
/// \code
/// auto users = co_await db.async_stream<user>("select id, name, email from users");
/// while (std::optional<user> u = co_await users.async_next()) greet(*u);
/// \endcode
template <class T = row>
class row_stream {
public:
    row_stream() noexcept = default;
    /// What an operation completes with.
    explicit row_stream(std::shared_ptr<detail::typed_stream<T>> from, diagnostics diag = {}) noexcept
        : flow_(std::move(from))
        , diag_(std::move(diag))
    {
    }

    /// The next row; none at the end, also when asked again.
    ///
    /// Completion: `void(std::error_code, tusk::maybe<T>)`; with the default token a `std::optional<T>`. A
    /// `tusk::row` is a view that is good until the next operation, or the end of the stream's life.
    /// Errors: those of the statement; errc::unexpected_null and what else reading a T may give.
    template <class Token = default_token>
    auto async_next(Token&& token = Token())
    {
        return start<detail::next_op<T>>(std::forward<Token>(token));
    }

    /// The rows that have come: at least one, unless the stream has ended. With many rows this costs a fraction of
    /// async_next for each.
    ///
    /// Completion: `void(std::error_code, tusk::rows<T>)`, for `row_stream<>` a `tusk::result`; empty at the end.
    /// \code
    /// for (auto some = co_await s.async_next_rows(); !some.empty(); some = co_await s.async_next_rows())
    ///     for (const user& u : some) greet(u);
    /// \endcode
    template <class Token = default_token>
    auto async_next_rows(Token&& token = Token())
    {
        return start<detail::next_rows_op<T>>(std::forward<Token>(token));
    }

    /// Gives the rest up.
    void close() noexcept { flow_.close(); }
    /// False for a stream that was closed, whose operations then are errc::already_ended; and for one that was moved
    /// from, or never opened, which takes none.
    [[nodiscard]] bool is_open() const noexcept { return flow_.is_open(); }

    /// The columns of the rows; none of a statement without.
    [[nodiscard]] const tusk::columns& columns() const noexcept
    {
        static const tusk::columns none;
        return flow_ && flow_->cols() ? *flow_->cols() : none;
    }
    /// The command tag and the number of rows, once the end has been seen.
    [[nodiscard]] command done() const { return flow_ ? flow_->done() : command(); }
    /// Why it could not be opened; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

private:
    template <class Op, class Token>
    auto start(Token&& token)
    {
        using signature = void(std::error_code, typename Op::value_type);
        return asio::async_initiate<Token, signature>(detail::initiate_request<Op>{flow_.get()}, token,
                                                      flow_.get());
    }

    detail::flow_handle<detail::typed_stream<T>> flow_;
    diagnostics diag_;
};

namespace detail {

/// async_stream: the first row is here, or it is known that there is none.
template <class T>
class open_stream_op : public stream_op<T> {
public:
    using value_type = row_stream<T>;
    using stream_op<T>::stream_op;

protected:
    ~open_stream_op() = default;

    void prepare() noexcept
    {
        std::span<const std::byte> body;
        try {
            if (!this->ec && !this->from_->peek(body)) this->ended();
            diagnostics why;
            if (!this->ec)
                if (const std::error_code wrong = this->from_->plan(why)) this->fail(wrong, std::move(why));
        } catch (...) {
            this->fail_with_current_exception();
        }
        if (this->ec) this->from_->abandon();
    }
    [[nodiscard]] row_stream<T> take()
    {
        if (this->ec) return row_stream<T>(nullptr, std::move(this->diag));
        return row_stream<T>(std::move(this->from_));
    }
};

} // namespace detail
} // namespace tusk
