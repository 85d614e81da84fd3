// Distributed under the Boost Software License, Version 1.0.
#include "wire/frontend.hpp"

namespace tusk::wire {
namespace {

constexpr std::int32_t cancel_code = 80877102;
constexpr std::int32_t ssl_code = 80877103;
constexpr std::int32_t gssenc_code = 80877104;

constexpr char no_type = 0;

/// A statement's or portal's name; the empty one is the unnamed.
void write_name(writer& to, std::string_view name)
{
    if (name.size() > max_name_length) to.fail(errc::request_too_large);
    to.cstring(name);
}

/// Int16 count, Int16 format each
void write_formats(writer& to, std::span<const format> formats)
{
    to.count16(formats.size());
    if (formats.size() > 0xffff) return;
    for (format f : formats) to.u16(static_cast<std::uint16_t>(f));
}

/// Formats, Int16 count, (Int32 length, Byte* value) each
void write_values(writer& to, std::span<const format> formats, std::size_t count,
                  std::span<const std::byte> values)
{
    if (formats.size() > 1 && formats.size() != count) to.fail(errc::parameter_mismatch);
    write_formats(to, formats);
    to.count16(count);
    to.bytes(values);
}

/// Byte1 kind, String name
void write_target(writer& to, char type, char kind, std::string_view name)
{
    to.begin(type);
    to.u8(static_cast<std::uint8_t>(kind));
    write_name(to, name);
    to.end(max_small_message_length);
}

void write_request(writer& to, std::int32_t code)
{
    to.begin(no_type);
    to.i32(code);
    to.end();
}

void write_empty(writer& to, char type)
{
    to.begin(type);
    to.end();
}

} // namespace

void write(writer& to, const startup_message& m)
{
    to.begin(no_type);
    to.u32(m.version);
    for (const auto& [name, value] : m.parameters) {
        if (name.empty()) to.fail(errc::invalid_conninfo);
        to.cstring(name);
        to.cstring(value);
    }
    to.u8(0);
    to.end(max_small_message_length);
}

void write(writer& to, ssl_request) { write_request(to, ssl_code); }

void write(writer& to, gssenc_request) { write_request(to, gssenc_code); }

void write(writer& to, const cancel_request& m)
{
    to.begin(no_type);
    if (m.key.size() < 4 || m.key.size() > 256) to.fail(errc::protocol_violation);
    to.i32(cancel_code);
    to.i32(m.pid);
    to.bytes(m.key);
    to.end(max_small_message_length);
}

void write(writer& to, const password_message& m)
{
    to.begin(m.type);
    to.cstring(m.password);
    to.end(max_auth_message_length);
}

void write(writer& to, const sasl_initial_response& m)
{
    to.begin(m.type);
    to.cstring(m.mechanism);
    if (m.data) {
        to.length32(m.data->size());
        to.bytes(*m.data);
    } else {
        to.i32(-1);
    }
    to.end(max_auth_message_length);
}

void write(writer& to, const sasl_response& m)
{
    to.begin(m.type);
    to.bytes(m.data);
    to.end(max_auth_message_length);
}

void write(writer& to, const gss_response& m)
{
    to.begin(m.type);
    to.bytes(m.data);
    to.end(max_auth_message_length);
}

void write(writer& to, const query& m)
{
    to.begin(m.type);
    to.cstring(m.sql);
    to.end();
}

void write(writer& to, const parse& m)
{
    to.begin(m.type);
    write_name(to, m.name);
    to.cstring(m.sql);
    to.count16(m.parameter_types.size());
    if (m.parameter_types.size() <= 0xffff)
        for (oid type : m.parameter_types) to.u32(static_cast<std::uint32_t>(type));
    to.end();
}

void write(writer& to, const bind& m)
{
    to.begin(m.type);
    write_name(to, m.portal);
    write_name(to, m.statement);
    write_values(to, m.parameter_formats, m.count, m.values);
    write_formats(to, m.result_formats);
    to.end();
}

void write(writer& to, const describe& m) { write_target(to, m.type, m.kind, m.name); }

void write(writer& to, const execute& m)
{
    to.begin(m.type);
    write_name(to, m.portal);
    to.i32(m.max_rows);
    to.end(max_small_message_length);
}

void write(writer& to, const close& m) { write_target(to, m.type, m.kind, m.name); }

void write(writer& to, const function_call& m)
{
    to.begin(m.type);
    to.u32(static_cast<std::uint32_t>(m.function));
    write_values(to, m.argument_formats, m.count, m.values);
    to.u16(static_cast<std::uint16_t>(m.result_format));
    to.end();
}

void write(writer& to, const copy_data& m)
{
    to.begin(m.type);
    to.bytes(m.bytes);
    to.end();
}

void write(writer& to, const copy_fail& m)
{
    to.begin(m.type);
    to.cstring(m.reason);
    to.end(max_small_message_length);
}

void write(writer& to, copy_done m) { write_empty(to, m.type); }

void write(writer& to, flush m) { write_empty(to, m.type); }

void write(writer& to, sync m) { write_empty(to, m.type); }

void write(writer& to, terminate m) { write_empty(to, m.type); }

} // namespace tusk::wire
