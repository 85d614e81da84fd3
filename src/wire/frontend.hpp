// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "wire/backend.hpp"
#include "wire/writer.hpp"

#include <tusk/column.hpp>
#include <tusk/oid.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

/// The messages of the client, protocols 3.0 and 3.2: one struct and one function write() each. A fault is
/// the writer's error(), and the message then leaves no byte:
/// - errc::nul_in_text: a NUL in SQL, a name, a password, a startup value or a CopyFail reason;
/// - errc::request_too_large: a name of more than 63 bytes, or a message longer than the server takes;
/// - errc::too_many_parameters: a count above 65 535.
namespace tusk::wire {

inline constexpr std::uint32_t protocol_3_0 = 0x00030000;
inline constexpr std::uint32_t protocol_3_2 = 0x00030002;

/// Int32 length, Int32 version, (String name, String value)* NUL. An empty name is errc::invalid_conninfo: it
/// would end the list early.
struct startup_message {
    std::uint32_t version = protocol_3_0;
    std::span<const std::pair<std::string_view, std::string_view>> parameters;
};

/// Int32 8, Int32 80877103. The answer is one byte.
struct ssl_request {};

/// Int32 8, Int32 80877104. The answer is one byte.
struct gssenc_request {};

/// Int32 length, Int32 80877102, Int32 process, Byte* key. A key that BackendKeyData cannot have given (4 to
/// 256 bytes) is errc::protocol_violation: with a wrong length the server would wait for the rest.
struct cancel_request {
    std::int32_t pid = 0;
    std::span<const std::byte> key;
};

/// String password, clear or as MD5.
struct password_message {
    static constexpr char type = 'p';
    std::string_view password;
};

/// String mechanism, Int32 length (-1: no data), Byte* data.
struct sasl_initial_response {
    static constexpr char type = 'p';
    std::string_view mechanism;
    std::optional<std::string_view> data;
};

/// Byte* data.
struct sasl_response {
    static constexpr char type = 'p';
    std::string_view data;
};

/// Byte* data.
struct gss_response {
    static constexpr char type = 'p';
    std::span<const std::byte> data;
};

/// String sql.
struct query {
    static constexpr char type = 'Q';
    std::string_view sql;
};

/// String name, String sql, Int16 count, Int32 type each.
struct parse {
    static constexpr char type = 'P';
    std::string_view name;
    std::string_view sql;
    std::span<const oid> parameter_types;
};

/// String portal, String statement, Int16 count, Int16 format each, Int16 count, (Int32 length, Byte* value)
/// each, Int16 count, Int16 format each. There are no parameter formats (all text), one for all, or as many
/// as values; otherwise errc::parameter_mismatch.
struct bind {
    static constexpr char type = 'B';
    std::string_view portal;
    std::string_view statement;
    std::span<const format> parameter_formats;
    std::size_t count = 0;             ///< of values
    std::span<const std::byte> values; ///< ready: Int32 length (-1: NULL) and bytes each
    std::span<const format> result_formats;
};

/// Byte1 kind, String name.
struct describe {
    static constexpr char type = 'D';
    char kind = 'S'; ///< S statement, P portal
    std::string_view name;
};

/// String portal, Int32 max_rows.
struct execute {
    static constexpr char type = 'E';
    std::string_view portal;
    std::int32_t max_rows = 0; ///< 0: all
};

/// Bind to the unnamed portal, Execute of it without a limit, and perhaps Sync: what nearly every request is made of.
/// It is written in one piece, for half of the instructions that three messages take.
struct run {
    std::string_view target; ///< what run_target() made of the statement's name
    std::span<const format> parameter_formats;
    std::size_t count = 0;
    std::span<const std::byte> values;
    std::span<const format> result_formats;
    bool sync = false;
};

/// Byte1 kind, String name.
struct close {
    static constexpr char type = 'C';
    char kind = 'S'; ///< S statement, P portal
    std::string_view name;
};

/// Int32 function, Int16 count, Int16 format each, Int16 count, (Int32 length, Byte* value) each, Int16
/// format.
struct function_call {
    static constexpr char type = 'F';
    oid function{};
    std::span<const format> argument_formats; ///< as in bind
    std::size_t count = 0;
    std::span<const std::byte> values;
    format result_format = format::text;
};

/// String reason.
struct copy_fail {
    static constexpr char type = 'f';
    std::string_view reason;
};

// Messages without a body.
struct flush {
    static constexpr char type = 'H';
};
struct sync {
    static constexpr char type = 'S';
};
struct terminate {
    static constexpr char type = 'X';
};

/// The names of the unnamed portal and of a statement, as Bind holds them. The name has at most 63 bytes, none of
/// them NUL.
[[nodiscard]] std::string run_target(std::string_view statement);

void write(writer& to, const startup_message& m);
void write(writer& to, ssl_request m);
void write(writer& to, gssenc_request m);
void write(writer& to, const cancel_request& m);
void write(writer& to, const password_message& m);
void write(writer& to, const sasl_initial_response& m);
void write(writer& to, const sasl_response& m);
void write(writer& to, const gss_response& m);
void write(writer& to, const query& m);
void write(writer& to, const parse& m);
void write(writer& to, const bind& m);
void write(writer& to, const describe& m);
void write(writer& to, const run& m);
void write(writer& to, const execute& m);
void write(writer& to, const close& m);
void write(writer& to, const function_call& m);
void write(writer& to, const copy_data& m);
/// The header of a CopyData of `size` bytes, at most `max_message_length - 4`, into the five bytes before them.
void write_copy_data_header(std::byte* to, std::size_t size) noexcept;
void write(writer& to, const copy_fail& m);
void write(writer& to, copy_done m);
void write(writer& to, flush m);
void write(writer& to, sync m);
void write(writer& to, terminate m);

} // namespace tusk::wire
