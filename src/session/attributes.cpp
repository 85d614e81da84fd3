// Distributed under the Boost Software License, Version 1.0.
#include "session/attributes.hpp"

#include "wire/backend.hpp"
#include "wire/frontend.hpp"

#include <tusk/error.hpp>

namespace tusk::session {

namespace {

using conn::session_kind;

/// Else it is about recovery.
[[nodiscard]] bool is_about_writing(session_kind wanted) noexcept
{
    return wanted == session_kind::read_write || wanted == session_kind::read_only;
}

[[nodiscard]] std::string_view name_of(session_kind wanted) noexcept
{
    switch (wanted) {
    case session_kind::read_write:
        return "read-write";
    case session_kind::read_only:
        return "read-only";
    case session_kind::primary:
        return "primary";
    case session_kind::standby:
        return "standby";
    case session_kind::prefer_standby:
        return "prefer-standby";
    case session_kind::any:
        break;
    }
    return "any";
}

} // namespace

attributes::attributes(session_kind wanted, server_state& server) noexcept
    : wanted_(wanted)
    , server_(server)
{
}

attributes::verdict attributes::start(wire::buffer& out)
{
    if (wanted_ == session_kind::any) return verdict::fits;
    if (const std::optional<bool> is = reported()) return judge(*is);
    wire::writer to(out);
    write(to, wire::query{.sql = is_about_writing(wanted_) ? "SHOW transaction_read_only"
                                                           : "SELECT pg_catalog.pg_is_in_recovery()"});
    if (to.error()) return fail(to.error(), "the server cannot be asked of what kind it is");
    return verdict::more;
}

/// What the server has said of itself while logging in.
std::optional<bool> attributes::reported() const
{
    const std::string_view standby = server_.parameter("in_hot_standby");
    const std::string_view read_only = server_.parameter("default_transaction_read_only");
    const auto known = [](std::string_view v) { return v == "on" || v == "off"; };
    if (!known(standby)) return std::nullopt;
    if (!is_about_writing(wanted_)) return standby == "on";
    if (!known(read_only)) return std::nullopt;
    return standby == "on" || read_only == "on";
}

attributes::verdict attributes::judge(bool is)
{
    const bool wants = wanted_ != session_kind::read_write && wanted_ != session_kind::primary;
    if (is == wants) return verdict::fits;
    const std::string found = is_about_writing(wanted_)
                                  ? std::string("the session is ") + (is ? "read-only" : "read-write")
                                  : std::string("the server is a ") + (is ? "standby" : "primary");
    (void)fail(errc::session_attributes,
               found + ", and target_session_attrs asks for " + std::string(name_of(wanted_)));
    return verdict::differs;
}

attributes::verdict attributes::feed(const wire::frame& f)
{
    switch (f.type) {
    case 'S': {
        wire::parameter_status message;
        if (!read(f.body, message)) return illegal(f);
        if (!server_.set_parameter(message.name, message.value))
            return fail(errc::protocol_violation, "the server reports too many parameters");
        return verdict::more;
    }
    case 'N': {
        wire::notice_response message;
        return read(f.body, message) ? verdict::more : illegal(f);
    }
    case 'E':
        return on_error(f);
    case 'T': {
        wire::row_description message;
        if (step_ != step::columns || !read(f.body, message) || message.columns.size() != 1)
            return illegal(f);
        step_ = step::row;
        return verdict::more;
    }
    case 'D':
        return on_row(f);
    case 'C': {
        wire::command_complete message;
        if (step_ != step::complete || !read(f.body, message)) return illegal(f);
        step_ = step::ready;
        return verdict::more;
    }
    case 'Z':
        return on_ready(f);
    default:
        return illegal(f);
    }
}

/// One value, in text: "on" and "off", or "t" and "f".
attributes::verdict attributes::on_row(const wire::frame& f)
{
    wire::data_row message;
    if (step_ != step::row || !read(f.body, message) || message.count != 1) return illegal(f);
    const std::int32_t length = message.fields.i32();
    if (length < 0 || static_cast<std::size_t>(length) != message.fields.remaining()) return illegal(f);
    const auto bytes = message.fields.rest();
    const std::string_view value(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (!message.fields.done()) return illegal(f);
    const bool yes = value == "on" || value == "t";
    if (!yes && value != "off" && value != "f") return illegal(f);
    is_ = yes;
    step_ = step::complete;
    return verdict::more;
}

attributes::verdict attributes::on_ready(const wire::frame& f)
{
    wire::ready_for_query message;
    if ((step_ != step::ready && step_ != step::ready_after_error) || !read(f.body, message))
        return illegal(f);
    server_.transaction = message.status;
    if (!server_.encoding_is_utf8())
        return fail(errc::client_encoding_changed, "the server insists on another client_encoding");
    if (step_ == step::ready_after_error) return verdict::failed;
    return judge(is_);
}

/// The first error is kept; the server may say farewell behind it.
attributes::verdict attributes::on_error(const wire::frame& f)
{
    wire::error_response message;
    if (!read(f.body, message)) return illegal(f);
    diagnostics what = diagnostics::server(message.body);
    if (what.sqlstate().size() != 5) return illegal(f);
    const bool last = what.severity() == "FATAL" || what.severity() == "PANIC";
    if (!error_) {
        error_ = sqlstate_error(what.sqlstate());
        diag_ = std::move(what);
    }
    step_ = step::ready_after_error;
    return last ? verdict::failed : verdict::more;
}

attributes::verdict attributes::fail(std::error_code why, std::string sentence)
{
    if (!error_) {
        error_ = why;
        diag_ = diagnostics::client(std::move(sentence), outcome::not_sent);
    }
    return verdict::failed;
}

attributes::verdict attributes::illegal(const wire::frame& f)
{
    return fail(errc::protocol_violation, "the server sent an unexpected or malformed " +
                                              std::string(wire::message_name(f.type)) +
                                              " when it was asked of what kind it is");
}

} // namespace tusk::session
