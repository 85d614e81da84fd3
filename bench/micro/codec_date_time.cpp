// Distributed under the Boost Software License, Version 1.0.
// Dates and times.
#include "codec_bench.hpp"

#include <chrono>

namespace bench {
namespace {

using namespace std::chrono;

[[maybe_unused]] const bool added = [] {
    constexpr sys_days day = 2024y / February / 29;
    constexpr microseconds time = 12h + 34min + 56s + 123'456us;
    add("date", oid::date, tusk::date(day), "2024-02-29");
    add("date_as_sys_days", oid::date, day, "2024-02-29");
    add("date_as_year_month_day", oid::date, year_month_day(day), "2024-02-29");
    add("time", oid::time, tusk::time_of_day(time), "12:34:56.123456");
    add("timetz", oid::timetz, tusk::timetz{tusk::time_of_day(time), 2h}, "12:34:56.123456+02");
    add("timestamp", oid::timestamp, tusk::timestamp(local_days(day.time_since_epoch()) + time),
        "2024-02-29 12:34:56.123456");
    add("timestamptz", oid::timestamptz, tusk::timestamptz(day + time), "2024-02-29 12:34:56.123456+00");
    add("timestamptz_as_sys_time", oid::timestamptz, sys_time<microseconds>(day + time),
        "2024-02-29 12:34:56.123456+00");
    add("interval", oid::interval, tusk::interval{.months = 14, .days = 3, .microseconds = time.count()},
        "1 year 2 mons 3 days 12:34:56.123456");
    return true;
}();

} // namespace
} // namespace bench
