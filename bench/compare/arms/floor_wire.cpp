// Distributed under the Boost Software License, Version 1.0.
#include "compare/arms/floor_wire.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <string>
#include <system_error>

namespace bench {
namespace {

template <class T>
void put(std::vector<char>& to, T value)
{
    for (std::size_t i = sizeof(T); i-- > 0;)
        to.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> (8 * i) & 0xff));
}

void put_text(std::vector<char>& to, std::string_view text)
{
    to.insert(to.end(), text.begin(), text.end());
    to.push_back(0);
}

/// Type, then the length of all but the type, then the body.
void put_message(std::vector<char>& to, char type, const std::vector<char>& body)
{
    if (type != 0) to.push_back(type);
    put(to, static_cast<std::int32_t>(body.size() + 4));
    to.insert(to.end(), body.begin(), body.end());
}

template <class T>
void put_value(std::vector<char>& to, T value)
{
    put(to, static_cast<std::int32_t>(sizeof(T)));
    put(to, value);
}

void put_values(std::vector<char>& body, const job& j, std::uint64_t i)
{
    const std::int32_t n = parameter(j.what->params, i);
    switch (j.what->params) {
    case params_kind::none:
        put<std::int16_t>(body, 0);
        break;
    case params_kind::limit:
        put<std::int16_t>(body, 1);
        put_value(body, static_cast<std::int64_t>(j.rows));
        break;
    case params_kind::number:
    case params_kind::key:
        put<std::int16_t>(body, 1);
        put_value(body, n);
        break;
    case params_kind::insert:
        put<std::int16_t>(body, 3);
        put_value(body, n);
        put_value(body, std::int64_t{n});
        put(body, static_cast<std::int32_t>(insert_note.size()));
        body.insert(body.end(), insert_note.begin(), insert_note.end());
        break;
    }
}

[[noreturn]] void fail(const char* what) { throw std::system_error(errno, std::generic_category(), what); }

[[nodiscard]] std::uint32_t length_at(const char* at) noexcept
{
    std::uint32_t n;
    std::memcpy(&n, at, sizeof n);
    return ntohl(n);
}

} // namespace

void append_execution(std::vector<char>& to, const job& j, std::uint64_t i)
{
    std::vector<char> body;
    put_text(body, "");         // portal
    put_text(body, "q");        // statement
    put<std::int16_t>(body, 1); // one format for all parameters:
    put<std::int16_t>(body, 1); // binary
    put_values(body, j, i);     //
    put<std::int16_t>(body, 1); // one format for all columns:
    put<std::int16_t>(body, 1); // binary
    put_message(to, 'B', body);
    body.clear();
    put_text(body, ""); // portal
    put<std::int32_t>(body, 0);
    put_message(to, 'E', body);
}

void append_sync(std::vector<char>& to) { put_message(to, 'S', {}); }

wire_link::wire_link(const job& j)
    : room_(64 * 1024)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(j.where.port)));
    if (::inet_pton(AF_INET, j.where.host.c_str(), &address.sin_addr) != 1)
        throw std::runtime_error("the host is to be an IPv4 address");
    fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
    if (fd_ < 0) fail("socket");
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) fail("connect");
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);

    std::vector<char> out, body;
    put<std::int32_t>(body, 0x30000);
    put_text(body, "user");
    put_text(body, j.where.user);
    put_text(body, "database");
    put_text(body, j.where.database);
    body.push_back(0);
    put_message(out, 0, body);
    write(out.data(), out.size());
    await_ready();

    out.clear();
    body.clear();
    put_text(body, "q");
    put_text(body, j.what->sql);
    put<std::int16_t>(body, 0);
    put_message(out, 'P', body);
    append_sync(out);
    write(out.data(), out.size());
    await_ready();
}

wire_link::~wire_link()
{
    if (fd_ >= 0) ::close(fd_);
}

void wire_link::await_ready()
{
    while (read() == 0) {
    }
}

void wire_link::write(const char* bytes, std::size_t n)
{
    while (n > 0) {
        const auto sent = ::send(fd_, bytes, n, MSG_NOSIGNAL);
        if (sent < 0) fail("send");
        bytes += sent;
        n -= static_cast<std::size_t>(sent);
    }
}

std::uint64_t wire_link::read()
{
    const auto n = ::recv(fd_, room_.data() + kept_, room_.size() - kept_, 0);
    if (n < 0) fail("recv");
    if (n == 0) throw std::runtime_error("the server has closed the connection");
    const char* at = room_.data();
    const char* const end = at + kept_ + static_cast<std::size_t>(n);
    kept_ = 0;
    if (skip_ >= static_cast<std::size_t>(end - at)) {
        skip_ -= static_cast<std::size_t>(end - at);
        return 0;
    }
    at += skip_;
    skip_ = 0;
    std::uint64_t ready = 0;
    while (end - at >= 5) {
        if (*at == 'Z') ++ready;
        if (*at == 'E') throw std::runtime_error("the server reports an error");
        const std::size_t whole = 1 + std::size_t{length_at(at + 1)};
        if (whole > static_cast<std::size_t>(end - at)) {
            skip_ = whole - static_cast<std::size_t>(end - at);
            return ready;
        }
        at += whole;
    }
    kept_ = static_cast<std::size_t>(end - at);
    if (kept_ > 0) std::memmove(room_.data(), at, kept_);
    return ready;
}

} // namespace bench
