// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace bench {

using instant = std::chrono::sys_time<std::chrono::microseconds>;

/// A row of W5a. Its members are named like the columns.
template <class Text, class Oid>
struct catalogue_row {
    Oid oid;
    Text typname;
    Oid typnamespace;
    Oid typowner;
    std::int16_t typlen;
    bool typbyval;
    char typtype;
    char typcategory;
    bool typispreferred;
    bool typisdefined;
    char typdelim;
    Oid typrelid;
};

/// A row of W5c.
template <class Text>
struct wide_row {
    std::int32_t id;
    std::int64_t big;
    double ratio;
    Text note;
    instant moment;
};

/// Rows to be copied, of the same kind: their texts are literals of the program's.
[[nodiscard]] inline std::vector<wide_row<std::string_view>> rows_to_copy(std::size_t n)
{
    static constexpr std::string_view notes[] = {"note 000000000000001", "note 000000000000002",
                                                 "note 000000000000003", "note 000000000000004"};
    std::vector<wide_row<std::string_view>> rows;
    rows.reserve(n);
    for (std::size_t i = 1; i <= n; ++i)
        rows.push_back({static_cast<std::int32_t>(i), static_cast<std::int64_t>(i) * 1'000'003,
                        static_cast<double>(i) / 7, notes[i % 4],
                        instant(std::chrono::seconds(1'577'836'800 + static_cast<std::int64_t>(i)))});
    return rows;
}

/// They are given to the client this many at a time, again and again.
inline constexpr std::size_t rows_at_hand = 1000;

// What is made of each row: enough that every cell must have been decoded.

[[nodiscard]] inline std::uint64_t digest(std::string_view text) noexcept
{
    return text.empty() ? 1 : text.size() + static_cast<unsigned char>(text.back());
}

[[nodiscard]] inline std::uint64_t digest(std::span<const std::byte> bytes) noexcept
{
    return bytes.empty() ? 1 : bytes.size() + std::to_integer<std::uint64_t>(bytes.back());
}

[[nodiscard]] inline std::uint64_t digest(std::span<const std::int32_t> numbers) noexcept
{
    return numbers.empty() ? 1 : numbers.size() + static_cast<std::uint64_t>(numbers.back());
}

template <class Text, class Oid>
[[nodiscard]] std::uint64_t digest(const catalogue_row<Text, Oid>& r) noexcept
{
    return static_cast<std::uint64_t>(r.oid) + digest(std::string_view(r.typname)) +
           static_cast<std::uint64_t>(r.typnamespace) + static_cast<std::uint64_t>(r.typowner) +
           static_cast<std::uint64_t>(r.typlen) + r.typbyval + static_cast<unsigned char>(r.typtype) +
           static_cast<unsigned char>(r.typcategory) + r.typispreferred + r.typisdefined +
           static_cast<unsigned char>(r.typdelim) + static_cast<std::uint64_t>(r.typrelid);
}

template <class Text>
[[nodiscard]] std::uint64_t digest(const wide_row<Text>& r) noexcept
{
    return static_cast<std::uint64_t>(r.id) + static_cast<std::uint64_t>(r.big) +
           static_cast<std::uint64_t>(r.ratio) + digest(std::string_view(r.note)) +
           static_cast<std::uint64_t>(r.moment.time_since_epoch().count());
}

} // namespace bench
