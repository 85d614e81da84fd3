// Distributed under the Boost Software License, Version 1.0.
#include "compare/server.hpp"

#include <tusk.hpp>

#include <asio/io_context.hpp>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace bench {
namespace {

place from_file(std::istream& in)
{
    place p;
    for (std::string line; std::getline(in, line);) {
        const auto equals = line.find('=');
        if (equals == std::string::npos) continue;
        const std::string key = line.substr(0, equals), value = line.substr(equals + 1);
        if (key == "TUSK_HOST") p.host = value;
        if (key == "TUSK_PORT") p.port = value;
        if (key == "TUSK_DATABASE") p.database = value;
        if (key == "TUSK_USER") p.user = value;
        if (key == "TUSK_PASSWORD") p.password = value;
        if (key == "TUSK_PID") p.pid = std::atoi(value.c_str());
    }
    return p;
}

} // namespace

place find_server(const std::string& where)
{
    if (std::ifstream file(where + "/env"); file) return from_file(file);
    const auto colon = where.find(':'), slash = where.find('/', colon == std::string::npos ? 0 : colon);
    if (colon == std::string::npos || slash == std::string::npos || colon == 0)
        throw std::runtime_error("no server: there is no file '" + where + "/env', and '" + where +
                                 "' is not host:port/database");
    const char* password = std::getenv("TUSK_PASSWORD");
    return {where.substr(0, colon),   where.substr(colon + 1, slash - colon - 1),
            where.substr(slash + 1),  "tusk",
            password ? password : "", 0};
}

std::string prepare_server(const setting& s, std::span<const workload* const> for_these)
{
    asio::io_context io;
    tusk::connection db(io);
    std::string version;
    const std::string where =
        "host=" + s.host + " port=" + s.port + " dbname=" + s.database + " user=" + s.user;
    db.async_connect(where, [&](std::error_code ec, const tusk::diagnostics& d) {
        if (ec)
            throw std::runtime_error("no server at " + s.host + ":" + s.port + ": " +
                                     tusk::error(ec, d).what());
        version = db.parameter("server_version");
        db.async_script(setup_script(for_these), [&](std::error_code failed, const tusk::script_result& r) {
            if (failed) throw tusk::error(failed, r.diag());
            db.async_close([](std::error_code, const tusk::diagnostics&) {});
        });
    });
    io.run();
    return version;
}

} // namespace bench
