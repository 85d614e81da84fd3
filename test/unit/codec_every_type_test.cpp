// Distributed under the Boost Software License, Version 1.0.
// Every type that can be read in binary format, broken at every byte; and that none is missing here.
#include "codec_breaking.hpp"

#include "values/type_table.hpp"

#include <bitset>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace codec_test {
namespace {

using namespace std::chrono;

constexpr auto extension = static_cast<oid>(16'400);

struct specimen {
    oid type;
    void (*break_it)(oid, const std::string&);
    const char* digits;
};

/// Of one length only.
template <class T>
void fixed(oid type, const std::string& valid)
{
    break_fixed<T>(type, valid);
}

/// Of any length, as text is.
template <class T>
void loose(oid type, const std::string& valid)
{
    break_value<T>(type, binary, valid);
}

constexpr const char* one_and_two = "3ff0000000000000 4000000000000000";
constexpr const char* one_to_four = "3ff0000000000000 4000000000000000 4008000000000000 4010000000000000";

const specimen numbers[] = {
    {oid::boolean, fixed<bool>, "01"},
    {oid::int2, fixed<std::int16_t>, "1234"},
    {oid::int4, fixed<std::int32_t>, "12345678"},
    {oid::int8, fixed<std::int64_t>, "123456789abcdef0"},
    {oid::int4, fixed<std::uint16_t>, "00001234"},
    {oid::int8, fixed<std::uint32_t>, "0000000012345678"},
    {oid::int8, fixed<std::uint64_t>, "123456789abcdef0"},
    {oid::numeric, fixed<std::int64_t>, "0003 0002 4000 0002 0011 0000 0001"},
    {oid::float4, fixed<float>, "3fc00000"},
    {oid::float4, fixed<double>, "3fc00000"},
    {oid::float8, fixed<double>, "3ff8000000000000"},
    {oid::numeric, fixed<tusk::numeric>, "0002 0000 4000 0003 000c 0d48"},
    {oid::money, fixed<tusk::money>, "000000000001e240"},
    {oid::oid_, fixed<oid>, "00000eda"},
    {oid::xid, fixed<oid>, "00000eda"},
    {oid::cid, fixed<oid>, "00000eda"},
    {oid::regproc, fixed<oid>, "00000eda"},
    {oid::regprocedure, fixed<oid>, "00000eda"},
    {oid::regoper, fixed<oid>, "00000eda"},
    {oid::regoperator, fixed<oid>, "00000eda"},
    {oid::regclass, fixed<oid>, "00000eda"},
    {oid::regtype, fixed<oid>, "00000eda"},
    {oid::regconfig, fixed<oid>, "00000eda"},
    {oid::regdictionary, fixed<oid>, "00000eda"},
    {oid::regnamespace, fixed<oid>, "00000eda"},
    {oid::regrole, fixed<oid>, "00000eda"},
    {oid::regcollation, fixed<oid>, "00000eda"},
    {oid::xid, fixed<std::uint32_t>, "00000eda"},
    {oid::regclass, fixed<std::int64_t>, "00000eda"},
    {oid::int4, fixed<std::optional<int>>, "12345678"},
};

const specimen times[] = {
    {oid::date, fixed<tusk::date>, "00002279"},
    {oid::date, fixed<sys_days>, "00002279"},
    {oid::date, fixed<local_days>, "00002279"},
    {oid::date, fixed<year_month_day>, "00002279"},
    {oid::time, fixed<tusk::time_of_day>, "000000141dd76000"},
    {oid::timetz, fixed<tusk::timetz>, "0000000000000001 fffff1f0"},
    {oid::timestamp, fixed<tusk::timestamp>, "0002b58341685e40"},
    {oid::timestamp, fixed<local_time<microseconds>>, "0002b58341685e40"},
    {oid::timestamp, fixed<local_time<nanoseconds>>, "0002b58341685e40"},
    {oid::timestamptz, fixed<tusk::timestamptz>, "0002b58341685e40"},
    {oid::timestamptz, fixed<sys_time<microseconds>>, "0002b58341685e40"},
    {oid::timestamptz, fixed<sys_time<nanoseconds>>, "0002b58341685e40"},
    {oid::interval, fixed<tusk::interval>, "0000000058fd3b40 00000003 0000000e"},
};

const specimen texts_and_bits[] = {
    {oid::text, loose<std::string>, "c3a4 62"},
    {oid::varchar, loose<std::string>, "6162"},
    {oid::bpchar, loose<std::string>, "6120"},
    {oid::name, loose<std::string>, "6162"},
    {oid::unknown, loose<std::string>, "6162"},
    {oid::cstring, loose<std::string>, "6162"},
    {oid::xml, loose<std::string>, "3c612f3e"},
    {oid::refcursor, loose<std::string>, "6162"},
    {oid::pg_node_tree, loose<std::string>, "7b7d"},
    {oid::text, loose<std::string_view>, "6162"},
    {oid::char_, loose<std::string>, "72"},
    {oid::char_, fixed<char>, "72"},
    {oid::bytea, loose<std::vector<std::byte>>, "00ff10"},
    {oid::bytea, loose<std::span<const std::byte>>, "00ff10"},
    {oid::uuid, fixed<tusk::uuid>, "a0eebc999c0b4ef8bb6d6bb9bd380a11"},
    {oid::bit, fixed<tusk::bits>, "00000008 ff"},
    {oid::varbit, fixed<tusk::bits>, "0000000b aaa0"},
    {oid::bit, fixed<std::bitset<11>>, "0000000b aaa0"},
    {oid::json, loose<tusk::json>, "7b2261223a20317d"},
    {oid::jsonb, loose<tusk::jsonb>, "01 7b2261223a20317d"},
    {oid::json, loose<std::string>, "7b7d"},
    {oid::jsonb, loose<std::string>, "01 7b7d"},
    {oid::jsonpath, loose<tusk::jsonpath>, "01 242e61"},
    {oid::tsvector, fixed<tusk::tsvector>, "00000002 6100 0002 c001 8003 63617400 0001 0005"},
    {oid::tsquery, fixed<tusk::tsquery>, "00000004 02040003 0201 0100006200 010c016100"},
};

const specimen networks_and_shapes[] = {
    {oid::inet, fixed<tusk::inet>, "02 20 00 04 0a010203"},
    {oid::inet, fixed<tusk::inet>, "03 80 00 10 00000000000000000000ffff01020304"},
    {oid::cidr, fixed<tusk::inet>, "02 08 01 04 0a000000"},
    {oid::cidr, fixed<tusk::cidr>, "02 08 01 04 0a000000"},
    {oid::macaddr, fixed<tusk::macaddr>, "08002b010203"},
    {oid::macaddr8, fixed<tusk::macaddr8>, "08002bfffe010203"},
    {oid::point, fixed<tusk::point>, one_and_two},
    {oid::line, fixed<tusk::line>, "3ff0000000000000 4000000000000000 4008000000000000"},
    {oid::lseg, fixed<tusk::lseg>, one_to_four},
    {oid::box, fixed<tusk::box>, one_to_four},
    {oid::path, fixed<tusk::path>, "01 00000001 3ff0000000000000 4000000000000000"},
    {oid::polygon, fixed<tusk::polygon>, "00000001 3ff0000000000000 4000000000000000"},
    {oid::circle, fixed<tusk::circle>, "3ff0000000000000 4000000000000000 4008000000000000"},
};

const specimen of_the_server[] = {
    {oid::void_, fixed<std::monostate>, ""},
    {oid::pg_lsn, fixed<tusk::pg_lsn>, "00000016b374d848"},
    {oid::xid8, fixed<tusk::xid8>, "0000000000000003"},
    {oid::tid, fixed<tusk::tid>, "00000001 0002"},
    {oid::pg_snapshot, fixed<tusk::pg_snapshot>,
     "00000001 000000000000000a 0000000000000014 000000000000000e"},
    {oid::txid_snapshot, fixed<tusk::pg_snapshot>, "00000000 000000000000000a 000000000000000a"},
};

const specimen of_extensions[] = {
    {extension, fixed<tusk::hstore>, "00000002 00000001 61 00000001 31 00000001 62 ffffffff"},
    {extension, loose<tusk::ltree>, "01 612e62"},
    {extension, loose<tusk::lquery>, "01 2a2e612e62"},
    {extension, loose<tusk::ltxtquery>, "01 6120262062"},
    {extension, fixed<tusk::cube>, "00000001 3ff0000000000000 4000000000000000"},
    {extension, fixed<tusk::cube>, "80000002 3ff0000000000000 4000000000000000"},
    {extension, fixed<tusk::pgvector>, "0002 0000 3f800000 c0200000"},
    {extension, fixed<tusk::halfvec>, "0003 0000 3c00 c100 7bff"},
    {extension, fixed<tusk::sparsevec>, "00000005 00000002 00000000 00000000 00000002 3fc00000 40000000"},
    {extension, loose<tusk::ewkb>, "0101000000000000000000f03f0000000000000040"},
    {extension, loose<std::string>, "6861707079"},
};

void break_all(std::span<const specimen> specimens)
{
    for (const specimen& s : specimens) {
        SCOPED_TRACE(std::string(tusk::type_name(s.type)) + " " + s.digits);
        s.break_it(s.type, unhex(s.digits));
    }
}

TEST(codec_every_type, numbers) { break_all(numbers); }
TEST(codec_every_type, times) { break_all(times); }
TEST(codec_every_type, texts_and_bits) { break_all(texts_and_bits); }
TEST(codec_every_type, networks_and_shapes) { break_all(networks_and_shapes); }
TEST(codec_every_type, of_the_server) { break_all(of_the_server); }
TEST(codec_every_type, of_extensions) { break_all(of_extensions); }

/// The server itself takes and gives no binary form of these, or none that means anything elsewhere.
bool is_internal(const tusk::type_info& t)
{
    return t.name == "aclitem" || t.name == "gtsvector" || t.name == "pg_ndistinct" ||
           t.name == "pg_dependencies" || t.name == "pg_mcv_list" || t.name.starts_with("pg_brin_");
}

TEST(codec_every_type, none_is_missing)
{
    const auto broken = [](oid type) {
        for (const std::span<const specimen> some :
             {std::span<const specimen>(numbers), std::span<const specimen>(times),
              std::span<const specimen>(texts_and_bits), std::span<const specimen>(networks_and_shapes),
              std::span<const specimen>(of_the_server)})
            if (std::ranges::find(some, type, &specimen::type) != some.end()) return true;
        return false;
    };
    for (const tusk::type_info& t : tusk::detail::type_table) {
        const bool scalar = t.kind == tusk::type_kind::base && t.element == oid::none;
        if (scalar) EXPECT_NE(broken(t.id), is_internal(t)) << t.name;
    }
}

} // namespace
} // namespace codec_test
