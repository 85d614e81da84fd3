// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/oid.hpp>

#include <cstdint>
#include <string_view>

namespace tusk {

/// What a type is (PostgreSQL: pg_type.typtype). An array is a base type with an `element`.
enum class type_kind : std::uint8_t { base, composite, domain, enumeration, pseudo, range, multirange };

/// What is known of a built-in type without asking a server.
struct type_info {
    oid id{};
    std::string_view name; ///< as SQL writes it: "int4", "int4[]", "\"char\""
    type_kind kind = type_kind::base;
    oid array{};      ///< the type of arrays of it; oid::none when it has none
    oid element{};    ///< of an array (int2vector and oidvector are such): the type of its elements
    oid subtype{};    ///< of a range: the type of its bounds; of a multirange: the type of its ranges
    oid multirange{}; ///< of a range: its multirange type
};

/// The built-in type with this OID, or null. Known are the types of PostgreSQL 14 to 18 whose OID is the same
/// in every version and database; types of users and extensions, and the row types of most system catalogues
/// and views, are not.
[[nodiscard]] const type_info* find_type(oid type) noexcept;

/// The built-in type with this name, or null. It is written as type_info::name has it, as pg_type has it
/// ("_int4"), or as the SQL standard has it ("integer", "double precision[]"); in lower case, with or without
/// "pg_catalog." in front.
/// \code
/// const tusk::type_info* t = tusk::find_type("timestamp with time zone"); // t->id == tusk::oid::timestamptz
/// \endcode
[[nodiscard]] const type_info* find_type(std::string_view name) noexcept;

} // namespace tusk
