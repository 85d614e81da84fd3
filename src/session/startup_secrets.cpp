// Distributed under the Boost Software License, Version 1.0.
// The part of the start-up that needs a password, keys or a token: what was given, or what somebody is asked for.
#include "session/startup.hpp"

#include "wire/frontend.hpp"

#include <tusk/error.hpp>

#include <string>
#include <string_view>

namespace tusk::session {

startup::verdict startup::ask(secret what, const wire::authentication& a)
{
    wanted_ = what;
    asked_method_ = a.method;
    asked_data_.assign(a.data.begin(), a.data.end());
    step_ = step::asking;
    return verdict::ask;
}

startup::verdict startup::give(auth::secret_string secret, wire::buffer& out)
{
    if (step_ != step::asking) return fail(errc::authentication_protocol, "no secret was asked for");
    if (secret.empty())
        return fail(errc::credentials_missing, wanted_ == secret::token
                                                   ? "token_provider gave no token"
                                                   : "password_provider gave no password");
    if (wanted_ == secret::token) {
        token_ = std::move(secret);
        login_.ask_token = false;
    } else {
        login_.password = std::move(secret);
        login_.has_password = true;
        login_.ask_password = false;
    }
    step_ = step::first;
    return on_method({.method = asked_method_, .data = asked_data_}, out);
}

/// True when there is no password to go on with, and what comes of it.
bool startup::need_password(verdict& v, const wire::authentication& a)
{
    if (!login_.ask_password && login_.has_password) return false;
    v = login_.ask_password
            ? ask(secret::password, a)
            : fail(errc::password_missing, "the server asks for a password and none was given");
    return true;
}

bool startup::need_scram_secret(verdict& v, const wire::authentication& a)
{
    if (!login_.keys.given()) return need_password(v, a);
    if (!login_.keys.client.empty() && !login_.keys.server.empty()) return false;
    v = fail(errc::password_missing,
             login_.keys.client.empty()
                 ? "scram_server_key does not do without scram_client_key, which proves who the client is"
                 : "scram_client_key does not do without scram_server_key, which proves who the server is");
    return true;
}

// OAUTHBEARER (RFC 7628):
//     SASLInitialResponse (AuthenticationOk | AuthenticationSASLContinue SASLResponse ErrorResponse)
startup::verdict startup::on_oauth(const wire::authentication& a, wire::buffer& out)
{
    if (!permit(conn::auth_method::oauth, "OAUTHBEARER")) return verdict::failed;
    if (must_bind())
        return fail(errc::channel_binding_required,
                    "channel binding is required, and OAUTHBEARER, which the server asks for, has none");
    if (!login_.private_channel)
        return fail(
            errc::authentication_refused,
            "the server asks for a bearer token over an unencrypted connection, where anybody could take it");
    if (token_.empty()) {
        if (!login_.ask_token)
            return fail(errc::credentials_missing,
                        "the server asks for a bearer token, and there is no token_provider");
        if (login_.oauth.issuer.empty() || login_.oauth.client_id.empty())
            return fail(
                errc::credentials_missing,
                "the server asks for a bearer token, and oauth_issuer and oauth_client_id are not both set");
        return ask(secret::token, a);
    }
    return begin_bearer(out);
}

namespace {

/// b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=" (RFC 6750)
[[nodiscard]] bool is_b64token(std::string_view text) noexcept
{
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/";
    const std::size_t end = text.find_first_not_of(letters);
    return end != 0 && !text.empty() &&
           (end == std::string_view::npos || text.find_first_not_of('=', end) == std::string_view::npos);
}

} // namespace

startup::verdict startup::begin_bearer(wire::buffer& out)
{
    if (!is_b64token(token_.view()))
        return fail(errc::credentials_missing, "what token_provider gave is not a bearer token");
    server_.authentication = "oauth";
    // client-resp = gs2-header kvsep "auth=Bearer " token kvsep kvsep; PostgreSQL takes the user from the startup message
    constexpr std::string_view head = "n,,\1auth=Bearer ", tail = "\1\1";
    std::string data;
    data.reserve(head.size() + token_.size() + tail.size());
    data.append(head).append(token_.view()).append(tail);
    const auth::wipe_guard guard(data.data(), data.size());
    token_.clear();
    wire::writer to(out);
    write(to, wire::sasl_initial_response{.mechanism = "OAUTHBEARER", .data = data});
    if (to.error()) return fail(to.error(), "the bearer token cannot be sent: it is too long");
    step_ = step::bearer;
    return verdict::more;
}

/// The server refuses the token. It says why for machines; the error for people follows the answer.
startup::verdict startup::on_bearer(const wire::authentication&, wire::buffer& out)
{
    wire::writer to(out);
    write(to, wire::sasl_response{.data = "\1"});
    if (to.error()) return fail(to.error(), "the OAUTHBEARER answer cannot be sent");
    step_ = step::bearer_refused;
    return verdict::more;
}

} // namespace tusk::session
