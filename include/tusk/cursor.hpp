// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/bound.hpp>
#include <tusk/column.hpp>
#include <tusk/detail/cursor_core.hpp>
#include <tusk/detail/operation.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/result.hpp>
#include <tusk/row.hpp>
#include <tusk/rows.hpp>
#include <tusk/throwing.hpp>

#include <asio/any_io_executor.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <system_error>
#include <type_traits>
#include <utility>

namespace tusk {

/// The rows of a statement, fetched as many at a time as are asked for: what `async_cursor` gives. Unlike a stream it
/// holds nothing back: other requests of the transaction, other cursors included, run between two fetches.
///
/// The rows are those that the statement would have given when the cursor was opened; what the transaction changes
/// afterwards is not seen.
///
/// **Transactions.** It is open until the end of the transaction in which it was opened, at most. Behind that, and behind a
/// rollback to a savepoint that is older than the cursor, fetching fails: with errc::transaction_over where the
/// transaction was an object, else with the server's words (sqlstate::invalid_cursor_name), which fail the block that is
/// open by then. What fails on the server fails the transaction too.
///
/// **Concurrency.** Each operation is a request of the transaction, in its order with the others. Several fetches may be
/// under way.
///
/// **Cancellation.** As that of a query. The rows of a fetch that had been sent are lost: the next goes on behind them,
/// or the transaction has failed.
///
/// **Lifetimes.** An object that goes out of scope closes the portal on the server, without blocking and without waiting;
/// what was asked through it before is still answered. It may outlive transaction and connection. One that was moved
/// from, or that a failed async_cursor gave, can only be destroyed or assigned to. Used on the connection's executor.
/// \code
/// auto users = co_await tx.async_cursor<user>("select id, name from users order by id");
/// for (auto some = co_await users.async_fetch(100); !some.empty(); some = co_await users.async_fetch(100))
///     for (const user& u : some) co_await tx.async_execute(tusk::sql("insert into greeted values ($1)", u.id));
/// \endcode
template <class T = row>
class cursor {
public:
    using executor_type = asio::any_io_executor;

    cursor() noexcept = default;
    /// What async_cursor completes with.
    explicit cursor(detail::cursor_ptr core, diagnostics diag = {}) noexcept
        : core_(std::move(core))
        , diag_(std::move(diag))
    {
    }
    cursor(cursor&&) noexcept = default;
    cursor& operator=(cursor&& other) noexcept
    {
        if (this == &other) return *this;
        if (core_) core_->leave();
        core_ = std::move(other.core_);
        diag_ = std::move(other.diag_);
        return *this;
    }
    ~cursor()
    {
        if (core_) core_->leave();
    }

    [[nodiscard]] executor_type get_executor() const noexcept { return core_->executor(); }

    /// The next rows: `count` of them, or as many as are left. None at the end, also when asked again, and then without
    /// asking the server.
    ///
    /// `count`: from 1 to 2^31 - 1. The rows of one fetch are all in memory.
    ///
    /// Completion: `void(std::error_code, tusk::rows<T>)`, for `cursor<>` a `tusk::result`. The tag is empty where there may
    /// be more, and otherwise counts the rows of this fetch.
    /// Errors: those of the statement; errc::value_out_of_range for another `count`, and errc::already_ended behind
    /// async_close: nothing was sent then, and the transaction goes on; errc::column_mismatch, errc::unexpected_null and
    /// what else reading a T may give: the rows of this fetch are lost then, and the next goes on behind them.
    /// \code
    /// tusk::rows<user> some = co_await users.async_fetch(100);
    /// \endcode
    template <class Token = default_token>
    auto async_fetch(std::size_t count, Token&& token = Token())
    {
        using sink = std::conditional_t<std::is_same_v<T, row>, detail::fetch_sink<detail::result_sink>,
                                        detail::fetch_sink<detail::rows_sink<T>>>;
        constexpr std::size_t most = std::numeric_limits<std::int32_t>::max();
        const auto limit = count <= most ? static_cast<std::int32_t>(count) : 0;
        return start<sink>(std::forward<Token>(token), core_, limit);
    }

    /// Closes it before the transaction ends: what it takes on the server (temporary files, locks of the plan) is free
    /// then. Fetches behind it are errc::already_ended. Closing what is closed, or what has ended with its transaction,
    /// succeeds.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    template <class Token = default_token>
    auto async_close(Token&& token = Token())
    {
        return start<detail::close_cursor_sink>(std::forward<Token>(token), core_);
    }

    /// Whether it can be fetched from, unless the transaction is over.
    [[nodiscard]] bool is_open() const noexcept { return core_ && core_->is_open(); }
    /// Whether the end has been seen. It is with the first fetch that gives fewer rows than were asked for.
    [[nodiscard]] bool at_end() const noexcept { return core_ && core_->at_end(); }
    /// The columns of the rows; good until the next operation.
    [[nodiscard]] const tusk::columns& columns() const noexcept
    {
        static const tusk::columns none;
        return core_ && core_->portal().columns ? *core_->portal().columns : none;
    }
    /// Why it could not be opened; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

private:
    template <class Sink, class Token, class... Args>
    auto start(Token&& token, Args&&... args)
    {
        return asio::async_initiate<Token, void(std::error_code, typename Sink::value_type)>(
            detail::initiate_request<Sink>{core_}, token, std::forward<Args>(args)...);
    }

    detail::cursor_ptr core_;
    diagnostics diag_;
};

namespace detail {

template <class T>
class typed_open_cursor_sink : public open_cursor_sink {
public:
    using value_type = cursor<T>;
    using open_cursor_sink::open_cursor_sink;

protected:
    ~typed_open_cursor_sink() = default;
    [[nodiscard]] cursor<T> take() noexcept
    {
        if (ec) return cursor<T>(nullptr, std::move(diag));
        return cursor<T>(std::move(core_));
    }
};

template <class T>
struct initiate_cursor {
    using executor_type = asio::any_io_executor;

    [[nodiscard]] executor_type get_executor() const noexcept { return to->executor(); }

    template <class Handler>
    void operator()(Handler&& handler, bound&& statement)
    {
        auto core = std::make_shared<cursor_core>(to, statement);
        using node = operation<typed_open_cursor_sink<T>, std::decay_t<Handler>>;
        to->submit(node::make(to, std::decay_t<Handler>(std::forward<Handler>(handler)), std::move(core),
                              std::move(statement)));
    }

    submitter_ptr to;
};

} // namespace detail
} // namespace tusk
