// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/single_type.hpp>
#include <tusk/inet.hpp>
#include <tusk/macaddr.hpp>

namespace tusk {

/// tusk::inet is inet; to a described statement also cidr, errc::value_out_of_range where bits behind the prefix are set.
template <>
struct encode_traits<inet> : detail::sent_as<oid::inet> {
    [[nodiscard]] static bool encodes(oid target) noexcept
    {
        return target == oid::inet || target == oid::cidr;
    }
    [[nodiscard]] static errc encode(const inet& value, encoder& out);
};

/// Reads inet and cidr: each network is an address too.
template <>
struct decode_traits<inet> : detail::read_from<oid::inet, oid::cidr> {
    [[nodiscard]] static errc decode(const field& f, inet& out) noexcept;
};

/// tusk::cidr is cidr; to a described statement also inet.
template <>
struct encode_traits<cidr> : detail::sent_as<oid::cidr> {
    [[nodiscard]] static bool encodes(oid target) noexcept
    {
        return target == oid::inet || target == oid::cidr;
    }
    [[nodiscard]] static errc encode(const cidr& value, encoder& out);
};

template <>
struct decode_traits<cidr> : detail::read_from<oid::cidr> {
    [[nodiscard]] static errc decode(const field& f, cidr& out) noexcept;
};

template <>
struct encode_traits<macaddr> : detail::sent_as<oid::macaddr> {
    [[nodiscard]] static errc encode(const macaddr& value, encoder& out);
};

template <>
struct decode_traits<macaddr> : detail::read_from<oid::macaddr> {
    [[nodiscard]] static errc decode(const field& f, macaddr& out) noexcept;
};

template <>
struct encode_traits<macaddr8> : detail::sent_as<oid::macaddr8> {
    [[nodiscard]] static errc encode(const macaddr8& value, encoder& out);
};

template <>
struct decode_traits<macaddr8> : detail::read_from<oid::macaddr8> {
    [[nodiscard]] static errc decode(const field& f, macaddr8& out) noexcept;
};

} // namespace tusk
