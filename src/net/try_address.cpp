// Distributed under the Boost Software License, Version 1.0.
#include "net/try_address.hpp"

#include "net/check_attributes.hpp"
#include "net/deadline.hpp"
#include "net/gss_start.hpp"
#include "net/socket_options.hpp"
#include "net/tls_start.hpp"

#include <tusk/error.hpp>

#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace tusk::net {

namespace {

enum class way : std::uint8_t { plain, tls, gss };

/// What is tried, in this order.
[[nodiscard]] std::vector<way> ways_of(conn::tls_mode mode, bool unix_socket)
{
    if (unix_socket) return {way::plain};
    switch (mode) {
    case conn::tls_mode::disable:
        return {way::plain};
    case conn::tls_mode::allow:
        return {way::plain, way::tls};
    case conn::tls_mode::prefer:
        return {way::tls, way::plain};
    default:
        return {way::tls};
    }
}

[[nodiscard]] attempt failed_attempt(std::error_code ec, std::string sentence)
{
    return {{}, ec, diagnostics::client(std::move(sentence), outcome::not_sent)};
}

/// Two ways have failed. A server that has no entry for one of them says little: then the other counts.
[[nodiscard]] attempt more_telling(attempt first, attempt second)
{
    const auto says_little = [](const attempt& a) {
        return a.ec == sqlstate::invalid_authorization_specification || a.ec == errc::tls_not_offered;
    };
    const bool take_first = says_little(second) && !says_little(first);
    attempt& main = take_first ? first : second;
    const attempt& other = take_first ? second : first;
    if (main.diag.severity().empty() && main.ec != other.ec)
        main.diag = diagnostics::client(std::string(main.diag.message()) +
                                            "; the other of the two ways that sslmode "
                                            "allows: " +
                                            std::string(other.diag.message()),
                                        outcome::not_sent);
    return std::move(main);
}

/// The attempts at one address.
class trial {
public:
    trial(const asio::any_io_executor& executor, const walk& w, const conn::host_target& host,
          const endpoint& to, std::optional<connected_socket> connected)
        : executor_(executor)
        , where_(w.where)
        , host_(host)
        , to_(to)
        , options_(w.options)
        , tls_(w.tls)
        , steps_(w.steps)
        , wanted_(w.wanted)
        , limit_(executor, where_.connect_timeout,
                 connected ? connected->began : std::chrono::steady_clock::now())
        , connected_(std::move(connected))
    {
    }

    asio::awaitable<attempt> run()
    {
        const std::vector<way> ways = ways_of(where_.tls.mode, host_.unix_socket);
        attempt result;
        if (where_.gss_encryption == conn::wish::require && host_.unix_socket)
            co_return failed_attempt(errc::gssapi_failed,
                                     "gssencmode=require: a unix socket has no GSSAPI encryption");
        if (where_.gss_encryption != conn::wish::disable && !host_.unix_socket && auth::gss_client::built()) {
            result = co_await connect(way::gss, false);
            limit_.watch(nullptr);
            if (limit_.expired() && !result.open && !result.final) co_return timed_out();
            const bool go_on = where_.gss_encryption != conn::wish::require && result.other_way;
            if (result.open || !go_on || result.ec == asio::error::operation_aborted) co_return result;
        }
        for (std::size_t i = 0; i != ways.size(); ++i) {
            attempt a = co_await connect(ways[i], ways.back() == way::plain);
            limit_.watch(nullptr);
            if (limit_.expired() && !a.open && !a.final) co_return timed_out();
            const bool go_on = !a.open && a.other_way && a.ec != asio::error::operation_aborted;
            result = i == 0 || a.open ? std::move(a) : more_telling(std::move(result), std::move(a));
            if (!go_on) break;
        }
        co_return result;
    }

private:
    /// One socket. `plain_will_do`: a server without TLS may go on without it.
    asio::awaitable<attempt> connect(way how, bool plain_will_do)
    {
        transport stream(executor_);
        if (options_.trace.sink) stream.set_tracer(std::make_shared<wire::tracer>(options_.trace));
        limit_.watch(&stream);
        if (const std::error_code ec = co_await open(stream)) co_return failed_attempt(ec, ec.message());

        session::login who = login();
        bool other_way = true;
        if (how == way::tls) {
            tls_started s = co_await start_tls(stream, tls_, host_.host);
            if (s.what == tls_started::result::failed) co_return refused(s);
            if (s.what == tls_started::result::declined && !plain_will_do) co_return refused(s);
            other_way = s.what == tls_started::result::encrypted; // else this is the other way already
            who.certificate_lack = std::move(s.certificate_lack);
            who.end_point = std::move(s.end_point);
        }
        if (how == way::gss) {
            const gss_started s = co_await start_gss(stream, who.gss);
            if (s.ec) co_return refused(s);
            who.gss_encrypted = true;
        }
        tell_encryption(stream, how);
        who.tls = how == way::tls && stream.is_encrypted();
        who.private_channel = host_.unix_socket || stream.is_encrypted();
        attempt result = co_await log_in(stream, std::move(who), options_, steps_);
        result.other_way = result.other_way && other_way;
        if (result.open) {
            limit_.watch(&result.open->stream);
            co_await check_attributes(result, wanted_);
            limit_.watch(nullptr);
        }
        co_return result;
    }

    void tell_encryption(const transport& stream, way how)
    {
        if (!stream.is_encrypted()) return;
        const tls_info tls = stream.tls();
        steps_.tell(connect_event::step::encrypted,
                    how == way::gss ? "GSSAPI" : tls.protocol + " " + tls.cipher);
    }

    asio::awaitable<std::error_code> open(transport& stream)
    {
        std::error_code ec;
        if (connected_) { // its steps have been told
            stream.socket() = std::move(connected_->socket);
            connected_.reset();
            co_return ec;
        }
        steps_.tell(connect_event::step::connecting);
        stream.socket().open(to_.protocol(), ec);
        if (!ec) ec = prepare_socket(stream.socket(), !host_.unix_socket, where_, options_);
        if (!ec) co_await stream.socket().async_connect(to_, asio::redirect_error(asio::use_awaitable, ec));
        if (!ec) steps_.tell(connect_event::step::connected);
        co_return ec;
    }

    [[nodiscard]] static attempt refused(const tls_started& s)
    {
        attempt a = failed_attempt(s.why.ec, s.why.sentence);
        a.final = !s.network;
        a.other_way = s.in_handshake;
        return a;
    }

    [[nodiscard]] static attempt refused(const gss_started& s)
    {
        attempt a = failed_attempt(s.ec, s.sentence);
        a.final = !s.network;
        a.other_way = s.unencrypted_may_do;
        return a;
    }

    [[nodiscard]] session::login login() const
    {
        session::login who;
        who.user = where_.user;
        who.database = where_.dbname;
        const conn::secret& password = where_.password_for(host_);
        who.password = auth::secret_string(password.view());
        who.has_password = !password.empty();
        who.ask_password = static_cast<bool>(options_.password_provider);
        who.keys = where_.scram_keys;
        who.oauth = where_.oauth;
        who.ask_token = static_cast<bool>(options_.token_provider);
        who.host = host_.host.empty() ? host_.hostaddr : host_.host;
        who.port = host_.port;
        if (host_.unix_socket) who.require_peer = where_.require_peer;
        if (!where_.application_name.empty())
            who.parameters.emplace_back("application_name", where_.application_name);
        if (!where_.options.empty()) who.parameters.emplace_back("options", where_.options);
        if (!where_.replication.empty()) who.parameters.emplace_back("replication", where_.replication);
        for (const auto& guc : where_.startup_gucs) who.parameters.push_back(guc);
        who.policy = where_.require_auth;
        who.channel_binding = where_.channel_binding;
        who.gss = gss_target_of(where_, host_);
        who.scram.max_iterations = options_.scram_max_iterations;
        who.scram.keep_keys = options_.scram_keep_keys;
        who.min_protocol = where_.min_protocol;
        who.max_protocol = where_.max_protocol;
        return who;
    }

    [[nodiscard]] attempt timed_out() const
    {
        return failed_attempt(errc::connect_timeout,
                              "no session within " + std::to_string(where_.connect_timeout.count()) + " ms");
    }

    asio::any_io_executor executor_;
    const conn::settings& where_;
    const conn::host_target& host_;
    const endpoint& to_;
    const connection_options& options_;
    tls_setup& tls_;
    connect_steps& steps_;
    conn::session_kind wanted_;
    deadline limit_;
    std::optional<connected_socket> connected_;
};

} // namespace

asio::awaitable<attempt> try_address(const walk& w, const conn::host_target& host, const endpoint& to,
                                     std::optional<connected_socket> connected)
{
    const auto executor = co_await asio::this_coro::executor;
    trial t(executor, w, host, to, std::move(connected));
    attempt result = co_await t.run();
    co_return result;
}

} // namespace tusk::net
