// Distributed under the Boost Software License, Version 1.0.
#include "wire/tracer.hpp"

#include "wire/endian.hpp"
#include "wire/frontend.hpp"
#include "wire/reader.hpp"
#include "wire/trace_line.hpp"

#include <algorithm>
#include <cstdint>
#include <string>

namespace tusk::wire {
namespace {

constexpr std::size_t header_size = 5;

constexpr std::uint32_t ssl_code = 80877103;
constexpr std::uint32_t gssenc_code = 80877104;

[[nodiscard]] bool has_secrets(auth_method m) noexcept
{
    return m == auth_method::gss_continue || m == auth_method::sasl_continue || m == auth_method::sasl_final;
}

/// Int16 count, Int16 each
void show_int16s(trace_line& out)
{
    for (std::uint16_t n = out.int16(); n > 0 && out.sound(); --n) out.int16();
}

/// Int16 count, Int32 each
void show_int32s(trace_line& out, bool hide)
{
    for (std::uint16_t n = out.int16(); n > 0 && out.sound(); --n) out.int32(hide);
}

/// Int16 count, (Int32 length, Byte* value) each
void show_values(trace_line& out)
{
    for (std::uint16_t n = out.int16(); n > 0 && out.sound(); --n) out.value();
}

void show_strings(trace_line& out, int n)
{
    for (; n > 0; --n) out.string();
}

/// (Byte1 code, String value)* NUL
void show_report(trace_line& out, bool regress)
{
    for (;;) {
        const char code = out.byte1();
        if (code == '\0' || !out.sound()) return;
        out.string(regress && (code == 'L' || code == 'F' || code == 'R'));
    }
}

void show_columns(trace_line& out, bool regress)
{
    for (std::uint16_t n = out.int16(); n > 0 && out.sound(); --n) {
        out.string();
        out.int32(regress);
        out.int16();
        out.int32(regress);
        out.int16();
        out.int32();
        out.int16();
    }
}

void show_copy_response(trace_line& out, std::string_view name)
{
    out.name(name);
    out.byte1();
    show_int16s(out);
}

auth_method show_authentication(trace_line& out)
{
    const auto method = static_cast<auth_method>(out.hidden_int32());
    if (!out.sound()) {
        out.text("Authentication");
        return method;
    }
    switch (method) {
    case auth_method::ok:
        out.text("AuthenticationOk");
        break;
    case auth_method::cleartext_password:
        out.text("AuthenticationCleartextPassword");
        break;
    case auth_method::md5_password:
        out.text("AuthenticationMD5Password");
        out.skip(4); // the salt
        break;
    case auth_method::gss:
        out.text("AuthenticationGSS");
        break;
    case auth_method::sspi:
        out.text("AuthenticationSSPI");
        break;
    case auth_method::sasl:
        out.name("AuthenticationSASL");
        while (out.sound() && !out.string()) {
        }
        break;
    case auth_method::gss_continue:
        out.name("AuthenticationGSSContinue");
        break;
    case auth_method::sasl_continue:
        out.name("AuthenticationSASLContinue");
        break;
    case auth_method::sasl_final:
        out.name("AuthenticationSASLFinal");
        break;
    default:
        out.text("Unknown authentication message " + std::to_string(static_cast<std::int32_t>(method)));
    }
    if (has_secrets(method)) out.hidden_rest();
    return method;
}

/// A message that the client sends in answer to an Authentication message: which one depends on that.
void show_secret(trace_line& out, auth_method asked)
{
    switch (asked) {
    case auth_method::cleartext_password:
    case auth_method::md5_password:
        out.name("PasswordMessage");
        out.string(true);
        break;
    case auth_method::gss:
    case auth_method::gss_continue:
    case auth_method::sspi:
        out.name("GSSResponse");
        out.hidden_rest();
        break;
    case auth_method::sasl:
        out.name("SASLInitialResponse");
        out.string();
        if (out.int32() != -1) out.hidden_rest();
        break;
    case auth_method::sasl_continue:
    case auth_method::sasl_final:
        out.name("SASLResponse");
        out.hidden_rest();
        break;
    default:
        out.text("UnknownAuthenticationResponse");
        out.skip_rest();
    }
}

void show_unknown(trace_line& out, char type)
{
    static constexpr char digits[] = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(type);
    out.text("Unknown message: ");
    out.text({&digits[code >> 4], 1});
    out.text({&digits[code & 15], 1});
}

void show_client(trace_line& out, char type, auth_method asked, bool regress)
{
    switch (type) {
    case bind::type:
        out.name("Bind");
        show_strings(out, 2);
        show_int16s(out);
        show_values(out);
        return show_int16s(out);
    case parse::type:
        out.name("Parse");
        show_strings(out, 2);
        return show_int32s(out, regress);
    case describe::type:
    case close::type:
        out.name(type == close::type ? "Close" : "Describe");
        out.byte1();
        return show_strings(out, 1);
    case execute::type:
        out.name("Execute");
        out.string();
        out.int32();
        return;
    case query::type:
        out.name("Query");
        return show_strings(out, 1);
    case copy_data::type:
        out.name("CopyData");
        return regress ? out.hidden_rest() : out.rest();
    case copy_fail::type:
        out.name("CopyFail");
        return show_strings(out, 1);
    case function_call::type:
        out.name("FunctionCall");
        out.int32(regress);
        show_int16s(out);
        show_values(out);
        out.int16();
        return;
    case password_message::type:
        return show_secret(out, asked);
    case copy_done::type:
        return out.text("CopyDone");
    case flush::type:
        return out.text("Flush");
    case sync::type:
        return out.text("Sync");
    case terminate::type:
        return out.text("Terminate");
    default:
        show_unknown(out, type);
    }
}

/// The name of a message of the server that has no body; empty for others.
[[nodiscard]] std::string_view bare_name(char type) noexcept
{
    switch (type) {
    case parse_complete::type:
        return "ParseComplete";
    case bind_complete::type:
        return "BindComplete";
    case close_complete::type:
        return "CloseComplete";
    case copy_done::type:
        return "CopyDone";
    case empty_query_response::type:
        return "EmptyQueryResponse";
    case no_data::type:
        return "NoData";
    case portal_suspended::type:
        return "PortalSuspended";
    default:
        return {};
    }
}

void show_negotiation(trace_line& out)
{
    out.name("NegotiateProtocolVersion");
    out.int32();
    for (std::int32_t n = out.int32(); n > 0 && out.sound(); --n) out.string();
}

void show_server(trace_line& out, char type, auth_method& asked, bool regress)
{
    switch (type) {
    case data_row::type:
        out.name("DataRow");
        return show_values(out);
    case command_complete::type:
        out.name("CommandComplete");
        return show_strings(out, 1);
    case copy_data::type:
        out.name("CopyData");
        return regress ? out.hidden_rest() : out.rest();
    case row_description::type:
        out.name("RowDescription");
        return show_columns(out, regress);
    case parameter_description::type:
        out.name("ParameterDescription");
        return show_int32s(out, regress);
    case ready_for_query::type:
        out.name("ReadyForQuery");
        out.byte1();
        return;
    case error_response::type:
    case notice_response::type:
        out.name(type == error_response::type ? "ErrorResponse" : "NoticeResponse");
        return show_report(out, regress);
    case notification_response::type:
        out.name("NotificationResponse");
        out.int32(regress);
        return show_strings(out, 2);
    case parameter_status::type:
        out.name("ParameterStatus");
        return show_strings(out, 2);
    case copy_in_response::type:
        return show_copy_response(out, "CopyInResponse");
    case copy_out_response::type:
        return show_copy_response(out, "CopyOutResponse");
    case copy_both_response::type:
        return show_copy_response(out, "CopyBothResponse");
    case authentication::type:
        asked = show_authentication(out);
        return;
    case backend_key_data::type:
        out.name("BackendKeyData");
        out.int32(regress);
        return out.hidden_number();
    case negotiate_protocol_version::type:
        return show_negotiation(out);
    case function_call_response::type:
        out.name("FunctionCallResponse");
        return out.value();
    default:
        if (const std::string_view name = bare_name(type); !name.empty()) return out.text(name);
        show_unknown(out, type);
    }
}

} // namespace

tracer::tracer(const wire_trace& to)
    : sink_(to.sink)
    , flags_(to.flags)
{
}

template <class Show>
void tracer::guarded(const Show& show) noexcept
try {
    if (on_) show();
} catch (...) {
    stop();
}

void tracer::sent(std::span<const std::byte> messages) noexcept
{
    guarded([&] {
        while (on_ && messages.size() >= header_size) {
            const std::size_t length = load<std::uint32_t>(messages.data() + 1);
            const std::size_t whole = length < 4 ? messages.size() : std::min(length + 1, messages.size());
            const auto type = static_cast<char>(messages.front());
            trace_line out(sink_, flags_, 'F', messages.subspan(header_size, whole - header_size));
            if (type == password_message::type &&
                (asked_ == auth_method::cleartext_password || asked_ == auth_method::md5_password))
                out.hidden_length(); // it tells how long a password is
            else
                out.length(length);
            show_client(out, type, asked_, has(flags_, trace_flags::regress_mode));
            out.end(length);
            messages = messages.subspan(whole);
        }
    });
}

/// Int32 length, Int32 code, and of StartupMessage (String name, String value)* NUL
void tracer::sent_untyped(std::span<const std::byte> message) noexcept
{
    guarded([&] {
        if (message.size() < 8) return;
        const std::uint32_t code = load<std::uint32_t>(message.data() + 4);
        trace_line out(sink_, flags_, 'F', message.subspan(4));
        out.length(load<std::uint32_t>(message.data()));
        out.name(code == ssl_code ? "SSLRequest" : code == gssenc_code ? "GSSENCRequest" : "StartupMessage");
        out.int16();
        out.int16();
        if (code != ssl_code && code != gssenc_code)
            while (out.sound() && out.left() > 1) show_strings(out, 2);
        out.end();
    });
}

void tracer::received(const frame& f) noexcept
{
    guarded([&] {
        const bool regress = has(flags_, trace_flags::regress_mode);
        trace_line out(sink_, flags_, 'B', f.body);
        if (regress && (f.type == error_response::type || f.type == notice_response::type))
            out.hidden_length(); // it hangs on names and lines of the server's code
        else
            out.length(f.body.size() + 4);
        show_server(out, f.type, asked_, regress);
        out.end(f.body.size() + 4);
    });
}

void tracer::received_answer(std::string_view name, char answer) noexcept
{
    guarded([&] {
        const auto byte = static_cast<std::byte>(answer);
        trace_line out(sink_, flags_, 'B', {&byte, 1});
        out.length(1);
        out.name(name);
        out.byte1();
        out.end();
    });
}

} // namespace tusk::wire
