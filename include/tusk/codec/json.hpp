// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/codec/single_type.hpp>
#include <tusk/json.hpp>

/// JSON as its text. std::string reads and, untyped, sends these types as well.
///
/// `==` on the structs compares texts: the server keeps json as it was written, and writes jsonb and jsonpath its own way.
namespace tusk {

/// tusk::json is json; to a described statement also jsonb.
template <>
struct encode_traits<json> : detail::sent_as<oid::json> {
    [[nodiscard]] static bool encodes(oid target) noexcept
    {
        return target == oid::json || target == oid::jsonb;
    }
    [[nodiscard]] static errc encode(const json& value, encoder& out);
};
template <>
struct decode_traits<json> : detail::read_from<oid::json, oid::jsonb> {
    [[nodiscard]] static errc decode(const field& f, json& out);
};

/// tusk::jsonb is jsonb; to a described statement also json.
template <>
struct encode_traits<jsonb> : detail::sent_as<oid::jsonb> {
    [[nodiscard]] static bool encodes(oid target) noexcept
    {
        return target == oid::json || target == oid::jsonb;
    }
    [[nodiscard]] static errc encode(const jsonb& value, encoder& out);
};
template <>
struct decode_traits<jsonb> : detail::read_from<oid::json, oid::jsonb> {
    [[nodiscard]] static errc decode(const field& f, jsonb& out);
};

template <>
struct encode_traits<jsonpath> : detail::sent_as<oid::jsonpath> {
    [[nodiscard]] static errc encode(const jsonpath& value, encoder& out);
};
template <>
struct decode_traits<jsonpath> : detail::read_from<oid::jsonpath> {
    [[nodiscard]] static errc decode(const field& f, jsonpath& out);
};

} // namespace tusk
