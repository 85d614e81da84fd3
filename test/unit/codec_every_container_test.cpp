// Distributed under the Boost Software License, Version 1.0.
// Every kind of type with values in it, broken at every byte; and that no range is missing here.
#include "codec_containers.hpp"

#include "values/type_table.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

namespace codec_test {
namespace {

using namespace std::chrono;

struct specimen {
    oid type;
    void (*break_it)(oid, const std::string&);
    const char* digits;
};

template <class T>
void container(oid type, const std::string& valid)
{
    break_container<T>(type, binary, valid);
}

constexpr const char* two_ints =
    "00000001 00000000 00000017 00000002 00000001 00000004 00000001 00000004 00000002";

// dimensions, NULLs, type; length and lower bound of each; then each element behind its length
const specimen arrays[] = {
    {int4s, container<std::vector<int>>, two_ints},
    {int4s, container<std::vector<std::optional<int>>>, two_ints},
    {int4s, container<std::vector<std::int64_t>>, two_ints},
    {int4s, container<std::array<int, 2>>, two_ints},
    {int4s, container<tusk::array<int>>, two_ints},
    {int4s, container<std::vector<std::vector<int>>>,
     "00000002 00000000 00000017 00000001 00000001 00000002 00000001 00000004 00000001 00000004 00000002"},
    {int2vector, container<std::vector<std::int16_t>>,
     "00000001 00000000 00000015 00000002 00000000 00000002 0001 00000002 0002"},
    {oidvector, container<std::vector<oid>>,
     "00000001 00000000 0000001a 00000001 00000000 00000004 00000eda"},
    {int2s, container<std::vector<std::int16_t>>,
     "00000001 00000000 00000015 00000001 00000001 00000002 0001"},
    {int8s, container<std::vector<std::int64_t>>,
     "00000001 00000000 00000014 00000001 00000001 00000008 0000000000000001"},
    {float4s, container<std::vector<float>>,
     "00000001 00000000 000002bc 00000001 00000001 00000004 3fc00000"},
    {float8s, container<std::vector<double>>,
     "00000001 00000000 000002bd 00000001 00000001 00000008 3ff8000000000000"},
    {bools, container<std::vector<bool>>, "00000001 00000000 00000010 00000001 00000001 00000001 01"},
    {texts, container<std::vector<std::string>>,
     "00000001 00000001 00000019 00000001 00000001 00000002 6162"},
    {texts, container<std::vector<std::optional<std::string>>>,
     "00000001 00000001 00000019 00000002 00000001 ffffffff 00000002 6162"},
    {numerics, container<std::vector<tusk::numeric>>,
     "00000001 00000000 000006a4 00000001 00000001 0000000a 0001 0000 0000 0000 0001"},
    {user_array, container<std::vector<tusk::hstore>>,
     "00000001 00000000 00004e20 00000001 00000001 00000010 00000001 00000001 61 00000003 616263"},
};

constexpr const char* bounds_of_4 = "02 00000004 00000001 00000004 00000005";
constexpr const char* bounds_of_8 = "02 00000008 0000000000000001 00000008 0000000000000002";
constexpr const char* bounds_of_numeric =
    "02 0000000a 0001 0000 0000 0000 0001 0000000a 0001 0000 0000 0000 0002";
constexpr const char* ranges_of_4 = "00000001 00000011 02 00000004 00000001 00000004 00000005";
constexpr const char* ranges_of_8 =
    "00000001 00000019 02 00000008 0000000000000001 00000008 0000000000000002";
constexpr const char* ranges_of_numeric =
    "00000001 0000001d 02 0000000a 0001 0000 0000 0000 0001 0000000a 0001 0000 0000 0000 0002";

// flags; each bound behind its length; of a multirange the number of ranges, then each behind its length
const specimen ranges[] = {
    {int4range, container<tusk::range<int>>, bounds_of_4},
    {int4range, container<tusk::range<int>>, "12 00000004 00000001"},
    {int8range, container<tusk::range<std::int64_t>>, bounds_of_8},
    {oid{3906}, container<tusk::range<tusk::numeric>>, bounds_of_numeric},
    {oid{3908}, container<tusk::range<tusk::timestamp>>, bounds_of_8},
    {tstzrange, container<tusk::range<sys_time<microseconds>>>, bounds_of_8},
    {daterange, container<tusk::range<sys_days>>, bounds_of_4},
    {int4multirange, container<tusk::multirange<int>>, ranges_of_4},
    {oid{4536}, container<tusk::multirange<std::int64_t>>, ranges_of_8},
    {oid{4532}, container<tusk::multirange<tusk::numeric>>, ranges_of_numeric},
    {oid{4533}, container<tusk::multirange<tusk::timestamp>>, ranges_of_8},
    {oid{4534}, container<tusk::multirange<tusk::timestamptz>>, ranges_of_8},
    {oid{4535}, container<tusk::multirange<tusk::date>>, ranges_of_4},
    {int4ranges, container<std::vector<tusk::range<int>>>,
     "00000001 00000000 00000f40 00000001 00000001 00000011 02 00000004 00000001 00000004 00000005"},
};

struct place {
    std::string street;
    std::optional<int> number;
};

// number of fields; each with its type and behind its length
const specimen composites[] = {
    {record, container<std::tuple<int, std::string>>,
     "00000002 00000017 00000004 00000005 00000019 00000002 6162"},
    {user_type, container<place>, "00000002 00000019 00000002 6162 00000017 ffffffff"},
    {user_array, container<std::vector<place>>,
     "00000001 00000000 00004e20 00000001 00000001 00000016 00000002 00000019 00000002 6162 00000017 "
     "ffffffff"},
    {int4s, container<std::variant<std::monostate, std::vector<int>, std::string>>, two_ints},
};

void break_all(std::span<const specimen> specimens)
{
    for (const specimen& s : specimens) {
        SCOPED_TRACE(std::to_string(static_cast<std::uint32_t>(s.type)) + ": " + s.digits);
        s.break_it(s.type, unhex(s.digits));
    }
}

TEST(codec_every_container, arrays) { break_all(arrays); }
TEST(codec_every_container, ranges) { break_all(ranges); }
TEST(codec_every_container, composites) { break_all(composites); }

TEST(codec_every_container, no_range_is_missing)
{
    for (const tusk::type_info& t : tusk::detail::type_table) {
        const bool is_range = t.kind == tusk::type_kind::range || t.kind == tusk::type_kind::multirange;
        const bool broken = std::ranges::find(ranges, t.id, &specimen::type) != std::end(ranges);
        if (is_range) EXPECT_TRUE(broken) << t.name;
    }
}

} // namespace
} // namespace codec_test
