// Distributed under the Boost Software License, Version 1.0.
#include "codec_fuzz.hpp"

// Addresses and shapes. New pairings go to the end: the corpus counts them.
namespace {

using fuzz::check;
using tusk::oid;

// clang-format off
constexpr fuzz::pairing pairings[] = {
    {check<tusk::inet>, oid::inet},
    {check<tusk::inet>, oid::cidr},
    {check<tusk::cidr>, oid::cidr},
    {check<tusk::macaddr>, oid::macaddr},
    {check<tusk::macaddr8>, oid::macaddr8},
    {check<tusk::point>, oid::point},
    {check<tusk::line>, oid::line},
    {check<tusk::lseg>, oid::lseg},
    {check<tusk::box>, oid::box},
    {check<tusk::path>, oid::path},
    {check<tusk::polygon>, oid::polygon},
    {check<tusk::circle>, oid::circle},
};
// clang-format on

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    return fuzz::run(pairings, data, size);
}
