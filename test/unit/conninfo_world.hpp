// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "conninfo/resolve.hpp"

#include <tusk/error.hpp>

#include <map>
#include <string>
#include <utility>

namespace tusk::test {

/// A made-up machine: variables, files, directories, a user.
struct world {
    std::map<std::string, std::string> variables;
    std::map<std::string, conn::file_content> files;
    std::string home = "/home/ada";
    std::string user = "ada";
    std::string directory = "/var/run/postgresql"; // the only one

    world& file(const std::string& path, std::string text, unsigned mode = 0600)
    {
        files[path] = {conn::file_content::state::read, mode, std::move(text)};
        return *this;
    }

    [[nodiscard]] conn::environment environment() const
    {
        conn::environment env;
        env.variable = [this](const std::string& name) -> std::optional<std::string> {
            const auto at = variables.find(name);
            return at == variables.end() ? std::nullopt : std::optional<std::string>(at->second);
        };
        env.home_directory = [this] { return home; };
        env.user_name = [this] { return user; };
        env.read_file = [this](const std::string& path) {
            const auto at = files.find(path);
            return at == files.end() ? conn::file_content() : at->second;
        };
        env.is_directory = [this](const std::string& path) { return path == directory; };
        return env;
    }
};

/// What resolving gives.
struct resolved {
    std::error_code ec;
    diagnostics diag;
    conn::settings settings;

    [[nodiscard]] std::string why() const { return std::string(diag.message()); }
};

inline resolved resolve(const conninfo& info, const world& w = {})
{
    resolved out;
    out.ec = conn::resolve(info, w.environment(), out.settings, out.diag);
    return out;
}

inline resolved resolve(const std::string& text, const world& w = {})
{
    return resolve(conninfo::parse(text), w);
}

/// The message with which a connection string is refused; empty when it is not.
inline std::string refusal(std::string_view text)
{
    std::error_code ec;
    diagnostics diag;
    const conninfo info = conninfo::parse(text, ec, diag);
    if (!ec) return {};
    if (ec != make_error_code(errc::invalid_conninfo)) return "wrong code: " + ec.message();
    if (!info.empty()) return "a failed parse gave something";
    if (!diag.safe_to_retry()) return "wrong outcome";
    return std::string(diag.message());
}

} // namespace tusk::test
