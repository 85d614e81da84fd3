// Distributed under the Boost Software License, Version 1.0.
#include "net/link.hpp"

#include <tusk/error.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/co_spawn.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <exception>
#include <new>
#include <string>

/// Time limits, and the fence behind which the server is asked to end what nobody waits for any more.
namespace tusk::net {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_limit = std::chrono::hours(24 * 365 * 100); // so that no sum overflows
// A CancelRequest that comes before the server has begun with the request does nothing: it is sent again.
constexpr milliseconds first_ask_pause(50);
constexpr milliseconds longest_ask_pause(1000);
// Rows that are on their way are dropped for about as long as asking would take: then what is cheaper has been done, or
// at most twice of it.
constexpr milliseconds drain_pause(2);

} // namespace

/// One timer serves them all.
void link::watch(detail::request& r)
{
    if (r.deadline_place != r.none) return; // it has waited for the LISTEN of another before
    const milliseconds limit = r.timeout < milliseconds::zero() ? request_timeout_ : r.timeout;
    if (limit <= milliseconds::zero()) return;
    deadlines_.add(r, std::chrono::steady_clock::now() + std::min(limit, longest_limit));
    arm_expiry();
}

/// The timer stays where it is when what it was set for has been answered: it then finds nothing, and goes on.
void link::arm_expiry()
{
    if (deadlines_.empty() || armed_ <= deadlines_.front().deadline) return;
    armed_ = deadlines_.front().deadline;
    expiry_.expires_at(armed_);
    expiry_.async_wait([self = weak_from_this()](std::error_code ec) {
        if (ec) return;
        if (const auto alive = self.lock()) alive->on_expiry();
    });
}

void link::on_expiry()
{
    armed_ = session::deadlines::time_point::max();
    if (state_ == state::closed) return;
    const auto now = std::chrono::steady_clock::now();
    bool any = false;
    while (!deadlines_.empty() && deadlines_.front().deadline <= now) {
        detail::request& late = deadlines_.front();
        deadlines_.remove(late);
        late.unwanted = true;
        any = true;
    }
    arm_expiry();
    if (!any) return;
    for (const detail::request* r = closing_.front(); r; r = r->next)
        if (r->unwanted)
            return abort(errc::timed_out,
                         diagnostics::client("the time limit ran out while the connection was closed",
                                             outcome::unknown));
    talk_.cancel_unwanted(errc::timed_out);
    subscriptions_.cancel_unwanted(errc::timed_out);
    expired_ = true;
    tend_fence(); // before a handler asks for more
    deliver();
    resume();
}

/// Puts the fence up, or takes it down, when that is due. To be called whenever requests were given up, answered or
/// written.
void link::tend_fence()
{
    if (state_ > state::closing) return;
    if (talk_.in_flight() == 0) expired_ = false;
    if (fence_ && talk_.in_flight() == 0 && !asking_)
        lower_fence();
    else if (!fence_ && talk_.only_abandoned() && (route_ || expired_ || talk_.ends_copy()))
        raise_fence();
}

void link::raise_fence()
{
    fence_ = true;
    talk_.set_fence(true);
    if (cancel_timeout_ > milliseconds::zero()) {
        heal_limit_.expires_after(std::min(cancel_timeout_, longest_limit));
        heal_limit_.async_wait([self = weak_from_this()](std::error_code ec) {
            if (ec) return;
            const auto alive = self.lock();
            if (!alive || !alive->fence_) return;
            if (alive->heal_limit_.expiry() > std::chrono::steady_clock::now()) return; // of a fence before
            alive->heal_failed();
        });
    }
    if (!route_) return;
    ask_pause_ = first_ask_pause;
    if (talk_.ends_copy()) // it ends by CopyFail, unless the server is too busy to read that
        ask_after(longest_ask_pause);
    else if (talk_.is_answering())
        ask_after(drain_pause);
    else
        ask_server();
}

void link::lower_fence()
{
    fence_ = false;
    talk_.set_fence(false);
    heal_limit_.cancel();
    next_ask_.cancel();
}

void link::ask_server()
{
    asking_ = true;
    asio::co_spawn(
        executor_, send_cancel(route_, std::min(cancel_timeout_, longest_limit)),
        asio::bind_cancellation_slot(
            stop_asking_.slot(), [self = shared_from_this()](const std::exception_ptr&, std::error_code ec) {
                self->on_asked(ec);
            }));
}

/// The server has closed the connection that the CancelRequest went through, or there was none.
void link::on_asked(std::error_code ec)
{
    asking_ = false;
    if (state_ > state::closing) return;
    if (ec == errc::cancel_timed_out) return heal_failed(); // it may still interrupt whatever comes next
    tend_fence();
    if (!fence_) return write();
    ask_after(ask_pause_);
    ask_pause_ = std::min(2 * ask_pause_, longest_ask_pause);
}

void link::ask_after(milliseconds pause)
{
    next_ask_.expires_after(pause);
    next_ask_.async_wait([self = weak_from_this()](std::error_code ec) {
        if (ec) return;
        const auto alive = self.lock();
        if (alive && alive->fence_ && !alive->asking_ && alive->state_ <= state::closing) alive->ask_server();
    });
}

/// The connection has ended. Posted, since the execution context may just be going down.
void link::stop_asking()
{
    expiry_.cancel();
    heal_limit_.cancel();
    next_ask_.cancel();
    if (!asking_) return;
    try {
        asio::post(executor_, [self = shared_from_this()] {
            if (self->asking_) self->stop_asking_.emit(asio::cancellation_type::terminal);
        });
    } catch (const std::bad_alloc&) {
        // it ends by its own time limit
    }
}

void link::heal_failed()
{
    abort(errc::cancel_timed_out,
          diagnostics::client("the server did not end a request that was given up within " +
                                  std::to_string(cancel_timeout_.count()) + " ms",
                              outcome::unknown));
}

} // namespace tusk::net
