// Distributed under the Boost Software License, Version 1.0.
#include "net/socket_options.hpp"

#include <asio/error.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cerrno>

namespace tusk::net {

namespace {

class setter {
public:
    explicit setter(int fd)
        : fd_(fd)
    {
    }

    void operator()(int level, int name, int value)
    {
        if (!ec_ && ::setsockopt(fd_, level, name, &value, sizeof value) != 0)
            ec_ = {errno, asio::error::get_system_category()};
    }
    void unless_zero(int level, int name, int value)
    {
        if (value) (*this)(level, name, value);
    }

    [[nodiscard]] std::error_code error() const noexcept { return ec_; }

private:
    int fd_;
    std::error_code ec_;
};

} // namespace

std::error_code prepare_socket(transport::socket_type& socket, bool tcp, const conn::settings& where,
                               const connection_options& options)
{
    setter set(socket.native_handle());
    set.unless_zero(SOL_SOCKET, SO_SNDBUF, options.send_buffer);
    set.unless_zero(SOL_SOCKET, SO_RCVBUF, options.receive_buffer);
    if (!tcp) return set.error();
    set(IPPROTO_TCP, TCP_NODELAY, 1);
    set(SOL_SOCKET, SO_KEEPALIVE, where.keepalives ? 1 : 0);
    if (where.keepalives) {
        set.unless_zero(IPPROTO_TCP, TCP_KEEPIDLE, where.keepalives_idle);
        set.unless_zero(IPPROTO_TCP, TCP_KEEPINTVL, where.keepalives_interval);
        set.unless_zero(IPPROTO_TCP, TCP_KEEPCNT, where.keepalives_count);
    }
    set.unless_zero(IPPROTO_TCP, TCP_USER_TIMEOUT, where.tcp_user_timeout);
    return set.error();
}

} // namespace tusk::net
