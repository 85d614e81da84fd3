// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tusk {

/// Where a row lies in its table, the type of `ctid`: a block and a number in it. A value.
struct tid {
    std::uint32_t block = 0;
    std::uint16_t offset = 0;

    /// Reads "(12,3)"; anything else gives an empty optional.
    [[nodiscard]] static std::optional<tid> parse(std::string_view text) noexcept;
    [[nodiscard]] std::string to_string() const;

    friend constexpr auto operator<=>(const tid&, const tid&) noexcept = default;
};

} // namespace tusk
