// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/command.hpp>
#include <tusk/detail/copy_out_ops.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/rows.hpp>
#include <tusk/throwing.hpp>

#include <concepts>
#include <memory>
#include <string>
#include <system_error>
#include <type_traits>
#include <utility>

namespace tusk {

/// A COPY TO STDOUT whose data are taken as they come, in constant memory: what `async_copy_out` gives. `copy_out<>`
/// gives bytes, in whatever format the statement says; `copy_out<T>` reads rows, which come in binary, as a typed query
/// does.
///
/// Not more than about 64 KiB wait for the user; then nothing more is read from the server, which stops sending.
/// Requests behind a COPY wait until it is read to its end, or given up.
///
/// **Errors.** A failure of the COPY comes behind the data that were received before it. A row that cannot be read is
/// an error of its own, and the next operation goes on behind it. errc::operation_pending: one operation at a time.
///
/// **Cancellation.** A cancelled operation takes nothing (async_read_to_file: what it had written stays in the file),
/// and the COPY goes on.
///
/// **Lifetimes.** One that is destroyed early, or `close()`d, is given up: the rest of its data is dropped when it
/// comes, and the connection stays usable. Used on the connection's executor, like the connection.
/// \code
/// auto copy = co_await db.async_copy_out("copy users to stdout (format csv)");
/// for (auto some = co_await copy.async_read(); !some.empty(); some = co_await copy.async_read()) file << some.text();
/// \endcode
template <class T = void>
class copy_out {
    static constexpr bool is_raw = std::is_void_v<T>;

public:
    copy_out() noexcept = default;
    /// What an operation completes with.
    explicit copy_out(std::shared_ptr<detail::typed_copy_out<T>> from, diagnostics diag = {}) noexcept
        : flow_(std::move(from))
        , diag_(std::move(diag))
    {
    }

    /// The data that have come: at least a byte, unless the COPY has ended. Where they are cut means nothing.
    ///
    /// Completion: `void(std::error_code, tusk::copy_chunk)`; empty at the end.
    template <class Token = default_token>
    requires is_raw auto async_read(Token&& token = Token())
    {
        return start<detail::read_bytes_op>(std::forward<Token>(token));
    }

    /// Writes all that comes into a file, which is made, or cut to nothing first.
    ///
    /// It is written in pieces of 64 KiB, on the executor's thread, which waits meanwhile as for any disk: where that
    /// matters, use async_read and write elsewhere.
    ///
    /// Completion: `void(std::error_code, tusk::command)`; "COPY 42".
    /// Errors: also those of the system, when it cannot be opened or written; what is left of the COPY can still be
    /// read.
    template <class Token = default_token>
    requires is_raw auto async_read_to_file(std::string path, Token&& token = Token())
    {
        return start<detail::read_to_file_op>(std::forward<Token>(token), std::move(path));
    }

    /// The next row; none at the end.
    ///
    /// Completion: `void(std::error_code, tusk::maybe<T>)`; with the default token a `std::optional<T>`.
    template <class Token = default_token>
    requires(!is_raw) auto async_read_row(Token&& token = Token())
    {
        return start<detail::read_row_op<T>>(std::forward<Token>(token));
    }

    /// The rows that have come: at least one, unless the COPY has ended. With many rows this costs a fraction of
    /// async_read_row for each.
    ///
    /// Completion: `void(std::error_code, tusk::rows<T>)`; empty at the end.
    template <class Token = default_token>
    requires(!is_raw) auto async_read_rows(Token&& token = Token())
    {
        return start<detail::read_rows_op<T>>(std::forward<Token>(token));
    }

    /// Shows each row that comes to a function, without keeping any: the fastest way to read many.
    ///
    /// `visit` is called with a `T&`, which is good for the call alone, so that T may look into the received bytes
    /// (`std::string_view`); a T that owns is used again for the next row, and may be moved from. Rows that have come
    /// by then are shown at once, the others on the connection's executor while they are being read, also when the
    /// handler belongs to another one. What it may not do is wait: requests behind the COPY wait with it.
    ///
    /// Completion: `void(std::error_code, tusk::command)`; "COPY 42", when all rows have been shown.
    /// Errors: also what `visit` throws: that of a `std::system_error`, and errc::visitor_failed for others. What is
    /// left of the COPY can still be read. errc::already_ended when `visit` closes the COPY.
    /// Cancellation: no row is shown afterwards; those behind can still be read.
    /// Lifetimes: `visit` is moved into the operation.
    /// \code
    /// std::size_t total = 0;
    /// auto copy = co_await db.async_copy_out<std::tuple<int, std::string_view>>(
    ///     "copy (select id, name from users) to stdout (format binary)");
    /// co_await copy.async_for_each([&](auto& user) { total += std::get<1>(user).size(); });
    /// \endcode
    template <class Visit, class Token = default_token>
    requires(!is_raw && std::invocable<Visit&, std::conditional_t<is_raw, int, T>&>) auto async_for_each(
        Visit visit, Token&& token = Token())
    {
        return start<detail::visit_rows_op<T, Visit>>(std::forward<Token>(token), std::move(visit));
    }

    /// Gives the rest up.
    void close() noexcept { flow_.close(); }
    /// False for one that was closed, whose operations then are errc::already_ended; and for one that was moved from, or
    /// never opened, which takes none.
    [[nodiscard]] bool is_open() const noexcept { return flow_.is_open(); }
    /// The number of columns.
    [[nodiscard]] std::size_t width() const noexcept { return flow_ ? flow_->width() : 0; }
    [[nodiscard]] bool is_binary() const noexcept { return flow_ && flow_->is_binary(); }
    /// The command tag, "COPY 42", once the end has been seen.
    [[nodiscard]] command done() const { return flow_ ? flow_->done() : command(); }
    /// Why it could not be opened; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

private:
    template <class Op, class Token, class... Args>
    auto start(Token&& token, Args&&... args)
    {
        using signature = void(std::error_code, typename Op::value_type);
        return asio::async_initiate<Token, signature>(detail::initiate_request<Op>{flow_.get()}, token,
                                                      flow_.get(), std::forward<Args>(args)...);
    }

    detail::flow_handle<detail::typed_copy_out<T>> flow_;
    diagnostics diag_;
};

namespace detail {

/// async_copy_out: the server is about to send.
template <class T>
class open_copy_out_op : public copy_out_op {
public:
    using value_type = copy_out<T>;
    explicit open_copy_out_op(std::shared_ptr<typed_copy_out<T>> from) noexcept
        : copy_out_op(from)
        , rows_(std::move(from))
    {
    }
    [[nodiscard]] bool can_end(copy_out_flow&) noexcept final { return true; }

protected:
    ~open_copy_out_op() = default;

    void prepare() noexcept
    {
        try {
            if (!ec && rows_->ec) fail(rows_->ec, rows_->diag);
            if constexpr (!std::is_void_v<T>) {
                diagnostics why;
                if (!ec)
                    if (const std::error_code wrong = rows_->plan(why)) fail(wrong, std::move(why));
            }
        } catch (...) {
            fail_with_current_exception();
        }
        if (ec) rows_->abandon();
    }
    [[nodiscard]] copy_out<T> take()
    {
        if (ec) return copy_out<T>(nullptr, std::move(diag));
        return copy_out<T>(std::move(rows_));
    }

private:
    std::shared_ptr<typed_copy_out<T>> rows_;
};

} // namespace detail
} // namespace tusk
