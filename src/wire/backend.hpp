// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "wire/reader.hpp"

#include <tusk/column.hpp>
#include <tusk/oid.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

/// The messages of the server, protocols 3.0 and 3.2: one struct and one function read() each, which is false
/// when the body is malformed: shorter or longer than its content, or with a value that the protocol does not
/// have. Views look into the body.
namespace tusk::wire {

enum class auth_method : std::int32_t {
    ok = 0,
    kerberos_v5 = 2,
    cleartext_password = 3,
    md5_password = 5,
    gss = 7,
    gss_continue = 8,
    sspi = 9,
    sasl = 10,
    sasl_continue = 11,
    sasl_final = 12,
};

/// Authentication*: Int32 method, then by method: md5 Byte4 salt; sasl String* NUL; *_continue, sasl_final
/// Byte*. A method that is not in the list above is read too.
struct authentication {
    static constexpr char type = 'R';
    auth_method method = auth_method::ok;
    std::span<const std::byte> data;
};

/// Int32 process, Byte* key: 4 bytes in 3.0, 4 to 256 in 3.2. The caller, who knows the version, checks the
/// former.
struct backend_key_data {
    static constexpr char type = 'K';
    static constexpr std::size_t key_size_3_0 = 4;
    std::int32_t pid = 0;
    std::span<const std::byte> key;
};

/// Int32 version, Int32 count, String options.
struct negotiate_protocol_version {
    static constexpr char type = 'v';
    std::uint32_t version = 0; ///< as it was sent: whole (0x00030000) or the minor alone
    std::vector<std::string_view> options;
    [[nodiscard]] std::uint32_t minor() const noexcept { return version & 0xffff; }
};

/// String name, String value.
struct parameter_status {
    static constexpr char type = 'S';
    std::string_view name;
    std::string_view value;
};

/// Byte1 status: I idle, T in a transaction block, E in a failed one.
struct ready_for_query {
    static constexpr char type = 'Z';
    char status = 'I';
};

/// (Byte1 code, String value)* NUL; for tusk::diagnostics::server().
struct error_response {
    static constexpr char type = 'E';
    std::string_view body;
};

/// The same as ErrorResponse.
struct notice_response {
    static constexpr char type = 'N';
    std::string_view body;
};

/// Int32 process, String channel, String payload.
struct notification_response {
    static constexpr char type = 'A';
    std::int32_t pid = 0;
    std::string_view channel;
    std::string_view payload;
};

/// Int16 count, Int32 type each. The count is unsigned: up to 65 535.
struct parameter_description {
    static constexpr char type = 't';
    std::vector<oid> types;
};

/// Int16 count, then each: String name, Int32 table, Int16 attribute, Int32 type, Int16 size, Int32 modifier,
/// Int16 format.
struct row_description {
    static constexpr char type = 'T';
    std::vector<column> columns;
};

/// Int16 count, then each: Int32 length (-1: NULL), Byte* value. read() looks at the count only: see
/// detail::row_fits.
struct data_row {
    static constexpr char type = 'D';
    std::uint16_t count = 0;
    reader fields; ///< stands before the first length
};

/// String tag.
struct command_complete {
    static constexpr char type = 'C';
    std::string_view tag;
};

/// Int8 format, Int16 count, Int16 format each.
struct copy_in_response {
    static constexpr char type = 'G';
    tusk::format format = tusk::format::text;
    std::vector<tusk::format> columns;
};

/// The same as CopyInResponse.
struct copy_out_response {
    static constexpr char type = 'H';
    tusk::format format = tusk::format::text;
    std::vector<tusk::format> columns;
};

/// The same as CopyInResponse; streaming replication only.
struct copy_both_response {
    static constexpr char type = 'W';
    tusk::format format = tusk::format::text;
    std::vector<tusk::format> columns;
};

/// CopyData and CopyDone go both ways: Byte*, and an empty body.
struct copy_data {
    static constexpr char type = 'd';
    std::span<const std::byte> bytes;
};

struct copy_done {
    static constexpr char type = 'c';
};

/// Int32 length (-1: NULL), Byte* value.
struct function_call_response {
    static constexpr char type = 'V';
    bool is_null = false;
    std::span<const std::byte> value;
};

// Messages without a body.
struct parse_complete {
    static constexpr char type = '1';
};
struct bind_complete {
    static constexpr char type = '2';
};
struct close_complete {
    static constexpr char type = '3';
};
struct no_data {
    static constexpr char type = 'n';
};
struct portal_suspended {
    static constexpr char type = 's';
};
struct empty_query_response {
    static constexpr char type = 'I';
};

[[nodiscard]] bool read(std::span<const std::byte> body, authentication& out) noexcept;
[[nodiscard]] bool read(std::span<const std::byte> body, backend_key_data& out) noexcept;
[[nodiscard]] bool read(std::span<const std::byte> body, negotiate_protocol_version& out);
[[nodiscard]] bool read(std::span<const std::byte> body, parameter_status& out) noexcept;
[[nodiscard]] bool read(std::span<const std::byte> body, error_response& out) noexcept;
[[nodiscard]] bool read(std::span<const std::byte> body, notice_response& out) noexcept;
[[nodiscard]] bool read(std::span<const std::byte> body, notification_response& out) noexcept;
[[nodiscard]] bool read(std::span<const std::byte> body, std::vector<oid>& out);
[[nodiscard]] bool read(std::span<const std::byte> body, std::vector<column>& out);
[[nodiscard]] bool read(std::span<const std::byte> body, copy_in_response& out);
[[nodiscard]] bool read(std::span<const std::byte> body, copy_out_response& out);
[[nodiscard]] bool read(std::span<const std::byte> body, copy_both_response& out);
[[nodiscard]] bool read(std::span<const std::byte> body, function_call_response& out) noexcept;

[[nodiscard]] inline bool read(std::span<const std::byte> body, parameter_description& out)
{
    return read(body, out.types);
}

[[nodiscard]] inline bool read(std::span<const std::byte> body, row_description& out)
{
    return read(body, out.columns);
}

[[nodiscard]] inline bool read(std::span<const std::byte> body, ready_for_query& out) noexcept
{
    reader from(body);
    out.status = static_cast<char>(from.u8());
    return from.done() && (out.status == 'I' || out.status == 'T' || out.status == 'E');
}

[[nodiscard]] inline bool read(std::span<const std::byte> body, data_row& out) noexcept
{
    out.fields = reader(body);
    out.count = out.fields.u16();
    return !out.fields.fault();
}

[[nodiscard]] inline bool read(std::span<const std::byte> body, command_complete& out) noexcept
{
    reader from(body);
    out.tag = from.cstring();
    return from.done();
}

[[nodiscard]] inline bool read(std::span<const std::byte> body, copy_data& out) noexcept
{
    out.bytes = body;
    return true;
}

template <class T>
concept without_body = std::is_same_v<T, parse_complete> || std::is_same_v<T, bind_complete> ||
    std::is_same_v<T, close_complete> || std::is_same_v<T, no_data> || std::is_same_v<T, portal_suspended> ||
    std::is_same_v<T, empty_query_response> || std::is_same_v<T, copy_done>;

template <without_body T>
[[nodiscard]] bool read(std::span<const std::byte> body, T&) noexcept
{
    return body.empty();
}

/// The mechanisms of an AuthenticationSASL, in the server's order; false when the list is malformed or empty.
[[nodiscard]] bool sasl_mechanisms(const authentication& from, std::vector<std::string_view>& out);

/// What an error message calls a message of the server: "DataRow ('D')", "an unknown message ('q')".
[[nodiscard]] std::string_view message_name(char type) noexcept;

} // namespace tusk::wire
