// Distributed under the Boost Software License, Version 1.0.
#include "codec_fuzz.hpp"

#include <chrono>

// Dates and times of tusk and of std::chrono. New pairings go to the end: the corpus counts them.
namespace {

using fuzz::check;
using std::chrono::local_time;
using std::chrono::microseconds;
using std::chrono::nanoseconds;
using std::chrono::sys_time;
using tusk::oid;

// clang-format off
constexpr fuzz::pairing pairings[] = {
    {check<tusk::date>, oid::date},
    {check<tusk::timestamp>, oid::timestamp},
    {check<tusk::timestamptz>, oid::timestamptz},
    {check<tusk::time_of_day>, oid::time},
    {check<tusk::timetz>, oid::timetz},
    {check<tusk::interval>, oid::interval},
    {check<sys_time<microseconds>>, oid::timestamptz},
    {check<sys_time<nanoseconds>>, oid::timestamptz},
    {check<local_time<microseconds>>, oid::timestamp},
    {check<local_time<nanoseconds>>, oid::timestamp},
    {check<std::chrono::sys_days>, oid::date},
    {check<std::chrono::local_days>, oid::date},
    {check<std::chrono::year_month_day>, oid::date},
};
// clang-format on

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    return fuzz::run(pairings, data, size);
}
