// Distributed under the Boost Software License, Version 1.0.
#include "scripted/places.hpp"

#include "scripted/scripted_server.hpp"

#include <arpa/inet.h>
#include <dlfcn.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <iterator>
#include <map>
#include <mutex>
#include <thread>

namespace scripted {

namespace {

struct known {
    std::vector<std::string> addresses;
    bool hangs = false;
    bool asked = false;
};

/// Guarded: resolvers have threads of their own.
struct directory {
    std::mutex mutex;
    std::condition_variable news;
    std::map<std::string, known> names;
    int count = 0;
};

directory& the_directory()
{
    static directory d;
    return d;
}

std::string enter(known entry)
{
    directory& d = the_directory();
    const std::lock_guard lock(d.mutex);
    std::string name = "tusk-" + std::to_string(++d.count) + ".invalid";
    d.names.emplace(name, std::move(entry));
    return name;
}

void forget(const std::string& name)
{
    directory& d = the_directory();
    {
        const std::lock_guard lock(d.mutex);
        d.names.erase(name);
    }
    d.news.notify_all();
}

using look_up = int (*)(const char*, const char*, const addrinfo*, addrinfo**);

/// The entries of numeric addresses one behind the other; each is a piece of memory of its own.
int list(look_up real, const std::vector<std::string>& addresses, const char* port, const addrinfo* hints,
         addrinfo** out)
{
    addrinfo numeric{};
    numeric.ai_flags = AI_NUMERICHOST;
    numeric.ai_socktype = hints ? hints->ai_socktype : SOCK_STREAM;
    addrinfo** end = out;
    for (const std::string& address : addresses) {
        if (const int failed = real(address.c_str(), port, &numeric, end); failed) return failed;
        while (*end) end = &(*end)->ai_next;
    }
    return addresses.empty() ? EAI_NONAME : 0;
}

sockaddr_in address_of(const std::string& numeric, const std::string& port)
{
    sockaddr_in a{};
    a.sin_family = AF_INET;
    a.sin_port = htons(static_cast<std::uint16_t>(std::stoul(port)));
    if (::inet_pton(AF_INET, numeric.c_str(), &a.sin_addr) != 1) throw script_error("no address: " + numeric);
    return a;
}

} // namespace

extern "C" int getaddrinfo(const char* host, const char* port, const addrinfo* hints, addrinfo** out)
{
    static const auto real = reinterpret_cast<look_up>(dlsym(RTLD_NEXT, "getaddrinfo"));
    if (!host) return real(host, port, hints, out);
    directory& d = the_directory();
    std::unique_lock lock(d.mutex);
    const auto at = d.names.find(host);
    if (at == d.names.end()) {
        lock.unlock();
        return real(host, port, hints, out);
    }
    if (!at->second.hangs) return list(real, at->second.addresses, port, hints, out);
    at->second.asked = true;
    d.news.notify_all();
    const std::string name = host;
    d.news.wait(lock, [&] { return !d.names.contains(name); });
    return EAI_NONAME;
}

known_name::known_name(std::vector<std::string> addresses)
    : name_(enter({.addresses = std::move(addresses)}))
{
}
known_name::~known_name() { forget(name_); }

hanging_name::hanging_name()
    : name_(enter({.addresses = {}, .hangs = true}))
{
}

void hanging_name::release() { forget(name_); }

void hanging_name::wait_until_asked() const
{
    directory& d = the_directory();
    std::unique_lock lock(d.mutex);
    if (!d.news.wait_for(lock, std::chrono::milliseconds(patience_ms),
                         [&] { return d.names.at(name_).asked; }))
        ADD_FAILURE() << "nobody has asked for " << name_;
}

silent_port::silent_port(const std::string& address, const std::string& port)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    , filler_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in a = address_of(address, port);
    socklen_t size = sizeof a;
    auto* const raw = reinterpret_cast<sockaddr*>(&a);
    pollfd arrived{listener_, POLLIN, 0};
    if (::bind(listener_, raw, size) != 0 || ::listen(listener_, 0) != 0 ||
        ::getsockname(listener_, raw, &size) != 0 || ::connect(filler_, raw, size) != 0 ||
        ::poll(&arrived, 1, patience_ms) != 1)
        throw script_error("a port that does not answer cannot be had");
    port_ = std::to_string(ntohs(a.sin_port));
}

silent_port::~silent_port()
{
    ::close(filler_);
    ::close(listener_);
}

belongings count_belongings()
{
    const auto entries = [](const char* where) {
        return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(where), {}));
    };
    return {.files = entries("/proc/self/fd"), .threads = entries("/proc/self/task")};
}

void expect_belongings(const belongings& before)
{
    const auto limit = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
    belongings now = count_belongings();
    const auto left_behind = [&] { return now.files != before.files || now.threads > before.threads; };
    while (left_behind() && std::chrono::steady_clock::now() < limit) {
        std::this_thread::yield();
        now = count_belongings();
    }
    EXPECT_EQ(now.files, before.files);
    EXPECT_LE(now.threads, before.threads); // one of the test before may have been on its way out
}

} // namespace scripted
