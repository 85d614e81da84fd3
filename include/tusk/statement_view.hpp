// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/column.hpp>
#include <tusk/oid.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace tusk {

namespace detail {
class type_places;
}

/// What is sent of a statement: its text, and its parameters in the form that Bind wants.
///
/// Lifetimes: a view into a `bound`, or into a `batch` to which nothing is added meanwhile.
struct statement_view {
    std::string_view sql;
    std::span<const oid> declared;     ///< the types that Parse declares, oid::none for one to be inferred
    std::size_t parameters = 0;        ///< their number
    std::span<const std::byte> values; ///< of each Int32 length, -1 for NULL, then its bytes
    std::span<const format> formats;   ///< none when all are text, one for all, or one each
    bool text_results = false;         ///< all columns are asked for in text format
    const detail::type_places* places =
        nullptr; ///< where OIDs are still to be put into `declared` and `values`; null when all are there
};

namespace detail {

/// The shortest way to tell Bind these formats.
[[nodiscard]] inline std::span<const format> short_formats(std::span<const format> each) noexcept
{
    for (const format f : each)
        if (f != each.front()) return each;
    return each.first(!each.empty() && each.front() == format::binary ? 1 : 0);
}

} // namespace detail
} // namespace tusk
