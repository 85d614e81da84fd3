// Distributed under the Boost Software License, Version 1.0.
#include "conninfo/hosts.hpp"

#include "conninfo/merge.hpp"
#include "conninfo/model.hpp"
#include "conninfo/values.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <algorithm>

namespace tusk::conn {
namespace {

constexpr std::string_view debian_directory = "/var/run/postgresql";
constexpr std::string_view upstream_directory = "/tmp";

/// An IPv4 or IPv6 address, the latter with a zone if need be (fe80::1%eth0).
bool is_numeric_address(const std::string& text) noexcept
{
    in6_addr room; // large enough for both
    if (inet_pton(AF_INET, text.c_str(), &room) == 1) return true;
    const std::size_t zone = text.find('%');
    if (zone != std::string::npos && zone + 1 == text.size()) return false;
    return inet_pton(AF_INET6, text.substr(0, zone).c_str(), &room) == 1;
}

std::string count_mismatch(std::size_t n, const char* what, std::size_t m, const char* of)
{
    return std::to_string(n) + " " + what + " for " + std::to_string(m) + " " + of;
}

/// The text is not repeated: of "//user:123456/x@host" the port is a piece of a password.
failure read_port(const conninfo& merged, std::string_view text, std::string& out)
{
    int port = 5432;
    if (!text.empty() && (read_integer({}, text, port) || port < 1 || port > 65535))
        return failure::invalid(label(merged, "port") + " is not a number from 1 to 65535");
    out = std::to_string(port);
    return {};
}

failure complete(const conninfo& merged, const environment& env, host_target& target)
{
    if (!target.hostaddr.empty() && !is_numeric_address(target.hostaddr))
        return failure::invalid(label(merged, "hostaddr") + ": \"" + target.hostaddr +
                                "\" is not a numeric address; names belong into host");
    // "//user:pa@ss@host" makes "ss@host" the host; do not repeat what may be a piece of a password
    if (!target.host.starts_with('/') && target.host.find('@', 1) != std::string::npos)
        return failure::invalid(label(merged, "host") +
                                " holds an \"@\"; in the password of a URI it must be written %40");
    if (!target.hostaddr.empty()) return {};
    if (target.host.empty()) target.host = default_socket_directory(env);
    target.unix_socket = target.host.starts_with('/') || target.host.starts_with('@');
    if (!target.unix_socket) return {};

    target.path = target.host + "/.s.PGSQL." + target.port;
    constexpr std::size_t longest = sizeof(sockaddr_un::sun_path) - 1;
    if (target.path.size() > longest)
        return failure::invalid("the path of the unix socket, \"" + target.path + "\", is longer than " +
                                std::to_string(longest) + " bytes");
    return {};
}

} // namespace

std::string host_target::display() const
{
    if (unix_socket) return path;
    const std::string& first = host.empty() ? hostaddr : host;
    std::string out = first.find(':') == std::string::npos ? first : '[' + first + ']';
    if (!hostaddr.empty() && !host.empty() && host != hostaddr) out += " (" + hostaddr + ')';
    return out + ':' + port;
}

bool is_default_socket_directory(std::string_view host) noexcept
{
    return host == debian_directory || host == upstream_directory;
}

std::string default_socket_directory(const environment& env)
{
    const std::string debian(debian_directory);
    return env.is_directory && env.is_directory(debian) ? debian : std::string(upstream_directory);
}

failure read_hosts(const conninfo& merged, const environment& env, std::vector<host_target>& out)
{
    const std::string_view host = access::get(merged, "host");
    const std::string_view hostaddr = access::get(merged, "hostaddr");
    const std::vector<std::string> hosts = split_list(host);
    const std::vector<std::string> addresses = split_list(hostaddr);
    const std::vector<std::string> ports = split_list(access::get(merged, "port"));

    if (!host.empty() && !hostaddr.empty() && hosts.size() != addresses.size())
        return failure::invalid(
            count_mismatch(hosts.size(), "hosts", addresses.size(), "values of hostaddr"));
    const std::size_t count = hostaddr.empty() ? hosts.size() : addresses.size();
    if (ports.size() != 1 && ports.size() != count)
        return failure::invalid(count_mismatch(ports.size(), "ports", count, "hosts"));

    out.clear();
    for (std::size_t i = 0; i != count; ++i) {
        host_target& target = out.emplace_back();
        if (!host.empty()) target.host = hosts[i];
        if (!hostaddr.empty()) target.hostaddr = addresses[i];
        if (failure why = read_port(merged, ports[ports.size() == 1 ? 0 : i], target.port)) return why;
        if (failure why = complete(merged, env, target)) return why;
    }
    return {};
}

} // namespace tusk::conn
