// Distributed under the Boost Software License, Version 1.0.
#include <tusk/blocking/connection.hpp>
#include <tusk/blocking/subscription.hpp>

#include <chrono>
#include <exception>
#include <utility>

namespace tusk::blocking {

namespace {

/// The loop keeps the limit instead of the connection, so that it counts for all calls.
[[nodiscard]] connection_options without_limit(connection_options options)
{
    options.request_timeout = {};
    return options;
}

} // namespace

connection::connection(connection_options options)
    : loop_(std::make_shared<detail::own_loop>())
    , async_(loop_->executor(), without_limit(options))
{
    loop_->limit = options.request_timeout;
    detail::read_on_demand(async_);
}

connection::connection(std::string_view where, connection_options options)
    : connection(std::move(options))
{
    connect(where);
}

connection::connection(const conninfo& where, connection_options options)
    : connection(std::move(options))
{
    connect(where);
}

/// The connection goes before its loop.
connection& connection::operator=(connection&& other) noexcept
{
    async_ = std::move(other.async_);
    loop_ = std::move(other.loop_);
    return *this;
}

connection::~connection() = default;

void connection::pause(int attempt, const repetition& how)
{
    detail::waiting<true> token{loop_.get(), {}};
    asio::async_initiate<detail::waiting<true>, void(std::error_code, diagnostics)>(
        detail::initiate_request<detail::event_sink>{detail::make_pause(loop_->executor(), attempt, how)},
        token);
}

transaction& transaction::operator=(transaction&& other) noexcept
{
    if (this == &other) return *this;
    leave();
    async_ = std::move(other.async_);
    loop_ = std::move(other.loop_);
    open_ = std::exchange(other.open_, false);
    return *this;
}

void transaction::leave() noexcept
{
    if (!std::exchange(open_, false)) return;
    constexpr std::chrono::milliseconds otherwise{10'000};
    try {
        std::error_code ignored; // it is over then, or the connection is
        const auto limit = loop_->limit.count() > 0 ? loop_->limit : otherwise;
        (void)async_.async_rollback(detail::waiting<false>{loop_.get(), {limit, false}, &ignored});
    } catch (const std::exception&) {
        // a hook threw
    }
}

std::optional<notification> subscription::try_receive()
{
    check();
    std::optional<notification> got = on_.async.try_receive();
    while (!got && on_.async.is_open() && on_.loop->run_ready()) got = on_.async.try_receive();
    return got;
}

maybe<notification> subscription::receive_for(std::chrono::milliseconds limit, std::error_code& ec)
{
    check();
    const bool wait = limit.count() > 0;
    if (!wait) {
        std::optional<notification> got = try_receive();
        if (got || is_open()) return maybe<notification>(std::move(got));
    } // else it says at once why there is nothing
    single<notification> got =
        on_.async.async_receive(detail::waiting<false>{on_.loop.get(), {wait ? limit : limit.zero()}, &ec});
    if (!ec) return maybe<notification>(std::optional<notification>(std::move(got).value()));
    if (ec == errc::timed_out) {
        ec = {};
        return {};
    }
    return maybe<notification>(got.diag());
}

} // namespace tusk::blocking
