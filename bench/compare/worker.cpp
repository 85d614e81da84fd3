// Distributed under the Boost Software License, Version 1.0.
// The main program of every arm: one workload, one run. Writes "key value" lines for tusk_compare.
#include "common/process.hpp"
#include "common/statistics.hpp"
#include "compare/arm.hpp"

#include <CLI/CLI.hpp>
#include <dlfcn.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <limits>
#include <string>

namespace {

/// From the counting library, when it is preloaded.
std::uint64_t allocations()
{
    static const auto count =
        reinterpret_cast<std::uint64_t (*)()>(::dlsym(RTLD_DEFAULT, "tusk_bench_allocations"));
    return count ? count() : 0;
}

void print(const char* key, double value) { std::printf("%s %.6f\n", key, value); }

int list()
{
    std::printf("name %s\nnote %s\nversion %s\n", std::string(bench::arm_name).c_str(),
                std::string(bench::arm_note).c_str(), bench::arm_version().c_str());
    for (const auto& w : bench::all_workloads())
        if (bench::arm_supports(w)) std::printf("workload %s\n", std::string(w.name).c_str());
    return 0;
}

int measure(const bench::job& j, std::uint64_t requests, std::uint64_t warm_up, bool timed)
{
    using namespace bench;
    meter recorder(timed);
    if (timed) recorder.reserve(requests);
    meter idle;
    auto client = make_arm(j);
    const auto first_before = processor_time();
    if (warm_up > 0) client->run(warm_up, idle);
    const double first =
        processor_time() - first_before; // of a connection, before anything can be remembered

    const auto memory_before = memory_now();
    const auto allocations_before = allocations();
    const auto cpu_before = processor_time();
    const auto begin = meter::clock::now();
    client->run(requests, recorder);
    const auto end = meter::clock::now();
    const auto cpu_after = processor_time();
    const auto allocations_after = allocations();
    const auto peak = memory_peak();
    client.reset();

    const double units =
        static_cast<double>(requests) * static_cast<double>(j.what->counts_rows() ? j.rows : j.what->units());
    print("units", units);
    std::printf("sum %llu\n", static_cast<unsigned long long>(recorder.sum()));
    if (!timed) return 0;
    print("per_second", units / std::chrono::duration<double>(end - begin).count());
    print("cpu_us", (cpu_after - cpu_before) * 1e6 / units);
    print("allocations", static_cast<double>(allocations_after - allocations_before) / units);
    print("peak_kb", static_cast<double>(peak));
    print("above_idle_kb", static_cast<double>(peak - std::min(peak, memory_before)));
    if (j.what->kind == shape::connect && warm_up > 0)
        print("first_cpu_us", first * 1e6 / static_cast<double>(warm_up));
    auto& latencies = recorder.latencies();
    std::ranges::sort(latencies);
    for (const double q : {1., 5., 10., 20., 30., 40., 50., 60., 70., 80., 90., 95., 99., 99.9})
        std::printf("p%g_us %.2f\n", q, quantile(latencies, q / 100) / 100);
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app("One run of one workload by one client library");
    std::string workload;
    bench::job j{};
    std::uint64_t requests = 1, warm_up = 0;
    bool listing = false, untimed = false;
    app.add_flag("--list", listing);
    app.add_flag("--untimed", untimed);
    app.add_option("--workload", workload);
    app.add_option("--requests", requests);
    app.add_option("--warm-up", warm_up);
    app.add_option("--tasks", j.tasks);
    app.add_option("--rows", j.rows);
    app.add_option("--host", j.where.host);
    app.add_option("--port", j.where.port);
    app.add_option("--database", j.where.database);
    app.add_option("--user", j.where.user);
    app.add_option("--password", j.where.password);
    CLI11_PARSE(app, argc, argv);
    if (listing) return list();

    j.what = bench::find_workload(workload);
    if (!j.what || !bench::arm_supports(*j.what)) {
        std::fprintf(stderr, "%s does not do workload '%s'\n", std::string(bench::arm_name).c_str(),
                     workload.c_str());
        return 2;
    }
    if (j.tasks == 0) j.tasks = j.what->tasks;
    if (j.rows == 0) j.rows = j.what->rows_per_request;
    try {
        return measure(j, requests, warm_up, !untimed);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s, %s: %s\n", std::string(bench::arm_name).c_str(), workload.c_str(),
                     e.what());
        return 1;
    }
}
