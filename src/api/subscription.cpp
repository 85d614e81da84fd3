// Distributed under the Boost Software License, Version 1.0.
#include <tusk/subscription.hpp>

#include "net/connection_core.hpp"
#include "net/subscriptions.hpp"
#include "values/channel.hpp"

#include <tusk/error.hpp>

#include <asio/error.hpp>

#include <exception>
#include <new>
#include <utility>

namespace tusk {

namespace detail {

unlisten_sink::unlisten_sink(std::shared_ptr<connection_core> connection, std::string_view channel)
    : channel_statement_sink(channel_statement("unlisten", channel))
    , connection_(std::move(connection))
{
}

void unlisten_sink::end(std::size_t, std::string_view) noexcept
{
    if (net::subscriptions* const of = connection_->subscriptions()) of->heed_own_unlisten();
}

listen_sink::listen_sink(std::shared_ptr<subscription_core> core)
    : channel_statement_sink(channel_statement("listen", core->channel()))
    , core_(std::move(core))
{
}

void listen_sink::end(std::size_t, std::string_view) noexcept
try {
    if (!core_->confirm())
        fail(
            errc::already_in_transaction,
            diagnostics::client("SQL has begun a transaction block, whose rollback would end the listening"));
} catch (...) {
    fail_with_current_exception();
}

void listen_sink::prepare() noexcept { core_->settle(*this); }

subscription listen_sink::take() noexcept
{
    if (!ec) return subscription(std::move(core_));
    core_->abandon(diag.outcome() != outcome::not_sent);
    return subscription(nullptr, std::move(diag));
}

submitter_ptr submitter_of(const std::shared_ptr<subscription_core>& core) noexcept { return core; }

std::shared_ptr<subscription_core> make_subscription(std::shared_ptr<connection_core> connection,
                                                     std::string_view channel, notification_limits limits)
{
    return std::make_shared<subscription_core>(std::move(connection), channel, limits);
}

void start_listen(const std::shared_ptr<subscription_core>& core, request& op) noexcept
try {
    core->listen(op);
} catch (const std::bad_alloc&) {
    std::terminate(); // not even the failure can be reported
}

void start_unlisten(const std::shared_ptr<subscription_core>& core, request& op) noexcept
{
    core->unlisten(op);
}

std::shared_ptr<connection_core> connection_of(const subscription_core& core) noexcept
{
    return core.connection();
}

std::string_view channel_of(const subscription_core& core) noexcept { return core.channel(); }

} // namespace detail

subscription& subscription::operator=(subscription&& other) noexcept
{
    if (this == &other) return *this;
    close();
    core_ = std::move(other.core_);
    diag_ = std::move(other.diag_);
    return *this;
}

subscription::~subscription() { close(); }

subscription::executor_type subscription::get_executor() const noexcept { return core_->executor(); }

std::optional<notification> subscription::try_receive() noexcept { return core_->try_receive(); }

void subscription::close() noexcept
{
    if (!core_) return;
    core_->cancel_receive(asio::error::operation_aborted, {});
    core_->abandon();
}

bool subscription::is_open() const noexcept { return core_ && !core_->has_ended(); }

std::string_view subscription::channel() const noexcept
{
    return core_ ? core_->channel() : std::string_view();
}

} // namespace tusk
