// Distributed under the Boost Software License, Version 1.0.
#include "scripted/scripted_server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <system_error>

namespace scripted {

namespace {

/// The tests must not depend on what libpq's variables say where they run.
const bool clean_environment = [] {
    for (const char* name : {"PGHOST", "PGHOSTADDR", "PGPORT", "PGUSER", "PGPASSWORD", "PGDATABASE",
                             "PGSERVICE", "PGOPTIONS", "PGAPPNAME", "PGREQUIREAUTH", "PGCONNECT_TIMEOUT",
                             "PGCLIENTENCODING", "PGDATESTYLE", "PGTZ", "PGGEQO", "PGTARGETSESSIONATTRS"})
        ::unsetenv(name);
    ::setenv("PGSSLMODE", "disable",
             1); // a script begins with the StartupMessage, unless TLS is what it is about
    ::setenv("PGPASSFILE", "/tmp/tusk-there-is-no-such-file", 1);
    return true;
}();

[[noreturn]] void fail(const std::string& doing)
{
    throw script_error(doing + ": " + std::generic_category().message(errno));
}

void wait_for(int fd, short what, const char* whom)
{
    pollfd p{fd, what, 0};
    const int n = ::poll(&p, 1, patience_ms);
    if (n == 0) throw script_error(std::string("waited in vain for ") + whom);
    if (n < 0) fail("poll");
}

/// A socket on this address and port; port 0 becomes any.
[[nodiscard]] int bind_to(const std::string& numeric, std::string& port)
{
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoul(port)));
    socklen_t size = sizeof address;
    if (fd < 0 || ::inet_pton(AF_INET, numeric.c_str(), &address.sin_addr) != 1 ||
        ::bind(fd, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        fail("bind");
    port = std::to_string(ntohs(address.sin_port));
    return fd;
}

[[nodiscard]] std::uint32_t number_at(std::string_view text)
{
    std::uint32_t v = 0;
    for (const char c : text.substr(0, 4)) v = v << 8 | static_cast<unsigned char>(c);
    return v;
}

} // namespace

std::string peer::read_some(std::size_t n)
{
    std::string bytes(n, '\0');
    wait_for(fd_, POLLIN, "the client");
    const ssize_t got = ::recv(fd_, bytes.data(), n, 0);
    if (got < 0) fail("recv");
    bytes.resize(static_cast<std::size_t>(got));
    return bytes;
}

std::string peer::read(std::size_t n)
{
    std::string bytes;
    while (bytes.size() < n) {
        const std::string more = read_some(n - bytes.size());
        if (more.empty()) throw script_error("the client closed the connection");
        bytes += more;
    }
    return bytes;
}

std::vector<std::pair<std::string, std::string>> peer::expect_startup()
{
    const std::uint32_t length = number_at(read(4));
    if (length < 9 || length > 10'000) throw script_error("the length of the StartupMessage is wrong");
    const std::string body = read(length - 4);
    if (number_at(body) != 0x0003'0000) throw script_error("the client does not ask for protocol 3.0");
    std::vector<std::string> texts;
    for (std::size_t at = 4; body[at] != '\0'; at += texts.back().size() + 1)
        texts.emplace_back(body.c_str() + at);
    if (texts.size() % 2) throw script_error("a startup parameter has no value");
    std::vector<std::pair<std::string, std::string>> parameters;
    for (std::size_t i = 0; i < texts.size(); i += 2) parameters.emplace_back(texts[i], texts[i + 1]);
    return parameters;
}

void peer::expect_ssl_request()
{
    if (read(8) != int32(8) + int32(80877103)) throw script_error("the client does not ask for TLS");
}

void peer::expect_gss_request()
{
    if (read(8) != int32(8) + int32(80877104))
        throw script_error("the client does not ask for GSSAPI encryption");
}

void peer::expect_gss_token()
{
    std::size_t size = 0;
    for (const char c : read(4)) size = size << 8 | static_cast<unsigned char>(c);
    if (size == 0 || size > 65'536) throw script_error("the client sends no token");
    (void)read(size);
}

void peer::expect_nothing()
{
    char byte = 0;
    const auto n = ::recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (n != -1 || (errno != EAGAIN && errno != EWOULDBLOCK))
        throw script_error("the client says something, or has gone");
}

void peer::expect_cancel_request()
{
    if (read(16) != int32(16) + int32(80877102) + int32(4711) + "\1\2\3\4")
        throw script_error("the client does not ask for the session to be cancelled");
}

void peer::expect_client_hello()
{
    // a record of type handshake, version 3.x, and in it a ClientHello
    const std::string head = read(6);
    if (head[0] != 22 || head[1] != 3 || head[5] != 1) throw script_error("the client does not begin TLS");
    (void)read_some(4096);
}

std::vector<message> peer::expect(std::string_view types)
{
    std::vector<message> all;
    for (const char type : types) {
        const std::string head = read(5);
        if (head[0] != type)
            throw script_error(std::string("expected '") + type + "' (message " + std::to_string(all.size()) +
                               " of \"" + std::string(types.substr(0, 20)) + "\"), the client sent '" +
                               head[0] + "'");
        all.push_back({type, read(number_at(head.substr(1)) - 4)});
    }
    return all;
}

message peer::expect_any()
{
    std::string head = read_some(1);
    if (head.empty()) return {};
    head += read(4);
    return {head[0], read(number_at(head.substr(1)) - 4)};
}

void peer::login()
{
    expect_startup();
    send(login_messages());
}

void peer::expect_end()
{
    const std::string more = read_some(1);
    if (!more.empty()) throw script_error("expected the end, the client sent '" + more + "'");
}

void peer::wait_for_end()
{
    std::array<char, 4096> dropped{};
    ssize_t got = 0;
    do {
        wait_for(fd_, POLLIN, "the client's end");
        got = ::recv(fd_, dropped.data(), dropped.size(), 0);
    } while (got > 0);
    if (got < 0 && errno != ECONNRESET) fail("recv");
}

void peer::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        wait_for(fd_, POLLOUT, "the client to read");
        const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
            return; // what the client had to see, it has seen
        if (n < 0 && errno != EAGAIN) fail("send");
        if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
    }
}

void peer::close() noexcept
{
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

void peer::reset() noexcept
{
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

void peer::shut_down() noexcept { ::shutdown(fd_, SHUT_WR); }

scripted_server::scripted_server(script play, options o)
{
    if (o.unix_socket)
        listen_unix();
    else
        listen_tcp(o);
    thread_ = std::thread([this, play = std::move(play)] {
        try {
            play(*this);
        } catch (const std::exception& e) {
            ADD_FAILURE() << "the scripted server: " << e.what();
        }
        ::close(std::exchange(listener_, -1)); // whoever still waits to be accepted learns that nobody comes
    });
}

void scripted_server::listen_tcp(const options& o)
{
    host_ = o.address;
    port_ = o.port;
    listener_ = bind_to(host_, port_);
    if (o.receive_buffer)
        ::setsockopt(listener_, SOL_SOCKET, SO_RCVBUF, &o.receive_buffer, sizeof o.receive_buffer);
    if (::listen(listener_, 16) != 0) fail("listen");
}

/// In Linux's abstract namespace, so that no file is left behind.
void scripted_server::listen_unix()
{
    static std::atomic<int> count{0};
    host_ = "@tusk-scripted-" + std::to_string(::getpid()) + '-' + std::to_string(++count);
    port_ = "5432";
    const std::string name = '\0' + host_.substr(1) + "/.s.PGSQL." + port_;
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name.data(), name.size());
    listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 16) != 0)
        fail("bind");
}

void scripted_server::finish()
{
    if (thread_.joinable()) thread_.join();
}

peer scripted_server::accept()
{
    wait_for(listener_, POLLIN, "a client");
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) fail("accept");
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); // fails on unix sockets, which need none
    return peer(fd);
}

void scripted_server::expect_nobody()
{
    pollfd p{listener_, POLLIN, 0};
    if (::poll(&p, 1, 0) != 0) throw script_error("one more client waits than there should be");
}

std::string scripted_server::where(std::string_view more) const
{
    return "host=" + host_ + " port=" + port_ + " user=ada dbname=shop " + std::string(more);
}

refusing_port::refusing_port()
    : port_("0")
    , fd_(bind_to("127.0.0.1", port_))
{
}

refusing_port::~refusing_port() { ::close(fd_); }

} // namespace scripted
