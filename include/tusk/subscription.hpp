// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/listen_sinks.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/notification.hpp>
#include <tusk/throwing.hpp>

#include <asio/any_io_executor.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>

namespace tusk {

/// The notifications of one channel, on one session: what `connection::async_listen` gives.
///
/// They are received beside whatever else the connection does, and wait here until they are taken, as many as fit
/// (`notification_limits`); what is dropped is told in its place. There may be any number of subscriptions on a
/// connection, also of one channel, each of which then gets every notification.
///
/// **Errors.** When the session ends, async_receive hands out what was received first and then fails with what the
/// session ended with: errc::connection_lost, with the server's farewell in `diag()`, or errc::not_connected behind
/// async_close. A later async_connect does not renew it: see `tusk::listener`. errc::already_ended when SQL has ended the
/// listening (UNLISTEN, DISCARD ALL), which is noticed by the command tag; and after async_unlisten or close().
///
/// **Lifetimes.** A subscription that is destroyed or `close()`d ends what waits for it with
/// `asio::error::operation_aborted`; with the last of its channel UNLISTEN is sent, and nobody waits for that. It may be
/// moved while an operation is under way, and may outlive the connection. Used on the connection's executor, like the
/// connection. One that was moved from, or that a failed async_listen gave, can only be destroyed or assigned to.
/// \code
/// tusk::subscription jobs = co_await db.async_listen("jobs");
/// for (;;) {
///     tusk::notification n = co_await jobs.async_receive();
///     if (n.is_lost()) look_for_jobs();
///     else start_job(n.payload);
/// }
/// \endcode
class subscription {
public:
    using executor_type = asio::any_io_executor;

    subscription() noexcept = default;
    /// What async_listen completes with.
    explicit subscription(std::shared_ptr<detail::subscription_core> core, diagnostics diag = {}) noexcept
        : core_(std::move(core))
        , diag_(std::move(diag))
    {
    }
    subscription(subscription&&) noexcept = default;
    subscription& operator=(subscription&& other) noexcept;
    ~subscription();

    [[nodiscard]] executor_type get_executor() const noexcept;

    /// The next notification, or word of how many were dropped.
    ///
    /// Completion: `void(std::error_code, tusk::single<tusk::notification>)`; with the default token a
    /// `tusk::notification`.
    /// Errors: those above; errc::operation_pending while another async_receive waits.
    /// Cancellation: takes nothing away: the next async_receive goes on where this one was. `cancel_token` ends it too.
    template <class Token = default_token>
    auto async_receive(Token&& token = Token())
    {
        return asio::async_initiate<Token, void(std::error_code, single<notification>)>(
            detail::initiate_request<detail::receive_op>{detail::submitter_of(core_)}, token);
    }

    /// The same of what is here already; none when there is nothing, or an async_receive waits.
    [[nodiscard]] std::optional<notification> try_receive() noexcept;

    /// Ends it: with the last subscription of the channel UNLISTEN is sent, and its answer waited for. An async_receive
    /// that waits ends with errc::already_ended. What was received before can still be taken. Ending what has ended
    /// succeeds.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    /// Errors: what a statement fails with; the subscription has ended all the same.
    /// Concurrency: behind a transaction that reserves the connection it waits, as LISTEN does.
    template <class Token = default_token>
    auto async_unlisten(Token&& token = Token())
    {
        return asio::async_initiate<Token, void(std::error_code, diagnostics)>(
            detail::initiate_unlisten{core_}, token);
    }

    /// Ends it without waiting, and drops what was received.
    void close() noexcept;

    /// Whether more may come.
    [[nodiscard]] bool is_open() const noexcept;
    [[nodiscard]] std::string_view channel() const noexcept;
    /// Why there is none; empty after success.
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }

private:
    std::shared_ptr<detail::subscription_core> core_;
    diagnostics diag_;
};

namespace detail {

/// async_listen: LISTEN, unless the server knows already.
class listen_sink : public channel_statement_sink {
public:
    using value_type = subscription;

    explicit listen_sink(std::shared_ptr<subscription_core> core);
    void end(std::size_t part, std::string_view tag) noexcept final;

protected:
    ~listen_sink() = default;
    void prepare() noexcept;
    [[nodiscard]] subscription take() noexcept;

private:
    std::shared_ptr<subscription_core> core_;
};

struct initiate_listen {
    using executor_type = asio::any_io_executor;
    [[nodiscard]] executor_type get_executor() const noexcept { return executor_of(*connection); }

    template <class Handler>
    void operator()(Handler&& handler, std::string_view channel, notification_limits limits)
    {
        const std::shared_ptr<subscription_core> core = make_subscription(connection, channel, limits);
        using node = operation<listen_sink, std::decay_t<Handler>>;
        start_listen(core, node::make(submitter_of(connection),
                                      std::decay_t<Handler>(std::forward<Handler>(handler)), core));
    }

    std::shared_ptr<connection_core> connection;
};

} // namespace detail
} // namespace tusk
