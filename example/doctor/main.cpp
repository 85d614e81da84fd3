// Distributed under the Boost Software License, Version 1.0.
// What happens when a connection string is used, what is wrong, and what to do about it.
#include "examination.hpp"
#include "reports.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <exception>
#include <iostream>
#include <string>

#include <unistd.h>

int main(int argc, char** argv)
try {
    CLI::App app("What happens when tusk connects, what is wrong, and what to do about it.\n"
                 "Exit status: 0 when it works, 1 when not, 2 for a wrong command line.");
    std::string where;
    bool json = false, plain = false;
    int patience = 5;
    app.add_option("connection-string", where, "a URI or keyword=value pairs; without it the environment's");
    app.add_flag("--json", json, "a report for machines");
    app.add_flag("--no-colour,--no-color", plain,
                 "no colours on a terminal (as NO_COLOR in the environment)");
    app.add_option("--timeout", patience, "seconds for each address where connect_timeout is not given")
        ->check(CLI::Range(1, 3600))
        ->capture_default_str();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 2;
    }
    const doctor::examination seen = doctor::examine(where, std::chrono::seconds(patience));
    if (json)
        report_json(seen, std::cout);
    else
        report_text(seen, std::cout, !plain && !std::getenv("NO_COLOR") && isatty(STDOUT_FILENO) == 1);
    return seen.ec ? 1 : 0;
} catch (const std::exception& e) {
    std::cerr << e.what() << '\n';
    return 2;
}
