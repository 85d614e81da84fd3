// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/oid.hpp>

#include <string>
#include <string_view>

namespace tusk::detail {

/// The name of a type as SQL writes it, taken apart: `public."My Type"[]`.
struct sql_type_name {
    std::string schema; ///< empty when none is written
    std::string name;
    bool array = false;

    /// The same in one spelling: both in quotes.
    [[nodiscard]] std::string to_string() const;
};

/// False for what is no name: names with modifiers ("varchar(10)"), several words, a NUL byte, more parts.
[[nodiscard]] bool parse_type_name(std::string_view text, sql_type_name& out);

/// What the name of a type means without asking a server: a built-in type, or one to be looked up.
struct type_reference {
    oid built_in{};
    std::string name; ///< of another: as sql_type_name::to_string() writes it
};

/// Also names that the SQL standard has for built-in types, of several words. False for what is no name.
[[nodiscard]] bool read_type_reference(std::string_view text, type_reference& out);

/// An identifier in quotes.
[[nodiscard]] std::string quoted_identifier(std::string_view name);

} // namespace tusk::detail
