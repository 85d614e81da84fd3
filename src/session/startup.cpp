// Distributed under the Boost Software License, Version 1.0.
#include "session/startup.hpp"

#include "auth/md5.hpp"
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

startup::verdict startup::hash(std::uint32_t rounds, wire::buffer& out)
{
    if (step_ != step::hashing || !scram_)
        return fail(errc::authentication_protocol, "nothing is to be hashed");
    if (!scram_->hash(rounds)) return verdict::hash;
    wire::writer to(out);
    write(to, wire::sasl_response{.data = scram_->client_final()});
    if (to.error()) return fail(to.error(), "the SCRAM answer cannot be sent");
    step_ = step::sasl_final;
    return verdict::more;
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

startup::verdict startup::on_authentication(const wire::frame& f, wire::buffer& out)
{
    wire::authentication a;
    if (!read(f.body, a)) return illegal(f);
    heard_ = true;
    switch (step_) {
    case step::first:
        return on_method(a, out);
    case step::sasl_continue:
        if (a.method == wire::auth_method::sasl_continue) return on_sasl_continue(a, out);
        break;
    case step::sasl_final:
        if (a.method == wire::auth_method::sasl_final) return on_sasl_final(a);
        break;
    case step::challenge:
    case step::sasl_ok:
        if (a.method == wire::auth_method::ok) return on_ok();
        break;
    default:
        break;
    }
    if (a.method == wire::auth_method::ok)
        return fail(errc::server_not_verified,
                    "the server let the client in before it proved that it knows the password");
    return fail(errc::authentication_protocol, "the server broke the order of the authentication exchange");
}

startup::verdict startup::on_method(const wire::authentication& a, wire::buffer& out)
{
    using conn::auth_method;
    switch (a.method) {
    case wire::auth_method::ok:
        if (!permit(auth_method::none, "no authentication (trust, peer or cert)")) return verdict::failed;
        return on_ok();
    case wire::auth_method::cleartext_password:
        return on_cleartext(out);
    case wire::auth_method::md5_password:
        return on_md5(a, out);
    case wire::auth_method::sasl:
        return on_sasl(a, out);
    case wire::auth_method::gss:
        return fail(errc::authentication_unsupported,
                    "the server asks for GSSAPI, which this build does not have");
    case wire::auth_method::sspi:
        return fail(errc::authentication_unsupported, "the server asks for SSPI, which only Windows has");
    case wire::auth_method::kerberos_v5:
        return fail(errc::authentication_unsupported, "the server asks for Kerberos 5, which is obsolete");
    case wire::auth_method::gss_continue:
    case wire::auth_method::sasl_continue:
    case wire::auth_method::sasl_final:
        return fail(errc::authentication_protocol,
                    "the server continued an authentication that was not begun");
    }
    return fail(errc::authentication_unsupported, "the server asks for authentication method " +
                                                      std::to_string(static_cast<std::int32_t>(a.method)) +
                                                      ", which tusk does not know");
}

bool startup::permit(conn::auth_method m, std::string_view name)
{
    if (login_.policy.allows(m)) return true;
    (void)fail(errc::authentication_refused,
               "require_auth forbids what the server asks for: " + std::string(name));
    return false;
}

startup::verdict startup::on_cleartext(wire::buffer& out)
{
    if (!permit(conn::auth_method::password, "a password in clear")) return verdict::failed;
    if (!login_.private_channel && !login_.policy.explicit_(conn::auth_method::password))
        return fail(errc::authentication_refused,
                    "the server asks for the password in clear over an unencrypted connection; "
                    "require_auth=password would allow it");
    server_.authentication = "password";
    return answer(login_.password.view(), out);
}

startup::verdict startup::on_md5(const wire::authentication& a, wire::buffer& out)
{
    if (!permit(conn::auth_method::md5, "md5")) return verdict::failed;
    if (a.data.size() != 4)
        return fail(errc::authentication_protocol, "the salt of md5 must have four bytes");
    server_.authentication = "md5";
    std::string hashed = auth::md5_password(login_.user, login_.password.view(), a.data.first<4>());
    if (hashed.empty())
        return fail(errc::authentication_unsupported,
                    "the cryptographic library refuses MD5, which the server asks for");
    const auth::wipe_guard guard(hashed.data(), hashed.size());
    return answer(hashed, out);
}

startup::verdict startup::answer(std::string_view password, wire::buffer& out)
{
    if (!login_.has_password)
        return fail(errc::password_missing, "the server asks for a password and none was given");
    wire::writer to(out);
    write(to, wire::password_message{.password = password});
    if (to.error()) return fail(to.error(), "the password cannot be sent: too long, or with a NUL byte");
    step_ = step::challenge;
    return verdict::more;
}

startup::verdict startup::on_sasl(const wire::authentication& a, wire::buffer& out)
{
    if (!permit(conn::auth_method::scram_sha_256, "SCRAM-SHA-256")) return verdict::failed;
    bool offered = false;
    wire::reader names(a.data);
    for (std::string_view name = names.cstring(); !name.empty(); name = names.cstring())
        offered = offered || name == "SCRAM-SHA-256";
    if (!names.done()) return fail(errc::authentication_protocol, "the list of SASL mechanisms is malformed");
    if (!offered)
        return fail(errc::authentication_unsupported, "the server offers no SASL mechanism that tusk knows");
    if (!login_.has_password)
        return fail(errc::password_missing, "the server asks for a password and none was given");
    server_.authentication = "scram-sha-256";
    scram_.emplace(login_.password.view(), login_.scram);
    const std::string first = scram_->client_first();
    if (first.empty()) return fail(errc::authentication_protocol, "the system gives no random numbers");
    wire::writer to(out);
    write(to, wire::sasl_initial_response{.mechanism = scram_->mechanism(), .data = first});
    if (to.error()) return fail(to.error(), "the SCRAM message cannot be sent");
    step_ = step::sasl_continue;
    return verdict::more;
}

startup::verdict startup::on_sasl_continue(const wire::authentication& a, wire::buffer&)
{
    const std::string_view message(reinterpret_cast<const char*>(a.data.data()), a.data.size());
    if (const std::error_code ec = scram_->server_first(message)) return fail(ec, scram_->diag());
    step_ = step::hashing;
    return verdict::hash;
}

startup::verdict startup::on_sasl_final(const wire::authentication& a)
{
    const std::string_view message(reinterpret_cast<const char*>(a.data.data()), a.data.size());
    if (const std::error_code ec = scram_->server_final(message)) return fail(ec, scram_->diag());
    step_ = step::sasl_ok;
    return verdict::more;
}

startup::verdict startup::on_ok()
{
    if (scram_ && !scram_->verified())
        return fail(errc::server_not_verified, "the server did not prove that it knows the password");
    authenticated_ = true;
    step_ = step::parameters;
    login_.password.clear();
    scram_.reset();
    return verdict::more;
}

/// NegotiateProtocolVersion: the server is older than what was asked for, or does not know an option.
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
    if (version == login_.max_protocol && message.options.empty())
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
