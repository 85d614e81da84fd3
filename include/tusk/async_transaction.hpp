// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/connection.hpp>
#include <tusk/error.hpp>
#include <tusk/transaction.hpp>
#include <tusk/transaction_options.hpp>

#include <asio/awaitable.hpp>

#include <chrono>
#include <system_error>
#include <type_traits>
#include <utility>

namespace tusk {

/// How often a transaction is tried, and how long to wait in between: a random time up to a limit that doubles each
/// time, so that those who got into each other's way do not meet again.
struct repetition {
    int attempts = 5; ///< in all; what is below 1 is 1
    std::chrono::milliseconds first_pause{10};
    std::chrono::milliseconds longest_pause{1000};
};

namespace detail {

/// Whether the failure says that the transaction came into another's way, and has done nothing.
[[nodiscard]] bool may_repeat(std::error_code ec) noexcept;
/// Waits before the attempt of this number, 2 being the first to wait for.
[[nodiscard]] asio::awaitable<void> pause_before(int attempt, repetition how);

} // namespace detail

/// Runs a coroutine in a transaction: begins, calls `body` with it, commits. When the server gives the transaction up
/// since it came into another's way (sqlstate::serialization_failure, sqlstate::deadlock_detected), all of that is done
/// again. So `body` must do nothing but what the transaction undoes.
///
/// `body` is called with a `tusk::transaction&` and gives an `asio::awaitable<T>`; what it returns is the result.
/// Errors: whatever `body` throws rolls back and is thrown, as are the failures of BEGIN and COMMIT. Never repeated is
/// errc::in_doubt, nor any failure that `body` has swallowed.
/// Cancellation: as that of the coroutine in which it is awaited; the transaction is rolled back.
/// Lifetimes: the connection must outlive the coroutine.
/// \code
/// const int left = co_await tusk::async_transaction(
///     db, {.isolation = tusk::isolation::serializable}, take_from_stock);
/// \endcode
template <class Body>
auto async_transaction(connection& db, transaction_options how, Body body, repetition repeat = {})
    -> std::invoke_result_t<Body&, transaction&>
{
    using value_type = typename std::invoke_result_t<Body&, transaction&>::value_type;
    for (int attempt = 1;; ++attempt) {
        try {
            transaction tx = co_await db.async_begin(how);
            if constexpr (std::is_void_v<value_type>) {
                co_await body(tx);
                co_await tx.async_commit();
                co_return;
            } else {
                value_type result = co_await body(tx);
                co_await tx.async_commit();
                co_return result;
            }
        } catch (const error& e) {
            if (attempt >= repeat.attempts || !detail::may_repeat(e.code())) throw;
        }
        co_await detail::pause_before(attempt + 1, repeat);
    }
}

} // namespace tusk
