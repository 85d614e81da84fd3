// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/field.hpp>
#include <tusk/money.hpp>

namespace tusk {

/// tusk::money is money.
///
/// The text of an amount follows the server's lc_monetary, but holds all its digits down to the smallest unit:
/// they are the amount, whatever separates them. Read are "$1,234.56", "-1.234,56 €", "(kr 5.00)" and their like:
/// digits with single separators (. , ' blank), a minus or parentheses, and a currency's sign without digits.
/// Errors: errc::invalid_value for other texts, such as digits in two places.
template <>
struct encode_traits<money> {
    static constexpr oid type = oid::money;
    static constexpr tusk::format format = tusk::format::binary;

    [[nodiscard]] static errc encode(const money& value, encoder& out)
    {
        out.i64(value.units());
        return {};
    }
};

template <>
struct decode_traits<money> {
    [[nodiscard]] static bool accepts(const column& c) noexcept { return c.type == oid::money; }
    [[nodiscard]] static errc decode(const field& f, money& out) noexcept;
};

} // namespace tusk
