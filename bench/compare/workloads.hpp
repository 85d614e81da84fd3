// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace bench {

enum class shape : std::uint8_t {
    single,   ///< each request is one statement with its own Sync
    batch,    ///< each request is `batch_size` statements under one Sync
    rows,     ///< each request is one statement with many rows
    copy_in,  ///< each request is one COPY FROM STDIN of many rows
    copy_out, ///< each request is one COPY TO STDOUT of many rows
    connect,  ///< each request opens a session and closes it
};

enum class params_kind : std::uint8_t {
    none,
    number, ///< $1::int4, counts up
    key,    ///< $1::int4, a key of the accounts
    limit,  ///< $1::int8, how many rows are wanted
    insert, ///< ($1 int4, $2 int8, $3 text)
};

enum class row_kind : std::uint8_t {
    none, ///< of a COPY: its bytes as they come
    integer,
    catalogue,
    wide,
    bytes,
    array,
};

/// How many requests a run does.
struct amounts {
    std::uint64_t normal;
    std::uint64_t quick;
    std::uint64_t counted; ///< under callgrind: this many more than in a shorter run
};

/// One workload, the same for all arms.
struct workload {
    std::string_view name;
    std::string_view title;
    std::string_view unit; ///< what per_second, cpu_us, ... are given for
    shape kind;
    std::string_view sql;
    params_kind params;
    row_kind rows;
    std::size_t connections;
    std::size_t tasks; ///< requests that want to be in flight together, over all connections
    bool exclusive;    ///< a connection serves one task at a time; the other tasks wait
    std::size_t batch_size;
    std::size_t rows_per_request;
    amounts requests;

    [[nodiscard]] constexpr bool is_copy() const noexcept
    {
        return kind == shape::copy_in || kind == shape::copy_out;
    }
    /// Its unit is a row.
    [[nodiscard]] constexpr bool counts_rows() const noexcept { return kind == shape::rows || is_copy(); }
    /// Units in a request.
    [[nodiscard]] constexpr std::size_t units() const noexcept
    {
        if (kind == shape::batch) return batch_size;
        return counts_rows() ? rows_per_request : 1;
    }
};

[[nodiscard]] std::span<const workload> all_workloads() noexcept;
/// Null when there is none of that name.
[[nodiscard]] const workload* find_workload(std::string_view name) noexcept;
/// Makes the tables that these workloads use; a script for the simple query protocol.
[[nodiscard]] std::string setup_script(std::span<const workload* const> for_these);

/// The statement of a COPY of this many rows, which takes no parameters.
[[nodiscard]] std::string copy_statement(const workload& w, std::size_t rows);

inline constexpr std::uint32_t accounts = 100'000;
inline constexpr std::string_view insert_note = "a row of 20 letters.";

/// The value of $1 in statement number `i`.
[[nodiscard]] constexpr std::int32_t parameter(params_kind kind, std::uint64_t i) noexcept
{
    if (kind != params_kind::key) return static_cast<std::int32_t>(i & 0x7fffffff);
    return static_cast<std::int32_t>((i * 48271u) % accounts) + 1;
}

} // namespace bench
