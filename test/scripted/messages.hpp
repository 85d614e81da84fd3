// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The server's side of the protocol, written down by hand: the tests must not trust the code that they test.
namespace scripted {

inline std::string int16(std::size_t v)
{
    return {static_cast<char>(v >> 8 & 0xff), static_cast<char>(v & 0xff)};
}
inline std::string int32(std::uint32_t v) { return int16(v >> 16) + int16(v & 0xffff); }
inline std::string cstring(std::string_view text) { return std::string(text) + '\0'; }

/// Type, length, body. `type` 0: a message without a type byte, as those that begin a session.
inline std::string message_of(char type, std::string_view body)
{
    std::string whole = type ? std::string(1, type) : std::string();
    return whole + int32(static_cast<std::uint32_t>(body.size() + 4)) + std::string(body);
}

inline std::string authentication(std::uint32_t code, std::string_view data = {})
{
    return message_of('R', int32(code) + std::string(data));
}
inline std::string authentication_ok() { return authentication(0); }
inline std::string parameter_status(std::string_view name, std::string_view value)
{
    return message_of('S', cstring(name) + cstring(value));
}
inline std::string backend_key_data(std::uint32_t pid = 4711)
{
    return message_of('K', int32(pid) + "\1\2\3\4");
}
inline std::string ready(char status = 'I') { return message_of('Z', std::string(1, status)); }

inline std::string parse_complete() { return message_of('1', {}); }
inline std::string bind_complete() { return message_of('2', {}); }
inline std::string close_complete() { return message_of('3', {}); }
inline std::string no_data() { return message_of('n', {}); }
inline std::string parameter_description(std::initializer_list<std::uint32_t> types = {})
{
    std::string body = int16(types.size());
    for (const std::uint32_t type : types) body += int32(type);
    return message_of('t', body);
}

/// Columns of one type without a table. The default is int4.
inline std::string row_description(std::initializer_list<std::string_view> names, std::uint32_t type = 23)
{
    std::string body = int16(names.size());
    for (const std::string_view name : names)
        body += cstring(name) + int32(0) + int16(0) + int32(type) + int16(type == 23 ? 4 : 0xffff) +
                int32(0xffffffff) + int16(0);
    return message_of('T', body);
}
/// Values as they are; none is NULL.
inline std::string data_row(std::initializer_list<std::optional<std::string>> values)
{
    std::string body = int16(values.size());
    for (const auto& value : values)
        body += value ? int32(static_cast<std::uint32_t>(value->size())) + *value : int32(0xffffffff);
    return message_of('D', body);
}
inline std::string command_complete(std::string_view tag) { return message_of('C', cstring(tag)); }

inline std::string fields(std::string_view severity, std::string_view code, std::string_view text)
{
    return 'S' + cstring(severity) + 'V' + cstring(severity) + 'C' + cstring(code) + 'M' + cstring(text) +
           '\0';
}
inline std::string error_response(std::string_view code, std::string_view text,
                                  std::string_view severity = "ERROR")
{
    return message_of('E', fields(severity, code, text));
}
inline std::string notice(std::string_view text) { return message_of('N', fields("NOTICE", "00000", text)); }
inline std::string notification(std::uint32_t pid, std::string_view channel, std::string_view payload)
{
    return message_of('A', int32(pid) + cstring(channel) + cstring(payload));
}

/// From AuthenticationOk to ReadyForQuery, one message each.
inline std::vector<std::string> login_messages()
{
    return {authentication_ok(), parameter_status("server_version", "18.4"),
            parameter_status("client_encoding", "UTF8"), backend_key_data(), ready()};
}

/// The answer to the first execution of a statement that gives one int4: Parse Describe Bind Execute Sync.
inline std::vector<std::string> first_answer(std::uint32_t value)
{
    return {parse_complete(), parameter_description(),  row_description({"n"}),
            bind_complete(),  data_row({int32(value)}), command_complete("SELECT 1"),
            ready()};
}
/// The same when the statement is in the cache: Bind Execute Sync.
inline std::vector<std::string> cached_answer(std::uint32_t value)
{
    return {bind_complete(), data_row({int32(value)}), command_complete("SELECT 1"), ready()};
}
/// The answer to the first execution of a statement without rows.
inline std::vector<std::string> first_done(std::string_view tag)
{
    return {parse_complete(), parameter_description(), no_data(),
            bind_complete(),  command_complete(tag),   ready()};
}

inline std::string joined(const std::vector<std::string>& messages)
{
    std::string all;
    for (const std::string& m : messages) all += m;
    return all;
}

} // namespace scripted
