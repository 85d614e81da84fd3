// Distributed under the Boost Software License, Version 1.0.
#include "../unit/conninfo_world.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <system_error>

// What users and their files say of where to connect. The first byte: 0 a connection string of either syntax, 1 a
// password file, 2 a service file; the rest is the text.
namespace {

using tusk::conninfo;

void require(bool holds)
{
    if (!holds) std::abort();
}

/// Connecting with it fails with a reason, or is told all it needs.
void check_resolving(const conninfo& info, const tusk::test::world& w)
{
    const tusk::test::resolved r = tusk::test::resolve(info, w);
    if (r.ec) return require(!r.diag.message().empty() && r.diag.safe_to_retry());
    require(!r.settings.hosts.empty() && !r.settings.user.empty() && !r.settings.dbname.empty());
    for (const tusk::conn::host_target& target : r.settings.hosts) {
        require(!target.port.empty() && !target.display().empty());
        require(target.unix_socket ? target.hostaddr.empty() && !target.path.empty() : target.path.empty());
    }
}

/// What is shown of it is read as the same, but for secrets.
void check_text(const conninfo& info)
{
    std::error_code ec;
    const conninfo back = conninfo::parse(info.to_string(), ec);
    require(!ec);
    std::size_t shown = 0;
    for (const conninfo::entry& e : info.list()) {
        if (e.secret) continue;
        require(back.has(e.keyword) && back.get(e.keyword) == e.value && info.get(e.keyword) == e.value);
        ++shown;
    }
    for (const conninfo::entry& e : back.list()) shown -= e.secret ? 0 : 1;
    require(shown == 0);
}

void run_string(std::string_view text)
{
    std::error_code ec;
    tusk::diagnostics diag;
    const conninfo info = conninfo::parse(text, ec, diag);
    if (ec) return require(info.empty() && !diag.message().empty() && diag.safe_to_retry());
    check_text(info);
    check_resolving(info, {});
}

void run_file(std::string_view keyword, std::string_view text)
{
    tusk::test::world w;
    w.file("/file", std::string(text));
    w.variables["PGSERVICEFILE"] = "/file";
    conninfo info = conninfo::parse("host=h port=1 dbname=d user=u passfile=/file");
    if (keyword == "service") info.set(keyword, "s");
    check_resolving(info, w);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0) return 0;
    const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 3) {
    case 0:
        run_string(text);
        break;
    case 1:
        run_file("passfile", text);
        break;
    default:
        run_file("service", text);
    }
    return 0;
}
