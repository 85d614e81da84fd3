// Distributed under the Boost Software License, Version 1.0.
#include "codec_fuzz.hpp"

// The server's own numbers, the types of extensions, void. New pairings go to the end: the corpus counts them.
namespace {

using fuzz::check;
using fuzz::user_type;
using tusk::oid;

// clang-format off
constexpr fuzz::pairing pairings[] = {
    {check<tusk::pg_lsn>, oid::pg_lsn},
    {check<tusk::xid8>, oid::xid8},
    {check<tusk::tid>, oid::tid},
    {check<tusk::pg_snapshot>, oid::pg_snapshot},
    {check<tusk::hstore>, user_type},
    {check<tusk::ltree>, user_type},
    {check<tusk::lquery>, user_type},
    {check<tusk::ltxtquery>, user_type},
    {check<tusk::cube>, user_type},
    {check<tusk::pgvector>, user_type},
    {check<tusk::halfvec>, user_type},
    {check<tusk::sparsevec>, user_type},
    {check<tusk::ewkb>, user_type},
    {check<std::monostate>, oid::void_},
};
// clang-format on

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    return fuzz::run(pairings, data, size);
}
