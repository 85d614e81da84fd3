// Distributed under the Boost Software License, Version 1.0.
#include "libpq.hpp"

#include <dlfcn.h>
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

// These stand before the C library's, for libpq too, since the program exports them: every connection is refused, not
// at once, but when libpq has started to wait for it.
extern "C" int connect(int, const sockaddr*, socklen_t)
{
    errno = EINPROGRESS;
    return -1;
}

extern "C" int getsockopt(int, int, int, void* value, socklen_t* size)
{
    const int refused = ECONNREFUSED;
    if (*size >= sizeof refused) std::memcpy(value, &refused, sizeof refused);
    return 0;
}

extern "C" int getaddrinfo(const char* host, const char* port, const addrinfo* hints, addrinfo** out)
{
    using signature = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
    static const auto real = reinterpret_cast<signature>(dlsym(RTLD_NEXT, "getaddrinfo"));
    const bool name = host != nullptr && (hints == nullptr || (hints->ai_flags & AI_NUMERICHOST) == 0);
    return real(name ? "127.0.0.1" : host, port, hints, out);
}

namespace tusk::test {
namespace {

struct PGconn;

struct PQconninfoOption { // as libpq-fe.h has it
    char* keyword;
    char* envvar;
    char* compiled;
    char* val;
    char* label;
    char* dispchar;
    int dispsize;
};

template <class F>
void load(void* library, const char* name, F& to)
{
    to = reinterpret_cast<F>(dlsym(library, name));
    if (to != nullptr) return;
    std::fprintf(stderr, "libpq has no %s\n", name);
    std::exit(1);
}

/// One of the beginnings stands in `message` behind `before`, or at its very start.
template <std::size_t N>
bool says(std::string_view message, std::string_view before,
          const std::array<std::string_view, N>& beginnings)
{
    for (std::size_t at = 0;; at += before.size()) {
        for (const std::string_view b : beginnings)
            if (message.substr(at).starts_with(b)) return true;
        at = message.find(before, at);
        if (at == std::string_view::npos) return false;
    }
}

/// PQconnectdb tells a value that it refuses and a server that it does not reach by the text alone. Some values are
/// looked at when the turn comes to their host.
bool refuses(std::string_view message)
{
    static constexpr std::array<std::string_view, 4> of_a_host{
        "invalid port number", "could not parse network address", "Unix-domain socket path",
        "invalid integer value"};
    static constexpr std::array<std::string_view, 1> of_a_socket{"invalid integer value"};
    if (message.find("connection to server") == std::string_view::npos) return true;
    return says(message, "\n", of_a_host) || says(message, "failed: ", of_a_socket);
}

} // namespace

struct libpq::functions {
    PQconninfoOption* (*parse)(const char*, char**) = nullptr;
    PQconninfoOption* (*options)(PGconn*) = nullptr;
    void (*free_options)(PQconninfoOption*) = nullptr;
    void (*free_memory)(void*) = nullptr;
    PGconn* (*connect)(const char*) = nullptr;
    char* (*error_message)(const PGconn*) = nullptr;
    char* (*password)(const PGconn*) = nullptr;
    void (*finish)(PGconn*) = nullptr;

    functions()
    {
        const char* path = std::getenv("TUSK_LIBPQ");
        void* library = path != nullptr ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : nullptr;
        if (library == nullptr) {
            std::fprintf(stderr, "TUSK_LIBPQ does not name a libpq: %s\n",
                         path != nullptr ? dlerror() : "it is unset");
            std::exit(1);
        }
        int (*version)() = nullptr;
        load(library, "PQlibVersion", version);
        if (version() / 10000 != 18) {
            std::fprintf(stderr, "%s is version %d, not 18\n", path, version());
            std::exit(1);
        }
        load(library, "PQconninfoParse", parse);
        load(library, "PQconninfo", options);
        load(library, "PQconninfoFree", free_options);
        load(library, "PQfreemem", free_memory);
        load(library, "PQconnectdb", connect);
        load(library, "PQerrorMessage", error_message);
        load(library, "PQpass", password);
        load(library, "PQfinish", finish);
    }

    std::map<std::string, std::string> take(PQconninfoOption* list) const
    {
        std::map<std::string, std::string> out;
        for (const PQconninfoOption* o = list; o != nullptr && o->keyword != nullptr; ++o)
            if (o->val != nullptr) out[o->keyword] = o->val;
        free_options(list);
        return out;
    }

    void finish_verdict(PGconn* conn, verdict& out) const
    {
        out.why = error_message(conn);
        out.unsupported = out.why.find("support is not compiled in") != std::string::npos;
        out.accepted = !refuses(out.why);
        if (out.accepted) {
            out.effective = take(options(conn));
            out.password = password(conn);
        }
        finish(conn);
    }
};

libpq::libpq()
    : f_(*new functions) // never freed, as the library is never unloaded
{
}

const libpq& libpq::loaded()
{
    static const libpq only;
    return only;
}

verdict libpq::ask(const std::string& text) const
{
    verdict out;
    char* why = nullptr;
    PQconninfoOption* list = f_.parse(text.c_str(), &why);
    out.parsed = list != nullptr;
    if (out.parsed) {
        out.explicit_ = f_.take(list);
        f_.finish_verdict(f_.connect(text.c_str()), out);
    } else if (why != nullptr) {
        out.why = why;
    }
    f_.free_memory(why);
    return out;
}

} // namespace tusk::test
