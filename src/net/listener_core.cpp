// Distributed under the Boost Software License, Version 1.0.
#include "net/listener_core.hpp"

#include "net/connection_core.hpp"
#include "net/request_owner.hpp"
#include "values/channel.hpp"

#include <tusk/error.hpp>

#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/error.hpp>
#include <asio/post.hpp>

#include <exception>
#include <new>
#include <utility>

/// What the handle does. The coroutine is in listener_run.cpp.
namespace tusk::detail {

listener_session::listener_session(std::shared_ptr<listener_core> l)
    : of(std::move(l))
    , timer(of->executor())
{
}

listener_session::~listener_session()
{
    close();
    of->left(*this);
}

void listener_session::renew(const connection_options& options)
{
    close();
    lost = {};
    db.emplace(of->executor(), options);
    db->core_->set_end_hook([this](std::error_code ec, const diagnostics& why) {
        lost = {ec, why};
        timer.cancel();
    });
    db->on_notification([this](std::int32_t pid, std::string_view channel, std::string_view payload) {
        heard = true;
        of->heard(pid, channel, payload);
    });
}

void listener_session::close() noexcept
{
    if (db) db->core_->set_end_hook({});
    db.reset();
}

listener_core::listener_core(asio::any_io_executor executor, conninfo where, listener_failure bad_where,
                             listener_options options)
    : notification_receiver(options.limits)
    , executor_(std::move(executor))
    , where_(std::move(where))
    , bad_where_(std::move(bad_where))
    , options_(std::move(options))
{
    if (options_.connection.request_timeout.count() == 0)
        options_.connection.request_timeout = options_.check_timeout;
    end(errc::not_connected, diagnostics::client("async_listen has not connected the listener"));
}

listener_core::~listener_core() = default;

void listener_core::finish(request& op) noexcept
try {
    asio::post(executor_, [owner = request_owner(&op)]() mutable { owner.release()->complete(); });
} catch (const std::bad_alloc&) {
    std::terminate(); // not even the failure can be reported
}

void listener_core::listen(request& op, std::string name)
{
    const auto refuse_op = [&](errc why, const char* what) {
        op.fail(why, diagnostics::client(what, outcome::not_sent));
        finish(op);
    };
    if (stopped_) return refuse_op(errc::already_ended, "the listener was stopped");
    if (!is_channel(name))
        return refuse_op(errc::invalid_channel, "a channel has 1 to 63 bytes of UTF-8, none of them NUL");
    if (bad_where_.ec) {
        op.fail(bad_where_.ec, bad_where_.why);
        return finish(op);
    }
    channel& c = channels_[std::move(name)];
    if (c.listening) return finish(op);
    c.waiting.push(op);
    if (session_) {
        if (listening_) session_->timer.cancel();
        return;
    }
    drop();
    begin();
    auto session =
        std::make_unique<listener_session>(std::static_pointer_cast<listener_core>(shared_from_this()));
    session_ = session.get();
    asio::co_spawn(executor_, run(std::move(session)), asio::detached);
}

void listener_core::unlisten(std::string_view name) noexcept
try {
    const auto found = channels_.find(name);
    if (found == channels_.end()) return;
    fail_waiting(found->second, asio::error::operation_aborted, {});
    const bool listens = found->second.listening;
    channels_.erase(found);
    if (!listens) return; // what is on its way is noticed when it is answered
    leaving_.emplace_back(name);
    if (session_ && listening_) session_->timer.cancel();
} catch (const std::bad_alloc&) {
    // the server goes on notifying, which nobody hears
}

void listener_core::cancel_other(std::uint64_t id) noexcept
{
    for (auto i = channels_.begin(); i != channels_.end(); ++i) {
        channel& c = i->second;
        request* const op = c.waiting.remove(id);
        if (!op) continue;
        op->fail(asio::error::operation_aborted);
        finish(*op);
        if (c.waiting.empty() && !c.known) channels_.erase(i);
        return;
    }
}

void listener_core::stop() noexcept
{
    if (std::exchange(stopped_, true)) return;
    listening_ = false;
    const auto aborted = make_error_code(asio::error::operation_aborted);
    const auto what = diagnostics::client("the listener was stopped");
    for (auto& [name, c] : channels_) fail_waiting(c, aborted, what);
    channels_.clear();
    cancel_receive(aborted, what);
    begin();
    end(errc::already_ended, what);
    if (!session_) return;
    session_->timer.cancel();
    session_->close();
}

void listener_core::left(const listener_session& s) noexcept
{
    if (session_ != &s) return;
    session_ = nullptr;
    listening_ = false;
    while (!channels_.empty()) { // what is destroyed may take others with it
        request* const op = channels_.begin()->second.waiting.pop();
        if (op)
            op->destroy();
        else
            channels_.erase(channels_.begin());
    }
    forsake();
}

void listener_core::heard(std::int32_t pid, std::string_view name, std::string_view payload) noexcept
{
    tell_gap();
    if (channels_.find(name) != channels_.end()) take(pid, name, payload);
}

void listener_core::tell_gap() noexcept
{
    if (gap_) take_gap(*gap_);
    gap_.reset();
}

void listener_core::fail_waiting(channel& c, std::error_code why, const diagnostics& what) noexcept
{
    while (request* op = c.waiting.pop()) {
        op->fail(why, what);
        finish(*op);
    }
}

/// The server has the LISTEN of these.
void listener_core::settle(const std::vector<std::string>& asked)
{
    for (const std::string& name : asked) {
        const auto found = channels_.find(name);
        if (found == channels_.end()) { // given up meanwhile
            leaving_.push_back(name);
            continue;
        }
        found->second.listening = true;
        found->second.known = true;
        while (request* op = found->second.waiting.pop()) finish(*op);
    }
}

/// The server has refused the LISTEN of these.
void listener_core::refuse(const std::vector<std::string>& asked, const listener_failure& why) noexcept
{
    for (const std::string& name : asked) {
        const auto found = channels_.find(name);
        if (found == channels_.end()) continue;
        fail_waiting(found->second, why.ec, why.why);
        channels_.erase(found);
    }
}

/// The coroutine is about to end.
void listener_core::finish_run(const listener_failure& why) noexcept
{
    session_ = nullptr;
    listening_ = false;
    for (auto& [name, c] : channels_) fail_waiting(c, why.ec, why.why);
    channels_.clear();
    leaving_.clear();
    gap_.reset();
    end(why.ec, why.why);
}

bool listener_core::has_work() const noexcept
{
    if (!leaving_.empty()) return true;
    for (const auto& [name, c] : channels_)
        if (!c.listening) return true;
    return false;
}

} // namespace tusk::detail
