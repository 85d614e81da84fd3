// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace tusk::detail {

/// Swaps between the machine's and the network's byte order.
template <std::unsigned_integral U>
[[nodiscard]] inline U network_order(U value) noexcept
{
    if constexpr (std::endian::native == std::endian::big || sizeof(U) == 1)
        return value;
    else if constexpr (sizeof(U) == 2)
        return __builtin_bswap16(value);
    else if constexpr (sizeof(U) == 4)
        return __builtin_bswap32(value);
    else
        return __builtin_bswap64(value);
}

/// A big-endian number; the span's size is the proof that its bytes are there.
template <std::unsigned_integral U>
[[nodiscard]] inline U load_be(std::span<const std::byte, sizeof(U)> from) noexcept
{
    U value;
    std::memcpy(&value, from.data(), sizeof value);
    return network_order(value);
}

/// Writes a big-endian number; `to` has room for it.
template <std::unsigned_integral U>
inline void store_be(std::byte* to, U value) noexcept
{
    value = network_order(value);
    std::memcpy(to, &value, sizeof value);
}

/// Walks the body of a DataRow: Int16 count, then per field Int32 length (-1: NULL) and its bytes.
/// A step that does not fit what is left changes nothing and is refused.
class row_cursor {
public:
    explicit row_cursor(std::span<const std::byte> body) noexcept
        : left_(body)
    {
    }

    /// Reads the number of fields; false when the body is too short for it.
    [[nodiscard]] bool count(std::size_t& fields) noexcept
    {
        if (left_.size() < 2) return false;
        fields = load_be<std::uint16_t>(left_.first<2>());
        left_ = left_.subspan(2);
        return true;
    }

    /// Reads one field; false when its length is below -1 or more than what is left.
    [[nodiscard]] bool next(const std::byte*& data, std::int32_t& length) noexcept
    {
        if (left_.size() < 4) return false;
        const auto n = static_cast<std::int32_t>(load_be<std::uint32_t>(left_.first<4>()));
        const auto rest = left_.subspan(4);
        const std::size_t taken = n < 0 ? 0 : static_cast<std::size_t>(n);
        if (n < -1 || taken > rest.size()) return false;
        data = rest.data();
        length = n;
        left_ = rest.subspan(taken);
        return true;
    }

    /// True when nothing is left.
    [[nodiscard]] bool done() const noexcept { return left_.empty(); }
    [[nodiscard]] std::size_t left() const noexcept { return left_.size(); }
    /// Why the field was refused: for its length, whatever may still come.
    [[nodiscard]] bool is_bad() const noexcept
    {
        return left_.size() >= 4 && static_cast<std::int32_t>(load_be<std::uint32_t>(left_.first<4>())) < -1;
    }

private:
    std::span<const std::byte> left_;
};

/// A field of a row; a length of -1 is NULL.
struct raw_field {
    const std::byte* data;
    std::int32_t length;
};

/// Cuts the body of a DataRow into its fields. False unless it has exactly this many, with lengths that add up.
template <std::size_t N>
[[nodiscard]] inline bool split_row(std::span<const std::byte> body, std::span<raw_field, N> fields) noexcept
{
    row_cursor cursor(body);
    std::size_t count = 0;
    if (!cursor.count(count) || count != fields.size()) return false;
    for (raw_field& f : fields)
        if (!cursor.next(f.data, f.length)) return false;
    return cursor.done();
}

/// Whether the body of a DataRow has as many fields as there are columns, with lengths that add up.
[[nodiscard]] inline bool row_fits(std::span<const std::byte> body, std::size_t columns) noexcept
{
    row_cursor cursor(body);
    std::size_t fields = 0;
    if (!cursor.count(fields) || fields != columns) return false;
    raw_field f;
    for (; fields > 0; --fields)
        if (!cursor.next(f.data, f.length)) return false;
    return cursor.done();
}

} // namespace tusk::detail
