// Distributed under the Boost Software License, Version 1.0.
#include "codec_fuzz.hpp"

#include <bitset>

// Text, bytes, uuid, bits, JSON, XML, text search. New pairings go to the end: the corpus counts them.
namespace {

using fuzz::check;
using tusk::oid;

// clang-format off
constexpr fuzz::pairing pairings[] = {
    {check<std::string>, oid::text},
    {check<std::string>, oid::jsonb},
    {check<std::string>, oid::xml},
    {check<std::string>, oid::char_},
    {check<std::string>, fuzz::user_type},
    {check<std::string_view>, oid::name},
    {check<char>, oid::char_},
    {check<std::vector<std::byte>>, oid::bytea},
    {check<std::span<const std::byte>>, oid::bytea},
    {check<tusk::uuid>, oid::uuid},
    {check<tusk::bits>, oid::varbit},
    {check<tusk::bits>, oid::bit},
    {check<std::bitset<11>>, oid::bit},
    {check<tusk::json>, oid::json},
    {check<tusk::json>, oid::jsonb},
    {check<tusk::jsonb>, oid::jsonb},
    {check<tusk::jsonpath>, oid::jsonpath},
    {check<tusk::tsvector>, oid::tsvector},
    {check<tusk::tsquery>, oid::tsquery},
};
// clang-format on

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    return fuzz::run(pairings, data, size);
}
