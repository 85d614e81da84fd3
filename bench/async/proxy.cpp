// Distributed under the Boost Software License, Version 1.0.
#include "async/proxy.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <deque>
#include <map>
#include <memory>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace async_bench {

namespace {

using clock = std::chrono::steady_clock; // CLOCK_MONOTONIC

int checked(int result, const char* what)
{
    if (result < 0) throw std::system_error(errno, std::generic_category(), what);
    return result;
}

class descriptor {
public:
    explicit descriptor(int fd)
        : fd_(fd)
    {
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() { ::close(fd_); }
    [[nodiscard]] int get() const noexcept { return fd_; }

private:
    int fd_;
};

/// One end of a relayed connection, with what is due to it but does not fit into its socket.
struct end {
    explicit end(int fd)
        : socket(fd)
    {
    }
    descriptor socket;
    std::weak_ptr<end> other;
    std::vector<char> backlog;
    bool wants_write = false;
    bool closed = false;
};
using end_ptr = std::shared_ptr<end>;

/// Every byte is late by the same time, so that one queue keeps them all in order.
struct parcel {
    clock::time_point due;
    end_ptr to;
    std::vector<char> bytes; // none: the sender has closed
};

class relay {
public:
    relay(const std::string& host, const std::string& port, clock::duration delay)
        : delay_(delay)
    {
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        if (const int e = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found); e != 0)
            throw std::runtime_error("the proxy does not find " + host + ": " + ::gai_strerror(e));
        std::memcpy(&server_, found->ai_addr, found->ai_addrlen);
        server_length_ = found->ai_addrlen;
        ::freeaddrinfo(found);

        sockaddr_in here{};
        here.sin_family = AF_INET;
        here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        checked(::bind(listener_.get(), reinterpret_cast<const sockaddr*>(&here), sizeof here), "bind");
        checked(::listen(listener_.get(), 256), "listen");
        for (const int fd : {listener_.get(), timer_.get(), STDIN_FILENO}) watch(EPOLL_CTL_ADD, fd, EPOLLIN);
    }

    [[nodiscard]] int port() const
    {
        sockaddr_in here{};
        socklen_t length = sizeof here;
        checked(::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&here), &length), "getsockname");
        return ntohs(here.sin_port);
    }

    void run()
    {
        std::array<epoll_event, 64> events;
        for (;;) {
            const int n = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
            if (n < 0 && errno != EINTR) checked(n, "epoll_wait");
            for (int i = 0; i < n; ++i) {
                const auto& e = events[static_cast<std::size_t>(i)];
                if (e.data.fd == STDIN_FILENO) return;
                if (e.data.fd == listener_.get())
                    accept();
                else if (e.data.fd == timer_.get())
                    clear_timer();
                else if (const auto it = ends_.find(e.data.fd); it != ends_.end())
                    serve(end_ptr(it->second), e.events);
            }
            deliver();
        }
    }

private:
    void watch(int operation, int fd, std::uint32_t what)
    {
        epoll_event e{};
        e.events = what;
        e.data.fd = fd;
        checked(::epoll_ctl(epoll_.get(), operation, fd, &e), "epoll_ctl");
    }

    void accept()
    {
        const int fd = ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0) return;
        const auto client = std::make_shared<end>(fd);
        const auto server =
            std::make_shared<end>(checked(::socket(server_.ss_family, SOCK_STREAM, 0), "socket"));
        checked(::connect(server->socket.get(), reinterpret_cast<const sockaddr*>(&server_), server_length_),
                "the proxy cannot reach the server");
        client->other = server;
        server->other = client;
        for (const end_ptr& e : {client, server}) {
            const int on = 1;
            ::setsockopt(e->socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
            ends_[e->socket.get()] = e;
            watch(EPOLL_CTL_ADD, e->socket.get(), EPOLLIN);
        }
    }

    void serve(const end_ptr& from, std::uint32_t what)
    {
        if ((what & EPOLLOUT) != 0) send(*from, {});
        if ((what & ~std::uint32_t{EPOLLOUT}) == 0 || from->closed) return;
        const ssize_t n = ::recv(from->socket.get(), room_.data(), room_.size(), MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (n <= 0) forget(*from);
        const end_ptr to = from->other.lock();
        if (!to || to->closed) return;
        parcels_.push_back({clock::now() + delay_, to, {room_.data(), room_.data() + (n > 0 ? n : 0)}});
    }

    /// Passes on what is due, and sets the timer for the next.
    void deliver()
    {
        while (!parcels_.empty() && parcels_.front().due <= clock::now()) {
            const parcel p = std::move(parcels_.front());
            parcels_.pop_front();
            if (p.to->closed) continue;
            if (p.bytes.empty())
                forget(*p.to);
            else
                send(*p.to, p.bytes);
        }
        if (parcels_.empty() || parcels_.front().due == armed_) return;
        armed_ = parcels_.front().due;
        const auto ns =
            std::chrono::duration_cast<std::chrono::nanoseconds>(armed_.time_since_epoch()).count();
        itimerspec at{};
        at.it_value.tv_sec = ns / 1'000'000'000;
        at.it_value.tv_nsec = ns % 1'000'000'000;
        checked(::timerfd_settime(timer_.get(), TFD_TIMER_ABSTIME, &at, nullptr), "timerfd_settime");
    }

    void clear_timer() const
    {
        std::uint64_t expirations;
        static_cast<void>(::read(timer_.get(), &expirations, sizeof expirations));
    }

    void send(end& to, const std::vector<char>& more)
    {
        to.backlog.insert(to.backlog.end(), more.begin(), more.end());
        const ssize_t n =
            ::send(to.socket.get(), to.backlog.data(), to.backlog.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0 && errno != EAGAIN && errno != EINTR) return forget(to);
        to.backlog.erase(to.backlog.begin(), to.backlog.begin() + (n > 0 ? n : 0));
        if (to.wants_write != to.backlog.empty()) return;
        to.wants_write = !to.wants_write;
        watch(EPOLL_CTL_MOD, to.socket.get(), to.wants_write ? EPOLLIN | EPOLLOUT : std::uint32_t{EPOLLIN});
    }

    /// The socket itself is closed when the last parcel for it is gone.
    void forget(end& e)
    {
        if (e.closed) return;
        e.closed = true;
        static_cast<void>(::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, e.socket.get(), nullptr));
        ::shutdown(e.socket.get(), SHUT_RDWR);
        gone_ = ends_[e.socket.get()]; // keeps `e` alive until the caller is done with it
        ends_.erase(e.socket.get());
    }

    clock::duration delay_;
    sockaddr_storage server_{};
    socklen_t server_length_ = 0;
    descriptor epoll_{checked(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1")};
    descriptor timer_{
        checked(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK), "timerfd_create")};
    descriptor listener_{checked(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket")};
    std::map<int, end_ptr> ends_;
    end_ptr gone_;
    std::deque<parcel> parcels_;
    clock::time_point armed_;
    std::vector<char> room_ = std::vector<char>(256 * 1024);
};

} // namespace

void serve_proxy(const std::string& host, const std::string& port, double round_trip_ms)
{
    const std::chrono::duration<double, std::milli> one_way(round_trip_ms / 2);
    relay r(host, port, std::chrono::duration_cast<clock::duration>(one_way));
    std::printf("%d\n", r.port());
    std::fflush(stdout);
    r.run();
}

} // namespace async_bench
