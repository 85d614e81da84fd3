// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <system_error>

namespace tusk {

/// A name as it stands in SQL: in double quotes, with those inside doubled. For statements whose tables or columns are
/// known at run time only; values belong into parameters.
///
/// Errors: throws tusk::error: errc::invalid_identifier for a name that is empty, longer than 63 bytes (the server would
/// cut it, so that it could be another), or holds a NUL byte or bad UTF-8.
/// \code
/// db.async_query(tusk::sql("select * from " + tusk::quote_identifier({schema, table}) + " where id = $1", 7));
/// \endcode
[[nodiscard]] std::string quote_identifier(std::string_view name);
/// The same without an exception; empty after a failure.
[[nodiscard]] std::string quote_identifier(std::string_view name, std::error_code& ec);
/// A name with what it is in: "schema"."table"."column".
[[nodiscard]] std::string quote_identifier(std::initializer_list<std::string_view> names);
[[nodiscard]] std::string quote_identifier(std::span<const std::string_view> names);

/// Text as it stands in SQL: in single quotes, with those inside doubled; where there is a backslash as an escape string,
/// so that it means the same whatever standard_conforming_strings is. For what takes no parameters: CREATE USER, COMMENT,
/// SET, NOTIFY. An escape string has a blank in front, lest it grow together with the word before it, as in libpq.
///
/// Errors: throws tusk::error: errc::nul_in_text; errc::invalid_value for bad UTF-8.
/// \code
/// db.async_execute("comment on table users is " + tusk::quote_literal(remark));
/// \endcode
[[nodiscard]] std::string quote_literal(std::string_view text);
/// The same without an exception; empty after a failure.
[[nodiscard]] std::string quote_literal(std::string_view text, std::error_code& ec);

} // namespace tusk
