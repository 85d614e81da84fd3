// Distributed under the Boost Software License, Version 1.0.
#include "integration/copy_types.hpp"

#include <bitset>
#include <chrono>

namespace tusk_test {

enum class copied_mood { sad, ok };
struct copied_pair {
    std::int32_t a = 0;
    std::string b;
};

namespace {

/// Values are read, and written back.
template <class... T>
asio::awaitable<void> copy_rows(tusk::connection& db)
{
    using row = std::tuple<std::optional<T>...>;
    auto out = co_await db.async_copy_out<row>("copy original to stdout (format binary)");
    std::vector<row> read;
    co_await out.async_for_each([&](const row& r) { read.push_back(r); });
    EXPECT_EQ(read.size(), 2u);
    auto in = co_await db.async_copy_in<row>("copy again from stdin (format binary)");
    co_await in.async_write_rows(read);
    const tusk::command done = co_await in.async_finish();
    EXPECT_EQ(done.rows_affected(), 2u);
}

template <class D>
using sys = std::chrono::sys_time<D>;
template <class D>
using local = std::chrono::local_time<D>;
using std::chrono::microseconds;
using std::chrono::sys_days;
using bytes = std::vector<std::byte>;
using two = std::tuple<std::int32_t, std::string>;

} // namespace

const std::vector<copied_row>& copied_rows()
{
    static const std::vector<copied_row> rows = {
        {{{"bool", "bool"},
          {"\"char\"", "char"},
          {"int2", "std::int16_t"},
          {"int4", "std::int32_t"},
          {"int8", "std::int64_t"},
          {"float4", "float"},
          {"float8", "double"},
          {"numeric", "tusk::numeric"},
          {"money", "tusk::money"}},
         &copy_rows<bool, char, std::int16_t, std::int32_t, std::int64_t, float, double, tusk::numeric,
                    tusk::money>},
        {{{"int4", "std::uint16_t"}, {"int8", "std::uint32_t"}, {"int8", "std::uint64_t"}},
         &copy_rows<std::uint16_t, std::uint32_t, std::uint64_t>},
        {{{"text", "std::string"},
          {"varchar", "std::string"},
          {"bpchar", "std::string"},
          {"name", "std::string"},
          {"json", "std::string"},
          {"jsonb", "std::string"},
          {"jsonpath", "std::string"},
          {"xml", "std::string"},
          {"refcursor", "std::string"},
          {"citext", "std::string"}},
         &copy_rows<std::string, std::string, std::string, std::string, std::string, std::string, std::string,
                    std::string, std::string, std::string>},
        {{{"json", "tusk::json"},
          {"jsonb", "tusk::jsonb"},
          {"jsonpath", "tusk::jsonpath"},
          {"bytea", "std::vector<std::byte>"},
          {"uuid", "tusk::uuid"}},
         &copy_rows<tusk::json, tusk::jsonb, tusk::jsonpath, bytes, tusk::uuid>},
        {{{"oid", "tusk::oid"},
          {"xid", "tusk::oid"},
          {"cid", "tusk::oid"},
          {"regclass", "tusk::oid"},
          {"regtype", "tusk::oid"},
          {"regproc", "tusk::oid"},
          {"regprocedure", "tusk::oid"},
          {"regoper", "tusk::oid"},
          {"regoperator", "tusk::oid"},
          {"regconfig", "tusk::oid"},
          {"regdictionary", "tusk::oid"},
          {"regnamespace", "tusk::oid"},
          {"regrole", "tusk::oid"},
          {"regcollation", "tusk::oid"}},
         &copy_rows<tusk::oid, tusk::oid, tusk::oid, tusk::oid, tusk::oid, tusk::oid, tusk::oid, tusk::oid,
                    tusk::oid, tusk::oid, tusk::oid, tusk::oid, tusk::oid, tusk::oid>},
        {{{"timestamptz", "std::chrono::sys_time<D>"},
          {"timestamptz", "tusk::timestamptz"},
          {"timestamp", "std::chrono::local_time<D>"},
          {"timestamp", "tusk::timestamp"},
          {"date", "std::chrono::year_month_day"},
          {"date", "std::chrono::sys_days"},
          {"date", "std::chrono::local_days"},
          {"date", "tusk::date"},
          {"time", "tusk::time_of_day"},
          {"timetz", "tusk::timetz"},
          {"interval", "tusk::interval"}},
         &copy_rows<sys<microseconds>, tusk::timestamptz, local<microseconds>, tusk::timestamp,
                    std::chrono::year_month_day, sys_days, std::chrono::local_days, tusk::date,
                    tusk::time_of_day, tusk::timetz, tusk::interval>},
        {{{"inet", "tusk::inet"},
          {"cidr", "tusk::cidr"},
          {"macaddr", "tusk::macaddr"},
          {"macaddr8", "tusk::macaddr8"},
          {"varbit", "tusk::bits"},
          {"varbit", "std::bitset<N>"},
          {"bit", "tusk::bits"},
          {"bit", "std::bitset<N>"}},
         &copy_rows<tusk::inet, tusk::cidr, tusk::macaddr, tusk::macaddr8, tusk::bits, std::bitset<5>,
                    tusk::bits, std::bitset<5>>},
        {{{"point", "tusk::point"},
          {"line", "tusk::line"},
          {"lseg", "tusk::lseg"},
          {"box", "tusk::box"},
          {"path", "tusk::path"},
          {"polygon", "tusk::polygon"},
          {"circle", "tusk::circle"}},
         &copy_rows<tusk::point, tusk::line, tusk::lseg, tusk::box, tusk::path, tusk::polygon, tusk::circle>},
        {{{"tsvector", "tusk::tsvector"},
          {"tsquery", "tusk::tsquery"},
          {"pg_lsn", "tusk::pg_lsn"},
          {"xid8", "tusk::xid8"},
          {"tid", "tusk::tid"},
          {"pg_snapshot", "tusk::pg_snapshot"},
          {"txid_snapshot", "tusk::pg_snapshot"}},
         &copy_rows<tusk::tsvector, tusk::tsquery, tusk::pg_lsn, tusk::xid8, tusk::tid, tusk::pg_snapshot,
                    tusk::pg_snapshot>},
        {{{"hstore", "tusk::hstore"},
          {"ltree", "tusk::ltree"},
          {"lquery", "tusk::lquery"},
          {"ltxtquery", "tusk::ltxtquery"},
          {"cube", "tusk::cube"}},
         &copy_rows<tusk::hstore, tusk::ltree, tusk::lquery, tusk::ltxtquery, tusk::cube>},
        {{{"T[]", "std::vector<T>"},
          {"T[]", "std::array<T, N>"},
          {"T[]", "tusk::array<T>"},
          {"text[]", "std::vector<T>"}},
         &copy_rows<std::vector<std::int32_t>, std::array<std::int32_t, 2>, tusk::array<std::int32_t>,
                    std::vector<std::string>>},
        {{{"int4range", "tusk::range<T>"},
          {"int8range", "tusk::range<T>"},
          {"numrange", "tusk::range<T>"},
          {"daterange", "tusk::range<T>"},
          {"tsrange", "tusk::range<T>"},
          {"tstzrange", "tusk::range<T>"}},
         &copy_rows<tusk::range<std::int32_t>, tusk::range<std::int64_t>, tusk::range<tusk::numeric>,
                    tusk::range<sys_days>, tusk::range<local<microseconds>>, tusk::range<sys<microseconds>>>},
        {{{"int4multirange", "tusk::multirange<T>"},
          {"int8multirange", "tusk::multirange<T>"},
          {"nummultirange", "tusk::multirange<T>"},
          {"datemultirange", "tusk::multirange<T>"},
          {"tsmultirange", "tusk::multirange<T>"},
          {"tstzmultirange", "tusk::multirange<T>"}},
         &copy_rows<tusk::multirange<std::int32_t>, tusk::multirange<std::int64_t>,
                    tusk::multirange<tusk::numeric>, tusk::multirange<sys_days>,
                    tusk::multirange<local<microseconds>>, tusk::multirange<sys<microseconds>>>},
        {{{"composite", "std::tuple<...>"},
          {"composite", "std::pair<A, B>"},
          {"composite", "struct"},
          {"enum", "enum class"},
          {"enum", "std::string"}},
         &copy_rows<two, std::pair<std::int32_t, std::string>, copied_pair, copied_mood, std::string>},
    };
    return rows;
}

const std::set<std::string>& no_copy_of()
{
    static const std::set<std::string> names = {"std::string_view",
                                                "const char*",
                                                "char*",
                                                "char[N]",
                                                "std::span<const std::byte>",
                                                "std::span<const T>",
                                                "std::optional<T>",
                                                "std::nullopt",
                                                "nullptr",
                                                "std::monostate",
                                                "std::variant<...>",
                                                "enum",
                                                "tusk::pgvector",
                                                "tusk::halfvec",
                                                "tusk::sparsevec",
                                                "tusk::ewkb"};
    return names;
}

asio::awaitable<void> prepare_copied_types(tusk::connection& db)
{
    for (const char* extension : {"hstore", "ltree", "cube", "citext"})
        co_await db.async_script(
            "begin; select pg_advisory_xact_lock(7251); create extension if not exists " +
            std::string(extension) + "; commit");
    co_await db.async_script("create type pg_temp.table_pair as (a int4, b text);"
                             "create type pg_temp.table_mood as enum ('sad', 'ok')");
}

asio::awaitable<std::string> copied_bytes(tusk::connection& db, std::string table, std::string format)
{
    auto copy = co_await db.async_copy_out("copy " + table + " to stdout (format " + format + ")");
    std::string bytes;
    for (auto some = co_await copy.async_read(); !some.empty(); some = co_await copy.async_read())
        bytes += some.text();
    co_return bytes;
}

} // namespace tusk_test
