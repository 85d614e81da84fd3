// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The table of docs/types.md, and the codecs that the headers have.
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

} // namespace tusk_test
