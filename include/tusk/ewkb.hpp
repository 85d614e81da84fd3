// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace tusk {

/// A geometry of PostGIS in its extended well-known binary form. tusk does not look into the bytes: libraries such as
/// GEOS read and write them. A value.
struct ewkb {
    std::vector<std::byte> bytes;

    ewkb() = default;
    explicit ewkb(std::vector<std::byte> from)
        : bytes(std::move(from))
    {
    }

    friend bool operator==(const ewkb&, const ewkb&) noexcept = default;
};

} // namespace tusk
