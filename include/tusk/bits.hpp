// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <bitset>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tusk {

/// A string of bits: SQL's bit and varbit. A value, of any length.
///
/// Bits are counted from the left: number 0 of B'100' is 1.
/// \code
/// tusk::bits flags(8);  // 00000000
/// flags.set(0);         // 10000000
/// \endcode
class bits {
public:
    bits() = default;
    /// `count` bits, all `value`.
    explicit bits(std::size_t count, bool value = false);
    /// The bits in the same order.
    explicit bits(const std::vector<bool>& from);
    /// The same digits as std::bitset writes: its highest bit is the first.
    template <std::size_t N>
    explicit bits(const std::bitset<N>& from)
        : bits(N)
    {
        for (std::size_t i = 0; i < N; ++i) set(i, from[N - 1 - i]);
    }

    /// Reads zeros and ones; anything else gives an empty optional.
    [[nodiscard]] static std::optional<bits> parse(std::string_view text);
    /// Takes over bytes in the layout of bytes(): empty unless they are as many as `count` bits need and the
    /// unused ones are zero.
    [[nodiscard]] static std::optional<bits> from_bytes(std::size_t count, std::vector<std::uint8_t> bytes);

    [[nodiscard]] std::string to_string() const;
    [[nodiscard]] std::vector<bool> to_vector() const;
    /// Empty unless these are exactly N bits.
    template <std::size_t N>
    [[nodiscard]] std::optional<std::bitset<N>> to_bitset() const
    {
        if (size_ != N) return std::nullopt;
        std::bitset<N> to;
        for (std::size_t i = 0; i < N; ++i) to[N - 1 - i] = (*this)[i];
        return to;
    }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    /// Bit number `i`, which must be below size().
    [[nodiscard]] bool operator[](std::size_t i) const noexcept
    {
        return (bytes_[i / 8] >> (7 - i % 8) & 1) != 0;
    }
    /// Sets bit number `i`, which must be below size().
    void set(std::size_t i, bool value = true) noexcept
    {
        const auto mask = static_cast<std::uint8_t>(0x80U >> i % 8);
        bytes_[i / 8] = static_cast<std::uint8_t>(value ? bytes_[i / 8] | mask : bytes_[i / 8] & ~mask);
    }
    void push_back(bool value);

    /// Eight bits a byte, the first as the highest; unused bits of the last byte are zero.
    /// Lifetimes: a view, good until this object changes.
    [[nodiscard]] std::span<const std::uint8_t> bytes() const noexcept { return bytes_; }

    friend bool operator==(const bits&, const bits&) noexcept = default;
    /// As the server compares: bit by bit, the shorter first where one begins with the other.
    friend std::strong_ordering operator<=>(const bits& a, const bits& b) noexcept;

private:
    std::vector<std::uint8_t> bytes_;
    std::size_t size_ = 0;
};

} // namespace tusk
