// Distributed under the Boost Software License, Version 1.0.
#include "codec_fuzz.hpp"

#include <chrono>
#include <tuple>
#include <variant>

// Arrays, ranges, composites, variants. New pairings go to the end: the corpus counts them.
namespace {

using fuzz::check;
using fuzz::user_type;
using tusk::oid;

struct place {
    std::string street;
    std::optional<int> number;
    std::vector<std::int16_t> codes;

    friend bool operator==(const place&, const place&) = default;
};

constexpr oid int4s{1007}, texts{1009}, bools{1000}, int4range{3904}, daterange{3912}, int4multirange{4451};
constexpr oid record{2249}, int2vector{22}, boxes{1020}, int4ranges{3905};

using maybe_ints = std::vector<std::optional<int>>;

// clang-format off
constexpr fuzz::pairing pairings[] = {
    {check<std::vector<int>>, int4s},
    {check<maybe_ints>, int4s},
    {check<std::vector<std::vector<int>>>, int4s},
    {check<tusk::array<std::optional<std::string>>>, texts},
    {check<tusk::array<std::int64_t>>, int4s},
    {check<std::vector<bool>>, bools},
    {check<std::vector<std::int16_t>>, int2vector},
    {check<std::vector<std::string>>, boxes},
    {check<tusk::range<int>>, int4range},
    {check<tusk::range<std::chrono::sys_days>>, daterange},
    {check<tusk::multirange<int>>, int4multirange},
    {check<std::vector<tusk::range<int>>>, int4ranges},
    {check<std::tuple<int, std::string, maybe_ints>>, record},
    {check<place>, user_type},
    {check<std::vector<place>>, user_type},
    {check<tusk::range<std::string>>, user_type},
    {check<std::variant<std::monostate, std::vector<int>, std::string>>, int4s},
};
// clang-format on

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    return fuzz::run(pairings, data, size);
}
