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
    pg_node_tree = 194,
    point = 600,
    lseg = 601,
    path = 602,
    box = 603,
    polygon = 604,
    line = 628,
    cidr = 650,
    float4 = 700,
    float8 = 701,
    unknown = 705,
    money = 790,
    circle = 718,
    macaddr8 = 774,
    macaddr = 829,
    inet = 869,
    bpchar = 1042,
    varchar = 1043,
    date = 1082,
    time = 1083,
    timestamp = 1114,
    timestamptz = 1184,
    interval = 1186,
    timetz = 1266,
    bit = 1560,
    varbit = 1562,
    numeric = 1700,
    refcursor = 1790,
    regprocedure = 2202,
    regoper = 2203,
    regoperator = 2204,
    regclass = 2205,
    regtype = 2206,
    cstring = 2275,
    void_ = 2278,
    uuid = 2950,
    txid_snapshot = 2970,
    pg_lsn = 3220,
    tsvector = 3614,
    tsquery = 3615,
    regconfig = 3734,
    regdictionary = 3769,
    jsonb = 3802,
    jsonpath = 4072,
    regnamespace = 4089,
    regrole = 4096,
    regcollation = 4191,
    pg_snapshot = 5038,
    xid8 = 5069,
};

/// The server's name of a built-in type ("int4", "timestamptz"), or an empty view when tusk does not know it.
[[nodiscard]] std::string_view type_name(oid type) noexcept;

} // namespace tusk
