// Distributed under the Boost Software License, Version 1.0.
// Is async worthwhile? {blocking, asynchronous} x {libpq, tusk}, and pipelining, measured the same way.

#include "async/cell.hpp"
#include "async/page.hpp"
#include "async/proxy.hpp"
#include "async/suite.hpp"

#include "common/process.hpp"

#include <CLI/CLI.hpp>

#include <libpq-fe.h>

#include <cstdio>
#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <string>

#include <unistd.h>

namespace {

using namespace async_bench;

struct command_line {
    suite_options suite;
    std::filesystem::path out = "async-results";
    std::filesystem::path page;
    int server_pid = 0;
    bool pin = true;
    cell one;
    std::string arm_name;
    std::string proxy_host, proxy_port;
    double proxy_round_trip = 0;
};

void declare_run(CLI::App& app, command_line& line)
{
    app.description("Is async worthwhile? Blocking and asynchronous clients of libpq and tusk, side by side");
    app.add_option("uri", line.suite.uri, "connection string of the server, by TCP")->envname("TUSK_URI");
    app.add_option("--out", line.out, "folder for results.csv, report.md and plots")
        ->capture_default_str()
        ->take_last();
    app.add_option("--page", line.page, "a page whose marked tables are renewed; its plots go beside it");
    app.add_option("--only", line.suite.only, "some of the experiments")
        ->delimiter(',')
        ->allow_extra_args(false) // the connection string comes last
        ->check(CLI::IsMember({"sequential", "open", "proxy", "idle"}));
    app.add_option("--rounds", line.suite.rounds, "of each measurement (default 5, quick 1)")
        ->check(CLI::Range(1, 99));
    app.add_option("--server-pid", line.server_pid,
                   "the server's first process, to keep it on a core of its own")
        ->envname("TUSK_PID");
    app.add_flag("--quick", line.suite.quick, "about a minute, for a look");
    app.add_flag("!--no-pin", line.pin, "leave client and server on whatever cores they find");
}

void declare_cell(CLI::App& cell_app, command_line& line)
{
    cell& c = line.one;
    cell_app.group(""); // started by the suite; useful by hand under perf or strace
    cell_app.add_option("uri", c.uri)->required();
    cell_app.add_option("--experiment", c.experiment)
        ->required()
        ->check(CLI::IsMember({"closed", "open", "idle"}));
    cell_app.add_option("--arm", line.arm_name)->required();
    cell_app.add_option("--port", c.port);
    cell_app.add_option("--connections", c.connections);
    cell_app.add_option("--in-flight", c.in_flight);
    cell_app.add_option("--wait", c.wait_ms);
    cell_app.add_option("--slow-share", c.slow_share);
    cell_app.add_option("--rate", c.rate);
    cell_app.add_option("--seconds", c.seconds);
    cell_app.add_option("--seed", c.seed);
}

void declare_proxy(CLI::App& proxy_app, command_line& line)
{
    proxy_app.group("");
    proxy_app.add_option("--host", line.proxy_host)->required();
    proxy_app.add_option("--port", line.proxy_port)->required();
    proxy_app.add_option("--round-trip", line.proxy_round_trip)->required();
}

int run_one(command_line& line)
{
    line.one.who = parse_arm(line.arm_name);
    const std::map<std::string, metrics (*)(const cell&)> experiments{
        {"closed", run_closed}, {"open", run_open}, {"idle", run_idle}};
    for (const metric& m : experiments.at(line.one.experiment)(line.one))
        std::printf("%s %s %.9g\n", m.name.c_str(), m.unit.c_str(), m.value);
    return 0;
}

/// The server's version, or an exception with one clear line.
[[nodiscard]] std::string server_version(const std::string& uri)
{
    if (uri.empty())
        throw std::runtime_error("no server: give a connection string, or start one with ./dev bench");
    const std::unique_ptr<PGconn, decltype(&PQfinish)> db(PQconnectdb(uri.c_str()), &PQfinish);
    if (PQstatus(db.get()) != CONNECTION_OK) {
        const std::string why = PQerrorMessage(db.get());
        throw std::runtime_error(why.substr(0, why.find('\n')));
    }
    return PQparameterStatus(db.get(), "server_version");
}

/// The client on the first core, the server on the last. Says what came of it.
[[nodiscard]] std::string pin(command_line& line)
{
    const std::vector<int> cores = bench::usable_cores();
    if (!line.pin) return "client and server on any core";
    if (cores.size() < 2) return "client and server share the only core";
    if (line.server_pid == 0 || bench::pin_tree(line.server_pid, cores.back()) == 0)
        return "client and server on any core (the server's process is not known)";
    line.suite.client_cpu = cores.front();
    return "client on one core, server on another";
}

int run_all(command_line& line)
{
    run_facts facts;
    facts.server = server_version(line.suite.uri);
    facts.cores = pin(line);
    facts.quick = line.suite.quick;
    facts.command = line.suite.quick ? "./dev bench async --quick" : "./dev bench async";
    std::filesystem::create_directories(line.out);
    int failures = 0;
    const results all = run_suite(line.suite, failures);
    all.write_csv(line.out / "results.csv");
    write_report(line.out, all, facts);
    if (!line.page.empty()) renew_page(line.page, line.out, all, facts);
    std::cerr << "results.csv, report.md and plots are in " << line.out.string() << '\n';
    if (failures > 0) std::cerr << failures << " measurements failed\n";
    return failures > 0 ? 1 : 0;
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app;
    command_line line;
    declare_run(app, line);
    CLI::App& cell_app = *app.add_subcommand("cell", "one measurement");
    declare_cell(cell_app, line);
    CLI::App& proxy_app = *app.add_subcommand("proxy", "a delaying proxy");
    declare_proxy(proxy_app, line);
    CLI11_PARSE(app, argc, argv);
    try {
        if (cell_app.parsed()) return run_one(line);
        if (proxy_app.parsed())
            return serve_proxy(line.proxy_host, line.proxy_port, line.proxy_round_trip), 0;
        return run_all(line);
    } catch (const std::exception& e) {
        std::cerr << "tusk_async_bench: " << e.what() << '\n';
        return 1;
    }
}
