// Distributed under the Boost Software License, Version 1.0.
#include "net/dial.hpp"

#include "net/tls_setup.hpp"
#include "net/try_address.hpp"

#include <tusk/error.hpp>

#include <asio/error.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/redirect_error.hpp>
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
    tls_setup tls(where.tls, options.tls);
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
            attempt a = co_await try_address(where, host, address, options, tls);
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
