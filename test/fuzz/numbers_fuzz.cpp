// Distributed under the Boost Software License, Version 1.0.
#include "codec_fuzz.hpp"

// Integers, floats, numeric, money, booleans, object identifiers. New pairings go to the end: the corpus counts them.
namespace {

using fuzz::check;
using tusk::oid;

// clang-format off
constexpr fuzz::pairing pairings[] = {
    {check<std::int16_t>, oid::int2},
    {check<std::int32_t>, oid::int4},
    {check<std::int64_t>, oid::int8},
    {check<std::int64_t>, oid::int2},
    {check<std::int64_t>, oid::numeric},
    {check<std::int64_t>, oid::xid},
    {check<std::uint16_t>, oid::int4},
    {check<std::uint32_t>, oid::int8},
    {check<std::uint32_t>, oid::oid_},
    {check<std::uint64_t>, oid::int8},
    {check<std::uint64_t>, oid::numeric},
    {check<float>, oid::float4},
    {check<double>, oid::float8},
    {check<double>, oid::float4},
    {check<tusk::numeric>, oid::numeric},
    {check<tusk::money>, oid::money},
    {check<bool>, oid::boolean},
    {check<oid>, oid::oid_},
    {check<oid>, oid::regclass},
    {check<std::optional<std::int32_t>>, oid::int2},
};
// clang-format on

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    return fuzz::run(pairings, data, size);
}
