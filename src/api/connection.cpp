// Distributed under the Boost Software License, Version 1.0.
#include <tusk/connection.hpp>

#include "auth/secret_string.hpp"
#include "net/connection_core.hpp"

#include <ostream>
#include <utility>

namespace tusk {

namespace detail {

asio::any_io_executor executor_of(const connection_core& core) noexcept { return core.executor(); }

submitter_ptr submitter_of(const std::shared_ptr<connection_core>& core) noexcept { return core; }

void start_connect(connection_core& core, request& done, std::variant<conninfo, std::string> where) noexcept
{
    if (const conninfo* info = std::get_if<conninfo>(&where)) return core.connect(done, *info);
    std::error_code ec;
    diagnostics diag;
    std::string& text = std::get<std::string>(where);
    const auth::wipe_guard guard(text.data(), text.size()); // it may hold a password
    const conninfo info = conninfo::parse(text, ec, diag);
    if (ec)
        core.finish_later(done, ec, diag.with_outcome(outcome::not_sent));
    else
        core.connect(done, info);
}

void start_close(connection_core& core, request& done) noexcept { core.close(done); }

void read_on_demand(connection& c) noexcept { c.core_->read_on_demand(); }

} // namespace detail

namespace {

[[nodiscard]] const session::server_state* server_of(const detail::connection_core& core) noexcept
{
    return core.link() ? &core.link()->talk().server() : nullptr;
}

} // namespace

connection::connection(asio::any_io_executor executor, connection_options options)
    : core_(std::make_shared<detail::connection_core>(std::move(executor), std::move(options)))
{
}

connection& connection::operator=(connection&& other) noexcept
{
    if (this == &other) return *this;
    if (core_) core_->orphan();
    core_ = std::move(other.core_);
    return *this;
}

connection::~connection()
{
    if (core_) core_->orphan();
}

connection::executor_type connection::get_executor() const noexcept { return core_->executor(); }

detail::submitter_ptr connection::requests() const { return core_; }

bool connection::is_open() const noexcept { return core_->link() && core_->link()->is_open(); }

std::string_view connection::parameter(std::string_view name) const noexcept
{
    const auto* server = server_of(*core_);
    return server ? server->parameter(name) : std::string_view{};
}

std::map<std::string, std::string, std::less<>> connection::parameters() const
{
    const auto* server = server_of(*core_);
    return server ? server->parameters : std::map<std::string, std::string, std::less<>>{};
}

enum transaction_status connection::transaction_status() const noexcept
{
    const auto* server = server_of(*core_);
    return static_cast<enum transaction_status>(server ? server->transaction : 'I');
}

std::int32_t connection::process_id() const noexcept
{
    const auto* server = server_of(*core_);
    return server ? server->process_id : 0;
}

std::uint32_t connection::protocol_version() const noexcept
{
    const auto* server = server_of(*core_);
    return server ? server->protocol : 0;
}

std::string_view connection::authentication_method() const noexcept
{
    const auto* server = server_of(*core_);
    return server ? server->authentication : std::string_view{};
}

session_info connection::session() const
{
    const auto* server = server_of(*core_);
    if (!server) return {};
    return {server->address, server->protocol, std::string(server->authentication), server->process_id,
            !server->secret_key.empty()};
}

tls_info connection::tls() const { return core_->link() ? core_->link()->stream().tls() : tls_info{}; }

connection_statistics connection::statistics() const noexcept
{
    return core_->link() ? core_->link()->talk().statistics() : connection_statistics{};
}

void connection::on_notice(std::function<void(const diagnostics&)> f)
{
    core_->set_notice_hook(std::move(f));
}

void connection::on_parameter(std::function<void(std::string_view, std::string_view)> f)
{
    core_->set_parameter_hook(std::move(f));
}

void connection::on_notification(std::function<void(std::int32_t, std::string_view, std::string_view)> f)
{
    core_->set_notification_hook(std::move(f));
}

void connection::trace(trace_sink sink, trace_flags flags) { core_->set_trace({std::move(sink), flags}); }

void connection::trace(std::ostream& to, trace_flags flags)
{
    trace([&to](std::string_view text) { to << text; }, flags);
}

void connection::untrace() { core_->set_trace({}); }

} // namespace tusk
