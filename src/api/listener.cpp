// Distributed under the Boost Software License, Version 1.0.
#include <tusk/listener.hpp>

#include "net/listener_core.hpp"

#include <exception>
#include <new>
#include <utility>

namespace tusk {

namespace detail {

submitter_ptr submitter_of(const std::shared_ptr<listener_core>& core) noexcept { return core; }

void start_listener_listen(const std::shared_ptr<listener_core>& core, request& op,
                           std::string channel) noexcept
try {
    core->listen(op, std::move(channel));
} catch (const std::bad_alloc&) {
    std::terminate(); // not even the failure can be reported
}

} // namespace detail

namespace {

[[nodiscard]] std::shared_ptr<detail::listener_core>
make_core(asio::any_io_executor executor, std::string_view where, listener_options options)
{
    detail::listener_failure bad;
    conninfo parsed = conninfo::parse(where, bad.ec, bad.why);
    return std::make_shared<detail::listener_core>(std::move(executor), std::move(parsed), std::move(bad),
                                                   std::move(options));
}

} // namespace

listener::listener(asio::any_io_executor executor, conninfo where, listener_options options)
    : core_(std::make_shared<detail::listener_core>(std::move(executor), std::move(where),
                                                    detail::listener_failure{}, std::move(options)))
{
}

listener::listener(asio::any_io_executor executor, std::string_view where, listener_options options)
    : core_(make_core(std::move(executor), where, std::move(options)))
{
}

listener& listener::operator=(listener&& other) noexcept
{
    if (this == &other) return *this;
    if (core_) core_->stop();
    core_ = std::move(other.core_);
    return *this;
}

listener::~listener()
{
    if (core_) core_->stop();
}

listener::executor_type listener::get_executor() const noexcept { return core_->executor(); }

void listener::unlisten(std::string_view channel) noexcept { core_->unlisten(channel); }

std::optional<notification> listener::try_receive() noexcept { return core_->try_receive(); }

void listener::stop() noexcept { core_->stop(); }

bool listener::is_listening() const noexcept { return core_->is_listening(); }

} // namespace tusk
