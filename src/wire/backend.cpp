// Distributed under the Boost Software License, Version 1.0.
#include "wire/backend.hpp"

#include <array>
#include <utility>

namespace tusk::wire {
namespace {

std::string_view as_text(std::span<const std::byte> bytes) noexcept
{
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// A format code that was read; anything but 0 and 1 is a fault.
format checked_format(reader& from, std::uint16_t code) noexcept
{
    if (code > 1) from.fail();
    return code == 1 ? format::binary : format::text;
}

/// (Byte1 code, String value)* NUL
bool read_fields(std::span<const std::byte> body, std::string_view& out) noexcept
{
    out = as_text(body);
    reader from(body);
    while (from.u8() != 0) static_cast<void>(from.cstring());
    return from.done();
}

/// Int8 format, Int16 count, Int16 format each
template <class T>
bool read_copy_response(std::span<const std::byte> body, T& out)
{
    out.columns.clear();
    reader from(body);
    out.format = checked_format(from, from.u8());
    const std::int16_t count = from.i16();
    if (count < 0 || from.remaining() != static_cast<std::size_t>(count) * 2) return false;
    out.columns.reserve(static_cast<std::size_t>(count));
    for (std::int16_t i = 0; i != count; ++i) {
        out.columns.push_back(checked_format(from, from.u16()));
        if (out.format == format::text && out.columns.back() != format::text) return false;
    }
    return from.done();
}

/// String mechanisms, each one byte at least, then NUL. Gives each to `take`.
template <class F>
bool read_mechanisms(std::span<const std::byte> data, F take)
{
    reader from(data);
    std::string_view name = from.cstring();
    if (name.empty()) return false;
    for (; !name.empty(); name = from.cstring()) take(name);
    return from.done();
}

} // namespace

bool read(std::span<const std::byte> body, authentication& out) noexcept
{
    reader from(body);
    out.method = static_cast<auth_method>(from.i32());
    out.data = from.rest();
    if (!from.done()) return false;
    switch (out.method) {
    case auth_method::ok:
    case auth_method::kerberos_v5:
    case auth_method::cleartext_password:
    case auth_method::gss:
    case auth_method::sspi:
        return out.data.empty();
    case auth_method::md5_password:
        return out.data.size() == 4;
    case auth_method::sasl:
        return read_mechanisms(out.data, [](std::string_view) {});
    case auth_method::gss_continue:
    case auth_method::sasl_continue:
    case auth_method::sasl_final:
        return true;
    }
    return true;
}

bool sasl_mechanisms(const authentication& from, std::vector<std::string_view>& out)
{
    out.clear();
    return from.method == auth_method::sasl &&
           read_mechanisms(from.data, [&](std::string_view name) { out.push_back(name); });
}

bool read(std::span<const std::byte> body, backend_key_data& out) noexcept
{
    reader from(body);
    out.pid = from.i32();
    out.key = from.rest();
    return from.done() && out.key.size() >= 4 && out.key.size() <= 256;
}

bool read(std::span<const std::byte> body, negotiate_protocol_version& out)
{
    out.options.clear();
    reader from(body);
    out.version = from.u32();
    std::int32_t count = from.i32();
    if (count < 0) return false;
    for (; count != 0 && !from.fault(); --count) out.options.push_back(from.cstring());
    return from.done();
}

bool read(std::span<const std::byte> body, parameter_status& out) noexcept
{
    reader from(body);
    out.name = from.cstring();
    out.value = from.cstring();
    return from.done();
}

bool read(std::span<const std::byte> body, error_response& out) noexcept
{
    return read_fields(body, out.body);
}

bool read(std::span<const std::byte> body, notice_response& out) noexcept
{
    return read_fields(body, out.body);
}

bool read(std::span<const std::byte> body, notification_response& out) noexcept
{
    reader from(body);
    out.pid = from.i32();
    out.channel = from.cstring();
    out.payload = from.cstring();
    return from.done();
}

bool read(std::span<const std::byte> body, std::vector<oid>& out)
{
    out.clear();
    reader from(body);
    const std::size_t count = from.u16();
    if (from.remaining() != count * 4) return false;
    out.reserve(count);
    for (std::size_t i = 0; i != count; ++i) out.push_back(static_cast<oid>(from.u32()));
    return from.done();
}

bool read(std::span<const std::byte> body, std::vector<column>& out)
{
    constexpr std::size_t least = 19; // bytes of a column, whose name may be empty
    out.clear();
    reader from(body);
    const std::int16_t count = from.i16();
    if (count < 0 || from.remaining() / least < static_cast<std::size_t>(count)) return false;
    out.reserve(static_cast<std::size_t>(count));
    for (std::int16_t i = 0; i != count && !from.fault(); ++i) {
        column& c = out.emplace_back();
        c.name = from.cstring();
        c.table = static_cast<oid>(from.u32());
        c.attribute = from.i16();
        c.type = static_cast<oid>(from.u32());
        c.size = from.i16();
        c.modifier = from.i32();
        c.format = checked_format(from, from.u16());
    }
    return from.done();
}

bool read(std::span<const std::byte> body, copy_in_response& out) { return read_copy_response(body, out); }

bool read(std::span<const std::byte> body, copy_out_response& out) { return read_copy_response(body, out); }

bool read(std::span<const std::byte> body, copy_both_response& out) { return read_copy_response(body, out); }

bool read(std::span<const std::byte> body, function_call_response& out) noexcept
{
    reader from(body);
    const std::int32_t length = from.i32();
    out.is_null = length == -1;
    out.value = length > 0 ? from.bytes(static_cast<std::size_t>(length)) : std::span<const std::byte>();
    return length >= -1 && from.done();
}

namespace {

constexpr std::pair<char, std::string_view> known_names[] = {
    {'R', "Authentication ('R')"},
    {'K', "BackendKeyData ('K')"},
    {'v', "NegotiateProtocolVersion ('v')"},
    {'S', "ParameterStatus ('S')"},
    {'Z', "ReadyForQuery ('Z')"},
    {'E', "ErrorResponse ('E')"},
    {'N', "NoticeResponse ('N')"},
    {'A', "NotificationResponse ('A')"},
    {'t', "ParameterDescription ('t')"},
    {'T', "RowDescription ('T')"},
    {'D', "DataRow ('D')"},
    {'C', "CommandComplete ('C')"},
    {'G', "CopyInResponse ('G')"},
    {'H', "CopyOutResponse ('H')"},
    {'W', "CopyBothResponse ('W')"},
    {'d', "CopyData ('d')"},
    {'c', "CopyDone ('c')"},
    {'V', "FunctionCallResponse ('V')"},
    {'1', "ParseComplete ('1')"},
    {'2', "BindComplete ('2')"},
    {'3', "CloseComplete ('3')"},
    {'n', "NoData ('n')"},
    {'s', "PortalSuspended ('s')"},
    {'I', "EmptyQueryResponse ('I')"},
};

constexpr std::string_view unknown_prefix = "an unknown message (";

/// "an unknown message ('q')", or "(0x00)" for what cannot be printed.
struct unknown_name {
    std::array<char, unknown_prefix.size() + 5> text{};
    std::size_t length = 0;

    constexpr void put(char c) { text[length++] = c; }
};

constexpr auto unknown_names = [] {
    constexpr std::string_view digits = "0123456789abcdef";
    std::array<unknown_name, 256> names;
    for (std::size_t code = 0; code != names.size(); ++code) {
        unknown_name& name = names[code];
        for (char c : unknown_prefix) name.put(c);
        const bool printable = code > 0x20 && code < 0x7f;
        name.put(printable ? '\'' : '0');
        if (printable) {
            name.put(static_cast<char>(code));
            name.put('\'');
        } else {
            name.put('x');
            name.put(digits[code / 16]);
            name.put(digits[code % 16]);
        }
        name.put(')');
    }
    return names;
}();

} // namespace

std::string_view message_name(char type) noexcept
{
    for (const auto& [known, name] : known_names)
        if (known == type) return name;
    const unknown_name& name = unknown_names[static_cast<unsigned char>(type)];
    return {name.text.data(), name.length};
}

} // namespace tusk::wire
