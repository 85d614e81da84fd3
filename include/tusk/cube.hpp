// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tusk {

/// A box in any number of dimensions, by two opposite corners: the type of the extension cube. A value.
struct cube {
    static constexpr std::size_t max_dimensions = 100; ///< the extension's own limit

    std::vector<double> first;
    std::vector<double> second; ///< as long as `first`; or empty, for a point

    cube() = default;
    cube(std::vector<double> one, std::vector<double> other)
        : first(std::move(one))
        , second(std::move(other))
    {
    }

    /// Reads it as the server writes it: "(1, 2),(3, 4)", and "(1, 2)" for a point. Anything else, and more than
    /// `max_dimensions`, gives an empty optional.
    [[nodiscard]] static std::optional<cube> parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;

    friend bool operator==(const cube&, const cube&) noexcept = default;
};

} // namespace tusk
