// Distributed under the Boost Software License, Version 1.0.
#include "compare/arms/libpq_common.hpp"

namespace bench {
namespace {

[[nodiscard]] std::string_view text(const PGresult* r, int row, int column) noexcept
{
    return {::PQgetvalue(r, row, column), static_cast<std::size_t>(::PQgetlength(r, row, column))};
}

template <class T>
[[nodiscard]] T number(const PGresult* r, int row, int column) noexcept
{
    return from_network<T>(::PQgetvalue(r, row, column));
}

[[nodiscard]] std::uint64_t integers(const PGresult* r)
{
    std::uint64_t sum = 0;
    for (int i = 0, n = ::PQntuples(r); i < n; ++i)
        sum += static_cast<std::uint64_t>(number<std::int32_t>(r, i, 0));
    return sum;
}

[[nodiscard]] std::uint64_t catalogue(const PGresult* r)
{
    std::uint64_t sum = 0;
    for (int i = 0, n = ::PQntuples(r); i < n; ++i) {
        const catalogue_row<std::string_view, Oid> row{
            number<Oid>(r, i, 0),          text(r, i, 1),
            number<Oid>(r, i, 2),          number<Oid>(r, i, 3),
            number<std::int16_t>(r, i, 4), *::PQgetvalue(r, i, 5) != 0,
            *::PQgetvalue(r, i, 6),        *::PQgetvalue(r, i, 7),
            *::PQgetvalue(r, i, 8) != 0,   *::PQgetvalue(r, i, 9) != 0,
            *::PQgetvalue(r, i, 10),       number<Oid>(r, i, 11),
        };
        sum += digest(row);
    }
    return sum;
}

[[nodiscard]] std::uint64_t wide(const PGresult* r)
{
    constexpr std::int64_t epoch = 946'684'800'000'000; // 2000-01-01
    std::uint64_t sum = 0;
    for (int i = 0, n = ::PQntuples(r); i < n; ++i) {
        const wide_row<std::string_view> row{
            number<std::int32_t>(r, i, 0),
            number<std::int64_t>(r, i, 1),
            std::bit_cast<double>(number<std::uint64_t>(r, i, 2)),
            text(r, i, 3),
            instant(std::chrono::microseconds(number<std::int64_t>(r, i, 4) + epoch)),
        };
        sum += digest(row);
    }
    return sum;
}

[[nodiscard]] std::uint64_t blobs(const PGresult* r)
{
    std::uint64_t sum = 0;
    for (int i = 0, n = ::PQntuples(r); i < n; ++i) sum += digest(std::as_bytes(std::span(text(r, i, 0))));
    return sum;
}

[[nodiscard]] std::uint64_t arrays(const PGresult* r, std::vector<std::int32_t>& numbers)
{
    std::uint64_t sum = 0;
    for (int i = 0, n = ::PQntuples(r); i < n; ++i) {
        const char* at = ::PQgetvalue(r, i, 0);
        numbers.resize(from_network<std::uint32_t>(at + 12));
        at += 20;
        for (auto& v : numbers) {
            v = from_network<std::int32_t>(at + 4);
            at += 8;
        }
        sum += digest(std::span<const std::int32_t>(numbers));
    }
    return sum;
}

} // namespace

std::string pg_version()
{
    const int v = ::PQlibVersion();
    return "libpq " + std::to_string(v / 10'000) + "." + std::to_string(v % 10'000);
}

void pg_fail(PGconn* c) { throw std::runtime_error(::PQerrorMessage(c)); }

pg_connection pg_connect(const server& where)
{
    pg_connection c(::PQconnectdb(where.conninfo().c_str()));
    if (::PQstatus(c.get()) != CONNECTION_OK) pg_fail(c.get());
    return c;
}

pg_connection pg_open(const job& j)
{
    auto c = pg_connect(j.where);
    const pg_result r(::PQprepare(c.get(), statement_name, std::string(j.what->sql).c_str(), 0, nullptr));
    if (::PQresultStatus(r.get()) != PGRES_COMMAND_OK) pg_fail(c.get());
    return c;
}

std::uint64_t pg_decoder::sum(PGconn* c, const PGresult* r)
{
    const auto status = ::PQresultStatus(r);
    if (status == PGRES_COMMAND_OK)
        return std::strtoull(::PQcmdTuples(const_cast<PGresult*>(r)), nullptr, 10);
    if (status != PGRES_TUPLES_OK) pg_fail(c);
    switch (kind_) {
    case row_kind::catalogue:
        return catalogue(r);
    case row_kind::wide:
        return wide(r);
    case row_kind::bytes:
        return blobs(r);
    case row_kind::array:
        return arrays(r, numbers_);
    case row_kind::integer:
    case row_kind::none:
        break;
    }
    return integers(r);
}

} // namespace bench
