// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "session/type_catalogue.hpp"

#include <tusk/detail/named_types.hpp>
#include <tusk/detail/request.hpp>
#include <tusk/diagnostics.hpp>
#include <tusk/statement_view.hpp>

#include <cstddef>
#include <vector>

namespace tusk::session {

/// The names in a statement's parameters that are not known yet.
[[nodiscard]] detail::type_wants missing_names(const statement_view& statement,
                                               const type_catalogue& catalogue);

/// Whether the values were encoded as what the named types turned out to be. All names are known.
[[nodiscard]] bool fits_types(const statement_view& statement, const type_catalogue& catalogue,
                              diagnostics& why);

/// A statement's parameters with the OIDs of types that were known by name alone.
class named_parameters {
public:
    /// Makes `statement` a view of what is here. `fits_types` holds.
    void put(statement_view& statement, const type_catalogue& catalogue);

private:
    std::vector<oid> declared_;
    std::vector<std::byte> values_;
};

} // namespace tusk::session
