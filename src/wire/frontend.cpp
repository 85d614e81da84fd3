// Distributed under the Boost Software License, Version 1.0.
#include "wire/frontend.hpp"

#include <array>

namespace tusk::wire {
namespace {

constexpr std::int32_t cancel_code = 80877102;
constexpr std::int32_t ssl_code = 80877103;
constexpr std::int32_t gssenc_code = 80877104;

constexpr char no_type = 0;

/// A statement's or portal's name; the empty one is the unnamed. Text that holds a NUL cannot be sent.
void check_name(writer& to, std::string_view name)
{
    if (name.size() > max_name_length) [[unlikely]]
        to.fail(errc::request_too_large);
    if (name.find('\0') != std::string_view::npos) [[unlikely]]
        to.fail(errc::nul_in_text);
}

/// A count that the protocol calls Int16 and the server reads unsigned.
void check_count(writer& to, std::size_t n)
{
    if (n > 0xffff) [[unlikely]]
        to.fail(errc::too_many_parameters);
}

/// There are no formats, one for all values, or as many as values.
void check_values(writer& to, std::span<const format> formats, std::size_t count)
{
    check_count(to, formats.size());
    check_count(to, count);
    if (formats.size() > 1 && formats.size() != count) [[unlikely]]
        to.fail(errc::parameter_mismatch);
}

/// Int16 count, Int16 format each
void fill_formats(body_filler& to, std::span<const format> formats)
{
    to.u16(formats.size());
    for (const format f : formats) to.u16(static_cast<std::uint16_t>(f));
}

/// Formats, Int16 count, (Int32 length, Byte* value) each
void fill_values(body_filler& to, std::span<const format> formats, std::size_t count,
                 std::span<const std::byte> values)
{
    fill_formats(to, formats);
    to.u16(count);
    to.bytes(values);
}

/// Byte1 kind, String name
void write_target(writer& to, char type, char kind, std::string_view name)
{
    check_name(to, name);
    if (body_filler body = to.message(type, name.size() + 2, max_small_message_length)) {
        body.u8(static_cast<std::uint8_t>(kind));
        body.cstring(name);
    }
}

void write_request(writer& to, std::int32_t code)
{
    to.begin(no_type);
    to.i32(code);
    to.end();
}

void write_empty(writer& to, char type) { (void)to.message(type, 0); }

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
    check_name(to, m.name);
    to.cstring(m.name);
    to.cstring(m.sql);
    to.count16(m.parameter_types.size());
    if (m.parameter_types.size() <= 0xffff)
        for (oid type : m.parameter_types) to.u32(static_cast<std::uint32_t>(type));
    to.end();
}

void write(writer& to, const bind& m)
{
    check_name(to, m.portal);
    check_name(to, m.statement);
    check_values(to, m.parameter_formats, m.count);
    check_count(to, m.result_formats.size());
    const std::size_t size = m.portal.size() + m.statement.size() + m.values.size() +
                             2 * (m.parameter_formats.size() + m.result_formats.size() + 4);
    if (body_filler body = to.message(m.type, size)) {
        body.cstring(m.portal);
        body.cstring(m.statement);
        fill_values(body, m.parameter_formats, m.count, m.values);
        fill_formats(body, m.result_formats);
    }
}

std::string run_target(std::string_view statement)
{
    std::string names(1, '\0');
    names.append(statement).append(1, '\0');
    return names;
}

void write(writer& to, const run& m)
{
    static constexpr std::array tail{'E', '\0', '\0', '\0', '\x9', '\0', '\0', '\0', '\0', '\0', // Execute
                                     'S', '\0', '\0', '\0', '\x4'};                              // Sync
    constexpr std::size_t execute_size = 10;
    check_values(to, m.parameter_formats, m.count);
    check_count(to, m.result_formats.size());
    const std::size_t size =
        m.target.size() + m.values.size() + 2 * (m.parameter_formats.size() + m.result_formats.size() + 3);
    const std::size_t behind = m.sync ? tail.size() : execute_size;
    if (body_filler body = to.message(bind::type, size, max_message_length, behind)) {
        body.bytes(std::as_bytes(std::span(m.target)));
        fill_values(body, m.parameter_formats, m.count, m.values);
        fill_formats(body, m.result_formats);
        body.bytes(std::as_bytes(std::span(tail).first(behind)));
    }
}

void write(writer& to, const describe& m) { write_target(to, m.type, m.kind, m.name); }

void write(writer& to, const execute& m)
{
    check_name(to, m.portal);
    if (body_filler body = to.message(m.type, m.portal.size() + 5, max_small_message_length)) {
        body.cstring(m.portal);
        body.u32(static_cast<std::uint32_t>(m.max_rows));
    }
}

void write(writer& to, const close& m) { write_target(to, m.type, m.kind, m.name); }

void write(writer& to, const function_call& m)
{
    check_values(to, m.argument_formats, m.count);
    if (body_filler body = to.message(m.type, m.values.size() + 2 * m.argument_formats.size() + 10)) {
        body.u32(static_cast<std::uint32_t>(m.function));
        fill_values(body, m.argument_formats, m.count, m.values);
        body.u16(static_cast<std::uint16_t>(m.result_format));
    }
}

void write(writer& to, const copy_data& m)
{
    if (body_filler body = to.message(m.type, m.bytes.size())) body.bytes(m.bytes);
}

void write_copy_data_header(std::byte* to, std::size_t size) noexcept
{
    store(to, static_cast<std::uint8_t>(copy_data::type));
    store(to + 1, static_cast<std::uint32_t>(size + 4));
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
