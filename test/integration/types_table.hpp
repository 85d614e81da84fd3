// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk.hpp>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

/// The table of docs/types.md, and what is known of the names in it.
namespace tusk_test {

/// A row: the names between back quotes in each cell.
struct table_row {
    std::vector<std::string> sql, read, sent;
    std::string format; ///< the cell as it stands
};

/// Throws where there is no such table, or a row has another number of cells.
std::vector<table_row> read_types_table();

/// The C++ types for which the headers in include/tusk/codec specialise `traits` ("encode_traits"), as the table spells
/// them.
std::set<std::string> codecs_in_headers(std::string_view traits);

/// A type of SQL as a query calls it, and a value of it.
struct sql_type {
    std::string type, literal;

    [[nodiscard]] std::string value() const { return "(" + literal + ")::" + type; }
};

/// A value that was made into a parameter.
struct parcel {
    bool null = false;
    tusk::oid type{};
    tusk::format format{};
    tusk::params values; ///< empty when it could not be made

    [[nodiscard]] bool packed() const { return values.size() == 1; }
};

using reader = std::error_code (*)(const tusk::field&);
/// Makes a parameter of the sample, which comes in binary and as text.
using sender = parcel (*)(const tusk::field& value, const tusk::field& text);

/// What a C++ name in the table stands for: of a template several types, of which one has to fit each SQL type.
struct cpp_type {
    std::vector<reader> read;
    std::vector<sender> send;
};

/// By their names in the table.
const std::map<std::string, cpp_type>& cpp_types();
const std::map<std::string, sql_type>& sql_types();

/// Types of extensions that the test servers do not have.
inline const std::set<std::string> not_on_test_servers = {"vector", "halfvec", "sparsevec", "geometry",
                                                          "geography"};

} // namespace tusk_test
