// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "wire_messages.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Messages spelled out by hand, without the code that is under test.
namespace session_test {

using wire_test::int16;
using wire_test::int32;
using wire_test::message;

inline std::string zero_ended(std::string_view text) { return std::string(text) + '\0'; }

/// What the server sends.
namespace server {

struct column {
    std::string name;
    std::uint32_t type = 25; // text
};

struct report {
    std::string code = "42601";
    std::string message;
    std::string routine = {};
    std::string severity = "ERROR";
};

inline std::string parse_complete() { return message('1', ""); }
inline std::string bind_complete() { return message('2', ""); }
inline std::string close_complete() { return message('3', ""); }
inline std::string no_data() { return message('n', ""); }
inline std::string empty_query() { return message('I', ""); }
inline std::string portal_suspended() { return message('s', ""); }
inline std::string ready(char status = 'I') { return message('Z', std::string(1, status)); }
inline std::string complete(std::string_view tag) { return message('C', zero_ended(tag)); }

inline std::string parameters(const std::vector<std::uint32_t>& types)
{
    std::string body = int16(static_cast<unsigned>(types.size()));
    for (std::uint32_t type : types) body += int32(type);
    return message('t', body);
}

inline std::string columns(const std::vector<column>& cols)
{
    std::string body = int16(static_cast<unsigned>(cols.size()));
    for (const column& c : cols)
        body += zero_ended(c.name) + int32(0) + int16(0) + int32(c.type) + int16(0xffff) + int32(0xffffffff) +
                int16(0);
    return message('T', body);
}

inline std::string row(const std::vector<std::optional<std::string>>& fields)
{
    std::string body = int16(static_cast<unsigned>(fields.size()));
    for (const auto& f : fields)
        body += f ? int32(static_cast<std::uint32_t>(f->size())) + *f : int32(0xffffffff);
    return message('D', body);
}

inline std::string report_body(const report& r)
{
    std::string body = "S" + zero_ended(r.severity) + "V" + zero_ended(r.severity) + "C" +
                       zero_ended(r.code) + "M" + zero_ended(r.message);
    if (!r.routine.empty()) body += "R" + zero_ended(r.routine);
    return body + '\0';
}

inline std::string error(const report& r) { return message('E', report_body(r)); }
inline std::string fatal(std::string text, std::string code = "57P01")
{
    return error({.code = std::move(code), .message = std::move(text), .routine = {}, .severity = "FATAL"});
}
inline std::string notice(std::string text)
{
    return message('N', report_body({.code = "00000", .message = std::move(text), .severity = "NOTICE"}));
}
inline std::string parameter(std::string_view name, std::string_view value)
{
    return message('S', zero_ended(name) + zero_ended(value));
}
inline std::string notification(std::uint32_t pid, std::string_view channel, std::string_view payload)
{
    return message('A', int32(pid) + zero_ended(channel) + zero_ended(payload));
}

inline std::string copy_in() { return message('G', std::string(1, '\0') + int16(1) + int16(0)); }
inline std::string copy_out() { return message('H', std::string(1, '\0') + int16(1) + int16(0)); }
inline std::string copy_both() { return message('W', std::string(1, '\0') + int16(0)); }
inline std::string copy_data(std::string_view data) { return message('d', data); }
inline std::string copy_done() { return message('c', ""); }
inline std::string function_result() { return message('V', int32(0xffffffff)); }

inline std::string authentication(std::uint32_t method, std::string_view data = {})
{
    return message('R', int32(method) + std::string(data));
}
inline std::string key_data(std::uint32_t pid, std::string_view key)
{
    return message('K', int32(pid) + std::string(key));
}
inline std::string negotiate(std::uint32_t version, const std::vector<std::string>& options = {})
{
    std::string body = int32(version) + int32(static_cast<std::uint32_t>(options.size()));
    for (const std::string& o : options) body += zero_ended(o);
    return message('v', body);
}

/// One well-formed message of each type, and one that no server has.
inline std::vector<std::string> one_of_each()
{
    return {authentication(0),
            key_data(1, "abcd"),
            negotiate(0x00030000),
            parameter("application_name", "x"),
            ready(),
            error({.message = "an error out of turn"}),
            notice("a notice out of turn"),
            notification(1, "c", "p"),
            parameters({}),
            columns({{"x"}}),
            row({"x"}),
            complete("SELECT 9"),
            copy_in(),
            copy_out(),
            copy_both(),
            copy_data("x"),
            copy_done(),
            function_result(),
            parse_complete(),
            bind_complete(),
            close_complete(),
            no_data(),
            portal_suspended(),
            empty_query(),
            message('q', "")};
}

} // namespace server

/// What the client is expected to send.
namespace client {

inline std::string parse(std::string_view name, std::string_view sql,
                         const std::vector<std::uint32_t>& types = {})
{
    std::string body = zero_ended(name) + zero_ended(sql) + int16(static_cast<unsigned>(types.size()));
    for (std::uint32_t type : types) body += int32(type);
    return message('P', body);
}
inline std::string describe(std::string_view name) { return message('D', "S" + zero_ended(name)); }
inline std::string close(std::string_view name) { return message('C', "S" + zero_ended(name)); }
inline std::string execute() { return message('E', zero_ended("") + int32(0)); }
inline std::string fetch(std::string_view portal, unsigned limit)
{
    return message('E', zero_ended(portal) + int32(limit)) + message('S', "");
}
inline std::string close_portal(std::string_view portal)
{
    return message('C', "P" + zero_ended(portal)) + message('S', "");
}
inline std::string sync() { return message('S', ""); }
inline std::string query(std::string_view sql) { return message('Q', zero_ended(sql)); }
inline std::string copy_fail(std::string_view reason) { return message('f', zero_ended(reason)); }

/// Values in binary, results in the given formats (one for all columns, or one each).
inline std::string bind(std::string_view name, const std::vector<std::optional<std::string>>& values = {},
                        const std::vector<unsigned>& results = {1}, std::string_view portal = {})
{
    std::string body = zero_ended(portal) + zero_ended(name);
    body += values.empty() ? int16(0) : int16(1) + int16(1);
    body += int16(static_cast<unsigned>(values.size()));
    for (const auto& v : values)
        body += v ? int32(static_cast<std::uint32_t>(v->size())) + *v : int32(0xffffffff);
    body += int16(static_cast<unsigned>(results.size()));
    for (unsigned f : results) body += int16(f);
    return message('B', body);
}

/// Everything that a statement takes when it is not cached, and when it is.
inline std::string miss(std::string_view name, std::string_view sql)
{
    return parse(name, sql) + describe(name) + bind(name) + execute() + sync();
}
inline std::string hit(std::string_view name) { return bind(name) + execute() + sync(); }

} // namespace client

} // namespace session_test
