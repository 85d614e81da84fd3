// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "net/cancel.hpp"
#include "net/dial.hpp"
#include "net/pace.hpp"
#include "net/subscriptions.hpp"
#include "net/transport.hpp"
#include "session/conversation.hpp"
#include "session/deadlines.hpp"

#include <tusk/detail/submitter.hpp>

#include <asio/cancellation_signal.hpp>
#include <asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <system_error>
#include <vector>

namespace tusk::net {

/// An open session: the conversation, the transport, and the pump between them.
///
/// The pump is two loops that decide nothing: read -> conversation, conversation -> write. A read is always
/// posted, or due after a pause (`pace`); what was requested while a write was under way, or by handlers while
/// answers are being delivered, leaves as the next write.
///
/// When everybody who waited for what is on the wire has given up, a fence goes up: the server is asked to end it
/// (`send_cancel`), and nothing new is sent until the answers and the end of that asking have both come, lest a later
/// request be hit (link_fence.cpp).
///
/// Handlers that wait in the link may own the connection, and so the link: a circle that ends when the
/// handlers run, or when the execution context goes and drops the posted read or pause (`forsake`).
class link : public std::enable_shared_from_this<link> {
public:
    link(const asio::any_io_executor& executor, const connection_options& options, dialled session);
    link(const link&) = delete;
    link& operator=(const link&) = delete;
    ~link();

    /// Begins to read. Messages that came with the end of the login are handled first.
    void start();
    /// From now on it reads only while somebody waits for something: for a loop that runs no longer than that. Looking once
    /// more behind each answer would delay whoever gets it, and behind the next request costs nobody anything.
    void read_on_demand() noexcept { on_demand_ = true; }

    void submit(detail::request& r);
    /// Notes the time limit of a request that waits, if it has any, and is not known to.
    void watch(detail::request& r);
    /// Queues the end of a transaction, also while the connection is being closed.
    void end_transaction(detail::request& rollback);
    /// Ends these requests early, with operation_aborted. The caller has posted: never from within a handler's
    /// call.
    void cancel(std::vector<std::uint64_t> ids);
    /// The same from within a handler's call, when something is submitted next: what it completes is delivered behind that.
    void give_up(std::vector<std::uint64_t> ids);
    /// Whether that is possible here.
    [[nodiscard]] bool may_give_up() const noexcept { return !receiving_ && closing_.empty(); }
    /// The same for all requests.
    void cancel_all();
    /// Sends Terminate behind all that was submitted, then closes; `done` is completed when that is over.
    void close(detail::request& done);
    /// Completes a request that was never submitted, behind what runs now.
    void finish(detail::request& r);
    /// Somebody waits for what the server may say: reads if that is put off.
    void look();
    /// The request at the head has more to send, or can be given more.
    void advance();
    /// Gives up at once: the socket is closed, everything outstanding ends with `why`.
    void abort(std::error_code why, const diagnostics& what);
    /// The handle is gone: Terminate if it can be sent at once, then as abort(). No handler runs from within.
    void orphan();
    /// The execution context is gone: what waits is freed, and no handler runs.
    void forsake() noexcept;

    [[nodiscard]] bool is_open() const noexcept { return state_ == state::open; }
    [[nodiscard]] bool is_closed() const noexcept { return state_ == state::closed; }
    [[nodiscard]] session::conversation& talk() noexcept { return talk_; }
    [[nodiscard]] const session::conversation& talk() const noexcept { return talk_; }
    [[nodiscard]] const transport& stream() const noexcept { return stream_; }
    [[nodiscard]] net::subscriptions& subscriptions() noexcept { return subscriptions_; }

    /// Told each notification, behind the subscriptions.
    std::function<void(std::int32_t, std::string_view, std::string_view)> on_notification;

    /// Whether a read or pause is being posted: its handler may be dropped for want of memory.
    [[nodiscard]] bool posting() const noexcept { return posting_; }
    /// The posted read has ended.
    void on_read(std::error_code ec, std::size_t n);
    /// The pause before a read is over.
    void on_paused();

private:
    enum class state : std::uint8_t { open, closing, terminating, closed };

    template <class F>
    [[nodiscard]] bool post_pump(const F& f);
    [[nodiscard]] bool post_read();
    void submitted();
    void read();
    [[nodiscard]] bool nobody_waits() const noexcept;
    void read_after(std::size_t answers);
    void hold();
    [[nodiscard]] bool take_in(std::size_t n);
    void resume();
    void write();
    void write_rest();
    void write_later();
    void on_written(std::error_code ec, std::size_t n);
    [[nodiscard]] bool took(std::error_code ec, std::size_t n) noexcept;
    void finish_write();
    void deliver();
    void deliver_later();
    void advance_close();
    void lose(std::error_code why, const diagnostics& what);

    // observing (link_watch.cpp)
    void tell_close(bool on_purpose) noexcept;
    void show_sent(std::span<const std::byte> message) noexcept;

    // time limits, and what becomes of requests that are given up (link_fence.cpp)
    void arm_expiry();
    void on_expiry();
    void tend_fence();
    void raise_fence();
    void lower_fence();
    void ask_server();
    void on_asked(std::error_code ec);
    void ask_after(std::chrono::milliseconds pause);
    void stop_asking();
    void heal_failed();

    asio::any_io_executor executor_;
    transport stream_;
    asio::steady_timer pause_;
    asio::steady_timer expiry_;     // of the earliest time limit
    asio::steady_timer heal_limit_; // of the fence
    asio::steady_timer next_ask_;
    pace pace_;
    session::conversation talk_;
    std::function<void(const close_event&)> on_close_;
    net::subscriptions subscriptions_{*this};
    std::shared_ptr<const cancel_route> route_;
    std::chrono::milliseconds request_timeout_;
    std::chrono::milliseconds cancel_timeout_;
    session::deadlines deadlines_;
    session::deadlines::time_point armed_ = session::deadlines::time_point::max();
    asio::cancellation_signal stop_asking_;
    std::chrono::milliseconds ask_pause_{0};
    state state_ = state::open;
    detail::request_queue closing_; // who waits for the end
    std::size_t written_ = 0;       // of the output that is being written
    bool writing_ = false;
    bool write_failed_ = false;
    bool delivering_ = false;
    bool delivery_posted_ = false;
    bool posting_ = false;
    bool receiving_ = false; // answers are being taken in, and are delivered behind that
    bool held_ = false;      // nothing is read, for the one who gets it has enough
    bool on_demand_ = false;
    bool read_due_ = false; // nothing is read, for nobody waits for anything
    bool fence_ = false;
    bool asking_ = false;  // a CancelRequest is on its way
    bool expired_ = false; // a time limit has run out since the wire was empty
};

} // namespace tusk::net
