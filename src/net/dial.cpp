// Distributed under the Boost Software License, Version 1.0.
#include "net/dial.hpp"

#include "net/login.hpp"
#include "net/socket_options.hpp"

#include <tusk/error.hpp>

#include <asio/error.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace tusk::net {

namespace {

using endpoint = asio::generic::stream_protocol::endpoint;

/// Closes a socket when the time is up, so that whatever it is doing ends.
class deadline {
public:
    deadline(const asio::any_io_executor& executor, std::chrono::milliseconds after, transport& stream)
        : timer_(executor)
        , watched_(std::make_shared<watched>(&stream))
    {
        if (after.count() <= 0) return;
        timer_.expires_after(after);
        timer_.async_wait([w = watched_](std::error_code ec) {
            if (ec || !w->stream) return;
            w->expired = true;
            w->stream->close();
        });
    }
    deadline(const deadline&) = delete;
    deadline& operator=(const deadline&) = delete;
    ~deadline() { watched_->stream = nullptr; } // the handler may be on its way already

    [[nodiscard]] bool expired() const noexcept { return watched_->expired; }

private:
    struct watched {
        explicit watched(transport* s)
            : stream(s)
        {
        }
        transport* stream;
        bool expired = false;
    };

    asio::steady_timer timer_;
    std::shared_ptr<watched> watched_;
};

[[nodiscard]] session::login login_for(const conn::settings& where, const conn::host_target& host,
                                       const connection_options& options)
{
    session::login who;
    who.user = where.user;
    who.database = where.dbname;
    const conn::secret& password = where.password_for(host);
    who.password = auth::secret_string(password.view());
    who.has_password = !password.empty();
    if (!where.application_name.empty())
        who.parameters.emplace_back("application_name", where.application_name);
    if (!where.options.empty()) who.parameters.emplace_back("options", where.options);
    for (const auto& guc : where.startup_gucs) who.parameters.push_back(guc);
    who.policy = where.require_auth;
    who.private_channel = host.unix_socket;
    who.scram.max_iterations = options.scram_max_iterations;
    who.scram.keep_keys = options.scram_keep_keys;
    who.min_protocol = where.min_protocol;
    who.max_protocol = where.max_protocol;
    return who;
}

/// The addresses of a host, in the order in which they are tried.
asio::awaitable<std::vector<endpoint>> addresses_of(const conn::host_target& host, std::error_code& ec)
{
    std::vector<endpoint> found;
    if (host.unix_socket) {
        std::string path = host.path;
        if (path.starts_with('@')) path.front() = '\0'; // Linux's abstract namespace
        try {
            found.emplace_back(asio::local::stream_protocol::endpoint(path));
        } catch (const std::system_error& too_long) {
            ec = too_long.code();
        }
        co_return found;
    }
    const std::string& name = host.hostaddr.empty() ? host.host : host.hostaddr;
    const auto port = static_cast<std::uint16_t>(std::stoul(host.port));
    const auto numeric = asio::ip::make_address(name, ec);
    if (!ec) {
        found.emplace_back(asio::ip::tcp::endpoint(numeric, port));
        co_return found;
    }
    const auto executor = co_await asio::this_coro::executor;
    asio::ip::tcp::resolver resolver(executor);
    const auto results =
        co_await resolver.async_resolve(name, host.port, asio::redirect_error(asio::use_awaitable, ec));
    for (const auto& entry : results) found.emplace_back(entry.endpoint());
    co_return found;
}

/// "127.0.0.1:5432", or the path of a unix socket.
[[nodiscard]] std::string spell(const conn::host_target& host, const endpoint& address)
{
    if (host.unix_socket) return host.path;
    asio::ip::tcp::endpoint tcp;
    if (address.size() > tcp.capacity()) return host.display();
    std::memcpy(tcp.data(), address.data(), address.size());
    const std::string numeric =
        tcp.address().is_v6() ? '[' + tcp.address().to_string() + ']' : tcp.address().to_string();
    const std::string where = numeric + ':' + host.port;
    return host.host.empty() || host.host == tcp.address().to_string() ? where
                                                                       : host.host + " (" + where + ')';
}

asio::awaitable<attempt> try_address(const conn::settings& where, const conn::host_target& host,
                                     const endpoint& to, const connection_options& options)
{
    const auto executor = co_await asio::this_coro::executor;
    transport stream(executor);
    stream.set_private(host.unix_socket);
    const deadline limit(executor, where.connect_timeout, stream);
    const auto timed_out = [&] {
        return attempt{
            {},
            make_error_code(errc::connect_timeout),
            diagnostics::client("no session within " + std::to_string(where.connect_timeout.count()) + " ms",
                                outcome::not_sent),
            false};
    };

    std::error_code ec;
    stream.socket().open(to.protocol(), ec);
    if (!ec) ec = prepare_socket(stream.socket(), !host.unix_socket, where, options);
    if (!ec) co_await stream.socket().async_connect(to, asio::redirect_error(asio::use_awaitable, ec));
    if (limit.expired()) co_return timed_out();
    if (ec) co_return attempt{{}, ec, diagnostics::client(ec.message(), outcome::not_sent), false};

    attempt result = co_await log_in(stream, login_for(where, host, options), options);
    if (limit.expired() && !result.final) co_return timed_out();
    co_return result;
}

/// All that was tried in vain, one line each.
class failures {
public:
    void add(const std::string& place, std::error_code ec, const diagnostics& diag)
    {
        std::string line =
            place + ": " + (ec.category() == client_category() ? ec.message() + ": " : std::string());
        line += diag.message().empty() ? ec.message() : std::string(diag.message());
        lines_.push_back(std::move(line));
        last_ec_ = ec;
        last_diag_ = diag;
    }

    [[nodiscard]] dial_result result(const std::vector<std::string>& warnings) const
    {
        if (lines_.size() == 1) {
            std::string text = lines_.front();
            for (const auto& w : warnings) text += "\n" + w;
            return {{},
                    last_ec_,
                    last_diag_.severity().empty() ? diagnostics::client(std::move(text), outcome::not_sent)
                                                  : last_diag_};
        }
        std::string text = "no host could be used:";
        for (const auto& line : lines_) text += "\n  " + line;
        for (const auto& w : warnings) text += "\n" + w;
        return {{}, errc::all_hosts_failed, diagnostics::client(std::move(text), outcome::not_sent)};
    }

private:
    std::vector<std::string> lines_;
    std::error_code last_ec_;
    diagnostics last_diag_;
};

} // namespace

asio::awaitable<dial_result> dial(conn::settings where, connection_options options)
{
    failures failed;
    std::minstd_rand random{std::random_device{}()};
    if (where.load_balance_random) std::ranges::shuffle(where.hosts, random);
    for (const conn::host_target& host : where.hosts) {
        std::error_code ec;
        std::vector<endpoint> addresses = co_await addresses_of(host, ec);
        if (addresses.empty())
            failed.add(host.display(), ec,
                       diagnostics::client("the address cannot be found: " + ec.message()));
        if (where.load_balance_random) std::ranges::shuffle(addresses, random);
        for (const endpoint& address : addresses) {
            attempt a = co_await try_address(where, host, address, options);
            if (a.open) co_return dial_result{std::move(a.open), {}, {}};
            if (a.ec == asio::error::operation_aborted) // also at the last address, which is not to blame
                co_return dial_result{
                    {}, a.ec, diagnostics::client("connecting was cancelled", outcome::not_sent)};
            if (a.final) {
                failures only;
                only.add(spell(host, address), a.ec, a.diag);
                co_return only.result(where.warnings);
            }
            failed.add(spell(host, address), a.ec, a.diag);
        }
    }
    co_return failed.result(where.warnings);
}

} // namespace tusk::net
