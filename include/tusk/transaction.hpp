// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/transaction_sinks.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/queries.hpp>
#include <tusk/transaction_options.hpp>

#include <asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace tusk {

/// A transaction: what `connection::async_begin` gives. It reserves the connection until it is over; its statements are
/// asked through it, those asked through the connection wait.
///
/// **Completion, concurrency.** As those of the connection (see `queries`), whose executor it uses. Statements may be
/// outstanding together; what is behind the first waits for the answer to BEGIN, which leaves with that.
///
/// **Errors.** After the first failure the server takes no more statements (sqlstate::in_failed_sql_transaction) but
/// async_rollback and async_rollback_to. Where it is over, everything is errc::transaction_over: after async_commit and
/// async_rollback, and when SQL has ended it (`tx.async_execute("commit")`).
///
/// **Lifetimes.** An object that goes out of scope rolls back, without blocking and without waiting: ROLLBACK is sent
/// behind what was asked through it, and the connection's other requests follow. It never commits. It may outlive the
/// connection. One that was moved from, or that a failed async_begin gave, can only be destroyed or assigned to.
/// \code
/// auto tx = co_await db.async_begin();
/// co_await tx.async_execute(tusk::sql("insert into orders(customer) values ($1)", 7));
/// co_await tx.async_commit();
/// \endcode
class transaction : public queries<transaction> {
public:
    using executor_type = asio::any_io_executor;

    transaction() noexcept = default;
    explicit transaction(std::shared_ptr<detail::transaction_core> core) noexcept
        : core_(std::move(core))
    {
    }
    transaction(transaction&&) noexcept = default;
    transaction& operator=(transaction&& other) noexcept;
    ~transaction();

    [[nodiscard]] executor_type get_executor() const noexcept;

    /// Commits.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    /// Errors: errc::transaction_rolled_back when a statement had failed, so that the server rolled back; what the
    /// server refuses at the end, such as a deferred constraint or sqlstate::serialization_failure; errc::in_doubt when
    /// it was sent and its answer was lost: it may be committed or not, and must not be repeated unseen;
    /// errc::transaction_over.
    /// Cancellation: before it was sent nothing happens to the transaction, which may be committed again. Afterwards
    /// `asio::error::operation_aborted`, and `diag().outcome()` is unknown: it is in doubt.
    template <class Token = default_token>
    auto async_commit(Token&& token = Token())
    {
        return control(std::forward<Token>(token), detail::control_action::commit, {});
    }

    /// Rolls back.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    /// Errors: errc::transaction_over, errc::connection_lost (then the server has rolled back).
    template <class Token = default_token>
    auto async_rollback(Token&& token = Token())
    {
        return control(std::forward<Token>(token), detail::control_action::rollback, {});
    }

    /// Sets a savepoint, to which the transaction can be rolled back. They nest; one of the same name hides the
    /// earlier. The name is taken as it is, with whatever characters.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    /// Errors: errc::nul_in_text, errc::value_out_of_range for a name that is empty or has more than 63 bytes: nothing
    /// is sent then, and the transaction goes on.
    /// \code
    /// co_await tx.async_savepoint("before import");
    /// auto [ec, done] = co_await tx.async_execute("insert into t values (1)", asio::as_tuple(asio::deferred));
    /// if (ec) co_await tx.async_rollback_to("before import");
    /// \endcode
    template <class Token = default_token>
    auto async_savepoint(std::string_view name, Token&& token = Token())
    {
        return control(std::forward<Token>(token), detail::control_action::savepoint, name);
    }

    /// Undoes what was done since the savepoint, which stays; also after a failure. Savepoints behind it are gone.
    template <class Token = default_token>
    auto async_rollback_to(std::string_view name, Token&& token = Token())
    {
        return control(std::forward<Token>(token), detail::control_action::rollback_to, name);
    }

    /// Forgets the savepoint, and those behind it; what was done since stays.
    template <class Token = default_token>
    auto async_release(std::string_view name, Token&& token = Token())
    {
        return control(std::forward<Token>(token), detail::control_action::release, name);
    }

private:
    friend class queries<transaction>;
    [[nodiscard]] detail::submitter_ptr requests() const;

    template <class Token>
    auto control(Token&& token, detail::control_action what, std::string_view savepoint)
    {
        return asio::async_initiate<Token, void(std::error_code, diagnostics)>(
            detail::initiate_request<detail::control_sink>{requests()}, token, what, std::string(savepoint));
    }

    std::shared_ptr<detail::transaction_core> core_;
};

/// What async_begin completes with: the transaction, or why there is none.
class begun {
public:
    begun() noexcept = default;
    explicit begun(diagnostics why) noexcept
        : diag_(std::move(why))
    {
    }
    explicit begun(transaction value) noexcept
        : value_(std::move(value))
    {
    }

    [[nodiscard]] transaction& value() noexcept { return value_; }
    /// What is known about a failure; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }
    /// What the default token gives.
    [[nodiscard]] transaction unwrap() && noexcept { return std::move(value_); }

private:
    transaction value_;
    diagnostics diag_;
};

namespace detail {

/// What async_begin waits in.
class begin_sink : public request {
public:
    using value_type = begun;

    begin_sink(std::shared_ptr<connection_core> connection, const transaction_options& how);

    [[nodiscard]] std::size_t size() const noexcept final { return 1; }
    [[nodiscard]] statement_view part(std::size_t) const noexcept final
    {
        statement_view whole;
        whole.sql = text_;
        return whole;
    }
    [[nodiscard]] std::size_t bad_part(std::error_code&, diagnostics&) const noexcept final { return none; }
    void begin(std::size_t, const columns_ptr&) noexcept final {}
    [[nodiscard]] bool row(const block_ptr&, std::span<const std::byte>) noexcept final { return false; }
    void end(std::size_t, std::string_view) noexcept final {}
    [[nodiscard]] bool restart() noexcept final { return true; }

protected:
    ~begin_sink() = default;
    [[nodiscard]] begun take() noexcept;

private:
    std::string text_;
    std::shared_ptr<transaction_core> core_;
};

} // namespace detail
} // namespace tusk
