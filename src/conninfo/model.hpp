// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/parameters.hpp"
#include "conninfo/secret.hpp"

#include <tusk/conninfo.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace tusk {

/// A parameter that is set.
struct conninfo::item {
    std::size_t index = 0; // in conn::parameters
    enum source source = source::explicit_;
    conn::secret value; // every value: which ones are secret is the table's business
};

/// What the layer itself may do with a conninfo, beyond what users may.
struct detail::conninfo_access {
    using source = enum conninfo::source;

    /// Sets or replaces; of the value nothing is checked.
    static void put(conninfo& to, conn::key which, std::string_view value, source from);
    [[nodiscard]] static bool has(const conninfo& in, conn::key which) noexcept;
    /// Empty when unset.
    [[nodiscard]] static std::string_view get(const conninfo& in, conn::key which) noexcept;
    /// Where the value came from; default_ when unset.
    [[nodiscard]] static source source_of(const conninfo& in, conn::key which) noexcept;

private:
    static const conninfo::item* find(const conninfo& in, conn::key which) noexcept;
};

namespace conn {

using access = detail::conninfo_access;

/// Names a parameter in an error message, with the place where the value was found: "sslmode (from
/// PGSSLMODE)".
[[nodiscard]] std::string label(const conninfo& in, key which);

} // namespace conn
} // namespace tusk
