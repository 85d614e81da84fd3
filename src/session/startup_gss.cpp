// Distributed under the Boost Software License, Version 1.0.
// The part of the start-up in which GSSAPI, which may block and so runs elsewhere, has the word.
#include "session/startup.hpp"

#include "wire/frontend.hpp"

#include <tusk/error.hpp>

namespace tusk::session {

/// AuthenticationGSS (GSSResponse AuthenticationGSSContinue)* AuthenticationOk, which counts only when the context is
/// complete: then the server has proved itself.
startup::verdict startup::on_gss()
{
    if (!permit(conn::auth_method::gss, "GSSAPI")) return verdict::failed;
    server_.authentication = "gss";
    step_ = step::gss;
    return verdict::gss;
}

startup::verdict startup::on_gss_continue(const wire::authentication& a)
{
    if (a.method == wire::auth_method::ok && gss_complete_) return on_ok();
    if (a.method == wire::auth_method::ok)
        return fail(errc::server_not_verified, "the server let the client in before it proved who it is");
    if (a.method != wire::auth_method::gss_continue || gss_complete_ || a.data.empty())
        return fail(errc::authentication_protocol, "the server broke the order of the GSSAPI exchange");
    gss_input_.assign(a.data.begin(), a.data.end());
    return verdict::gss;
}

startup::verdict startup::answer_gss(const auth::gss_answer& a, wire::buffer& out)
{
    using now = auth::gss_answer::step;
    if (a.now == now::failed) return fail(a.ec, a.reason);
    gss_complete_ = a.now == now::complete;
    gss_input_.clear();
    if (a.token.empty()) {
        if (gss_complete_) return verdict::more;
        return fail(errc::gssapi_failed, "GSSAPI waits for the server without a word to it");
    }
    wire::writer to(out);
    write(to, wire::gss_response{.data = a.token});
    if (to.error()) return fail(to.error(), "the GSSAPI token is too long to be sent");
    return verdict::more;
}

} // namespace tusk::session
