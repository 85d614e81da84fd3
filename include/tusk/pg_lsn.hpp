// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace tusk {

/// A position in the write-ahead log: a number of bytes. A value.
struct pg_lsn {
    std::uint64_t value = 0;

    /// Reads "16/B374D848": two hexadecimal numbers of at most 32 bits. Anything else gives an empty optional.
    [[nodiscard]] static std::optional<pg_lsn> parse(std::string_view text) noexcept;
    [[nodiscard]] std::string to_string() const;

    friend constexpr auto operator<=>(const pg_lsn&, const pg_lsn&) noexcept = default;
};

} // namespace tusk
