// Distributed under the Boost Software License, Version 1.0.
// What the three ways to use libpq share.
#pragma once

#include "compare/arm.hpp"
#include "compare/rows.hpp"

#include <libpq-fe.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace bench {

struct pg_closer {
    void operator()(PGconn* c) const noexcept { ::PQfinish(c); }
    void operator()(PGresult* r) const noexcept { ::PQclear(r); }
};
using pg_connection = std::unique_ptr<PGconn, pg_closer>;
using pg_result = std::unique_ptr<PGresult, pg_closer>;

inline constexpr const char* statement_name = "q";

template <class T>
[[nodiscard]] T from_network(const char* at) noexcept
{
    T v;
    std::memcpy(&v, at, sizeof v);
    if constexpr (sizeof(T) == 2) v = static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(v)));
    if constexpr (sizeof(T) == 4) v = static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(v)));
    if constexpr (sizeof(T) == 8) v = static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(v)));
    return v;
}

/// The parameters of one statement, binary, where libpq takes them.
class pg_parameters {
public:
    explicit pg_parameters(const job& j)
        : kind_(j.what->params)
    {
        count_ = kind_ == params_kind::none ? 0 : kind_ == params_kind::insert ? 3 : 1;
        if (kind_ == params_kind::limit) {
            set(std::int64_t(j.rows));
            values_[0] = reinterpret_cast<const char*>(&large_);
            lengths_[0] = 8;
        } else {
            values_ = {reinterpret_cast<const char*>(&small_), reinterpret_cast<const char*>(&large_),
                       insert_note.data()};
            lengths_ = {4, 8, static_cast<int>(insert_note.size())};
        }
    }
    pg_parameters(const pg_parameters&) = delete;
    pg_parameters& operator=(const pg_parameters&) = delete;

    /// Those of statement number `i`.
    void next(std::uint64_t i)
    {
        if (kind_ == params_kind::none || kind_ == params_kind::limit) return;
        const std::int32_t n = parameter(kind_, i);
        small_ = __builtin_bswap32(static_cast<std::uint32_t>(n));
        if (kind_ == params_kind::insert) set(n);
    }
    [[nodiscard]] int count() const noexcept { return count_; }
    [[nodiscard]] const char* const* values() const noexcept { return values_.data(); }
    [[nodiscard]] const int* lengths() const noexcept { return lengths_.data(); }
    [[nodiscard]] const int* formats() const noexcept { return formats_.data(); }

    [[nodiscard]] pg_result execute(PGconn* c) const
    {
        return pg_result(::PQexecPrepared(c, statement_name, count(), values(), lengths(), formats(), 1));
    }
    [[nodiscard]] bool send(PGconn* c) const
    {
        return ::PQsendQueryPrepared(c, statement_name, count(), values(), lengths(), formats(), 1) == 1;
    }

private:
    void set(std::int64_t v) { large_ = __builtin_bswap64(static_cast<std::uint64_t>(v)); }

    params_kind kind_;
    int count_ = 0;
    std::uint32_t small_ = 0;
    std::uint64_t large_ = 0;
    std::array<const char*, 3> values_{};
    std::array<int, 3> lengths_{};
    std::array<int, 3> formats_{1, 1, 1};
};

[[nodiscard]] std::string pg_version();
[[noreturn]] void pg_fail(PGconn* c);
[[nodiscard]] pg_connection pg_connect(const server& where);
/// With the workload's statement prepared.
[[nodiscard]] pg_connection pg_open(const job& j);

/// Decodes every cell of a result and gives their sum. Throws when it is a failure.
class pg_decoder {
public:
    explicit pg_decoder(const workload& w) noexcept
        : kind_(w.rows)
    {
    }
    [[nodiscard]] std::uint64_t sum(PGconn* c, const PGresult* r);

private:
    row_kind kind_;
    std::vector<std::int32_t> numbers_; // kept from row to row
};

} // namespace bench
