// Distributed under the Boost Software License, Version 1.0.
#include "net/listener_core.hpp"

#include "values/channel.hpp"

#include <tusk/error.hpp>
#include <tusk/sql.hpp>

#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <new>
#include <random>
#include <utility>

/// The coroutine of a listener: connect, listen, wait for the end, pause, and again. Wherever it has waited the listener
/// may have been stopped, and the connection be gone.
namespace tusk::detail {

namespace {

using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// Whether another attempt, a little later, cannot be expected to end otherwise.
[[nodiscard]] bool is_refusal(std::error_code ec) noexcept
{
    if (ec == sqlstate_class::invalid_authorization_specification || ec == sqlstate::invalid_catalog_name)
        return true;
    static constexpr errc refusals[] = {errc::invalid_conninfo,         errc::unsupported_parameter,
                                        errc::unsupported_protocol,     errc::authentication_unsupported,
                                        errc::authentication_refused,   errc::authentication_protocol,
                                        errc::password_missing,         errc::server_not_verified,
                                        errc::tls_not_offered,          errc::tls_file,
                                        errc::certificate_untrusted,    errc::certificate_expired,
                                        errc::certificate_revoked,      errc::certificate_name_mismatch,
                                        errc::channel_binding_required, errc::peer_mismatch};
    return std::ranges::any_of(refusals, [ec](errc e) { return ec == e; });
}

} // namespace

asio::awaitable<void> listener_core::run(std::unique_ptr<listener_session> session)
{
    listener_failure why;
    try {
        why = co_await session->of->keep(*session);
    } catch (const std::bad_alloc&) {
        why.ec = make_error_code(std::errc::not_enough_memory);
    } catch (...) {
        why.ec = errc::visitor_failed;
        why.why = diagnostics::client("a function in listener_options threw an exception");
    }
    session->of->finish_run(why);
}

asio::awaitable<listener_failure> listener_core::keep(listener_session& s)
{
    bool listened = false;
    unsigned attempts = 0; // since there was a connection that lasted
    for (;;) {
        listener_failure why = co_await open(s);
        if (stopped_) co_return why;
        if (!why.ec) {
            const auto since = clock::now();
            tell_gap();
            listened = true;
            listening_ = true;
            why = co_await attend(s);
            listening_ = false;
            if (stopped_) co_return why;
            gap_ = why.why;
            if (clock::now() - since >= options_.longest_pause) attempts = 0;
            for (auto& [name, c] : channels_) c.listening = false;
            leaving_.clear();
            s.close();
            tell(why);
        } else {
            s.close();
            tell(why);
            if (!listened || gives_up(why, attempts + 1)) co_return why;
        }
        if (!stopped_) co_await pause(s, ++attempts);
        if (stopped_) co_return why;
    }
}

/// Connects, and listens to all channels.
asio::awaitable<listener_failure> listener_core::open(listener_session& s)
{
    s.renew(options_.connection);
    listener_failure failure;
    failure.why = co_await s.db->async_connect(where_, asio::redirect_error(asio::use_awaitable, failure.ec));
    if (stopped_ || failure.ec) co_return failure;
    while (has_work()) {
        failure = co_await tell_server(s);
        if (stopped_ || failure.ec) break;
    }
    co_return failure;
}

/// Until the connection is lost: what changes is told the server.
asio::awaitable<listener_failure> listener_core::attend(listener_session& s)
{
    while (!s.lost.ec) {
        listener_failure failure;
        if (has_work()) {
            failure = co_await tell_server(s);
        } else {
            std::error_code cancelled;
            if (options_.check_interval > milliseconds::zero())
                s.timer.expires_after(options_.check_interval);
            else
                s.timer.expires_at(clock::time_point::max());
            s.heard = false;
            co_await s.timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
            if (stopped_) break;
            if (s.lost.ec || cancelled || s.heard) continue;
            bound question = sql("select 1").timeout(options_.check_timeout);
            auto answer = co_await s.db->async_execute(std::move(question),
                                                       asio::redirect_error(asio::use_awaitable, failure.ec));
            failure.why = answer.diag();
        }
        if (stopped_) break;
        if (failure.ec) co_return s.lost.ec ? s.lost : failure;
    }
    co_return s.lost;
}

/// LISTEN and UNLISTEN for all that is due. A failure is that of the connection, or of channels that are listened to
/// again; one of new channels is told whoever wants those.
asio::awaitable<listener_failure> listener_core::tell_server(listener_session& s)
{
    std::string text;
    std::vector<std::string> asked;
    const bool again = !listening_;
    for (const std::string& name : std::exchange(leaving_, {}))
        if (channels_.find(name) == channels_.end()) text += channel_statement("unlisten", name) + ';';
    for (const auto& [name, c] : channels_) {
        if (c.listening) continue;
        text += channel_statement("listen", name) + ';';
        asked.push_back(name);
    }
    listener_failure failure;
    if (text.empty()) co_return failure;
    const auto answer =
        co_await s.db->async_script(text, asio::redirect_error(asio::use_awaitable, failure.ec));
    if (stopped_) co_return failure;
    failure.why = answer.diag();
    if (!failure.ec) {
        settle(asked);
    } else if (!again && s.db->is_open() && failure.ec != errc::timed_out) {
        refuse(asked, failure);
        failure = {};
    }
    co_return failure;
}

asio::awaitable<void> listener_core::pause(listener_session& s, unsigned attempt)
{
    milliseconds limit = std::max(options_.first_pause, milliseconds(1));
    for (unsigned i = 1; i < attempt && limit < options_.longest_pause; ++i) limit *= 2;
    limit = std::max(std::min(limit, options_.longest_pause), milliseconds(1));
    std::random_device seed;
    std::uniform_int_distribution<milliseconds::rep> any((limit.count() + 1) / 2, limit.count());
    const auto until = clock::now() + milliseconds(any(seed));
    while (!stopped_ && clock::now() < until) {
        std::error_code ignored;
        s.timer.expires_at(until);
        co_await s.timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    }
}

bool listener_core::gives_up(const listener_failure& why, unsigned attempts) const noexcept
{
    return (options_.max_attempts > 0 && attempts >= options_.max_attempts) ||
           (options_.end_on_refusal && is_refusal(why.ec));
}

void listener_core::tell(const listener_failure& why) const
{
    if (options_.on_failure) options_.on_failure(why.ec, why.why);
}

} // namespace tusk::detail
