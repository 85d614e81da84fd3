// Distributed under the Boost Software License, Version 1.0.
#include "advice.hpp"
#include "reports.hpp"
#include "words.hpp"

#include <algorithm>
#include <iomanip>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>

namespace doctor {
namespace {

using step = enum tusk::connect_event::step;

class writer {
public:
    writer(const examination& seen, std::ostream& out, bool colour)
        : seen_(seen)
        , out_(out)
        , colour_(colour)
    {
    }

    void write()
    {
        parameters();
        steps();
        if (seen_.connected) session();
        advise();
        verdict();
    }

private:
    static constexpr std::string_view bold = "1", red = "1;31", green = "32", yellow = "33", grey = "2";

    void put(std::string_view code, std::string_view text)
    {
        if (colour_) out_ << "\x1b[" << code << 'm';
        out_ << text;
        if (colour_) out_ << "\x1b[0m";
    }

    void title(std::string_view text)
    {
        put(bold, text);
        out_ << '\n';
    }

    void parameters()
    {
        if (seen_.parameters.empty()) return;
        title("Parameters");
        std::size_t widest = 0;
        for (const auto& p : seen_.parameters)
            widest = std::max(widest, p.keyword.size() + p.value.size() + 1);
        widest = std::min<std::size_t>(widest, 60);
        for (const auto& p : seen_.parameters) {
            const std::string pair = std::string(p.keyword) + '=' + p.value;
            out_ << "  " << pair << std::string(widest - std::min(widest, pair.size()) + 2, ' ');
            put(grey, name_of(p.source));
            out_ << '\n';
        }
    }

    void steps()
    {
        if (seen_.steps.empty()) return;
        title("Connecting");
        for (const auto& e : seen_.steps) {
            const bool bad = e.step == step::failed;
            out_ << std::fixed << std::setprecision(1) << std::setw(9)
                 << static_cast<double>(e.elapsed.count()) / 1e6 << " ms  ";
            put(bad ? red : green, name_of(e.step));
            out_ << "  " << (e.address.empty() ? e.host : e.address);
            if (!e.detail.empty()) out_ << ": " << e.detail;
            out_ << '\n';
        }
    }

    void line(std::string_view name, const std::string& value)
    {
        out_ << "  " << std::left << std::setw(16) << name << std::right << value << '\n';
    }

    void session()
    {
        title("Session");
        const auto& server = seen_.server;
        if (!server.version.empty()) {
            line("server", "PostgreSQL " + server.version + (server.standby ? ", standby" : ", primary") +
                               (server.read_only ? ", read-only" : ""));
            line("user", server.user);
            line("database", server.database);
        }
        line("address", seen_.session.address);
        line("protocol", std::to_string(seen_.session.protocol_major()) + '.' +
                             std::to_string(seen_.session.protocol_minor()));
        line("authentication", seen_.session.authentication);
        tls();
        if (!server.version.empty()) {
            std::ostringstream trip;
            trip << std::fixed << std::setprecision(3) << static_cast<double>(server.round_trip.count()) / 1e6
                 << " ms";
            line("round trip", trip.str());
        }
    }

    void tls()
    {
        const auto& tls = seen_.tls;
        if (!tls) return line("TLS", "none");
        line("TLS", tls.protocol + ", " + tls.cipher);
        line("certificate", tls.peer_subject + ", by " + tls.peer_issuer);
        line("verification", std::string(name_of(tls.verification)));
    }

    void advise()
    {
        const auto list = advice(seen_);
        if (list.empty()) return;
        title("Advice");
        for (const auto& sentence : list) {
            put(yellow, "  * ");
            out_ << sentence << '\n';
        }
    }

    void verdict()
    {
        if (!seen_.ec) return put(green, "It works.\n");
        put(red, "It does not work: ");
        out_ << seen_.reason << '\n';
    }

    const examination& seen_;
    std::ostream& out_;
    bool colour_;
};

} // namespace

void report_text(const examination& seen, std::ostream& out, bool colour)
{
    writer(seen, out, colour).write();
}

} // namespace doctor
