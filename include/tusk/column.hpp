// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/known_types.hpp>
#include <tusk/oid.hpp>
#include <tusk/text_style.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace tusk {

/// How the bytes of a value are to be read.
enum class format : std::uint8_t { text = 0, binary = 1 };

/// A column of a result, as the server describes it (protocol: RowDescription).
struct column {
    std::string name;
    oid table{}; ///< the table it comes from, 0 for an expression
    std::int16_t attribute =
        0;                 ///< its attribute number in that table; negative for system columns, 0 for none
    oid type{};            ///< the OID of its type
    std::int16_t size = 0; ///< pg_type.typlen: negative for variable width
    std::int32_t modifier = -1;               ///< pg_attribute.atttypmod: -1 for none
    tusk::format format = tusk::format::text; ///< how its values travel in this result
    text_style style{};                       ///< of dates and times among them, in text format
    known_types types{}; ///< what is known of types of users in it; looks into the result

    friend bool operator==(const column&, const column&) = default;
};

/// The columns of a result: shared, immutable.
using columns = std::vector<column>;
using columns_ptr = std::shared_ptr<const columns>;

} // namespace tusk
