// Distributed under the Boost Software License, Version 1.0.
// What a connection string comes to, once service file, environment and defaults have had their say: one key=value a
// line. Without a string it is the environment's. Asks no server.

#include <tusk/conninfo.hpp>
#include <tusk/error.hpp>

#include <cstdio>
#include <string>
#include <string_view>

int main(int argc, char** argv)
{
    bool show_secrets = false;
    int used = 1;
    if (used != argc && argv[used] == std::string_view("--show-secrets")) {
        show_secrets = true;
        ++used;
    }
    if (argc - used > 1)
        return std::fprintf(stderr, "usage: conninfo [--show-secrets] [CONNECTION-STRING]\n"), 2;
    try {
        const auto given = used != argc ? tusk::conninfo::parse(argv[used]) : tusk::conninfo();
        const auto effective = given.effective();
        for (const auto& e : effective.list()) {
            const std::string secret(show_secrets ? effective.get(e.keyword) : std::string_view());
            std::printf("%s=%s\n", std::string(e.keyword).c_str(),
                        (e.secret && show_secrets ? secret : e.value).c_str());
        }
    } catch (const tusk::error& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
