// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/bytes.hpp>

#include <concepts>
#include <cstddef>
#include <span>

namespace tusk::wire {

/// Reads a big-endian number; `from` has at least sizeof(T) bytes.
template <std::unsigned_integral T>
[[nodiscard]] inline T load(const std::byte* from) noexcept
{
    return detail::load_be<T>(std::span<const std::byte, sizeof(T)>(from, sizeof(T)));
}

/// Writes a big-endian number; `to` has room for sizeof(T) bytes.
template <std::unsigned_integral T>
inline void store(std::byte* to, T value) noexcept
{
    detail::store_be(to, value);
}

} // namespace tusk::wire
