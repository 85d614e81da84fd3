// Distributed under the Boost Software License, Version 1.0.
#include "integration/types_table.hpp"

#include <array>
#include <bitset>
#include <chrono>
#include <span>
#include <variant>

namespace tusk_test {

struct table_pair {
    std::int32_t a = 0;
    std::string b;
};
enum class table_mood { sad, ok };
enum table_plain { plain_sad, plain_ok };

} // namespace tusk_test

template <>
struct tusk::enum_traits<tusk_test::table_plain> {
    static constexpr tusk::enum_label<tusk_test::table_plain> labels[] = {{tusk_test::plain_sad, "sad"},
                                                                          {tusk_test::plain_ok, "ok"}};
};

namespace tusk_test {
namespace {

template <class T>
std::error_code read_as(const tusk::field& from)
{
    T value{};
    return from.get<T>(value);
}

template <class T>
parcel pack(const T& value)
{
    parcel p;
    p.null = tusk::detail::is_null(value);
    p.type = tusk::detail::type_of(value);
    p.format = tusk::detail::format_of(value);
    p.values.add(value);
    return p;
}

/// A T that means what `from` does.
template <class T, class From>
[[nodiscard]] decltype(auto) made_of(From& from)
{
    if constexpr (std::same_as<T, From>)
        return (from);
    else if constexpr (std::same_as<T, char*>)
        return from.data();
    else if constexpr (std::same_as<T, const char*>)
        return from.c_str();
    else
        return T(from);
}

/// Reads the sample as From, and sends it as T.
template <class T, class From = T>
parcel send_as(const tusk::field& value, const tusk::field& text)
{
    From from{};
    if ((std::same_as<From, std::string> ? text : value).get(from)) return {};
    return pack<T>(made_of<T>(from));
}

/// A string literal is an array.
parcel send_literal(const tusk::field&, const tusk::field& text)
{
    char literal[64] = {};
    text.view().copy(literal, sizeof literal - 1);
    return pack(literal);
}

template <class T>
parcel send_null(const tusk::field&, const tusk::field&)
{
    return pack(T{});
}
parcel send_nullopt(const tusk::field&, const tusk::field&) { return pack(std::nullopt); }

template <class... T>
cpp_type both()
{
    return {{read_as<T>...}, {send_as<T>...}};
}
template <class T, class From>
cpp_type only_sent()
{
    return {{}, {send_as<T, From>}};
}

template <class T>
using sys = std::chrono::sys_time<T>;
template <class T>
using local = std::chrono::local_time<T>;
using std::chrono::microseconds;
using std::chrono::nanoseconds;
using std::chrono::sys_days;
using bytes = std::vector<std::byte>;
using maybe = std::optional<int>;
using two = std::tuple<std::int32_t, std::string>;
using any = std::variant<std::monostate, std::int32_t>;

} // namespace

const std::map<std::string, cpp_type>& cpp_types()
{
    static const std::map<std::string, cpp_type> types = {
        {"bool", both<bool>()},
        {"char", both<char>()},
        {"std::int16_t", both<std::int16_t>()},
        {"std::int32_t", both<std::int32_t>()},
        {"std::int64_t", both<std::int64_t>()},
        {"std::uint16_t", both<std::uint16_t>()},
        {"std::uint32_t", both<std::uint32_t>()},
        {"std::uint64_t", both<std::uint64_t>()},
        {"float", both<float>()},
        {"double", both<double>()},
        {"tusk::numeric", both<tusk::numeric>()},
        {"tusk::money", both<tusk::money>()},
        {"std::string", {{read_as<std::string>}, {send_as<std::string, std::string>}}},
        {"std::string_view", {{read_as<std::string_view>}, {send_as<std::string_view, std::string>}}},
        {"const char*", only_sent<const char*, std::string>()},
        {"char*", only_sent<char*, std::string>()},
        {"char[N]", {{}, {send_literal}}},
        {"std::vector<std::byte>", both<bytes>()},
        {"std::span<const std::byte>",
         {{read_as<std::span<const std::byte>>}, {send_as<std::span<const std::byte>, bytes>}}},
        {"tusk::oid", both<tusk::oid>()},
        {"tusk::uuid", both<tusk::uuid>()},
        {"std::chrono::sys_time<D>",
         {{read_as<sys<microseconds>>, read_as<sys<nanoseconds>>},
          {send_as<sys<microseconds>>, send_as<sys<nanoseconds>>}}},
        {"std::chrono::local_time<D>",
         {{read_as<local<microseconds>>, read_as<local<nanoseconds>>},
          {send_as<local<microseconds>>, send_as<local<nanoseconds>>}}},
        {"std::chrono::year_month_day", both<std::chrono::year_month_day>()},
        {"std::chrono::sys_days", both<sys_days>()},
        {"std::chrono::local_days", both<std::chrono::local_days>()},
        {"tusk::timestamptz", both<tusk::timestamptz>()},
        {"tusk::timestamp", both<tusk::timestamp>()},
        {"tusk::date", both<tusk::date>()},
        {"tusk::time_of_day", both<tusk::time_of_day>()},
        {"tusk::timetz", both<tusk::timetz>()},
        {"tusk::interval", both<tusk::interval>()},
        {"tusk::json", both<tusk::json>()},
        {"tusk::jsonb", both<tusk::jsonb>()},
        {"tusk::jsonpath", both<tusk::jsonpath>()},
        {"tusk::inet", both<tusk::inet>()},
        {"tusk::cidr", both<tusk::cidr>()},
        {"tusk::macaddr", both<tusk::macaddr>()},
        {"tusk::macaddr8", both<tusk::macaddr8>()},
        {"tusk::bits", both<tusk::bits>()},
        {"std::bitset<N>", both<std::bitset<5>>()},
        {"tusk::point", both<tusk::point>()},
        {"tusk::line", both<tusk::line>()},
        {"tusk::lseg", both<tusk::lseg>()},
        {"tusk::box", both<tusk::box>()},
        {"tusk::path", both<tusk::path>()},
        {"tusk::polygon", both<tusk::polygon>()},
        {"tusk::circle", both<tusk::circle>()},
        {"tusk::tsvector", both<tusk::tsvector>()},
        {"tusk::tsquery", both<tusk::tsquery>()},
        {"tusk::pg_lsn", both<tusk::pg_lsn>()},
        {"tusk::xid8", both<tusk::xid8>()},
        {"tusk::tid", both<tusk::tid>()},
        {"tusk::pg_snapshot", both<tusk::pg_snapshot>()},
        {"tusk::hstore", both<tusk::hstore>()},
        {"tusk::ltree", both<tusk::ltree>()},
        {"tusk::lquery", both<tusk::lquery>()},
        {"tusk::ltxtquery", both<tusk::ltxtquery>()},
        {"tusk::cube", both<tusk::cube>()},
        {"tusk::pgvector", both<tusk::pgvector>()},
        {"tusk::halfvec", both<tusk::halfvec>()},
        {"tusk::sparsevec", both<tusk::sparsevec>()},
        {"tusk::ewkb", both<tusk::ewkb>()},
        {"std::vector<T>", both<std::vector<std::int32_t>, std::vector<std::int16_t>, std::vector<tusk::oid>,
                                std::vector<std::string>>()},
        {"std::array<T, N>", both<std::array<std::int32_t, 2>, std::array<std::int16_t, 2>,
                                  std::array<tusk::oid, 2>, std::array<std::string, 2>>()},
        {"tusk::array<T>", both<tusk::array<std::int32_t>, tusk::array<std::int16_t>, tusk::array<tusk::oid>,
                                tusk::array<std::string>>()},
        {"std::span<const T>",
         {{},
          {send_as<std::span<const std::int32_t>, std::vector<std::int32_t>>,
           send_as<std::span<const std::string>, std::vector<std::string>>}}},
        {"tusk::range<T>",
         both<tusk::range<std::int32_t>, tusk::range<std::int64_t>, tusk::range<tusk::numeric>,
              tusk::range<sys_days>, tusk::range<local<microseconds>>, tusk::range<sys<microseconds>>>()},
        {"tusk::multirange<T>",
         both<tusk::multirange<std::int32_t>, tusk::multirange<std::int64_t>, tusk::multirange<tusk::numeric>,
              tusk::multirange<sys_days>, tusk::multirange<local<microseconds>>,
              tusk::multirange<sys<microseconds>>>()},
        {"std::tuple<...>", both<two>()},
        {"std::pair<A, B>", both<std::pair<std::int32_t, std::string>>()},
        {"struct", both<table_pair>()},
        {"enum class", both<table_mood>()},
        {"enum", both<table_plain>()},
        {"std::optional<T>", {{read_as<maybe>}, {send_null<maybe>}}},
        {"std::variant<...>", {{read_as<any>}, {send_null<any>}}},
        {"std::nullopt", {{}, {send_nullopt}}},
        {"nullptr", {{}, {send_null<std::nullptr_t>}}},
        {"std::monostate", {{read_as<std::monostate>}, {send_null<std::monostate>}}},
    };
    return types;
}

const std::map<std::string, sql_type>& sql_types()
{
    static const std::map<std::string, sql_type> types = {
        {"bool", {"bool", "true"}},
        {"int2", {"int2", "7"}},
        {"int4", {"int4", "60000"}},
        {"int8", {"int8", "4000000000"}},
        {"float4", {"float4", "0.1"}},
        {"float8", {"float8", "0.1"}},
        {"numeric", {"numeric", "12345"}},
        {"money", {"money", "12.34"}},
        {"text", {"text", "'é'"}},
        {"varchar", {"varchar", "'é'"}},
        {"bpchar", {"bpchar", "'é'"}},
        {"name", {"name", "'n'"}},
        {"xml", {"xml", "'<a/>'"}},
        {"refcursor", {"refcursor", "'c'"}},
        {"citext", {"citext", "'c'"}},
        {"\"char\"", {"\"char\"", "'x'"}},
        {"json", {"json", "'{\"a\" : 1}'"}},
        {"jsonb", {"jsonb", "'{\"a\" : 1}'"}},
        {"jsonpath", {"jsonpath", "'$.\"a\"'"}},
        {"bytea", {"bytea", "'\\x00ff'"}},
        {"oid", {"oid", "4294967295"}},
        {"xid", {"xid", "'3'"}},
        {"cid", {"cid", "'3'"}},
        {"regclass", {"regclass", "'pg_class'"}},
        {"regtype", {"regtype", "'int4'"}},
        {"regproc", {"regproc", "'pi'"}},
        {"regprocedure", {"regprocedure", "'lower(text)'"}},
        {"regoper", {"regoper", "'||/'"}},
        {"regoperator", {"regoperator", "'+(integer,integer)'"}},
        {"regconfig", {"regconfig", "'english'"}},
        {"regdictionary", {"regdictionary", "'simple'"}},
        {"regnamespace", {"regnamespace", "'pg_catalog'"}},
        {"regrole", {"regrole", "'tusk'"}},
        {"regcollation", {"regcollation", "'\"C\"'"}},
        {"uuid", {"uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'"}},
        {"timestamptz", {"timestamptz", "'2024-02-29 12:34:56.789Z'"}},
        {"timestamp", {"timestamp", "'2024-02-29 12:34:56.789'"}},
        {"date", {"date", "'2024-02-29'"}},
        {"time", {"time", "'12:34:56.789'"}},
        {"timetz", {"timetz", "'12:34:56+05:45'"}},
        {"interval", {"interval", "'1 mon 2 days 3 sec'"}},
        {"inet", {"inet", "'10.1.2.3/8'"}},
        {"cidr", {"cidr", "'10.0.0.0/8'"}},
        {"macaddr", {"macaddr", "'08:00:2b:01:02:03'"}},
        {"macaddr8", {"macaddr8", "'08:00:2b:01:02:03:04:05'"}},
        {"bit", {"bit(5)", "B'10110'"}},
        {"varbit", {"varbit", "B'10110'"}},
        {"point", {"point", "'(1,2)'"}},
        {"line", {"line", "'{1,2,3}'"}},
        {"lseg", {"lseg", "'[(1,2),(3,4)]'"}},
        {"box", {"box", "'(3,4),(1,2)'"}},
        {"path", {"path", "'((1,2),(3,4))'"}},
        {"polygon", {"polygon", "'((1,2),(3,4),(5,0))'"}},
        {"circle", {"circle", "'<(1,2),3>'"}},
        {"tsvector", {"tsvector", "'a:1 b'"}},
        {"tsquery", {"tsquery", "'a & !b'"}},
        {"pg_lsn", {"pg_lsn", "'16/B374D848'"}},
        {"xid8", {"xid8", "'3'"}},
        {"tid", {"tid", "'(0,1)'"}},
        {"pg_snapshot", {"pg_snapshot", "'10:20:10,14'"}},
        {"txid_snapshot", {"txid_snapshot", "'10:20:10,14'"}},
        {"hstore", {"hstore", "'a=>1, b=>NULL'"}},
        {"ltree", {"ltree", "'a.b'"}},
        {"lquery", {"lquery", "'a.*'"}},
        {"ltxtquery", {"ltxtquery", "'a & b'"}},
        {"cube", {"cube", "'(1,2),(3,4)'"}},
        {"T[]", {"int4[]", "'{1,2}'"}},
        {"text[]", {"text[]", "'{a,\"b c\"}'"}},
        {"int2vector", {"int2vector", "'1 2'"}},
        {"oidvector", {"oidvector", "'1 2'"}},
        {"int4range", {"int4range", "'[1,5)'"}},
        {"int8range", {"int8range", "'[1,5)'"}},
        {"numrange", {"numrange", "'[1.5,5]'"}},
        {"daterange", {"daterange", "'[2024-01-01,2024-02-01)'"}},
        {"tsrange", {"tsrange", "'[2024-01-01,2024-02-01)'"}},
        {"tstzrange", {"tstzrange", "'[2024-01-01 00:00Z,)'"}},
        {"int4multirange", {"int4multirange", "'{[1,5)}'"}},
        {"int8multirange", {"int8multirange", "'{[1,5)}'"}},
        {"nummultirange", {"nummultirange", "'{[1.5,5]}'"}},
        {"datemultirange", {"datemultirange", "'{[2024-01-01,2024-02-01)}'"}},
        {"tsmultirange", {"tsmultirange", "'{[2024-01-01,2024-02-01)}'"}},
        {"tstzmultirange", {"tstzmultirange", "'{[2024-01-01 00:00Z,)}'"}},
        {"composite", {"pg_temp.table_pair", "row(1, 'a b')"}},
        {"record", {"record", "row(1, 'a b'::text)"}},
        {"enum", {"pg_temp.table_mood", "'ok'"}},
        {"NULL", {"int4", "null"}},
        {"void", {"void", "''"}},
    };
    return types;
}

} // namespace tusk_test
