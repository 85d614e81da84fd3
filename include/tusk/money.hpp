// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <compare>
#include <cstdint>

namespace tusk {

/// An amount of PostgreSQL's money, in the smallest unit of the currency, which is not known here: what it is,
/// and how many decimals the amount has, is the server's lc_monetary ("en_US": cents, two decimals). A value.
/// \code
/// auto price = row["price"].as<tusk::money>();
/// std::cout << price.units() / 100 << " dollars\n";
/// \endcode
class money {
public:
    constexpr money() noexcept = default;
    constexpr explicit money(std::int64_t units) noexcept
        : units_(units)
    {
    }

    [[nodiscard]] constexpr std::int64_t units() const noexcept { return units_; }

    friend constexpr bool operator==(const money&, const money&) noexcept = default;
    friend constexpr std::strong_ordering operator<=>(const money&, const money&) noexcept = default;

private:
    std::int64_t units_ = 0;
};

} // namespace tusk
