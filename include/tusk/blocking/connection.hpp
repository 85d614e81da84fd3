// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/blocking/queries.hpp>
#include <tusk/blocking/subscription.hpp>
#include <tusk/blocking/transaction.hpp>
#include <tusk/connection.hpp>
#include <tusk/detail/transaction_run.hpp>
#include <tusk/error.hpp>
#include <tusk/notification.hpp>
#include <tusk/reset_kind.hpp>
#include <tusk/transaction_options.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

namespace tusk::blocking {

/// `tusk::connection` for synchronous programs: the same operations without `async_`, each of which waits for its end. It
/// owns its event loop, which runs on the caller's thread, and only while a call waits: there are no threads.
///
/// **Threads.** One at a time uses a connection and what hangs on it. `interrupt()` and the cancel token are for any.
///
/// **Time limits.** `timeout()` counts for each call that has none of its own (`tusk::sql(...).timeout(...)`), from
/// `connection_options::request_timeout` on. One that runs out is errc::timed_out, and the connection stays usable.
///
/// **Signals.** None is blocked and no handler is installed; SIGPIPE does not come. A signal's handler runs while a call
/// waits, and the call goes on: a handler that wants to end it calls `interrupt()`.
///
/// **Lifetimes.** What the connection gave (transactions, streams) may outlive it, and then fails.
/// \code
/// tusk::blocking::connection db("postgresql://ada@localhost/shop");
/// for (auto [id, name] : db.query<std::tuple<int, std::string>>("select id, name from users")) greet(id, name);
/// \endcode
class connection : public queries<connection> {
public:
    /// Not connected yet.
    explicit connection(connection_options options = {});
    /// Connected. Throws tusk::error.
    explicit connection(std::string_view where, connection_options options = {});
    explicit connection(const conninfo& where, connection_options options = {});
    connection(connection&&) noexcept = default;
    connection& operator=(connection&& other) noexcept;
    ~connection();

    template <class Where, detail::error_target... Ec>
    auto connect(const Where& where, Ec&... ec)
    {
        return async_.async_connect(where, wait(ec...));
    }
    template <detail::error_target... Ec>
    auto close(Ec&... ec)
    {
        return async_.async_close(wait(ec...));
    }
    /// With a target for the error the transaction is one that can only be destroyed or assigned to after a failure.
    template <detail::error_target... Ec>
    blocking::transaction begin(transaction_options how = {}, Ec&... ec)
    {
        auto begun = async_.async_begin(how, wait(ec...));
        if constexpr (sizeof...(Ec) == 0)
            return {loop_, std::move(begun), true};
        else
            return {loop_, std::move(begun.value()), !(ec || ...)};
    }
    /// Runs `body` in a transaction: begins, calls it with a `blocking::transaction&`, commits, and gives what it returned.
    /// All of that is done again, after a pause, where the server gives the transaction up since it came into another's way
    /// (sqlstate::serialization_failure, sqlstate::deadlock_detected), up to `repeat.attempts` times. So `body` must do
    /// nothing but what the transaction undoes. What it throws rolls back and is thrown.
    /// \code
    /// int left = db.transaction({.isolation = tusk::isolation::serializable}, [](tusk::blocking::transaction& tx) {
    ///     return tx.query_one<int>("update stock set n = n - 1 returning n");
    /// });
    /// \endcode
    template <class Body>
    requires std::invocable<Body&, blocking::transaction&>
    auto transaction(transaction_options how, Body body, repetition repeat = {})
    {
        for (int attempt = 1;; ++attempt) {
            try {
                return attempt_transaction(how, body);
            } catch (const error& e) {
                if (attempt >= repeat.attempts || !detail::may_repeat(e.code())) throw;
            }
            pause(attempt + 1, repeat);
        }
    }

    /// Listens to a channel: see `tusk::connection::async_listen`.
    template <detail::error_target... Ec>
    subscription listen(std::string_view channel, notification_limits how = {}, Ec&... ec)
    {
        return {loop_, async_.async_listen(channel, how, wait(ec...))};
    }
    template <detail::error_target Ec>
    subscription listen(std::string_view channel, Ec& ec)
    {
        return listen(channel, {}, ec);
    }

    template <detail::error_target... Ec>
    auto reset(reset_kind how = reset_kind::touched, Ec&... ec)
    {
        return async_.async_reset(how, wait(ec...));
    }
    /// `type`: its OID, or its name.
    template <class Type, detail::error_target... Ec>
    auto describe_type(const Type& type, Ec&... ec)
    {
        return async_.async_describe_type(type, wait(ec...));
    }

    /// The time limit of calls that have none of their own; 0: none.
    void timeout(std::chrono::milliseconds limit) noexcept { loop_->limit = limit; }
    [[nodiscard]] std::chrono::milliseconds timeout() const noexcept { return loop_->limit; }

    /// Ends the call that waits: it fails with `asio::error::operation_aborted`, the server is asked to end what it is
    /// working on, and the connection stays usable. Where none waits the next one fails with that, and is not begun. From any thread, and from signal handlers. The
    /// connection must live meanwhile.
    void interrupt() noexcept { loop_->interrupt(); }
    /// Forgets an interruption that no call has seen yet.
    void forget_interrupt() noexcept { loop_->forget_interrupt(); }
    /// What ends the call that waits, from any thread; where none does, nothing happens.
    [[nodiscard]] cancel_token get_cancel_token() const noexcept { return async_.get_cancel_token(); }

    [[nodiscard]] bool is_open() const noexcept { return async_.is_open(); }
    [[nodiscard]] enum transaction_status transaction_status() const noexcept
    {
        return async_.transaction_status();
    }
    [[nodiscard]] std::string_view parameter(std::string_view name) const noexcept
    {
        return async_.parameter(name);
    }

    /// What all of this stands on: for what it tells of the session, for its hooks, which run within calls, and for use
    /// with `wait()`.
    [[nodiscard]] tusk::connection& async() noexcept { return async_; }
    [[nodiscard]] const tusk::connection& async() const noexcept { return async_; }

private:
    friend class queries<connection>;

    template <class Body>
    auto attempt_transaction(const transaction_options& how, Body& body)
    {
        blocking::transaction tx = begin(how);
        if constexpr (std::is_void_v<std::invoke_result_t<Body&, blocking::transaction&>>) {
            body(tx);
            tx.commit();
        } else {
            auto result = body(tx);
            tx.commit();
            return result;
        }
    }
    /// In front of the attempt of this number.
    void pause(int attempt, const repetition& how);

    std::shared_ptr<detail::own_loop> loop_;
    tusk::connection async_;
};

} // namespace tusk::blocking
