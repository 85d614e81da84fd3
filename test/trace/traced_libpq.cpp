// Distributed under the Boost Software License, Version 1.0.
#include "traced_libpq.hpp"

#include <dlfcn.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstdlib>
#include <stdexcept>
#include <string_view>

namespace {

trace_test::recording* recorded = nullptr; // while libpq talks

template <class F>
F real(const char* name)
{
    return reinterpret_cast<F>(dlsym(RTLD_NEXT, name));
}

} // namespace

// These stand before the C library's, for libpq too, since the program exports them.
extern "C" ssize_t send(int socket, const void* from, size_t size, int flags)
{
    static const auto next = real<ssize_t (*)(int, const void*, size_t, int)>("send");
    const ssize_t n = next(socket, from, size, flags);
    if (recorded != nullptr && n > 0)
        recorded->sent.append(static_cast<const char*>(from), static_cast<size_t>(n));
    return n;
}

extern "C" ssize_t recv(int socket, void* to, size_t size, int flags)
{
    static const auto next = real<ssize_t (*)(int, void*, size_t, int)>("recv");
    const ssize_t n = next(socket, to, size, flags);
    if (recorded != nullptr && n > 0)
        recorded->received.append(static_cast<const char*>(to), static_cast<size_t>(n));
    return n;
}

namespace trace_test {
namespace {

template <class F>
void load(void* library, const char* name, F& to)
{
    to = reinterpret_cast<F>(dlsym(library, name));
    if (to != nullptr) return;
    std::fprintf(stderr, "libpq has no %s\n", name);
    std::exit(1);
}

/// The states of PQconnectPoll that end it.
constexpr int polling_failed = 0;
constexpr int polling_reading = 1;
constexpr int polling_ok = 3;

void connect(const libpq& pq, PGconn* conn)
{
    for (int state = 2;; state = pq.connect_poll(conn)) {
        if (state == polling_ok) return;
        if (state == polling_failed) throw std::runtime_error(pq.error_message(conn));
        pollfd ready{pq.socket(conn), static_cast<short>(state == polling_reading ? POLLIN : POLLOUT), 0};
        (void)::poll(&ready, 1, 10'000);
    }
}

} // namespace

libpq::libpq()
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
    load(library, "PQconnectStart", connect_start);
    load(library, "PQconnectPoll", connect_poll);
    load(library, "PQfinish", finish);
    load(library, "PQsocket", socket);
    load(library, "PQerrorMessage", error_message);
    load(library, "PQtrace", trace);
    load(library, "PQuntrace", untrace);
    load(library, "PQsetTraceFlags", set_trace_flags);
    load(library, "PQexec", exec);
    load(library, "PQexecParams", exec_params);
    load(library, "PQprepare", prepare);
    load(library, "PQdescribePrepared", describe_prepared);
    load(library, "PQexecPrepared", exec_prepared);
    load(library, "PQclosePrepared", close_prepared);
    load(library, "PQfn", fn);
    load(library, "PQputCopyData", put_copy_data);
    load(library, "PQputCopyEnd", put_copy_end);
    load(library, "PQgetCopyData", get_copy_data);
    load(library, "PQenterPipelineMode", enter_pipeline_mode);
    load(library, "PQexitPipelineMode", exit_pipeline_mode);
    load(library, "PQpipelineSync", pipeline_sync);
    load(library, "PQsendFlushRequest", send_flush_request);
    load(library, "PQsendQueryParams", send_query_params);
    load(library, "PQgetResult", get_result);
    load(library, "PQclear", clear);
    load(library, "PQfreemem", free_memory);
}

const libpq& libpq::loaded()
{
    static const libpq only;
    return only;
}

recording record(const std::string& where, int flags, const std::function<void(const libpq&, PGconn*)>& talk)
{
    const libpq& pq = libpq::loaded();
    recording all;
    char* text = nullptr;
    std::size_t size = 0;
    std::FILE* const to = ::open_memstream(&text, &size);
    recorded = &all;
    PGconn* const conn = pq.connect_start(where.c_str());
    pq.trace(conn, to); // nothing has been sent yet: the socket is still being connected
    pq.set_trace_flags(conn, flags);
    std::string failure;
    try {
        connect(pq, conn);
        talk(pq, conn);
    } catch (const std::exception& e) {
        failure = e.what();
    }
    pq.finish(conn);
    recorded = nullptr;
    std::fclose(to);
    all.trace.assign(text, size);
    std::free(text);
    if (!failure.empty()) throw std::runtime_error(failure);
    return all;
}

} // namespace trace_test
