// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "auth/certificate.hpp"
#include "auth/gss_client.hpp"
#include "auth/scram.hpp"
#include "auth/secret_string.hpp"
#include "conninfo/auth_policy.hpp"
#include "conninfo/credentials.hpp"
#include "conninfo/tls_settings.hpp"
#include "session/server_state.hpp"
#include "wire/backend.hpp"
#include "wire/buffer.hpp"
#include "wire/inbox.hpp"

#include <tusk/diagnostics.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace tusk::session {

/// Who logs in, and what the login may look like.
struct login {
    std::string user;
    std::string database;
    auth::secret_string password;
    bool has_password = false;
    bool ask_password = false; ///< there is a password_provider: it is asked in place of the above
    conn::scram_key_pair keys; ///< in place of the password, for SCRAM
    conn::oauth_settings oauth;
    bool ask_token = false;   ///< there is a token_provider
    std::string host, port;   ///< of the server: for who is asked
    std::string require_peer; ///< who must run the server behind a unix socket; empty: anybody
    std::vector<std::pair<std::string, std::string>> parameters; ///< further startup parameters
    conn::auth_policy policy;
    bool private_channel = false; ///< a unix socket or TLS: a password in clear cannot be overheard
    bool tls = false;             ///< and then:
    auth::end_point end_point;    ///< what the login can be bound to
    std::string certificate_lack; ///< why sslcertmode=require is not met; empty: it is, or is not asked for
    conn::wish channel_binding = conn::wish::allow;
    auth::scram_limits scram;
    auth::gss_target gss;       ///< whom GSSAPI is to talk to
    bool gss_encrypted = false; ///< GSSAPI has proved both sides already, and encrypts
    std::uint32_t min_protocol = 0x0003'0000;
    std::uint32_t max_protocol = 0x0003'0000;
};

/// The dialogue from StartupMessage to the first ReadyForQuery, fed whole messages.
///
///     StartupMessage
///     NegotiateProtocolVersion? Authentication... AuthenticationOk
///     (ParameterStatus | BackendKeyData | NoticeResponse)* ReadyForQuery
class startup {
public:
    enum class verdict : std::uint8_t {
        more,   ///< feed the next message
        hash,   ///< call hash() until it says something else
        ask,    ///< get what wanted() says, then call give() or withhold()
        gss,    ///< feed gss_input() to a gss_client, then its answer to answer_gss()
        ready,  ///< logged in: take server()
        failed, ///< see error() and diag()
    };

    /// What a verdict::ask asks for.
    enum class secret : std::uint8_t { password, token };

    explicit startup(login who);

    /// Writes the StartupMessage.
    [[nodiscard]] verdict start(wire::buffer& out);
    [[nodiscard]] verdict feed(const wire::frame& f, wire::buffer& out);
    /// Up to `rounds` more of the password's hashing.
    [[nodiscard]] verdict hash(std::uint32_t rounds, wire::buffer& out);

    /// The secret that is asked for; none is when it is empty.
    [[nodiscard]] verdict give(auth::secret_string secret, wire::buffer& out);
    /// There is none.
    [[nodiscard]] verdict withhold(std::error_code why, std::string sentence)
    {
        return fail(why, std::move(sentence));
    }
    [[nodiscard]] secret wanted() const noexcept { return wanted_; }
    [[nodiscard]] const login& who() const noexcept { return login_; }

    /// The server's last token; empty: GSSAPI is to begin.
    [[nodiscard]] std::span<const std::byte> gss_input() const noexcept { return gss_input_; }
    /// What became of gss_input().
    [[nodiscard]] verdict answer_gss(const auth::gss_answer& a, wire::buffer& out);

    /// What the bytes are that the framing has refused: an error of a server older than protocol 3, or no
    /// PostgreSQL at all. `ended`: no more bytes will come. verdict::more: not yet to be told.
    [[nodiscard]] verdict refuse(std::span<const std::byte> pending, bool ended);

    [[nodiscard]] std::error_code error() const noexcept { return error_; }
    [[nodiscard]] const diagnostics& diag() const noexcept { return diag_; }
    /// Whether AuthenticationOk has come: an error before it may be the next host's chance.
    [[nodiscard]] bool authenticated() const noexcept { return authenticated_; }
    /// Whether the peer has said anything that PostgreSQL says.
    [[nodiscard]] bool heard() const noexcept { return heard_; }
    [[nodiscard]] server_state& server() noexcept { return server_; }

private:
    enum class step : std::uint8_t {
        first,
        asking,
        challenge,
        sasl_continue,
        hashing,
        sasl_final,
        sasl_ok,
        bearer,
        bearer_refused,
        gss,
        parameters
    };

    [[nodiscard]] verdict on_authentication(const wire::frame& f, wire::buffer& out);
    [[nodiscard]] verdict on_method(const wire::authentication& a, wire::buffer& out);
    [[nodiscard]] verdict on_ok();
    [[nodiscard]] verdict on_cleartext(const wire::authentication& a, wire::buffer& out);
    [[nodiscard]] verdict on_md5(const wire::authentication& a, wire::buffer& out);
    [[nodiscard]] verdict on_sasl(const wire::authentication& a, wire::buffer& out);
    [[nodiscard]] verdict on_oauth(const wire::authentication& a, wire::buffer& out);
    [[nodiscard]] verdict on_bearer(const wire::authentication& a, wire::buffer& out);
    [[nodiscard]] verdict begin_bearer(wire::buffer& out);
    /// Asks for the secret; what is answered with it waits.
    [[nodiscard]] verdict ask(secret what, const wire::authentication& a);
    [[nodiscard]] bool need_password(verdict& v, const wire::authentication& a);
    [[nodiscard]] bool need_scram_secret(verdict& v, const wire::authentication& a);
    [[nodiscard]] verdict begin_scram(auth::channel_binding binding, wire::buffer& out);
    [[nodiscard]] verdict on_gss();
    [[nodiscard]] verdict on_gss_continue(const wire::authentication& a);
    [[nodiscard]] verdict on_sasl_continue(const wire::authentication& a, wire::buffer& out);
    [[nodiscard]] verdict on_sasl_final(const wire::authentication& a);
    [[nodiscard]] verdict on_negotiate(const wire::frame& f);
    [[nodiscard]] verdict on_parameters(const wire::frame& f);
    [[nodiscard]] verdict on_error(const wire::frame& f);
    [[nodiscard]] verdict answer(std::string_view password, wire::buffer& out);
    [[nodiscard]] bool permit(conn::auth_method m, std::string_view name);
    /// Which way of SCRAM to take; what is wrong with the offer is told by fail().
    [[nodiscard]] std::optional<auth::channel_binding> choose_binding(bool plain, bool plus);
    [[nodiscard]] bool must_bind() const noexcept { return login_.channel_binding == conn::wish::require; }
    [[nodiscard]] verdict fail(std::error_code why, diagnostics what);
    [[nodiscard]] verdict fail(std::error_code why, std::string sentence);
    [[nodiscard]] verdict illegal(const wire::frame& f);

    login login_;
    server_state server_;
    secret wanted_ = secret::password;
    wire::auth_method asked_method_ = wire::auth_method::ok; // what waits for the secret, and its data
    std::vector<std::byte> asked_data_;
    auth::secret_string token_;
    std::optional<auth::scram_client> scram_;
    step step_ = step::first;
    std::vector<std::byte> gss_input_;
    bool gss_complete_ = false;
    bool bound_ = false; // SCRAM-SHA-256-PLUS was chosen
    bool heard_ = false;
    bool authenticated_ = false;
    bool negotiated_ = false;
    int notices_ = 0;
    std::error_code error_;
    diagnostics diag_;
};

} // namespace tusk::session
