// Distributed under the Boost Software License, Version 1.0.
// tusk_compare: tusk against libpq, libpqxx and the wire's own limit. `./dev bench` runs it.
#include "common/process.hpp"
#include "compare/campaign.hpp"
#include "compare/server.hpp"

#include <CLI/CLI.hpp>

#include <cstdio>
#include <exception>
#include <filesystem>

namespace {

using namespace bench;

struct arguments {
    std::vector<std::string> workloads, arms;
    int rounds = 0;
    bool quick = false, instructions = false, only_instructions = false, sweep = false;
    std::string out = "bench-results", server;
    int client_core = -2, server_core = -2;
};

constexpr const char* arm_names[] = {"tusk", "libpq", "libpq-pipeline", "libpq-epoll", "libpqxx", "floor"};

std::string joined(const auto& names)
{
    std::string text;
    for (const auto& n : names) text += (text.empty() ? "" : ", ") + std::string(n);
    return text;
}

/// Gives false when a name is unknown, which has been told.
bool choose_workloads(const arguments& a, plan& p)
{
    std::vector<std::string_view> known;
    for (const auto& w : all_workloads()) known.push_back(w.name);
    if (a.workloads.empty())
        for (const auto& w : all_workloads()) p.workloads.push_back(&w);
    bool all = true;
    for (const auto& name : a.workloads) {
        if (const auto* w = find_workload(name)) {
            p.workloads.push_back(w);
        } else {
            tell("no workload '" + name + "'; there are " + joined(known));
            all = false;
        }
    }
    return all;
}

bool choose_arms(const arguments& a, const runner& with, plan& p)
{
    bool all = true;
    for (const auto& name : a.arms) {
        if (std::ranges::find(arm_names, name) != std::end(arm_names)) continue;
        tell("no arm '" + name + "'; there are " + joined(arm_names));
        all = false;
    }
    for (const std::string name : arm_names) {
        if (!a.arms.empty() && std::ranges::find(a.arms, name) == a.arms.end()) continue;
        if (auto c = with.describe(name))
            p.clients.push_back(*std::move(c));
        else
            tell(name + " was not built, since its library was not installed; the rest goes on without it");
    }
    return all;
}

/// The server on one core, the clients on another.
std::string pin(const arguments& a, const place& server, setting& s)
{
    const auto cores = usable_cores();
    const int client = a.client_core != -2 ? a.client_core : cores.size() > 1 ? cores[0] : -1;
    const int other = a.server_core != -2 ? a.server_core : cores.size() > 1 ? cores[1] : -1;
    s.client_core = client;
    if (client < 0 || other < 0) return "nothing is pinned to a core";
    if (server.pid <= 0) return "client on core " + std::to_string(client) + ", server not pinned";
    const int n = pin_tree(server.pid, other);
    if (n == 0) return "client on core " + std::to_string(client) + ", server could not be pinned";
    return "client on core " + std::to_string(client) + ", server (all its processes) on core " +
           std::to_string(other);
}

int run(const arguments& a, const std::string& program, const std::string& command)
{
    const auto server = find_server(a.server);
    std::filesystem::create_directories(a.out);
    setting s{server.host,
              server.port,
              server.database,
              server.user,
              server.password,
              -1,
              std::filesystem::path(program).parent_path().string(),
              a.out};
    circumstances c;
    c.pinning = pin(a, server, s);

    plan p;
    bool good = choose_workloads(a, p);
    c.server_version = prepare_server(s, p.workloads);
    const runner with(s);
    good = choose_arms(a, with, p) && good;
    p.quick = a.quick;
    p.rounds = a.rounds > 0 ? a.rounds : a.quick ? 2 : 5;
    p.times = !a.only_instructions;
    p.instructions = a.instructions || a.only_instructions;
    if (p.instructions && !has_program("valgrind")) {
        tell("callgrind (Debian: valgrind) is missing: no instructions are counted");
        p.instructions = false;
    }
    if (p.times && !with.counts_system_calls())
        tell("neither perf nor strace works here: no system calls are counted");
    if (a.sweep || (a.workloads.empty() && !a.quick && p.times)) p.in_flight = {1, 4, 16, 64, 256, 1024};

    results r;
    good = measure(with, p, r) && good;

    c.command = command;
    c.system_call_counter = with.system_call_counter();
    c.rounds = p.rounds;
    c.quick = p.quick;
    c.clients = p.clients;
    c.workloads = p.workloads;
    c.in_flight = p.in_flight;
    print_table(r, c);
    write_csv(a.out + "/results.csv", r, c);
    if (p.times) c.plots = write_plots(a.out, r, c);
    write_report(a.out + "/report.md", r, c);
    std::printf("\nwritten: %s/report.md, results.csv%s%s\n", a.out.c_str(), c.plots.empty() ? "" : ", ",
                c.plots.c_str());
    return good ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app("tusk against libpq, libpqxx and the wire's own limit");
    arguments a;
    app.add_option("--workload", a.workloads, "Only these (W1, W2-64, ...)")->delimiter(',');
    app.add_option("--arm", a.arms, "Only these (tusk, libpq, ...)")->delimiter(',');
    app.add_option("--rounds", a.rounds, "Rounds of timed runs (default 5)")->check(CLI::PositiveNumber);
    app.add_flag("--quick", a.quick, "Few and short rounds: about a minute");
    app.add_flag("--instructions", a.instructions, "Also count instructions by callgrind");
    app.add_flag("--only-instructions", a.only_instructions, "Count instructions and nothing else");
    app.add_flag("--sweep", a.sweep, "Throughput against requests in flight, also with chosen workloads");
    app.add_option("--out", a.out, "Folder for report.md, results.csv and plots")->capture_default_str();
    app.add_option("--server", a.server,
                   "Folder that pg_server.sh started a server in, or host:port/database of another, "
                   "as user tusk without a password")
        ->required();
    app.add_option("--client-core", a.client_core, "Core for the clients; -1: any");
    app.add_option("--server-core", a.server_core, "Core for the server; -1: any");
    CLI11_PARSE(app, argc, argv);

    std::string command = "./dev bench";
    for (int i = 1; i < argc; ++i) {
        if (std::string_view(argv[i]) == "--server" && i + 1 < argc) {
            ++i;
            continue;
        }
        command += std::string(" ") + argv[i];
    }
    try {
        return run(a, std::filesystem::read_symlink("/proc/self/exe").string(), command);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "bench: %s\n", e.what());
        return 1;
    }
}
