// Distributed under the Boost Software License, Version 1.0.
#include "stage.hpp"

#include "conninfo/environment.hpp"
#include "conninfo/parameters.hpp"
#include "conninfo/resolve.hpp"

#include <tusk/error.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace tusk::test {
namespace {

void clear_environment()
{
    for (const conn::parameter& row : conn::parameters)
        if (!row.variable.empty()) ::unsetenv(std::string(row.variable).c_str());
    for (const char* name : {"PGSERVICEFILE", "PGSYSCONFDIR", "PGDATESTYLE", "PGTZ", "PGGEQO"})
        ::unsetenv(name);
}

std::map<std::string, std::string> values_of(const conninfo& info)
{
    std::map<std::string, std::string> out;
    for (const conninfo::entry& e : info.list()) out[std::string(e.keyword)] = info.get(e.keyword);
    return out;
}

std::string value(const std::map<std::string, std::string>& of, const std::string& keyword)
{
    const auto at = of.find(keyword);
    return at == of.end() ? std::string() : at->second;
}

/// libpq leaves open what tusk works out.
bool worked_out(const std::string& keyword) { return keyword == "host"; }

std::string compare(const std::map<std::string, std::string>& libpq,
                    const std::map<std::string, std::string>& tusk, bool completed)
{
    for (const conn::parameter& row : conn::parameters) {
        const std::string keyword(row.keyword), theirs = value(libpq, keyword), ours = value(tusk, keyword);
        if (theirs == ours) continue;
        if (completed && theirs.empty() && worked_out(keyword)) continue;
        // compared by itself: libpq keeps that of the password file elsewhere
        if (completed && keyword == "password") continue;
        // libpq asks the locale
        if (completed && keyword == "client_encoding" && ours == "auto") continue;
        // what docs/conninfo.md says: off unless asked for
        if (completed && keyword == "gssencmode" && theirs == row.fallback) continue;
        return keyword + ": libpq \"" + theirs + "\", tusk \"" + ours + '"';
    }
    return {};
}

} // namespace

stage::stage()
{
    std::string name = (std::filesystem::temp_directory_path() / "tusk-differential-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        std::perror("mkdtemp");
        std::exit(1);
    }
    home_ = name;
    ::setenv("HOME", home_.c_str(), 1);
    clear_environment();
    variable("PGSYSCONFDIR", home_); // the two were built with different directories
}

stage::~stage() { std::filesystem::remove_all(home_); }

void stage::file(const std::string& name, const std::string& text, unsigned mode)
{
    std::ofstream(path(name), std::ios::binary | std::ios::trunc) << text;
    ::chmod(path(name).c_str(), mode);
    files_.push_back(name);
}

void stage::variable(const std::string& name, const std::string& text)
{
    ::setenv(name.c_str(), text.c_str(), 1);
    variables_.push_back(name);
}

void stage::clear()
{
    for (const std::string& name : variables_) ::unsetenv(name.c_str());
    for (const std::string& name : files_) std::filesystem::remove(path(name));
    variables_.clear();
    files_.clear();
    variable("PGSYSCONFDIR", home_);
}

verdict complete_by_tusk(const conninfo& info)
{
    verdict out;
    out.parsed = true;
    conn::settings settings;
    diagnostics diag;
    const std::error_code ec = conn::resolve(info, conn::process_environment(), settings, diag);
    out.unsupported = ec == errc::unsupported_parameter;
    out.accepted = !ec;
    out.why = diag.message();
    if (ec) return out;
    out.effective = values_of(info.effective());
    out.password = settings.password_for(settings.hosts.back()).view();
    return out;
}

verdict ask_tusk(const std::string& text)
{
    verdict out;
    std::error_code ec;
    diagnostics diag;
    const conninfo info = conninfo::parse(text, ec, diag);
    out.why = diag.message();
    if (ec) return out;
    out = complete_by_tusk(info);
    out.explicit_ = values_of(info);
    return out;
}

std::string difference(const verdict& libpq, const verdict& tusk)
{
    if (libpq.parsed != tusk.parsed)
        return libpq.parsed ? "only tusk refuses the syntax: " + tusk.why
                            : "only libpq refuses the syntax: " + libpq.why;
    if (std::string d = compare(libpq.explicit_, tusk.explicit_, false); !d.empty()) return "parsed, " + d;
    if (libpq.unsupported || tusk.unsupported) return {};
    if (libpq.accepted != tusk.accepted)
        return libpq.accepted ? "only tusk refuses: " + tusk.why : "only libpq refuses: " + libpq.why;
    if (!tusk.accepted) return {};
    if (std::string d = compare(libpq.effective, tusk.effective, true); !d.empty()) return d;
    if (libpq.password != tusk.password)
        return "password: libpq \"" + libpq.password + "\", tusk \"" + tusk.password + '"';
    return {};
}

bool different_on_purpose(const verdict& libpq, const verdict& tusk)
{
    if (libpq.parsed && !tusk.parsed) return tusk.why.starts_with("the port in the URI is not a number");
    if (libpq.why.find("invalid SCRAM ") == 0 && libpq.why.find(" key length: 0\n") != std::string::npos)
        return tusk.accepted;
    const bool names_no_service = value(tusk.effective, "service").empty();
    if (tusk.accepted && names_no_service && libpq.why.find("service") != std::string::npos) return true;
    if (!libpq.accepted || tusk.accepted) return false;
    static constexpr std::array<std::string_view, 4> reasons{
        "holds an \"@\"", "is not an integer", "is not a numeric address", "is not base64 of 32 bytes"};
    return std::any_of(reasons.begin(), reasons.end(),
                       [&](std::string_view r) { return tusk.why.find(r) != std::string::npos; });
}

} // namespace tusk::test
