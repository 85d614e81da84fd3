// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/conninfo.hpp>
#include <tusk/detail/listener_ops.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/notification.hpp>
#include <tusk/options.hpp>
#include <tusk/throwing.hpp>

#include <asio/any_io_executor.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace tusk {

/// Listens to channels on a connection of its own, and makes that anew whenever it is lost.
///
/// After a loss it connects again, with growing random pauses, listens to all its channels again, and tells so by an event
/// (notification::what::gap) in its place in the order: what was notified in between never came, so whoever keeps
/// something up to date by notifications looks at the whole again. The connection is asked for a sign of life from time
/// to time (`listener_options::check_interval`), so that one that has died silently is noticed.
///
/// **Errors.** A first connect that fails is told by async_listen (and by an async_receive that waits); the next
/// async_listen tries again. Later failures are told by `listener_options::on_failure` only, unless the options end the
/// listener: then async_receive hands out what was received, and fails with that, and async_listen begins anew.
/// errc::already_ended after `stop()`, errc::not_connected for async_receive before the first async_listen.
///
/// **Concurrency, lifetimes.** Used from one strand, its executor, as a connection is. Its events are in the order in which
/// the server sent them, across channels. While it listens it keeps `io_context::run()` from returning. It may be
/// destroyed or `stop()`ped at any moment: what waits ends with `asio::error::operation_aborted`, and nothing is waited
/// for. One that was moved from can only be destroyed or assigned to.
/// \code
/// tusk::listener events(executor, "postgresql://ada@localhost/shop");
/// co_await events.async_listen("prices");
/// for (;;) {
///     tusk::notification n = co_await events.async_receive();
///     if (n.is_message()) update_price(n.payload);
///     else read_all_prices(); // some were missed
/// }
/// \endcode
class listener {
public:
    using executor_type = asio::any_io_executor;

    listener(asio::any_io_executor executor, conninfo where, listener_options options = {});
    /// With a connection string. A malformed one is reported by async_listen.
    listener(asio::any_io_executor executor, std::string_view where, listener_options options = {});
    listener(listener&&) noexcept = default;
    listener& operator=(listener&& other) noexcept;
    ~listener();

    [[nodiscard]] executor_type get_executor() const noexcept;

    /// Listens to a channel, now and after each loss of the connection; the first connects. The name is taken as it is.
    /// Completes when the server has the LISTEN. While the connection is lost it waits for the next one.
    ///
    /// Completion: `void(std::error_code, tusk::diagnostics)`; with the default token nothing.
    /// Errors: errc::invalid_channel as connection::async_listen; those of async_connect for the first; what the server
    /// refuses LISTEN with. The channel is not listened to then.
    /// Cancellation: the channel is not listened to, unless it was before.
    template <class Token = default_token>
    auto async_listen(std::string_view channel, Token&& token = Token())
    {
        return asio::async_initiate<Token, void(std::error_code, diagnostics)>(
            detail::initiate_listener_listen{core_}, token, std::string(channel));
    }

    /// Stops listening to a channel: nothing of it is received from now on but what was already. UNLISTEN is sent, and
    /// nobody waits for that. An async_listen of it that waits ends with `asio::error::operation_aborted`.
    void unlisten(std::string_view channel) noexcept;

    /// The next event: a notification, how many were dropped, or a gap.
    ///
    /// Completion: `void(std::error_code, tusk::single<tusk::notification>)`; with the default token a
    /// `tusk::notification`.
    /// Errors: those above; errc::operation_pending while another async_receive waits.
    /// Cancellation: takes nothing away.
    template <class Token = default_token>
    auto async_receive(Token&& token = Token())
    {
        return asio::async_initiate<Token, void(std::error_code, single<notification>)>(
            detail::initiate_request<detail::receive_op>{detail::submitter_of(core_)}, token);
    }

    /// The same of what is here already; none when there is nothing.
    [[nodiscard]] std::optional<notification> try_receive() noexcept;

    /// Ends it for good, and closes the connection without waiting.
    void stop() noexcept;
    /// Whether there is a connection just now that listens.
    [[nodiscard]] bool is_listening() const noexcept;

private:
    std::shared_ptr<detail::listener_core> core_;
};

} // namespace tusk
