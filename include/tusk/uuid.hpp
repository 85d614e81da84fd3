// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace tusk {

/// A universally unique identifier: 16 bytes in the order in which they are written. A value; the default is
/// nil.
class uuid {
public:
    constexpr uuid() noexcept = default;
    constexpr explicit uuid(const std::array<std::byte, 16>& bytes) noexcept
        : bytes_(bytes)
    {
    }

    [[nodiscard]] constexpr const std::array<std::byte, 16>& bytes() const noexcept { return bytes_; }
    [[nodiscard]] constexpr bool is_nil() const noexcept { return bytes_ == std::array<std::byte, 16>{}; }

    /// Reads what PostgreSQL reads: 32 hexadecimal digits of either case, a hyphen allowed after each group
    /// of four, the whole in braces or not. Anything else gives an empty optional.
    [[nodiscard]] static std::optional<uuid> parse(std::string_view text) noexcept;

    /// "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"
    [[nodiscard]] std::string to_string() const;

    friend constexpr bool operator==(const uuid&, const uuid&) noexcept = default;
    friend constexpr std::strong_ordering operator<=>(const uuid& a, const uuid& b) noexcept
    {
        for (std::size_t i = 0; i < a.bytes_.size(); ++i)
            if (a.bytes_[i] != b.bytes_[i]) return a.bytes_[i] <=> b.bytes_[i];
        return std::strong_ordering::equal;
    }

private:
    std::array<std::byte, 16> bytes_{};
};

} // namespace tusk

template <>
struct std::hash<tusk::uuid> {
    [[nodiscard]] std::size_t operator()(const tusk::uuid& value) const noexcept
    {
        std::uint64_t h = 0xcbf2'9ce4'8422'2325; // FNV-1a
        for (const std::byte b : value.bytes())
            h = (h ^ static_cast<std::uint64_t>(b)) * 0x0000'0100'0000'01b3;
        return static_cast<std::size_t>(h);
    }
};
