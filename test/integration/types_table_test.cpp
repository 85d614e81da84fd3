// Distributed under the Boost Software License, Version 1.0.
// That the table in docs/types.md is true: each type in it is read and sent as it says, and none is missing.
#include "integration/round_trip.hpp"
#include "integration/types_table.hpp"

#include <array>
#include <bitset>
#include <map>
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

using tusk::errc;

/// A type of SQL as the table calls it, as a query does, and a value of it.
struct sql_type {
    std::string type, literal;

    [[nodiscard]] std::string value() const { return "(" + literal + ")::" + type; }
};

/// Reads the value as T.
template <class T>
std::error_code read_as(const tusk::field& from)
{
    T value{};
    return from.get<T>(value);
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

/// Reads the value as From, sends it as T, and lets the server compare. Empty, or what is wrong.
template <class T, class From = T>
asio::awaitable<std::string> send_as(tusk::connection& db, sql_type to, tusk::format expected)
{
    const std::string read = std::same_as<From, std::string> ? to.value() + "::text" : to.value();
    const tusk::result whole = co_await db.async_query("select " + read);
    From from{};
    if (whole[0][0].get(from)) co_return "the sample cannot be read";
    const auto& value = made_of<T>(from);
    if (tusk::detail::format_of(value) != expected) co_return "it is sent in the other format";
    const tusk::oid own = tusk::detail::type_of(value);
    const tusk::oid wanted = co_await db.async_query_one<tusk::oid>("select '" + to.type + "'::regtype::oid");
    if (own != tusk::oid::none && own != wanted)
        co_return "it is sent as " + std::string(tusk::type_name(own));
    tusk::bound request =
        tusk::sql("select ($1::" + to.type + ")::text is not distinct from " + to.value() + "::text", value);
    auto [ec, equal] = co_await db.async_query_one<bool>(std::move(request), as_tuple);
    if (ec) co_return ec.message() + ": " + std::string(equal.diag().message());
    co_return *equal ? "" : "the server sees another value";
}

using reader = std::error_code (*)(const tusk::field&);
using sender = asio::awaitable<std::string> (*)(tusk::connection&, sql_type, tusk::format);

/// What a name in the table stands for: of a template several types, of which one has to fit each SQL type.
struct cpp_type {
    std::vector<reader> read;
    std::vector<sender> send;
};

template <class... T>
cpp_type both()
{
    return {{read_as<T>...}, {send_as<T>...}};
}
template <class... T>
cpp_type only_read()
{
    return {{read_as<T>...}, {}};
}
template <class T, class... From>
cpp_type only_sent()
{
    return {{}, {send_as<T, From>...}};
}

/// A string literal is an array.
asio::awaitable<std::string> send_literal(tusk::connection& db, sql_type to, tusk::format expected)
{
    char text[64] = {};
    const auto value = co_await db.async_query_one<std::string>("select " + to.value() + "::text");
    value.copy(text, sizeof text - 1);
    if (tusk::detail::format_of(text) != expected) co_return "it is sent in the other format";
    tusk::bound request = tusk::sql("select ($1::" + to.type + ")::text = " + to.value() + "::text", text);
    co_return co_await db.async_query_one<bool>(std::move(request)) ? "" : "the server sees another value";
}

/// NULL in various forms.
template <class T>
asio::awaitable<std::string> send_null(tusk::connection& db, sql_type to, tusk::format)
{
    tusk::bound request = tusk::sql("select $1::" + to.type + " is null", T{});
    co_return co_await db.async_query_one<bool>(std::move(request)) ? "" : "it is not NULL";
}
asio::awaitable<std::string> send_nullopt(tusk::connection& db, sql_type to, tusk::format)
{
    tusk::bound request = tusk::sql("select $1::" + to.type + " is null", std::nullopt);
    co_return co_await db.async_query_one<bool>(std::move(request)) ? "" : "it is not NULL";
}

template <class T>
using sys = std::chrono::sys_time<T>;
template <class T>
using local = std::chrono::local_time<T>;
using std::chrono::microseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;
using std::chrono::sys_days;
using bytes = std::vector<std::byte>;
using maybe = std::optional<int>;
using two = std::tuple<std::int32_t, std::string>;
using any = std::variant<std::monostate, std::int32_t>;

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

/// SQL types whose sample is not their name and a literal that has it.
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

/// Of extensions that do not come with PostgreSQL: their codecs are tested by bytes.
const std::set<std::string> not_on_test_servers = {"vector", "halfvec", "sparsevec", "geometry", "geography"};

/// Types with a binary form that the table leaves out, and why.
const std::map<std::string, std::string> left_out = {
    {"unknown", "a literal without a type, which the server makes text in results"},
    {"cstring", "of functions for input and output; no column has it"},
    {"pg_node_tree", "of system catalogues: text, and read only"},
    {"pg_ndistinct", "of extended statistics: bytea in binary format, without a documented form"},
    {"pg_dependencies", "likewise"},
    {"pg_mcv_list", "likewise"},
    {"pg_brin_bloom_summary", "of indexes, likewise"},
    {"pg_brin_minmax_multi_summary", "likewise"},
};

asio::awaitable<void> prepare(tusk::connection& db)
{
    for (const char* extension : {"hstore", "ltree", "cube", "citext"})
        co_await db.async_script(
            "begin; select pg_advisory_xact_lock(7251); create extension if not exists " +
            std::string(extension) + "; commit");
    co_await db.async_script("create type pg_temp.table_pair as (a int4, b text);"
                             "create type pg_temp.table_mood as enum ('sad', 'ok')");
}

/// A template fits when one of its types does.
std::error_code read_into(const tusk::field& from, const cpp_type& into)
{
    std::error_code failure = errc::column_mismatch;
    for (const reader read : into.read) {
        const std::error_code ec = read(from);
        if (failure == errc::column_mismatch || failure == errc::value_not_representable) failure = ec;
    }
    return failure;
}

asio::awaitable<void> check_read(tusk::connection& db, sql_type from, cpp_type into, bool binary_only)
{
    for (const bool text : {false, true}) {
        tusk::bound request("select " + from.value());
        const tusk::result r = co_await db.async_query(std::move(request.text_results(text)));
        const std::error_code failure = read_into(r[0][0], into);
        if (binary_only && text)
            EXPECT_EQ(failure, errc::column_mismatch);
        else
            EXPECT_FALSE(failure) << failure.message() << (text ? " in text format" : " in binary format");
    }
}

asio::awaitable<void> check_sent(tusk::connection& db, sql_type to, cpp_type from, std::string format)
{
    EXPECT_TRUE(format.starts_with("binary") || format.starts_with("text")) << format;
    const auto expected = format.starts_with("text") ? tusk::format::text : tusk::format::binary;
    std::string failure = "it is not sent at all";
    for (const sender send : from.send) {
        const std::string fault = co_await send(db, to, expected);
        if (!failure.empty()) failure = fault;
    }
    EXPECT_EQ(failure, "");
}

TEST(types_table, each_type_is_read_and_sent_as_it_says)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await prepare(db);
        for (const table_row& row : read_types_table()) {
            std::string format = row.format;
            format.erase(0, format.find_first_not_of(' '));
            for (const std::string& name : row.sql) {
                const auto sql = sql_types().find(name);
                const bool there = !not_on_test_servers.contains(name);
                EXPECT_TRUE(sql != sql_types().end() || !there) << "the test knows no SQL type " << name;
                for (const bool reads : {true, false})
                    for (const std::string& spelt : reads ? row.read : row.sent) {
                        SCOPED_TRACE(name + (reads ? " into " : " from ") + spelt);
                        const auto cpp = cpp_types().find(spelt);
                        EXPECT_TRUE(cpp != cpp_types().end()) << "the test knows no C++ type of this name";
                        if (cpp == cpp_types().end() || sql == sql_types().end()) continue;
                        if (reads)
                            co_await check_read(db, sql->second, cpp->second,
                                                format.find("read in binary only") != std::string::npos);
                        else
                            co_await check_sent(db, sql->second, cpp->second, format);
                    }
            }
        }
    });
}

/// Types that read what others do; and those of users, of which the bytes alone tell one from the other.
bool reads_anything(const std::string& cpp)
{
    return cpp == "std::optional<T>" || cpp == "std::variant<...>";
}

TEST(types_table, nothing_is_read_into_what_it_does_not_name)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        co_await prepare(db);
        std::map<std::string, std::set<std::string>> named;
        for (const table_row& row : read_types_table())
            for (const std::string& sql : row.sql) named[sql].insert(row.read.begin(), row.read.end());
        for (const auto& [sql, into] : named) {
            const auto known = sql_types().find(sql);
            if (known == sql_types().end() || sql == "NULL") continue;
            const tusk::result r = co_await db.async_query("select " + known->second.value());
            if (!tusk::find_type(r.columns()[0].type)) continue;
            for (const auto& [name, cpp] : cpp_types())
                if (!into.contains(name) && !reads_anything(name))
                    EXPECT_TRUE(read_into(r[0][0], cpp)) << sql << " can be read into " << name;
        }
    });
}

TEST(types_table, has_every_codec)
{
    std::set<std::string> read, sent;
    for (const table_row& row : read_types_table()) {
        read.insert(row.read.begin(), row.read.end());
        sent.insert(row.sent.begin(), row.sent.end());
    }
    const std::set<std::string> decoded = codecs_in_headers("decode_traits"),
                                encoded = codecs_in_headers("encode_traits");
    EXPECT_GT(decoded.size(), 60u);
    EXPECT_GT(encoded.size(), 60u);
    for (const std::string& name : decoded)
        EXPECT_TRUE(read.contains(name)) << name << " is read, says its header";
    for (const std::string& name : encoded)
        EXPECT_TRUE(sent.contains(name)) << name << " is sent, says its header";
}

TEST(types_table, has_every_built_in_type_with_a_binary_form)
{
    run_test([](tusk::connection& db) -> asio::awaitable<void> {
        std::set<std::string> named;
        for (const table_row& row : read_types_table()) named.insert(row.sql.begin(), row.sql.end());
        const auto all = co_await db.async_query<std::string>(
            "select typname::text from pg_type where oid < 10000 and typnamespace = "
            "'pg_catalog'::regnamespace and "
            "typsend <> 0 and typcategory <> 'A' and typtype in ('b', 'r', 'm')");
        EXPECT_GT(all.size(), 60u);
        for (const std::string& type : all) {
            const std::string name = type == "char" ? "\"char\"" : type;
            EXPECT_NE(named.contains(name), left_out.contains(name))
                << name << " is in the table or left out, not both";
        }
    });
}

} // namespace
} // namespace tusk_test
