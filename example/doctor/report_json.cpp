// Distributed under the Boost Software License, Version 1.0.
#include "advice.hpp"
#include "reports.hpp"
#include "words.hpp"

#include <nlohmann/json.hpp>

#include <ostream>

namespace doctor {
namespace {

using json = nlohmann::ordered_json;

[[nodiscard]] double milliseconds(std::chrono::nanoseconds t) { return static_cast<double>(t.count()) / 1e6; }

[[nodiscard]] json session_of(const examination& seen)
{
    const auto& s = seen.session;
    json out = {
        {"address", s.address},
        {"protocol", std::to_string(s.protocol_major()) + '.' + std::to_string(s.protocol_minor())},
        {"authentication", s.authentication},
        {"process_id", s.process_id},
        {"server_version", seen.server.version},
        {"user", seen.server.user},
        {"database", seen.server.database},
        {"standby", seen.server.standby},
        {"read_only", seen.server.read_only},
        {"round_trip_ms", milliseconds(seen.server.round_trip)},
        {"tls", nullptr},
    };
    if (seen.tls)
        out["tls"] = {
            {"protocol", seen.tls.protocol},
            {"cipher", seen.tls.cipher},
            {"alpn", seen.tls.alpn},
            {"verification", name_of(seen.tls.verification)},
            {"subject", seen.tls.peer_subject},
            {"issuer", seen.tls.peer_issuer},
        };
    return out;
}

} // namespace

void report_json(const examination& seen, std::ostream& out)
{
    json report = {{"works", !seen.ec}, {"reason", seen.reason}};
    report["parameters"] = json::array();
    for (const auto& p : seen.parameters)
        report["parameters"].push_back(
            {{"keyword", p.keyword}, {"value", p.value}, {"from", name_of(p.source)}, {"secret", p.secret}});
    report["steps"] = json::array();
    for (const auto& e : seen.steps)
        report["steps"].push_back({{"step", name_of(e.step)},
                                   {"host", e.host},
                                   {"address", e.address},
                                   {"detail", e.detail},
                                   {"error", e.ec ? e.ec.message() : ""},
                                   {"remedy", remedy(e.ec)},
                                   {"elapsed_ms", milliseconds(e.elapsed)}});
    report["session"] = seen.connected ? session_of(seen) : json(nullptr);
    report["advice"] = advice(seen);
    // what a server says need not be UTF-8
    out << report.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
}

} // namespace doctor
