// Distributed under the Boost Software License, Version 1.0.
#include "session/conversation.hpp"

#include "session/touched.hpp"

#include <tusk/error.hpp>

namespace tusk::session {

bool conversation::on_parameter_status(const wire::frame& f)
{
    wire::parameter_status message;
    if (!read(f.body, message)) return malformed(f);
    if (server_.set_parameter(message.name, message.value)) {
        if (message.name == "client_encoding") encoding_changed_ = !server_.encoding_is_utf8();
        if (message.name == "DateStyle" || message.name == "TimeZone") style_ = server_.text_style();
        if (message.name == "search_path") catalogue_.forget_names();
        if (!resetting_) touched_ |= touched_settings;
        if (const auto hook = on_parameter) hook(message.name, message.value); // which may set another one
        return true;
    }
    return stop(errc::protocol_violation, diagnostics::client("the server reports too many parameters"));
}

bool conversation::on_notice_response(const wire::frame& f)
{
    wire::notice_response message;
    if (!read(f.body, message)) return malformed(f);
    if (const auto hook = on_notice) hook(diagnostics::server(message.body)); // which may set another one
    return true;
}

bool conversation::on_notification_response(const wire::frame& f)
{
    wire::notification_response message;
    if (!read(f.body, message)) return malformed(f);
    if (const auto hook = on_notification) hook(message.pid, message.channel, message.payload);
    return true;
}

} // namespace tusk::session
