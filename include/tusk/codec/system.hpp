// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/single_type.hpp>
#include <tusk/pg_lsn.hpp>
#include <tusk/pg_snapshot.hpp>
#include <tusk/tid.hpp>
#include <tusk/xid8.hpp>

/// The numbers by which the server calls its own things. Those of 32 bits (oid, xid, cid, and regclass and its kin) are
/// in <tusk/codec/integer.hpp>.
namespace tusk {

template <>
struct encode_traits<pg_lsn> : detail::sent_as<oid::pg_lsn> {
    [[nodiscard]] static errc encode(const pg_lsn& value, encoder& out);
};
template <>
struct decode_traits<pg_lsn> : detail::read_from<oid::pg_lsn> {
    [[nodiscard]] static errc decode(const field& f, pg_lsn& out) noexcept;
};

template <>
struct encode_traits<xid8> : detail::sent_as<oid::xid8> {
    [[nodiscard]] static errc encode(const xid8& value, encoder& out);
};
template <>
struct decode_traits<xid8> : detail::read_from<oid::xid8> {
    [[nodiscard]] static errc decode(const field& f, xid8& out) noexcept;
};

template <>
struct encode_traits<tid> : detail::sent_as<oid::tid> {
    [[nodiscard]] static errc encode(const tid& value, encoder& out);
};
template <>
struct decode_traits<tid> : detail::read_from<oid::tid> {
    [[nodiscard]] static errc decode(const field& f, tid& out) noexcept;
};

/// tusk::pg_snapshot is pg_snapshot; to a described statement also txid_snapshot, its older name.
/// Errors: errc::value_out_of_range for one that is not valid().
template <>
struct encode_traits<pg_snapshot> : detail::sent_as<oid::pg_snapshot> {
    [[nodiscard]] static bool encodes(oid target) noexcept
    {
        return target == oid::pg_snapshot || target == oid::txid_snapshot;
    }
    [[nodiscard]] static errc encode(const pg_snapshot& value, encoder& out);
};
template <>
struct decode_traits<pg_snapshot> : detail::read_from<oid::pg_snapshot, oid::txid_snapshot> {
    [[nodiscard]] static errc decode(const field& f, pg_snapshot& out);
};

} // namespace tusk
