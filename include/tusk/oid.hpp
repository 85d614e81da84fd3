// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <compare>
#include <cstdint>
#include <string_view>

namespace tusk {

/// An object identifier: a 32-bit number that names a type, a table or another object of the server.
enum class oid : std::uint32_t {
    none = 0, ///< in a parameter: let the server infer the type
    boolean = 16,
    bytea = 17,
    char_ = 18, ///< "char", one byte
    name = 19,
    int8 = 20,
    int2 = 21,
    int4 = 23,
    regproc = 24,
    text = 25,
    oid_ = 26,
    tid = 27,
    xid = 28,
    cid = 29,
    json = 114,
    xml = 142,
    float4 = 700,
    float8 = 701,
    unknown = 705,
    money = 790,
    bpchar = 1042,
    varchar = 1043,
    date = 1082,
    time = 1083,
    timestamp = 1114,
    timestamptz = 1184,
    interval = 1186,
    timetz = 1266,
    numeric = 1700,
    refcursor = 1790,
    void_ = 2278,
    cstring = 2275,
    uuid = 2950,
    jsonb = 3802,
};

/// The server's name of a built-in type ("int4", "timestamptz"), or an empty view when tusk does not know it.
[[nodiscard]] std::string_view type_name(oid type) noexcept;

} // namespace tusk
