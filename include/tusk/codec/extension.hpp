// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/traits.hpp>
#include <tusk/field.hpp>

/// What is the same in the codecs for types of extensions, whose OIDs differ from one database to the next.
///
/// They are sent in text format and without a type, so that the server infers it from where the parameter stands:
/// `select $1::hstore`, `insert into items (embedding) values ($1)`. Inside of composites, and of arrays in those, they
/// are sent in binary (`encode_binary(value, encoder)`) as the type of their name (`type_name`), which the connection
/// looks up.
///
/// They are read from any column of a user-defined type, in both formats. A column of another type is
/// errc::invalid_value at its first value whose bytes do not fit.
namespace tusk::detail {

struct extension_encoding {
    static constexpr oid type = oid::none;
    static constexpr tusk::format format = tusk::format::text;

    [[nodiscard]] static bool encodes(oid target) noexcept;
};

struct extension_decoding {
    [[nodiscard]] static bool accepts(const column& c) noexcept;
};

} // namespace tusk::detail
