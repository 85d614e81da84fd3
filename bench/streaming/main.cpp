// Distributed under the Boost Software License, Version 1.0.
// One result of many rows of five columns, taken in each way that there is: does streaming cost more than keeping?
//
//   tusk_streaming [ROWS [ROUNDS [WAY]]] CONNECTION-STRING

#include <tusk.hpp>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <time.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct wide {
    std::int32_t id;
    std::int64_t big;
    double ratio;
    std::string note;
    std::chrono::sys_time<std::chrono::microseconds> moment;
};

using sum = std::uint64_t;

/// Enough that every cell must have been read.
sum digest(const wide& r)
{
    return static_cast<sum>(r.id) + static_cast<sum>(r.big) + static_cast<sum>(r.ratio) + r.note.size() +
           static_cast<sum>(r.moment.time_since_epoch().count());
}

sum digest(tusk::row r)
{
    return static_cast<sum>(r[0].as<std::int32_t>()) + static_cast<sum>(r[1].as<std::int64_t>()) +
           static_cast<sum>(r[2].as<double>()) + r[3].as<std::string_view>().size() +
           static_cast<sum>(r[4].as<decltype(wide::moment)>().time_since_epoch().count());
}

template <class Rows>
sum digest_all(const Rows& rows)
{
    sum all = 0;
    for (const auto& r : rows) all += digest(r);
    return all;
}

tusk::bound rows_of(std::int32_t n)
{
    return tusk::sql("select id, big, ratio, note, moment from streaming_wide where id <= $1::int4", n);
}

asio::awaitable<sum> kept(tusk::connection& db, std::int32_t n)
{
    const auto all = co_await db.async_query<wide>(rows_of(n));
    co_return digest_all(all);
}

asio::awaitable<sum> kept_views(tusk::connection& db, std::int32_t n)
{
    const tusk::result all = co_await db.async_query(rows_of(n));
    co_return digest_all(all);
}

asio::awaitable<sum> shown(tusk::connection& db, std::int32_t n)
{
    sum all = 0;
    co_await db.async_for_each<wide>(rows_of(n), [&all](const wide& r) { all += digest(r); });
    co_return all;
}

asio::awaitable<sum> streamed(tusk::connection& db, std::int32_t n)
{
    sum all = 0;
    auto s = co_await db.async_stream<wide>(rows_of(n));
    for (auto some = co_await s.async_next_rows(); !some.empty(); some = co_await s.async_next_rows())
        all += digest_all(some);
    co_return all;
}

asio::awaitable<sum> streamed_views(tusk::connection& db, std::int32_t n)
{
    sum all = 0;
    auto s = co_await db.async_stream(rows_of(n));
    for (auto some = co_await s.async_next_rows(); !some.empty(); some = co_await s.async_next_rows())
        all += digest_all(some);
    co_return all;
}

asio::awaitable<sum> one_by_one(tusk::connection& db, std::int32_t n)
{
    sum all = 0;
    auto s = co_await db.async_stream<wide>(rows_of(n));
    while (const std::optional<wide> r = co_await s.async_next()) all += digest(*r);
    co_return all;
}

asio::awaitable<sum> fetched(tusk::connection& db, std::int32_t n)
{
    sum all = 0;
    auto tx = co_await db.async_begin();
    auto c = co_await tx.async_cursor<wide>(rows_of(n));
    while (!c.at_end()) {
        const auto some = co_await c.async_fetch(1'000);
        all += digest_all(some);
    }
    co_await tx.async_commit();
    co_return all;
}

struct way {
    const char* name;
    asio::awaitable<sum> (*run)(tusk::connection&, std::int32_t);
};

constexpr way ways[] = {
    {"async_query<T>", kept},
    {"async_query", kept_views},
    {"async_for_each<T>", shown},
    {"async_stream<T>, async_next_rows", streamed},
    {"async_stream, async_next_rows", streamed_views},
    {"async_stream<T>, async_next", one_by_one},
    {"async_cursor<T>, async_fetch(1000)", fetched},
};

double processor_seconds()
{
    timespec t{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9;
}

asio::awaitable<void> make_table(tusk::connection& db, std::int32_t n)
{
    co_await db.async_execute("create temp table streaming_wide(id int4, big int8, ratio float8, note text, "
                              "moment timestamptz)");
    co_await db.async_execute(tusk::sql(
        "insert into streaming_wide select i, i::int8 * 1000003, i / 7.0, 'note ' || lpad(i::text, 15, '0'), "
        "timestamptz '2020-01-01 00:00:00+00' + i * interval '1 second' from generate_series(1, $1::int4) i",
        n));
}

/// Every way in each round, so that what else the machine does hits them all.
asio::awaitable<void> compare(tusk::connection& db, const char* where, std::int32_t n, int rounds,
                              const char* only)
{
    co_await db.async_connect(where);
    co_await make_table(db, n);
    const sum right = co_await shown(db, n);
    std::vector<double> elapsed(std::size(ways), 1e9), processor(std::size(ways), 1e9);
    for (int round = 0; round < rounds; ++round) {
        for (std::size_t i = 0; i < std::size(ways); ++i) {
            if (only && std::strcmp(only, ways[i].name) != 0) continue;
            const auto since = std::chrono::steady_clock::now();
            const double used = processor_seconds();
            const sum got = co_await ways[i].run(db, n);
            processor[i] = std::min(processor[i], processor_seconds() - used);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - since;
            elapsed[i] = std::min(elapsed[i], took.count());
            if (got != right) throw std::runtime_error(std::string(ways[i].name) + " read other values");
        }
    }
    std::printf("%d rows, the best of %d rounds: ns of the processor (of the client), and elapsed, per row\n",
                n, rounds);
    for (std::size_t i = 0; i < std::size(ways); ++i)
        if (elapsed[i] < 1e9)
            std::printf("%-36s %8.1f %8.1f\n", ways[i].name, processor[i] * 1e9 / n, elapsed[i] * 1e9 / n);
    co_await db.async_close();
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 2)
        return std::fprintf(stderr, "usage: %s [ROWS [ROUNDS [WAY]]] CONNECTION-STRING\n", argv[0]), 2;
    const char* const where = argv[argc - 1];
    const std::int32_t rows = argc > 2 ? std::atoi(argv[1]) : 1'000'000;
    const int rounds = argc > 3 ? std::atoi(argv[2]) : 5;
    const char* const only = argc > 4 ? argv[3] : nullptr;
    try {
        asio::io_context io;
        tusk::connection db(io);
        asio::co_spawn(io, compare(db, where, rows, rounds, only), [](std::exception_ptr failure) {
            if (failure) std::rethrow_exception(failure);
        });
        io.run();
    } catch (const std::exception& e) {
        return std::fprintf(stderr, "%s\n", e.what()), 1;
    }
    return 0;
}
