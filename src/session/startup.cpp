// Distributed under the Boost Software License, Version 1.0.
#include "session/startup.hpp"

#include "wire/frontend.hpp"

#include <tusk/error.hpp>

#include <algorithm>

namespace tusk::session {

namespace {

constexpr int notices_before_authentication = 100;
constexpr std::size_t longest_old_error = 30'000;

} // namespace

startup::startup(login who)
    : login_(std::move(who))
{
}

startup::verdict startup::start(wire::buffer& out)
{
    std::vector<std::pair<std::string_view, std::string_view>> parameters{
        {"user", login_.user}, {"database", login_.database}, {"client_encoding", "UTF8"}};
    for (const auto& [name, value] : login_.parameters) parameters.emplace_back(name, value);
    wire::writer to(out);
    write(to, wire::startup_message{.version = login_.max_protocol, .parameters = parameters});
    if (to.error())
        return fail(to.error(), "the startup parameters cannot be sent: too long, or with a NUL byte");
    server_.protocol = login_.max_protocol;
    return verdict::more;
}

startup::verdict startup::feed(const wire::frame& f, wire::buffer& out)
{
    switch (f.type) {
    case 'E':
        return on_error(f);
    case 'N': {
        wire::notice_response message;
        if (!read(f.body, message)) return illegal(f);
        if (!authenticated_ && ++notices_ > notices_before_authentication) return illegal(f);
        return verdict::more;
    }
    case 'v':
        return step_ == step::first && !negotiated_ ? on_negotiate(f) : illegal(f);
    case 'R':
        return authenticated_ ? illegal(f) : on_authentication(f, out);
    default:
        return authenticated_ ? on_parameters(f) : illegal(f);
    }
}

startup::verdict startup::refuse(std::span<const std::byte> pending, bool ended)
{
    const std::string_view bytes(reinterpret_cast<const char*>(pending.data()), pending.size());
    if (!heard_ && bytes.starts_with('E')) {
        // before protocol 3 an error is 'E' and a text that ends with NUL, without a length
        const std::size_t end = bytes.find('\0');
        if (end != std::string_view::npos)
            return fail(errc::unsupported_protocol,
                        "the server says: " + std::string(bytes.substr(1, end - 1)));
        if (!ended && bytes.size() < longest_old_error) return verdict::more;
    }
    if (heard_)
        return fail(errc::protocol_violation, "the server broke the protocol's framing during start-up");
    return fail(errc::not_postgresql, "what answered does not speak the PostgreSQL protocol");
}

/// NegotiateProtocolVersion: the server is older than what was asked for.
startup::verdict startup::on_negotiate(const wire::frame& f)
{
    wire::negotiate_protocol_version message;
    if (!read(f.body, message)) return illegal(f);
    heard_ = true;
    negotiated_ = true;
    const std::uint32_t version = 0x0003'0000 | message.minor();
    if (version > login_.max_protocol)
        return fail(errc::protocol_violation,
                    "the server negotiates a protocol newer than the one asked for");
    if (version < login_.min_protocol)
        return fail(errc::unsupported_protocol, "the server's protocol 3." + std::to_string(message.minor()) +
                                                    " is older than min_protocol_version");
    if (!message.options.empty()) // tusk sends none whose name begins with _pq_
        return fail(errc::protocol_violation, "the server refuses protocol options that were not asked for");
    if (version == login_.max_protocol)
        return fail(errc::protocol_violation, "the server negotiates without anything to negotiate");
    server_.protocol = version;
    return verdict::more;
}

startup::verdict startup::on_parameters(const wire::frame& f)
{
    switch (f.type) {
    case 'S': {
        wire::parameter_status message;
        if (!read(f.body, message)) return illegal(f);
        if (!server_.set_parameter(message.name, message.value))
            return fail(errc::protocol_violation, "the server reports too many parameters");
        return verdict::more;
    }
    case 'K': {
        wire::backend_key_data message;
        if (!read(f.body, message) || !server_.secret_key.empty()) return illegal(f);
        if (server_.protocol == wire::protocol_3_0 &&
            message.key.size() != wire::backend_key_data::key_size_3_0)
            return illegal(f);
        server_.process_id = message.pid;
        server_.secret_key.assign(message.key.begin(), message.key.end());
        return verdict::more;
    }
    case 'Z': {
        wire::ready_for_query message;
        if (!read(f.body, message)) return illegal(f);
        server_.transaction = message.status;
        if (!server_.encoding_is_utf8())
            return fail(errc::client_encoding_changed, "the server insists on the client_encoding " +
                                                           std::string(server_.parameter("client_encoding")));
        return verdict::ready;
    }
    default:
        return illegal(f);
    }
}

startup::verdict startup::on_error(const wire::frame& f)
{
    wire::error_response message;
    if (!read(f.body, message)) return illegal(f);
    diagnostics what = diagnostics::server(message.body);
    if (what.sqlstate().size() != 5) return illegal(f);
    heard_ = true;
    const std::error_code ec = sqlstate_error(what.sqlstate());
    return fail(ec, std::move(what));
}

startup::verdict startup::fail(std::error_code why, diagnostics what)
{
    if (!error_) {
        error_ = why;
        diag_ = std::move(what);
    }
    return verdict::failed;
}

startup::verdict startup::fail(std::error_code why, std::string sentence)
{
    return fail(why, diagnostics::client(std::move(sentence), outcome::not_sent));
}

startup::verdict startup::illegal(const wire::frame& f)
{
    if (!heard_) return fail(errc::not_postgresql, "what answered does not speak the PostgreSQL protocol");
    return fail(errc::protocol_violation, "the server sent an unexpected or malformed " +
                                              std::string(wire::message_name(f.type)) + " during start-up");
}

} // namespace tusk::session
