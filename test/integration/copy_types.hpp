// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "integration/support.hpp"
#include "integration/types_table.hpp"

#include <set>
#include <string>
#include <vector>

/// Rows of C++ types for the SQL types of docs/types.md, for COPY.
namespace tusk_test {

/// A column of a row, by the names of the table.
struct copied_cell {
    std::string sql, spelt;
};

/// A row that COPY moves from the table `original` to the table `again`.
struct copied_row {
    std::vector<copied_cell> cells;
    asio::awaitable<void> (*copy)(tusk::connection&);
};

const std::vector<copied_row>& copied_rows();
/// C++ types of the table that no row holds, since COPY writes none of them: views and pointers are what a row would
/// have to own, and the types of NULL have no column of their own.
const std::set<std::string>& no_copy_of();

/// Extensions, and the types of users that the table names.
asio::awaitable<void> prepare_copied_types(tusk::connection& db);
/// What a COPY of a table gives.
asio::awaitable<std::string> copied_bytes(tusk::connection& db, std::string table, std::string format);

} // namespace tusk_test
