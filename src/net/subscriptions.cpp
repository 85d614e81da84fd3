// Distributed under the Boost Software License, Version 1.0.
#include "net/subscriptions.hpp"

#include "net/connection_core.hpp"
#include "net/silent_requests.hpp"
#include "values/channel.hpp"

#include <tusk/error.hpp>

#include <asio/error.hpp>

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

namespace tusk::net {

namespace {

/// Of an async_listen that waited for the LISTEN of another.
[[nodiscard]] diagnostics left_early(std::error_code why) noexcept
{
    return diagnostics::client(why == errc::timed_out
                                   ? "the time limit ran out while another LISTEN was answered"
                                   : "cancelled while another LISTEN was answered",
                               outcome::not_sent);
}

} // namespace

subscriptions::place subscriptions::add(detail::subscription_core& s, detail::request& op)
{
    channel& c = channels_[s.channel()];
    c.members.push_back(&s);
    if (c.asking) { // also where LISTEN was confirmed: it may yet fail
        c.sharing.push(op);
        ++sharing_;
        link_.watch(op);
        return place::sharing;
    }
    if (c.confirmed) return place::listening;
    c.asking = &op;
    return place::asking;
}

bool subscriptions::confirm(const std::string& name) noexcept
{
    if (link_.talk().server().transaction != 'I') return false; // as it was before LISTEN
    if (const auto found = channels_.find(name); found != channels_.end()) found->second.confirmed = true;
    return true;
}

detail::request* subscriptions::settle(const std::string& name, const detail::request& op) noexcept
{
    const auto found = channels_.find(name);
    if (found == channels_.end() || found->second.asking != &op) return nullptr;
    channel& c = found->second;
    c.asking = nullptr;
    if (op.ec) c.confirmed = false;
    // which is no failure of theirs
    if (op.ec == asio::error::operation_aborted || op.ec == errc::timed_out) {
        detail::request* const next = next_sharing(c);
        c.asking = next;
        return next;
    }
    detail::request_queue over;
    while (detail::request* r = next_sharing(c)) {
        if (op.ec) r->fail(op.ec, op.diag);
        over.push(*r);
    }
    // in front of what is behind it, for they were asked before that
    detail::request_queue& finished = link_.talk().finished();
    while (detail::request* r = finished.pop()) over.push(*r);
    finished = over;
    return nullptr;
}

bool subscriptions::remove(detail::subscription_core& s, bool known) noexcept
{
    s.detach();
    const auto found = channels_.find(s.channel());
    if (found == channels_.end()) return false;
    channel& c = found->second;
    c.known = c.known || known;
    std::erase(c.members, &s);
    if (!c.members.empty()) return false;
    known = c.known;
    channels_.erase(found);
    return known;
}

detail::request* subscriptions::next_sharing(channel& c) noexcept
{
    detail::request* const r = c.sharing.pop();
    if (r) --sharing_;
    return r;
}

template <class Which>
void subscriptions::drop_sharing(Which which, std::error_code why, const diagnostics& what) noexcept
{
    for (auto& [name, c] : channels_) {
        detail::request_queue all = std::exchange(c.sharing, {});
        while (detail::request* r = all.pop()) {
            if (!which(*r)) {
                c.sharing.push(*r);
                continue;
            }
            --sharing_;
            r->fail(why, what);
            link_.talk().finished().push(*r);
        }
    }
}

void subscriptions::heed_own_unlisten() noexcept { link_.talk().forget_unlisten(); }

bool subscriptions::is_awaited() const noexcept
{
    return std::ranges::any_of(channels_, [](const auto& c) {
        return std::ranges::any_of(c.second.members, [](const auto* s) { return s->is_awaited(); });
    });
}

void subscriptions::take(std::int32_t pid, std::string_view name, std::string_view payload) noexcept
{
    const auto found = channels_.find(name);
    if (found == channels_.end()) return;
    for (detail::subscription_core* s : found->second.members) s->take(pid, name, payload);
}

void subscriptions::check()
{
    if (channels_.empty()) return;
    for (auto& [name, c] : channels_) c.in_check = c.confirmed;
    ++checks_;
    link_.submit(*std::make_unique<detail::listening_check>(*this).release());
}

void subscriptions::checked(const result* listening, std::error_code why) noexcept
try {
    if (--checks_ > 0) return;
    if (why == asio::error::operation_aborted && link_.is_open()) return check(); // by a cancel_token
    std::vector<std::string> left;
    for (std::size_t i = 0; listening && i < listening->size(); ++i)
        left.push_back((*listening)[i][0].as<std::string>());
    for (auto i = channels_.begin(); i != channels_.end();) {
        if (!i->second.in_check || std::ranges::find(left, i->first) != left.end()) {
            i->second.in_check = false;
            ++i;
            continue;
        }
        for (detail::subscription_core* s : i->second.members) {
            s->detach();
            s->end(errc::already_ended,
                   diagnostics::client("an SQL statement has ended the listening: UNLISTEN or DISCARD ALL"));
        }
        i = channels_.erase(i);
    }
} catch (const std::exception&) { // of memory, or an answer that is none
    end(errc::already_ended, {});
}

void subscriptions::cancel(std::span<const std::uint64_t> ids, std::error_code why) noexcept
{
    if (sharing_ == 0) return;
    drop_sharing([&](const detail::request& r) { return std::ranges::binary_search(ids, r.id); }, why,
                 left_early(why));
}

void subscriptions::cancel_unwanted(std::error_code why) noexcept
{
    if (sharing_ == 0) return;
    drop_sharing([](const detail::request& r) { return r.unwanted; }, why, left_early(why));
}

void subscriptions::cancel_all(std::error_code why) noexcept
{
    if (sharing_ > 0) drop_sharing([](const detail::request&) { return true; }, why, left_early(why));
    for (const auto& [name, c] : channels_)
        for (detail::subscription_core* s : c.members) s->cancel_receive(why, {});
}

void subscriptions::end(std::error_code why, const diagnostics& what) noexcept
{
    if (sharing_ > 0) // their LISTEN may have been sent
        drop_sharing([](const detail::request&) { return true; }, why, what.with_outcome(outcome::unknown));
    for (const auto& [name, c] : channels_)
        for (detail::subscription_core* s : c.members) {
            s->detach();
            s->end(why, what);
        }
    channels_.clear();
}

void subscriptions::forsake() noexcept
{
    while (!channels_.empty()) { // what is destroyed may take others with it
        channel& c = channels_.begin()->second;
        if (detail::request* const r = next_sharing(c)) {
            r->destroy(); // and its subscription
            continue;
        }
        detail::subscription_core& s = *c.members.front();
        (void)remove(s, false);
        s.forsake();
    }
}

} // namespace tusk::net

namespace tusk::detail {

subscription_core::subscription_core(std::shared_ptr<connection_core> connection, std::string_view channel,
                                     notification_limits limits)
    : notification_receiver(limits)
    , connection_(std::move(connection))
    , channel_(channel)
    , unlisten_(std::make_unique<silent_unlisten>(connection_, channel_))
{
}

subscription_core::~subscription_core() { abandon(); }

const asio::any_io_executor& subscription_core::executor() const noexcept { return connection_->executor(); }

std::uint64_t subscription_core::next_id() noexcept { return connection_->next_id(); }

void subscription_core::finish(request& op) noexcept { connection_->finish(op); }

void subscription_core::listen(request& op)
{
    if (!is_channel(channel_))
        return connection_->finish_later(
            op, errc::invalid_channel,
            diagnostics::client("a channel has 1 to 63 bytes of UTF-8, none of them NUL", outcome::not_sent));
    net::subscriptions* const of = connection_->subscriptions();
    if (!of) return connection_->submit(op); // which tells why
    of_ = of;
    using place = net::subscriptions::place;
    switch (of->add(*this, op)) {
    case place::listening:
        return connection_->finish(op);
    case place::asking:
        return connection_->submit(op);
    case place::sharing:
        return;
    }
}

void subscription_core::settle(const request& op) noexcept
{
    request* const next = of_ ? of_->settle(channel_, op) : nullptr;
    if (next) connection_->submit(*next);
}

/// A blocking connection may not be reading.
void subscription_core::look() noexcept
{
    if (of_) connection_->look();
}

bool subscription_core::confirm() noexcept { return !of_ || of_->confirm(channel_); }

void subscription_core::unlisten(request& op)
{
    const bool last = of_ && of_->remove(*this, true);
    end(errc::already_ended, diagnostics::client("async_unlisten has ended the subscription"));
    if (last)
        connection_->submit(op);
    else
        connection_->finish(op);
}

void subscription_core::abandon(bool tell) noexcept
{
    if (of_ && of_->remove(*this, tell) && unlisten_) connection_->submit(*unlisten_.release());
    drop();
    end(errc::already_ended, diagnostics::client("the subscription was closed"));
}

} // namespace tusk::detail
