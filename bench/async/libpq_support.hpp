// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "async/clients.hpp"

#include <libpq-fe.h>

#include <array>
#include <bit>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>

#include <arpa/inet.h>
#include <endian.h>

namespace async_bench {

struct finish_connection {
    void operator()(PGconn* c) const noexcept { PQfinish(c); }
};
using connection_ptr = std::unique_ptr<PGconn, finish_connection>;

struct clear_result {
    void operator()(PGresult* r) const noexcept { PQclear(r); }
};
using result_ptr = std::unique_ptr<PGresult, clear_result>;

/// The two parameters of the statement, binary.
struct libpq_parameters {
    libpq_parameters(std::int32_t number, double wait_seconds)
        : first(htonl(static_cast<std::uint32_t>(number)))
        , second(htobe64(std::bit_cast<std::uint64_t>(wait_seconds)))
    {
    }
    libpq_parameters(const libpq_parameters&) = delete;
    libpq_parameters& operator=(const libpq_parameters&) = delete;

    std::uint32_t first;
    std::uint64_t second;
    std::array<const char*, 2> values{reinterpret_cast<const char*>(&first),
                                      reinterpret_cast<const char*>(&second)};
    static constexpr std::array<int, 2> lengths{4, 8};
    static constexpr std::array<int, 2> formats{1, 1};
};

[[noreturn]] inline void libpq_failed(PGconn* c)
{
    throw std::runtime_error(std::string("libpq: ") + PQerrorMessage(c));
}

/// Takes the number out of an answer.
[[nodiscard]] inline std::int32_t answer_of(const PGresult* r)
{
    if (PQresultStatus(r) != PGRES_TUPLES_OK)
        throw std::runtime_error(std::string("libpq: ") + PQresultErrorMessage(r));
    if (PQntuples(r) != 1 || PQgetlength(r, 0, 0) != 4) throw std::runtime_error("libpq: a wrong answer");
    std::uint32_t value;
    std::memcpy(&value, PQgetvalue(r, 0, 0), sizeof value);
    return static_cast<std::int32_t>(ntohl(value));
}

} // namespace async_bench
