// Distributed under the Boost Software License, Version 1.0.
// What a connection string comes to, once service file, environment and defaults have had their say.
// Asks no server.

#include <tusk/conninfo.hpp>
#include <tusk/error.hpp>

#include <cstdio>
#include <string>

namespace {

const char* name_of(enum tusk::conninfo::source from)
{
    using enum tusk::conninfo::source;
    switch (from) {
    case explicit_:
        return "given";
    case service:
        return "service file";
    case environment:
        return "environment";
    case passfile:
        return "password file";
    case default_:
        return "default";
    }
    return "?";
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) return std::fprintf(stderr, "usage: conninfo CONNECTION-STRING\n"), 2;
    try {
        for (const auto& e : tusk::conninfo::parse(argv[1]).effective().list())
            std::printf("%s=%s (%s)\n", std::string(e.keyword).c_str(), e.value.c_str(), name_of(e.source));
    } catch (const tusk::error& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
}
