// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/bound.hpp>
#include <tusk/codec/standard.hpp>
#include <tusk/params.hpp>

#include <string_view>
#include <utility>

namespace tusk {

/// A statement with the values of its parameters $1, $2, ... in order.
///
/// The values are encoded now and never become part of the text. Their SQL types come from their C++ types
/// (std::int32_t is int4, double is float8); text and NULL have none, so that the server infers it: where it
/// cannot, a cast in the statement tells it (`$1::text`).
///
/// Errors: kept in the returned object, see `bound`.
/// Exceptions: std::bad_alloc, and what a user's codec throws.
/// \code
/// co_await db.async_execute(tusk::sql("update users set name = $2 where id = $1", 1, "Ada"));
/// \endcode
template <class... Args>
[[nodiscard]] bound sql(std::string_view text, const Args&... args)
{
    bound result(text);
    (result.parameters().add(args), ...);
    return result;
}

} // namespace tusk
