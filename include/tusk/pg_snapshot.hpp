// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/xid8.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tusk {

/// Which transactions a statement sees: what pg_current_snapshot() gives. A value.
struct pg_snapshot {
    xid8 xmin;             ///< all before it have ended
    xid8 xmax;             ///< none from it on had ended
    std::vector<xid8> xip; ///< those between that were running, in ascending order

    pg_snapshot() = default;
    pg_snapshot(xid8 least, xid8 next, std::vector<xid8> running)
        : xmin(least)
        , xmax(next)
        , xip(std::move(running))
    {
    }

    /// Reads "10:20:10,14,15"; anything else, and one that is not valid(), gives an empty optional.
    [[nodiscard]] static std::optional<pg_snapshot> parse(std::string_view text);
    [[nodiscard]] std::string to_string() const;

    /// What the server takes: 0 < xmin <= xmax, and xip ascending from xmin to xmax.
    [[nodiscard]] bool valid() const noexcept;

    friend bool operator==(const pg_snapshot&, const pg_snapshot&) noexcept = default;
};

} // namespace tusk
