// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/command.hpp>
#include <tusk/detail/copy_in_ops.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/throwing.hpp>

#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>
#include <utility>

namespace tusk {

/// A COPY FROM STDIN that takes data: what `async_copy_in` gives. `copy_in<>` takes bytes, in whatever format the
/// statement says; `copy_in<T>` takes rows, in binary: structs whose members are named as the columns and in their
/// order, tuples and pairs by position, or single values.
///
/// What is written is gathered and leaves in pieces of 64 KiB; a write completes when its data have been gathered, and
/// waits while a piece is ready and the socket takes none. So at most a piece and what the socket holds are in memory.
///
/// **Errors.** The server's error comes to the operation that is under way, or to the next one, also while there is
/// more to be sent; its `where()` names line and column. The COPY has then failed as a whole. A row that cannot be
/// written (errc::parameter_mismatch, errc::value_out_of_range, errc::nul_in_text, errc::request_too_large) is refused
/// before anything of it is sent, and the COPY goes on without it. errc::operation_pending: one operation at a time.
/// errc::already_ended: behind async_finish or async_abort.
///
/// **Cancellation.** A cancelled write ends early: what it had gathered stays written, whole rows of rows. A cancelled
/// async_finish leaves unsaid whether the COPY took place.
///
/// **Concurrency.** Requests made beside a COPY wait for its end.
///
/// **Lifetimes.** One that is destroyed without async_finish is given up: the server undoes it, and the connection
/// stays usable. Used on the connection's executor, like the connection.
/// \code
/// struct user { std::int64_t id; std::string name; };
/// auto copy = co_await db.async_copy_in<user>("copy users (id, name) from stdin (format binary)");
/// co_await copy.async_write_rows(users);
/// tusk::command done = co_await copy.async_finish();
/// std::cout << done.rows_affected() << " users\n";
/// \endcode
template <class T = void>
class copy_in {
    static constexpr bool is_raw = std::is_void_v<T>;

public:
    copy_in() noexcept = default;
    /// What an operation completes with.
    explicit copy_in(std::shared_ptr<detail::typed_copy_in<T>> to, diagnostics diag = {}) noexcept
        : flow_(std::move(to))
        , diag_(std::move(diag))
    {
    }

    /// Writes bytes of the COPY's format; where they are cut does not matter.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    /// Lifetimes: the bytes are the caller's, and live until it completes.
    template <class Token = default_token>
    requires is_raw auto async_write(std::span<const std::byte> bytes, Token&& token = Token())
    {
        return start<detail::write_bytes_op>(std::forward<Token>(token), bytes);
    }
    template <class Token = default_token>
    requires is_raw auto async_write(std::string_view text, Token&& token = Token())
    {
        return start<detail::write_bytes_op>(std::forward<Token>(token), std::as_bytes(std::span(text)));
    }

    /// Writes the content of a file, which has the COPY's format.
    ///
    /// The file is read in pieces of 64 KiB, each when there is room for it, on the executor's thread, which waits
    /// meanwhile as for any disk: where that matters, read elsewhere and use async_write.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    /// Errors: also those of the system, when it cannot be opened or read; the COPY then waits for what comes next.
    template <class Token = default_token>
    requires is_raw auto async_write_file(std::string path, Token&& token = Token())
    {
        return start<detail::write_file_op>(std::forward<Token>(token), std::move(path));
    }

    /// Writes the rows of a range, as they are asked for one after the other.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    /// Errors: a row that is refused ends the operation behind the rows before it.
    /// Lifetimes: an lvalue is the caller's, and lives until it completes; an rvalue is moved into the operation.
    template <class Range, class Token = default_token>
    requires(!is_raw) auto async_write_rows(Range&& rows, Token&& token = Token())
    {
        return start<detail::write_rows_op<T, Range>>(std::forward<Token>(token),
                                                      detail::kept_range<Range>(std::forward<Range>(rows)));
    }

    /// Writes one row. Where there are many at hand, async_write_rows takes a fraction of the time.
    template <class Token = default_token>
    requires(!is_raw) auto async_write_row(std::conditional_t<is_raw, int, T> row, Token&& token = Token())
    {
        using one = std::array<std::conditional_t<is_raw, int, T>, 1>;
        return start<detail::write_rows_op<T, one>>(std::forward<Token>(token),
                                                    detail::kept_range<one>(one{std::move(row)}));
    }

    /// Ends the COPY well. Only then do its rows come into being.
    ///
    /// Completion: `void(std::error_code, tusk::command)`; "COPY 42".
    template <class Token = default_token>
    auto async_finish(Token&& token = Token())
    {
        return start<detail::finish_copy_op>(std::forward<Token>(token), !is_raw);
    }

    /// Ends the COPY without effect; the reason stands in the server's log.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    /// Errors: errc::request_too_large for a reason of more than 9000 bytes, errc::nul_in_text; what the server had
    /// failed with before.
    template <class Token = default_token>
    auto async_abort(std::string reason = "given up by the client", Token&& token = Token())
    {
        return start<detail::abort_copy_op>(std::forward<Token>(token), std::move(reason));
    }

    /// Gives the COPY up, as destroying it does.
    void close() noexcept { flow_.close(); }
    /// False for one that was closed, whose operations then are errc::already_ended; and for one that was moved from, or
    /// never opened, which takes none.
    [[nodiscard]] bool is_open() const noexcept { return flow_.is_open(); }
    /// The number of columns.
    [[nodiscard]] std::size_t width() const noexcept { return flow_ ? flow_->width() : 0; }
    [[nodiscard]] bool is_binary() const noexcept { return flow_ && flow_->is_binary(); }
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

    detail::flow_handle<detail::typed_copy_in<T>> flow_;
    diagnostics diag_;
};

namespace detail {

/// async_copy_in: the server is ready for data.
template <class T>
class open_copy_in_op : public flow_op {
public:
    using value_type = copy_in<T>;
    explicit open_copy_in_op(std::shared_ptr<typed_copy_in<T>> to) noexcept
        : to_(std::move(to))
    {
    }

protected:
    ~open_copy_in_op() = default;

    void prepare() noexcept
    {
        try {
            if (!ec && to_->ec) fail(to_->ec, to_->diag);
            if constexpr (!std::is_void_v<T>)
                if (!ec) open_rows();
        } catch (...) {
            fail_with_current_exception();
        }
        if (ec) to_->abandon();
    }
    [[nodiscard]] copy_in<T> take()
    {
        if (ec) return copy_in<T>(nullptr, std::move(diag));
        return copy_in<T>(std::move(to_));
    }

private:
    void open_rows()
    {
        static constexpr auto sources = sources_of<T>();
        diagnostics why;
        std::error_code wrong = to_->check_rows(why);
        if (!wrong) wrong = plan_copy(sources, raw_type_name<T>(), to_->cols(), why);
        if (wrong) return fail(wrong, std::move(why));
        to_->set_direct(all_direct(sources, to_->cols()));
        to_->buffer().append(std::as_bytes(std::span(copy_header)));
    }

    std::shared_ptr<typed_copy_in<T>> to_;
};

} // namespace detail
} // namespace tusk
