// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/bits.hpp>
#include <tusk/codec/single_type.hpp>

#include <bitset>
#include <cstddef>

namespace tusk {

/// tusk::bits is varbit; to a described statement also bit. The server checks a column's length.
/// Errors: errc::value_out_of_range for more than 2^31 - 8 bits.
template <>
struct encode_traits<bits> : detail::sent_as<oid::varbit> {
    [[nodiscard]] static bool encodes(oid target) noexcept
    {
        return target == oid::bit || target == oid::varbit;
    }
    [[nodiscard]] static errc encode(const bits& value, encoder& out);
};

/// Reads bit and varbit.
template <>
struct decode_traits<bits> : detail::read_from<oid::bit, oid::varbit> {
    [[nodiscard]] static errc decode(const field& f, bits& out);
};

/// std::bitset is sent as tusk::bits of the same digits.
template <std::size_t N>
struct encode_traits<std::bitset<N>> : detail::sent_as<oid::varbit> {
    [[nodiscard]] static bool encodes(oid target) noexcept { return encode_traits<bits>::encodes(target); }
    [[nodiscard]] static errc encode(const std::bitset<N>& value, encoder& out)
    {
        return encode_traits<bits>::encode(bits(value), out);
    }
};

/// Reads bit and varbit of exactly N bits; other lengths are errc::value_not_representable.
template <std::size_t N>
struct decode_traits<std::bitset<N>> : detail::read_from<oid::bit, oid::varbit> {
    [[nodiscard]] static errc decode(const field& f, std::bitset<N>& out)
    {
        bits value;
        if (const errc e = decode_traits<bits>::decode(f, value); e != errc{}) return e;
        const auto exact = value.to_bitset<N>();
        if (!exact) return errc::value_not_representable;
        out = *exact;
        return {};
    }
};

} // namespace tusk
