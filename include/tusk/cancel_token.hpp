// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <memory>
#include <utility>

namespace tusk {

namespace detail {
class connection_core;
}

/// Cancels, from any thread, what is outstanding on a connection: `connection::get_cancel_token()`.
///
/// Lifetimes: a cheap value; it does not keep the connection open, and outlives it without harm. The execution
/// context has to outlive the calls of `cancel()`.
/// \code
/// tusk::cancel_token token = db.get_cancel_token();
/// std::jthread on_key([token] { if (std::getchar() == 'q') token.cancel(); });
/// \endcode
class cancel_token {
public:
    cancel_token() noexcept = default;
    explicit cancel_token(std::weak_ptr<detail::connection_core> connection) noexcept
        : connection_(std::move(connection))
    {
    }

    /// Gives up every request that is outstanding when the connection's executor gets to it, as if each had been
    /// cancelled through its own slot: they complete with `asio::error::operation_aborted`, and the server is asked to
    /// end what it is working on. Requests that are made afterwards, in their handlers for example, are not touched.
    /// The connection stays usable. It never blocks. Connecting and closing are not cancelled.
    void cancel() const noexcept;

private:
    std::weak_ptr<detail::connection_core> connection_;
};

} // namespace tusk
