// Distributed under the Boost Software License, Version 1.0.
#include <tusk/codec/system.hpp>

#include "codec/parse.hpp"
#include "codec/parsed.hpp"
#include "wire/reader.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>

namespace tusk {
namespace {

constexpr std::size_t xid8_size = 8;

/// An unsigned number of 64 bits.
errc read_u64(const field& f, std::uint64_t& out) noexcept
{
    wire::reader in(f.bytes());
    const std::uint64_t value = in.u64();
    if (!in.done()) return errc::invalid_value;
    out = value;
    return {};
}

} // namespace

errc encode_traits<pg_lsn>::encode(const pg_lsn& value, encoder& out)
{
    out.u64(value.value);
    return {};
}

errc decode_traits<pg_lsn>::decode(const field& f, pg_lsn& out) noexcept
{
    return f.format() == format::text ? detail::read_parsed(f.view(), out) : read_u64(f, out.value);
}

errc encode_traits<xid8>::encode(const xid8& value, encoder& out)
{
    out.u64(value.value);
    return {};
}

errc decode_traits<xid8>::decode(const field& f, xid8& out) noexcept
{
    if (f.format() == format::binary) return read_u64(f, out.value);
    return detail::parse_number(f.view(), out.value) ? errc{} : errc::invalid_value;
}

// Int32 block, Int16 offset.
errc encode_traits<tid>::encode(const tid& value, encoder& out)
{
    out.u32(value.block);
    out.u16(value.offset);
    return {};
}

errc decode_traits<tid>::decode(const field& f, tid& out) noexcept
{
    if (f.format() == format::text) return detail::read_parsed(f.view(), out);
    wire::reader in(f.bytes());
    tid value;
    value.block = in.u32();
    value.offset = in.u16();
    if (!in.done()) return errc::invalid_value;
    out = value;
    return {};
}

// Int32 number of running transactions, Int64 xmin, Int64 xmax, then those transactions.
errc encode_traits<pg_snapshot>::encode(const pg_snapshot& value, encoder& out)
{
    if (!value.valid()) return errc::value_out_of_range;
    if (value.xip.size() > encoder::max_value / xid8_size) return errc::request_too_large;
    out.i32(static_cast<std::int32_t>(value.xip.size()));
    out.u64(value.xmin.value);
    out.u64(value.xmax.value);
    for (const xid8& id : value.xip) out.u64(id.value);
    return {};
}

errc decode_traits<pg_snapshot>::decode(const field& f, pg_snapshot& out)
{
    if (f.format() == format::text) return detail::read_parsed(f.view(), out);
    wire::reader in(f.bytes());
    pg_snapshot value;
    const std::int32_t count = in.i32();
    value.xmin.value = in.u64();
    value.xmax.value = in.u64();
    if (count < 0 || static_cast<std::size_t>(count) != in.remaining() / xid8_size)
        return errc::invalid_value;
    value.xip.resize(static_cast<std::size_t>(count));
    for (xid8& id : value.xip) id.value = in.u64();
    if (!in.done() || !value.valid()) return errc::invalid_value;
    out = std::move(value);
    return {};
}

} // namespace tusk
