// Distributed under the Boost Software License, Version 1.0.
#include "async/usage.hpp"

#include "common/statistics.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>

#include <sys/resource.h>

namespace async_bench {

namespace {

[[nodiscard]] usage read_usage(int who)
{
    rusage r{};
    ::getrusage(who, &r);
    const auto micros = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec);
    };
    return {micros(r.ru_utime) + micros(r.ru_stime), static_cast<double>(r.ru_nvcsw + r.ru_nivcsw)};
}

} // namespace

usage usage::of_process() { return read_usage(RUSAGE_SELF); }
usage usage::of_this_thread() { return read_usage(RUSAGE_THREAD); }

memory memory::of_process()
{
    memory m;
    std::ifstream in("/proc/self/smaps_rollup");
    std::string word;
    while (in >> word) {
        double kb = 0;
        if (word == "Rss:" && in >> kb)
            m.resident_kb = kb;
        else if ((word == "Private_Clean:" || word == "Private_Dirty:") && in >> kb)
            m.private_kb += kb;
    }
    if (m.resident_kb == 0) throw std::runtime_error("/proc/self/smaps_rollup does not tell the memory used");
    return m;
}

void add_latencies(metrics& out, std::vector<double> latencies)
{
    if (latencies.empty()) throw std::runtime_error("no request was answered in the time of measuring");
    std::ranges::sort(latencies);
    out.push_back({"p50_us", "us", bench::quantile(latencies, 0.50)});
    out.push_back({"p99_us", "us", bench::quantile(latencies, 0.99)});
}

void add_usage(metrics& out, usage used, std::size_t requests)
{
    out.push_back({"cpu_us", "us/request", used.cpu_us / static_cast<double>(requests)});
    out.push_back({"switches", "1/request", used.switches / static_cast<double>(requests)});
}

} // namespace async_bench
