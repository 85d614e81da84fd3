// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/network.hpp>

#include "codec/parsed.hpp"
#include "wire/reader.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace tusk {
namespace {

// The server's own numbers, not those of any operating system.
constexpr std::uint8_t family_v4 = 2;
constexpr std::uint8_t family_v6 = 3;

/// Byte family, Byte prefix, Byte cidr or not, Byte count, then the bytes of the address.
void write(const inet& value, bool network, encoder& out)
{
    out.u8(value.is_v6() ? family_v6 : family_v4);
    out.u8(static_cast<std::uint8_t>(value.prefix()));
    out.u8(network ? 1 : 0);
    out.u8(static_cast<std::uint8_t>(value.bytes().size()));
    out.bytes(std::as_bytes(value.bytes()));
}

template <class Address>
bool read_address(wire::reader& in, unsigned prefix, inet& out)
{
    Address address;
    if (in.remaining() != address.size() || prefix > 8 * address.size()) return false;
    for (std::uint8_t& byte : address) byte = in.u8();
    out = inet(address, prefix);
    return true;
}

errc read_binary(std::span<const std::byte> bytes, inet& out)
{
    wire::reader in(bytes);
    const std::uint8_t family = in.u8();
    const std::uint8_t prefix = in.u8();
    const std::uint8_t network = in.u8();
    const std::uint8_t count = in.u8();
    if (in.fault() || network > 1 || count != in.remaining()) return errc::invalid_value;
    const bool good = family == family_v4   ? read_address<inet::v4_bytes>(in, prefix, out)
                      : family == family_v6 ? read_address<inet::v6_bytes>(in, prefix, out)
                                            : false;
    return good ? errc{} : errc::invalid_value;
}

/// As many bytes as the address has.
template <class Mac>
errc read_mac(const field& f, Mac& out) noexcept
{
    if (f.format() == format::text) return detail::read_parsed(f.view(), out);
    wire::reader in(f.bytes());
    if (in.remaining() != out.bytes.size()) return errc::invalid_value;
    for (std::uint8_t& byte : out.bytes) byte = in.u8();
    return {};
}

} // namespace

errc encode_traits<inet>::encode(const inet& value, encoder& out)
{
    const bool network = out.target() == oid::cidr;
    if (network && !value.is_network()) return errc::value_out_of_range;
    write(value, network, out);
    return {};
}

errc decode_traits<inet>::decode(const field& f, inet& out) noexcept
{
    if (f.format() == format::text) return detail::read_parsed(f.view(), out);
    return read_binary(f.bytes(), out);
}

errc encode_traits<cidr>::encode(const cidr& value, encoder& out)
{
    write(value.address(), out.target() != oid::inet, out);
    return {};
}

errc decode_traits<cidr>::decode(const field& f, cidr& out) noexcept
{
    if (f.format() == format::text) return detail::read_parsed(f.view(), out);
    inet address;
    if (const errc e = read_binary(f.bytes(), address); e != errc{}) return e;
    if (!address.is_network()) return errc::invalid_value;
    out = address.network();
    return {};
}

errc encode_traits<macaddr>::encode(const macaddr& value, encoder& out)
{
    out.bytes(std::as_bytes(std::span(value.bytes)));
    return {};
}

errc decode_traits<macaddr>::decode(const field& f, macaddr& out) noexcept { return read_mac(f, out); }

errc encode_traits<macaddr8>::encode(const macaddr8& value, encoder& out)
{
    out.bytes(std::as_bytes(std::span(value.bytes)));
    return {};
}

errc decode_traits<macaddr8>::decode(const field& f, macaddr8& out) noexcept { return read_mac(f, out); }

} // namespace tusk
