// Distributed under the Boost Software License, Version 1.0.
#include "net/peer.hpp"

#include "net/look_up.hpp"

#include <asio/error.hpp>
#include <asio/local/stream_protocol.hpp>

#include <pwd.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <vector>

namespace tusk::net {

namespace {

constexpr std::size_t longest_entry = 1024 * 1024; // of the system's list of users

/// Empty when the system knows no such user.
[[nodiscard]] std::string user_name(uid_t id, std::error_code& ec)
{
    std::vector<char> text(1024);
    passwd entry{};
    passwd* found = nullptr;
    int failure = ::getpwuid_r(id, &entry, text.data(), text.size(), &found);
    while (failure == ERANGE && text.size() < longest_entry) {
        text.resize(text.size() * 2);
        failure = ::getpwuid_r(id, &entry, text.data(), text.size(), &found);
    }
    if (failure) ec = {failure, asio::error::get_system_category()};
    return found ? std::string(found->pw_name) : std::string();
}

} // namespace

std::string owner_of_peer(transport& stream, std::error_code& ec)
{
    ucred who{};
    socklen_t size = sizeof who;
    if (::getsockopt(stream.socket().native_handle(), SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) {
        ec = {errno, asio::error::get_system_category()};
        return {};
    }
    return user_name(who.uid, ec);
}

std::string address_of_peer(transport& stream)
{
    std::error_code ec;
    const auto peer = stream.socket().remote_endpoint(ec);
    if (ec) return {};
    if (peer.protocol().family() == AF_UNIX) {
        asio::local::stream_protocol::endpoint local;
        if (peer.size() > local.capacity()) return {};
        local.resize(peer.size());
        std::memcpy(local.data(), peer.data(), peer.size());
        std::string path = local.path();
        if (path.starts_with('\0')) path.front() = '@'; // Linux's abstract namespace
        return path;
    }
    return spell_tcp(peer);
}

} // namespace tusk::net
