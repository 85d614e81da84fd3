// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/field.hpp>
#include <tusk/numeric.hpp>

namespace tusk {

/// tusk::numeric is numeric, exact both ways, with its scale, NaN and infinity. A server before PostgreSQL 14
/// refuses infinity.
///
/// 64-bit integers read numeric too, where the column has no decimals by its declaration (what sum() makes of
/// bigint, numeric(20)): see <tusk/codec/integer.hpp>. float and double do not, since they would round:
/// read a tusk::numeric and ask for `as<double>()`, or cast in SQL.
template <>
struct encode_traits<numeric> {
    static constexpr oid type = oid::numeric;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const numeric& value, encoder& out);
};

template <>
struct decode_traits<numeric> {
    [[nodiscard]] static bool accepts(const column& c) noexcept { return c.type == oid::numeric; }
    [[nodiscard]] static errc decode(const field& f, numeric& out);
};

} // namespace tusk
