// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tusk {

/// A MAC address of 6 bytes (EUI-48), in the order in which they are written. A value.
struct macaddr {
    std::array<std::uint8_t, 6> bytes{};

    /// Reads 12 hexadecimal digits of either case, in groups of 2, 4 or 6 with colons, hyphens or dots between them, or
    /// in one: "08:00:2b:01:02:03", "0800.2b01.0203", "08002b-010203". Anything else gives an empty optional.
    [[nodiscard]] static std::optional<macaddr> parse(std::string_view text) noexcept;

    /// "08:00:2b:01:02:03"
    [[nodiscard]] std::string to_string() const;

    friend constexpr auto operator<=>(const macaddr&, const macaddr&) noexcept = default;
};

/// A MAC address of 8 bytes (EUI-64). A value.
struct macaddr8 {
    std::array<std::uint8_t, 8> bytes{};

    /// Reads 16 hexadecimal digits as macaddr::parse reads 12, in groups of 2, 4 or 8.
    [[nodiscard]] static std::optional<macaddr8> parse(std::string_view text) noexcept;

    /// "08:00:2b:ff:fe:01:02:03"
    [[nodiscard]] std::string to_string() const;

    friend constexpr auto operator<=>(const macaddr8&, const macaddr8&) noexcept = default;
};

} // namespace tusk
