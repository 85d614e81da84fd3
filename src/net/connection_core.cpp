// Distributed under the Boost Software License, Version 1.0.
#include "net/connection_core.hpp"

#include "net/request_owner.hpp"
#include "net/transaction_core.hpp"
#include "session/observation.hpp"

#include <tusk/error.hpp>

#include <asio/bind_cancellation_slot.hpp>
#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

namespace tusk::detail {

namespace {

[[nodiscard]] net::dial_result thrown(const std::exception_ptr& failure)
{
    net::dial_result result;
    try {
        std::rethrow_exception(failure);
    } catch (const std::system_error& e) {
        result.ec = e.code();
        result.diag = diagnostics::client(e.code().message(), outcome::not_sent);
    } catch (const std::bad_alloc&) {
        result.ec = make_error_code(std::errc::not_enough_memory);
    } catch (...) { // nothing of tusk's own throws anything else
        result.ec = errc::visitor_failed;
        result.diag = diagnostics::client(
            "a function in connection_options threw an exception while connecting", outcome::not_sent);
    }
    return result;
}

} // namespace

connection_core::connection_core(asio::any_io_executor executor, connection_options options)
    : executor_(std::move(executor))
    , options_(std::move(options))
{
    if (!options_.on_request_event) return;
    on_request_ =
        std::make_shared<const std::function<void(const request_event&)>>(options_.on_request_event);
    attention_ = true;
}

void connection_core::submit(request& r) noexcept
try {
    if (attention_.load(std::memory_order_relaxed)) [[unlikely]]
        attend(r);
    if (link_)
        link_->submit(r);
    else
        finish_later(r, errc::not_connected,
                     diagnostics::client("the connection is not open", outcome::not_sent));
} catch (const std::bad_alloc&) {
    std::terminate(); // not even the failure can be reported
}

/// What was given up by now is so before the request is sent: with something behind it the server could not be asked to
/// end it.
void connection_core::attend(request& r)
{
    if (on_request_) observe(r);
    if (link_ && !dialling_ && link_->may_give_up()) link_->give_up(take_cancels());
}

void connection_core::finish_later(request& done, std::error_code ec, diagnostics diag)
{
    if (ec) done.fail(ec, std::move(diag));
    asio::post(executor_, [owner = request_owner(&done)]() mutable { owner.release()->complete(); });
}

/// Many that are cancelled at one time are looked for in the queues at one time.
void connection_core::cancel(std::uint64_t id) noexcept
try {
    {
        const std::lock_guard hold(cancels_mutex_);
        cancels_.push_back(id);
        attention_ = true;
        if (cancels_.size() > 1) return; // the first has posted
    }
    asio::post(executor_, [self = weak_from_this()] {
        if (const auto alive = self.lock()) alive->cancel_now();
    });
} catch (const std::bad_alloc&) {
    const std::lock_guard hold(cancels_mutex_);
    cancels_.clear(); // the requests go on
}

std::vector<std::uint64_t> connection_core::take_cancels()
{
    const std::lock_guard hold(cancels_mutex_);
    attention_ = on_request_ != nullptr;
    return std::exchange(cancels_, {});
}

void connection_core::cancel_now()
{
    std::vector<std::uint64_t> ids = take_cancels();
    if (dialling_ && std::ranges::find(ids, dialling_) != ids.end())
        stop_dialling_.emit(asio::cancellation_type::terminal);
    else if (const auto l = link_; l && !ids.empty())
        l->cancel(std::move(ids));
}

void connection_core::finish(request& r) noexcept
try {
    if (link_)
        link_->finish(r);
    else
        finish_later(r, {}, {});
} catch (const std::bad_alloc&) {
    std::terminate(); // not even the failure can be reported
}

/// What belongs to a transaction that is over has ended with it.
void connection_core::submit_last(request& r) noexcept
{
    if (!link_ || link_->is_closed() || (r.transaction && !link_->talk().is_reserved_for(r.transaction)))
        return r.destroy();
    submit(r);
}

void connection_core::advance() noexcept
try {
    if (link_) link_->advance();
} catch (const std::bad_alloc&) {
    link_->abort(make_error_code(std::errc::not_enough_memory), {});
}

void connection_core::look() noexcept
try {
    if (link_) link_->look();
} catch (const std::bad_alloc&) {
    link_->abort(make_error_code(std::errc::not_enough_memory), {});
}

void connection_core::cancel_all() noexcept
try {
    asio::post(executor_, [self = weak_from_this()] {
        if (const auto alive = self.lock())
            if (const auto l = alive->link_) l->cancel_all();
    });
} catch (const std::bad_alloc&) {
    // the requests go on
}

void connection_core::connect(request& done, const conninfo& where)
{
    if (dialling_ || (link_ && !link_->is_closed()))
        return finish_later(
            done, errc::already_connected,
            diagnostics::client("the connection is open, or being opened or closed", outcome::not_sent));
    conn::settings settings;
    diagnostics why;
    if (const std::error_code ec = conn::resolve(where, conn::process_environment(), settings, why))
        return finish_later(done, ec, why.with_outcome(outcome::not_sent));
    dialling_ = done.id;
    asio::co_spawn(
        executor_, net::dial(std::move(settings), options_),
        asio::bind_cancellation_slot(
            stop_dialling_.slot(), [self = shared_from_this(), owner = request_owner(&done)](
                                       const std::exception_ptr& failure, net::dial_result result) mutable {
                self->dialled(*owner.release(), failure ? thrown(failure) : std::move(result));
            }));
}

void connection_core::dialled(request& done, net::dial_result result)
{
    dialling_ = 0;
    if (orphaned_)
        result = {{},
                  asio::error::operation_aborted,
                  diagnostics::client("the connection object was destroyed", outcome::not_sent)};
    if (result.open) {
        link_ = std::make_shared<net::link>(executor_, options_, std::move(*result.open));
        install_hooks();
        if (on_demand_) link_->read_on_demand();
        link_->start();
    } else {
        done.fail(result.ec, std::move(result.diag));
    }
    done.complete();
}

void connection_core::close(request& done)
{
    if (dialling_)
        finish_later(done, errc::already_connected,
                     diagnostics::client("the connection is being opened: cancel that instead"));
    else if (link_ && !link_->is_closed())
        link_->close(done);
    else
        finish_later(done, {}, {});
}

void connection_core::orphan() noexcept
{
    orphaned_ = true;
    transaction_ = nullptr;
    if (link_) link_->orphan();
    if (!dialling_) return;
    try { // from the executor: the execution context, and the dialling with it, may just be going down
        asio::post(executor_, [self = shared_from_this()] {
            if (self->dialling_) self->stop_dialling_.emit(asio::cancellation_type::terminal);
        });
    } catch (const std::bad_alloc&) {
        // the dialling goes on to its end, and is dropped then
    }
}

void connection_core::end_transaction(std::unique_ptr<silent_rollback> rollback) noexcept
try {
    if (!link_ || link_->is_closed() || !link_->talk().is_reserved_for(rollback->transaction)) return;
    if (on_request_) observe(*rollback);
    link_->end_transaction(*rollback.release());
} catch (const std::bad_alloc&) {
    std::terminate(); // the connection would stay reserved for ever
}

void connection_core::set_notice_hook(std::function<void(const diagnostics&)> f)
{
    on_notice_ = std::move(f);
    install_hooks();
}

void connection_core::set_notification_hook(notification_hook f)
{
    on_notification_ = std::move(f);
    install_hooks();
}

void connection_core::set_trace(wire_trace to)
{
    options_.trace = std::move(to);
    if (link_) link_->talk().set_trace(options_.trace);
}

/// Tells of it from now on; what cannot be had memory for is not told of.
void connection_core::observe(request& r) noexcept
{
    const bool open = link_ && !link_->is_closed();
    r.observed = new (std::nothrow) observation(on_request_, open ? link_->talk().server().process_id : 0);
    if (r.observed) r.observed->begin(r);
}

void connection_core::set_parameter_hook(parameter_hook f)
{
    on_parameter_ = std::move(f);
    install_hooks();
}

void connection_core::set_end_hook(end_hook f)
{
    on_end_ = std::move(f);
    install_hooks();
}

void connection_core::install_hooks()
{
    if (!link_) return;
    link_->talk().on_notice = on_notice_;
    link_->talk().on_parameter = on_parameter_;
    link_->on_notification = on_notification_;
    link_->subscriptions().on_end = on_end_;
}

} // namespace tusk::detail
