// Distributed under the Boost Software License, Version 1.0.
#include "net/look_up.hpp"

#include <tusk/error.hpp>

#include <asio/cancellation_state.hpp>
#include <asio/error.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <cstring>
#include <memory>

namespace tusk::net {

namespace {

/// Outlives whoever waits: the resolver's handler comes when the system is done, however late.
struct look_up {
    explicit look_up(const asio::any_io_executor& executor)
        : resolver(executor)
        , event(executor)
    {
    }
    asio::ip::tcp::resolver resolver;
    asio::steady_timer event; // cancelled when there is an answer
    bool done = false;
    std::error_code ec;
    std::vector<endpoint> found;
};

void begin(const std::shared_ptr<look_up>& l, const std::string& name, const std::string& port)
{
    l->resolver.async_resolve(name, port,
                              [l](std::error_code ec, const asio::ip::tcp::resolver::results_type& results) {
                                  l->done = true;
                                  l->ec = ec;
                                  for (const auto& entry : results) l->found.emplace_back(entry.endpoint());
                                  l->event.cancel();
                              });
}

asio::awaitable<std::vector<endpoint>> resolve(std::string name, std::string port,
                                               std::chrono::milliseconds limit, std::error_code& ec)
{
    const auto executor = co_await asio::this_coro::executor;
    const auto l = std::make_shared<look_up>(executor);
    if (limit.count() > 0)
        l->event.expires_after(limit);
    else
        l->event.expires_at(asio::steady_timer::time_point::max());
    begin(l, name, port);
    std::error_code ended;
    co_await l->event.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if (!l->done) {
        l->resolver.cancel(); // what has not begun yet never will
        ec = ended ? make_error_code(asio::error::operation_aborted) : make_error_code(errc::connect_timeout);
        co_return std::vector<endpoint>{};
    }
    ec = l->ec;
    co_return std::move(l->found);
}

[[nodiscard]] asio::ip::tcp::endpoint tcp_of(const endpoint& address)
{
    asio::ip::tcp::endpoint tcp;
    if (address.size() <= tcp.capacity()) std::memcpy(tcp.data(), address.data(), address.size());
    return tcp;
}

} // namespace

bool is_looked_up(const conn::host_target& host)
{
    if (host.unix_socket || !host.hostaddr.empty()) return false;
    std::error_code no_address;
    (void)asio::ip::make_address(host.host, no_address);
    return static_cast<bool>(no_address);
}

asio::awaitable<std::vector<endpoint>> addresses_of(const conn::host_target& host,
                                                    std::chrono::milliseconds limit, std::error_code& ec)
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
    found = co_await resolve(name, host.port, limit, ec);
    co_return found;
}

std::string spell_tcp(const endpoint& address)
{
    const asio::ip::tcp::endpoint tcp = tcp_of(address);
    const std::string ip = tcp.address().to_string();
    return (tcp.address().is_v6() ? '[' + ip + ']' : ip) + ':' + std::to_string(tcp.port());
}

std::string spell_numeric(const conn::host_target& host, const endpoint& address)
{
    return host.unix_socket ? host.path : spell_tcp(address);
}

std::string spell(const conn::host_target& host, const endpoint& address)
{
    const std::string where = spell_numeric(host, address);
    if (host.unix_socket || host.host.empty() || host.host == tcp_of(address).address().to_string())
        return where;
    return host.host + " (" + where + ')';
}

} // namespace tusk::net
