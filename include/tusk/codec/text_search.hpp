// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/single_type.hpp>
#include <tusk/tsquery.hpp>
#include <tusk/tsvector.hpp>

namespace tusk {

/// Errors: errc::value_out_of_range for a position that is not 1 to 16 383, and for more than 256 of them.
template <>
struct encode_traits<tsvector> : detail::sent_as<oid::tsvector> {
    [[nodiscard]] static errc encode(const tsvector& value, encoder& out);
};
template <>
struct decode_traits<tsvector> : detail::read_from<oid::tsvector> {
    [[nodiscard]] static errc decode(const field& f, tsvector& out);
};

/// Errors: errc::value_out_of_range for weights above 15, and for the empty query: the server gives it in binary format
/// but does not take it so. As a text, "", it can be sent.
template <>
struct encode_traits<tsquery> : detail::sent_as<oid::tsquery> {
    [[nodiscard]] static errc encode(const tsquery& value, encoder& out);
};
template <>
struct decode_traits<tsquery> : detail::read_from<oid::tsquery> {
    [[nodiscard]] static errc decode(const field& f, tsquery& out);
};

} // namespace tusk
