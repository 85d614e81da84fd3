// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/known_types.hpp>
#include <tusk/oid.hpp>
#include <tusk/type_info.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace tusk {

/// A field of a composite type.
struct type_field {
    std::string name;
    oid type{};
    std::int32_t modifier = -1; ///< pg_attribute.atttypmod: -1 for none

    friend bool operator==(const type_field&, const type_field&) = default;
};

/// What the server says of a type, as far as its kind has it. `connection::async_describe_type` gives it.
///
/// Lifetimes: a value; what a connection hands out is immutable and shared.
struct type_description {
    oid id{};
    std::string name;   ///< without quotes and schema; an array has that of its elements and "[]": "mood[]"
    std::string schema; ///< the same
    type_kind kind = type_kind::base;
    oid array{};                     ///< the type of arrays of it; oid::none when it has none
    oid element{};                   ///< of an array: the type of its elements
    oid base{};                      ///< of a domain: the type below it, which may be a domain again
    std::int32_t base_modifier = -1; ///< and its modifier: -1 for none
    oid subtype{};        ///< of a range: the type of its bounds; of a multirange: that of its ranges
    oid multirange{};     ///< of a range: its multirange type
    char delimiter = ','; ///< what stands between its values in the text of an array
    std::vector<type_field> fields;  ///< of a composite or a table's row, in their order
    std::vector<std::string> labels; ///< of an enum, in their order

    /// The name as SQL takes it anywhere: "public"."mood"[].
    [[nodiscard]] std::string sql_name() const;

    friend bool operator==(const type_description&, const type_description&) = default;
};

using type_ptr = std::shared_ptr<const type_description>;

namespace detail {

/// Descriptions by OID, ascending; immutable once shared.
struct type_map {
    std::vector<type_ptr> types;

    [[nodiscard]] const type_ptr* find(oid type) const noexcept;
};

/// What is known of a built-in type without asking; null for others, and for row types, whose fields are not
/// known.
[[nodiscard]] type_ptr describe_built_in(oid type);

} // namespace detail
} // namespace tusk
