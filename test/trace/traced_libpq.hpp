// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstdio>
#include <functional>
#include <string>

namespace trace_test {

struct PGconn;
struct PGresult;

/// As PQsetTraceFlags() has them.
inline constexpr int suppress_timestamps = 1;
inline constexpr int regress_mode = 2;

/// What of libpq.so.5 the dialogues need, loaded from $TUSK_LIBPQ.
struct libpq {
    /// Ends the program with a message when there is none, or one that is not of version 18.
    static const libpq& loaded();

    PGconn* (*connect_start)(const char*) = nullptr;
    int (*connect_poll)(PGconn*) = nullptr;
    void (*finish)(PGconn*) = nullptr;
    int (*socket)(const PGconn*) = nullptr;
    char* (*error_message)(const PGconn*) = nullptr;
    void (*trace)(PGconn*, std::FILE*) = nullptr;
    void (*untrace)(PGconn*) = nullptr;
    void (*set_trace_flags)(PGconn*, int) = nullptr;
    PGresult* (*exec)(PGconn*, const char*) = nullptr;
    PGresult* (*exec_params)(PGconn*, const char*, int, const unsigned*, const char* const*, const int*,
                             const int*, int) = nullptr;
    PGresult* (*prepare)(PGconn*, const char*, const char*, int, const unsigned*) = nullptr;
    PGresult* (*describe_prepared)(PGconn*, const char*) = nullptr;
    PGresult* (*exec_prepared)(PGconn*, const char*, int, const char* const*, const int*, const int*,
                               int) = nullptr;
    PGresult* (*close_prepared)(PGconn*, const char*) = nullptr;
    PGresult* (*fn)(PGconn*, int, int*, int*, int, const void*, int) = nullptr;
    int (*put_copy_data)(PGconn*, const char*, int) = nullptr;
    int (*put_copy_end)(PGconn*, const char*) = nullptr;
    int (*get_copy_data)(PGconn*, char**, int) = nullptr;
    int (*enter_pipeline_mode)(PGconn*) = nullptr;
    int (*exit_pipeline_mode)(PGconn*) = nullptr;
    int (*pipeline_sync)(PGconn*) = nullptr;
    int (*send_flush_request)(PGconn*) = nullptr;
    int (*send_query_params)(PGconn*, const char*, int, const unsigned*, const char* const*, const int*,
                             const int*, int) = nullptr;
    PGresult* (*get_result)(PGconn*) = nullptr;
    void (*clear)(PGresult*) = nullptr;
    void (*free_memory)(void*) = nullptr;

private:
    libpq();
};

/// The bytes that libpq sent and received, and what PQtrace made of them.
struct recording {
    std::string sent, received, trace;
};

/// Connects libpq with this string, lets `talk` use it, closes it, and gives all that was seen of it. Throws when there
/// is no connection.
[[nodiscard]] recording record(const std::string& where, int flags,
                               const std::function<void(const libpq&, PGconn*)>& talk);

} // namespace trace_test
