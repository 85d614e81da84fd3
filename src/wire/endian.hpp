// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace tusk::wire {

/// Swaps between the machine's and the network's byte order.
template <std::unsigned_integral T>
[[nodiscard]] inline T network_order(T value) noexcept
{
    if constexpr (std::endian::native == std::endian::big || sizeof(T) == 1)
        return value;
    else if constexpr (sizeof(T) == 2)
        return __builtin_bswap16(value);
    else if constexpr (sizeof(T) == 4)
        return __builtin_bswap32(value);
    else
        return __builtin_bswap64(value);
}

/// Reads a big-endian number; `from` has at least sizeof(T) bytes.
template <std::unsigned_integral T>
[[nodiscard]] inline T load(const std::byte* from) noexcept
{
    T value;
    std::memcpy(&value, from, sizeof value);
    return network_order(value);
}

/// Writes a big-endian number; `to` has room for sizeof(T) bytes.
template <std::unsigned_integral T>
inline void store(std::byte* to, T value) noexcept
{
    value = network_order(value);
    std::memcpy(to, &value, sizeof value);
}

} // namespace tusk::wire
