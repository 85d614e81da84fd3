// Distributed under the Boost Software License, Version 1.0.
#include "compare/runner.hpp"

#include "common/process.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

namespace bench {
namespace {

namespace fs = std::filesystem;

constexpr const char* perf_event = "raw_syscalls:sys_enter";

/// Lines of "key value".
run_values parse(const std::string& text)
{
    run_values values;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto space = line.find(' ');
        if (space == std::string::npos) continue;
        if (line.starts_with("sum "))
            values.sum = line.substr(space + 1);
        else
            values.numbers[line.substr(0, space)] = std::strtod(line.c_str() + space, nullptr);
    }
    return values;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

/// The number that `perf stat -x,` wrote for its only event.
std::optional<double> perf_count(const fs::path& file)
{
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
        if (line.find(perf_event) != std::string::npos && !line.empty() && line[0] >= '0' && line[0] <= '9')
            return std::strtod(line.c_str(), nullptr);
    return std::nullopt;
}

/// The calls in the last line of the table of `strace -c`: "100.00  0.01  12  345  6 total".
std::optional<double> strace_count(const fs::path& file)
{
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        if (line.find(" total") == std::string::npos) continue;
        std::istringstream words(line);
        double share = 0, seconds = 0, each = 0, calls = 0;
        if (words >> share >> seconds >> each >> calls) return calls;
    }
    return std::nullopt;
}

/// "totals: 123" near the end of callgrind's file.
std::optional<double> callgrind_count(const fs::path& file)
{
    std::ifstream in(file);
    std::optional<double> found;
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("totals: ")) found = std::strtod(line.c_str() + 8, nullptr);
    return found;
}

} // namespace

void tell(const std::string& line)
{
    std::fprintf(stderr, "%s%s\n", ::isatty(2) ? "\r\033[K" : "", line.c_str());
}

bool client::supports(std::string_view workload) const
{
    return std::ranges::find(workloads, workload) != workloads.end();
}

runner::runner(setting s)
    : setting_(std::move(s))
{
    const fs::path probe = fs::path(setting_.out) / "probe.tmp";
    if (has_program("perf") &&
        run_process({"perf", "stat", "-x,", "-e", perf_event, "-o", probe.string(), "true"}).status == 0 &&
        perf_count(probe))
        counter_ = counter::perf;
    else if (has_program("strace") &&
             run_process({"strace", "-f", "-c", "-o", probe.string(), "true"}).status == 0)
        counter_ = counter::strace;
    fs::remove(probe);
}

std::string runner::system_call_counter() const
{
    switch (counter_) {
    case counter::perf:
        return "perf stat -e " + std::string(perf_event);
    case counter::strace:
        return "strace -f -c";
    case counter::none:
        break;
    }
    return "nothing (neither perf nor strace works here)";
}

std::optional<client> runner::describe(const std::string& name) const
{
    client c{name, (fs::path(setting_.folder) / ("tusk_arm_" + name)).string(), {}, {}, {}};
    if (!fs::exists(c.program)) return std::nullopt;
    const auto result = run_process({c.program, "--list"});
    std::istringstream lines(result.out);
    for (std::string line; std::getline(lines, line);) {
        const auto space = std::min(line.find(' '), line.size() - 1);
        const std::string key = line.substr(0, space), value = line.substr(space + 1);
        if (key == "note") c.note = value;
        if (key == "version") c.version = value;
        if (key == "workload") c.workloads.push_back(value);
    }
    if (result.status == 0) return c;
    tell(name + " does not start: " + first_line(result.err));
    return std::nullopt;
}

std::vector<std::string> runner::command(const client& c, const workload& w, const extent& e,
                                         bool timed) const
{
    std::vector<std::string> words{c.program,
                                   "--workload",
                                   std::string(w.name),
                                   "--requests",
                                   std::to_string(e.requests),
                                   "--warm-up",
                                   std::to_string(e.warm_up),
                                   "--tasks",
                                   std::to_string(e.tasks),
                                   "--rows",
                                   std::to_string(e.rows),
                                   "--host",
                                   setting_.host,
                                   "--port",
                                   setting_.port,
                                   "--database",
                                   setting_.database};
    const bool login = w.kind == shape::connect; // by SCRAM; all else by trust
    for (const std::string& word : {std::string("--user"), login ? "tusk_scram" : setting_.user})
        words.push_back(word);
    if (login)
        for (const std::string& word : {std::string("--password"), setting_.password}) words.push_back(word);
    if (!timed) words.push_back("--untimed");
    return words;
}

std::optional<run_values> runner::time(const client& c, const workload& w, const extent& e) const
{
    const auto result = run_process(command(c, w, e, true), setting_.client_core);
    if (result.status == 0) return parse(result.out);
    tell(c.name + ", " + std::string(w.name) + " fails: " +
         (result.err.empty() ? "status " + std::to_string(result.status) : first_line(result.err)));
    return std::nullopt;
}

std::optional<double> runner::allocations(const client& c, const workload& w, const extent& e) const
{
    const auto library = fs::path(setting_.folder) / "libtusk_bench_count.so";
    if (!fs::exists(library)) return std::nullopt;
    const auto result =
        run_process(command(c, w, e, true), setting_.client_core, {{"LD_PRELOAD", library.string()}});
    if (result.status != 0) return std::nullopt;
    return parse(result.out).numbers["allocations"];
}

std::optional<double> runner::under(std::vector<std::string> tool, const client& c, const workload& w,
                                    const extent& e) const
{
    for (auto& word : command(c, w, e, false)) tool.push_back(std::move(word));
    const auto result = run_process(tool, setting_.client_core);
    if (result.status == 0) return parse(result.out).numbers["units"];
    std::string why = first_line(result.err);
    std::istringstream lines(result.err); // callgrind's own lines begin with ==
    for (std::string line; std::getline(lines, line);)
        if (!line.starts_with("==")) why = line;
    tell(c.name + ", " + std::string(w.name) + " fails under " + tool[0] + ": " + why);
    return std::nullopt;
}

std::optional<double> runner::calls_of(const client& c, const workload& w, const extent& e,
                                       double& units) const
{
    const fs::path file = fs::path(setting_.out) / "calls.tmp";
    std::vector<std::string> tool{"strace", "-f", "-c", "-o", file.string()};
    if (counter_ == counter::perf)
        tool = {"perf", "stat", "-x,", "-e", perf_event, "-o", file.string(), "--"};
    const auto done = under(std::move(tool), c, w, e);
    const auto count = counter_ == counter::perf ? perf_count(file) : strace_count(file);
    fs::remove(file);
    if (!done || !count) return std::nullopt;
    units = *done;
    return count;
}

std::optional<double> runner::system_calls(const client& c, const workload& w, const extent& e) const
{
    extent less = e;
    less.requests = std::max<std::uint64_t>(1, e.requests / 5);
    extent more = e;
    more.requests += less.requests;
    double units_less = 0, units_more = 0;
    const auto few = calls_of(c, w, less, units_less);
    const auto many = few ? calls_of(c, w, more, units_more) : std::nullopt;
    if (!many || units_more <= units_less) return std::nullopt;
    return (*many - *few) / (units_more - units_less);
}

std::optional<double> runner::instructions(const client& c, const workload& w, const extent& e) const
{
    const fs::path folder = fs::path(setting_.out) / "callgrind";
    fs::create_directories(folder);
    const fs::path file = folder / (std::string(w.name) + "." + c.name + ".out");
    const std::vector<std::string> tool{"valgrind", "--tool=callgrind", "--quiet",
                                        "--callgrind-out-file=" + file.string()};
    extent less = e;
    less.requests = std::max<std::uint64_t>(1, e.requests / 4);
    extent more = e;
    more.requests += less.requests;
    const auto units_less = under(tool, c, w, less);
    const auto few = callgrind_count(file);
    if (!units_less || !few) return std::nullopt;
    const auto units_more = under(tool, c, w, more);
    const auto many = callgrind_count(file);
    if (!units_more || !many || *units_more <= *units_less) return std::nullopt;
    return (*many - *few) / (*units_more - *units_less);
}

} // namespace bench
