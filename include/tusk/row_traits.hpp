// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <string_view>

namespace tusk {

/// A member of a struct and the column that is read into it.
struct member_column {
    std::string_view member;
    std::string_view column;
};

/// How rows are read into the struct T where the names of its members do not say it. Without a specialisation
/// each member must be a column and each column a member. All parts are optional; a name that is no member of
/// T does not compile.
/// \code
/// template <> struct tusk::row_traits<user> {
///     // columns with another name than their member
///     static constexpr tusk::member_column columns[] = {{"email", "e_mail"}, {"class_", "class"}};
///     // members that no column is read into
///     static constexpr std::string_view ignored[] = {"cached_name"};
///     // members whose column may be missing
///     static constexpr std::string_view defaulted[] = {"nickname"};
///     // all columns may be missing
///     static constexpr bool missing_columns = true;
///     // columns that are no members are passed over
///     static constexpr bool extra_columns = true;
/// };
/// \endcode
/// A member without a column keeps what the object has there: its default member initialiser, in the rows of a
/// query. It is worked out once for each result what goes where.
template <class T>
struct row_traits {
};

} // namespace tusk
