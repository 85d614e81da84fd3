// Distributed under the Boost Software License, Version 1.0.
#include <tusk/oid.hpp>

#include <string_view>

namespace tusk {

std::string_view type_name(oid type) noexcept
{
    switch (type) {
    case oid::none:
        return {};
    case oid::boolean:
        return "bool";
    case oid::bytea:
        return "bytea";
    case oid::char_:
        return "\"char\"";
    case oid::name:
        return "name";
    case oid::int8:
        return "int8";
    case oid::int2:
        return "int2";
    case oid::int4:
        return "int4";
    case oid::regproc:
        return "regproc";
    case oid::text:
        return "text";
    case oid::oid_:
        return "oid";
    case oid::tid:
        return "tid";
    case oid::xid:
        return "xid";
    case oid::cid:
        return "cid";
    case oid::json:
        return "json";
    case oid::xml:
        return "xml";
    case oid::float4:
        return "float4";
    case oid::float8:
        return "float8";
    case oid::unknown:
        return "unknown";
    case oid::money:
        return "money";
    case oid::bpchar:
        return "bpchar";
    case oid::varchar:
        return "varchar";
    case oid::date:
        return "date";
    case oid::time:
        return "time";
    case oid::timestamp:
        return "timestamp";
    case oid::timestamptz:
        return "timestamptz";
    case oid::interval:
        return "interval";
    case oid::timetz:
        return "timetz";
    case oid::numeric:
        return "numeric";
    case oid::refcursor:
        return "refcursor";
    case oid::void_:
        return "void";
    case oid::cstring:
        return "cstring";
    case oid::uuid:
        return "uuid";
    case oid::jsonb:
        return "jsonb";
    }
    return {};
}

} // namespace tusk
