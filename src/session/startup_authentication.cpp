// Distributed under the Boost Software License, Version 1.0.
// The part of the start-up in which the client and the server prove who they are.
#include "session/startup.hpp"

#include "auth/md5.hpp"
#include "wire/frontend.hpp"

#include <tusk/error.hpp>

#include <algorithm>

namespace tusk::session {

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
    case step::bearer:
        if (a.method == wire::auth_method::sasl_continue) return on_bearer(a, out);
        if (a.method == wire::auth_method::ok) return on_ok();
        break;
    case step::gss:
        return on_gss_continue(a);
    case step::challenge:
    case step::sasl_ok:
        if (a.method == wire::auth_method::ok) return on_ok();
        break;
    default:
        break;
    }
    if (a.method == wire::auth_method::ok && step_ != step::bearer_refused)
        return fail(errc::server_not_verified,
                    "the server let the client in before it proved that it knows the password");
    return fail(errc::authentication_protocol, "the server broke the order of the authentication exchange");
}

startup::verdict startup::on_method(const wire::authentication& a, wire::buffer& out)
{
    using conn::auth_method;
    if (must_bind() && a.method != wire::auth_method::sasl && a.method != wire::auth_method::ok)
        return fail(errc::channel_binding_required,
                    "channel binding is required, and the server asks for another kind of authentication");
    switch (a.method) {
    case wire::auth_method::ok:
        if (login_.gss_encrypted && login_.policy.allows(auth_method::gss)) {
            server_.authentication = "gss"; // by the encryption's context
            return on_ok();
        }
        if (!permit(auth_method::none, "no authentication (trust, peer or cert)")) return verdict::failed;
        return on_ok();
    case wire::auth_method::cleartext_password:
        return on_cleartext(a, out);
    case wire::auth_method::md5_password:
        return on_md5(a, out);
    case wire::auth_method::sasl:
        return on_sasl(a, out);
    case wire::auth_method::gss:
        return on_gss();
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

startup::verdict startup::on_cleartext(const wire::authentication& a, wire::buffer& out)
{
    if (!permit(conn::auth_method::password, "a password in clear")) return verdict::failed;
    if (!login_.private_channel && !login_.policy.explicit_(conn::auth_method::password))
        return fail(errc::authentication_refused,
                    "the server asks for the password in clear over an unencrypted connection; "
                    "require_auth=password would allow it");
    if (verdict v; need_password(v, a)) return v;
    server_.authentication = "password";
    return answer(login_.password.view(), out);
}

startup::verdict startup::on_md5(const wire::authentication& a, wire::buffer& out)
{
    if (!permit(conn::auth_method::md5, "md5")) return verdict::failed;
    if (a.data.size() != 4)
        return fail(errc::authentication_protocol, "the salt of md5 must have four bytes");
    if (verdict v; need_password(v, a)) return v;
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
    wire::writer to(out);
    write(to, wire::password_message{.password = password});
    if (to.error()) return fail(to.error(), "the password cannot be sent: too long, or with a NUL byte");
    step_ = step::challenge;
    return verdict::more;
}

/// SCRAM with channel binding wherever both sides can; else a flag that lets a server that can notice that its offer was
/// taken out on the way.
std::optional<auth::channel_binding> startup::choose_binding(bool plain, bool plus)
{
    using support = auth::channel_binding::support;
    const auto no = [&](std::error_code ec, std::string why) {
        (void)fail(ec, std::move(why));
        return std::nullopt;
    };
    if (must_bind() && !login_.tls)
        return no(errc::channel_binding_required, "channel binding is required, but TLS is not in use");
    if (plus && !login_.tls)
        return no(errc::authentication_refused,
                  "the server offers SCRAM-SHA-256-PLUS without TLS: somebody on the "
                  "way may have taken TLS off");
    const bool able = !login_.end_point.hash.empty() && login_.channel_binding != conn::wish::disable;
    if (plus && able)
        return auth::channel_binding{support::used, "tls-server-end-point", login_.end_point.hash};
    if (must_bind() && !plus)
        return no(errc::channel_binding_required,
                  "channel binding is required, but the server did not offer an "
                  "authentication method that supports channel binding");
    if (must_bind())
        return no(errc::channel_binding_required, "channel binding is required, but the server's certificate "
                                                  "makes it impossible: " +
                                                      login_.end_point.why_not);
    if (!plain)
        return no(errc::authentication_unsupported, "the server offers no SASL mechanism that tusk knows");
    return auth::channel_binding{login_.tls && able ? support::not_offered : support::none, {}, {}};
}

startup::verdict startup::on_sasl(const wire::authentication& a, wire::buffer& out)
{
    bool plain = false, plus = false, bearer = false;
    wire::reader names(a.data);
    for (std::string_view name = names.cstring(); !name.empty(); name = names.cstring()) {
        plain = plain || name == "SCRAM-SHA-256";
        plus = plus || name == "SCRAM-SHA-256-PLUS";
        bearer = bearer || name == "OAUTHBEARER";
    }
    if (!names.done()) return fail(errc::authentication_protocol, "the list of SASL mechanisms is malformed");
    const bool scram = plain || plus;
    // SCRAM where both are offered and allowed: only it proves who the server is
    if (bearer && !(scram && login_.policy.allows(conn::auth_method::scram_sha_256))) return on_oauth(a, out);
    if (scram && !permit(conn::auth_method::scram_sha_256, "SCRAM-SHA-256")) return verdict::failed;
    auto binding = choose_binding(plain, plus);
    if (!binding) return verdict::failed;
    if (verdict v; need_scram_secret(v, a)) return v;
    return begin_scram(std::move(*binding), out);
}

namespace {

[[nodiscard]] auth::scram_keys keys_of(const conn::scram_key_pair& given) noexcept
{
    auth::scram_keys keys;
    const auto client = auth::as_bytes(given.client.view()), server = auth::as_bytes(given.server.view());
    std::copy_n(client.begin(), std::min(client.size(), keys.client.size()), keys.client.begin());
    std::copy_n(server.begin(), std::min(server.size(), keys.server.size()), keys.server.begin());
    return keys;
}

} // namespace

startup::verdict startup::begin_scram(auth::channel_binding binding, wire::buffer& out)
{
    bound_ = binding.flag == auth::channel_binding::support::used;
    server_.authentication = bound_ ? "scram-sha-256-plus" : "scram-sha-256";
    if (login_.keys.given())
        scram_.emplace(keys_of(login_.keys), login_.scram, std::move(binding));
    else
        scram_.emplace(login_.password.view(), login_.scram, std::move(binding));
    login_.password.clear();
    login_.keys = {};
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
    if (must_bind() && !bound_)
        return fail(errc::channel_binding_required,
                    "channel binding is required, but the server let the client in without it");
    if (!login_.certificate_lack.empty()) return fail(errc::authentication_refused, login_.certificate_lack);
    authenticated_ = true;
    step_ = step::parameters;
    login_.password.clear();
    scram_.reset();
    return verdict::more;
}

} // namespace tusk::session
