// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/unwrap.hpp>
#include <tusk/diagnostics.hpp>

#include <memory>
#include <system_error>
#include <utility>

namespace tusk {

namespace detail {
class body_end;
void end_body(body_end& of, std::error_code ec, diagnostics why) noexcept;
} // namespace detail

/// What the body of `connection::async_transaction` calls, in its callback form, when it has done its work: without a
/// failure the transaction is committed, with one it is rolled back. It can be the completion handler of the body's last
/// operation.
///
/// Copies are the same: the first call counts. If all are destroyed without one the transaction is rolled back, and fails
/// with `asio::error::operation_aborted`. It is used on the connection's executor, and must not outlive the execution
/// context.
class transaction_done {
public:
    explicit transaction_done(std::shared_ptr<detail::body_end> end) noexcept
        : end_(std::move(end))
    {
    }

    void operator()(std::error_code ec = {}, diagnostics why = {}) const noexcept
    {
        detail::end_body(*end_, ec, std::move(why));
    }
    /// As the handler of an operation, such as async_execute.
    template <class Value>
    void operator()(std::error_code ec, const Value& value) const
    {
        detail::end_body(*end_, ec, detail::diag_of(value));
    }

private:
    std::shared_ptr<detail::body_end> end_;
};

} // namespace tusk
