// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/bits.hpp>

#include "codec/parsed.hpp"
#include "wire/reader.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace tusk {
namespace {

constexpr std::size_t max_bits = std::numeric_limits<std::int32_t>::max() - 7; // the server's VARBITMAXLEN

} // namespace

// Int32 number of bits, then the bytes.
errc encode_traits<bits>::encode(const bits& value, encoder& out)
{
    if (value.size() > max_bits) return errc::value_out_of_range;
    out.i32(static_cast<std::int32_t>(value.size()));
    out.bytes(std::as_bytes(value.bytes()));
    return {};
}

errc decode_traits<bits>::decode(const field& f, bits& out)
{
    if (f.format() == format::text) return detail::read_parsed(f.view(), out);
    wire::reader in(f.bytes());
    const std::int32_t count = in.i32();
    if (in.fault() || count < 0) return errc::invalid_value;
    const auto from = in.rest();
    std::vector<std::uint8_t> bytes(from.size());
    std::ranges::transform(from, bytes.begin(), [](std::byte b) { return static_cast<std::uint8_t>(b); });
    auto value = bits::from_bytes(static_cast<std::size_t>(count), std::move(bytes));
    if (!value) return errc::invalid_value;
    out = std::move(*value);
    return {};
}

} // namespace tusk
