// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>

/// IEEE 754 numbers of 16 bits: a sign, 5 bits of exponent, 10 of fraction.
namespace tusk::detail {

[[nodiscard]] inline float half_to_float(std::uint16_t half) noexcept
{
    const std::uint32_t sign = (half & 0x8000U) << 16;
    const std::uint32_t exponent = half >> 10 & 31U;
    const std::uint32_t fraction = half & 0x3ffU;
    if (exponent == 31) return std::bit_cast<float>(sign | 0x7f80'0000U | fraction << 13); // infinity, NaN
    if (exponent != 0) return std::bit_cast<float>(sign | (exponent + 112) << 23 | fraction << 13);
    const float small = static_cast<float>(fraction) * 0x1p-24F; // zero and subnormal numbers, exactly
    return sign != 0 ? -small : small;
}

/// The nearest, of two the even one. Empty when the number is finite and too large.
[[nodiscard]] inline std::optional<std::uint16_t> float_to_half(float value) noexcept
{
    const auto all = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = all >> 16 & 0x8000U;
    const std::uint32_t magnitude = all & 0x7fff'ffffU;
    std::uint32_t half = 0;
    if (magnitude >= 0x7f80'0000U) { // NaN keeps its high bits, and stays one
        half = 0x7c00U | (magnitude & 0x7f'ffffU) >> 13 | (magnitude > 0x7f80'0000U ? 0x200U : 0U);
    } else if (magnitude >= 0x3880'0000U) { // 2^-14: a normal number
        const std::uint32_t rebased = magnitude - 0x3800'0000U;
        half = (rebased + 0xfffU + (rebased >> 13 & 1U)) >> 13; // a carry goes into the exponent
        if (half >= 0x7c00U) return std::nullopt;
    } else {
        // Adding 1/2 leaves a float whose last bit is worth 2^-24, as in a subnormal half: the addition rounds.
        const float shifted = std::bit_cast<float>(magnitude) + 0.5F;
        half = std::bit_cast<std::uint32_t>(shifted) - std::bit_cast<std::uint32_t>(0.5F);
    }
    return static_cast<std::uint16_t>(sign | half);
}

} // namespace tusk::detail
