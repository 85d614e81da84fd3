// Distributed under the Boost Software License, Version 1.0.
#include "advice.hpp"

#include <tusk/error.hpp>
#include <tusk/sqlstate.hpp>

#include <algorithm>
#include <array>
#include <string_view>

namespace doctor {
namespace {

using tusk::errc;
using enum tusk::conninfo::source;

struct client_remedy {
    errc code;
    std::string_view what;
};

constexpr std::array client_remedies{
    client_remedy{errc::invalid_conninfo,
                  "Mend the connection string, environment variable or file that the message names."},
    client_remedy{errc::unsupported_parameter, "Leave the parameter out, or build tusk with what it needs."},
    client_remedy{errc::connect_timeout,
                  "Nothing answered in time: look for a firewall that drops packets, a wrong address, or a "
                  "server that hangs; raise connect_timeout if the way is merely long."},
    client_remedy{errc::not_postgresql, "Something else listens there: check host and port."},
    client_remedy{errc::unsupported_protocol,
                  "The server is too old or too new for min_protocol_version and max_protocol_version."},
    client_remedy{
        errc::authentication_unsupported,
        "Ask the server's administrator for scram-sha-256 in pg_hba.conf, or build tusk with GSSAPI."},
    client_remedy{errc::authentication_refused,
                  "Use TLS (sslmode=verify-full), or let the server ask for scram-sha-256; require_auth says "
                  "what is allowed."},
    client_remedy{
        errc::password_missing,
        "Give a password: in ~/.pgpass (readable by you alone), PGPASSWORD, or the connection string."},
    client_remedy{errc::authentication_protocol,
                  "This server does not keep to the rules of the login: do not trust it with a password."},
    client_remedy{errc::server_not_verified,
                  "This server does not know the password, so it may be an impostor: check host and port."},
    client_remedy{
        errc::connection_lost,
        "The server ended the connection: its log says why; it may also be a proxy without a server."},
    client_remedy{errc::tls_not_offered,
                  "Switch TLS on at the server (ssl = on), or use sslmode=prefer where nobody listens in."},
    client_remedy{
        errc::tls_negotiation,
        "Somebody on the way does not speak PostgreSQL's TLS: check for proxies; sslnegotiation=direct "
        "needs PostgreSQL 17."},
    client_remedy{errc::tls_failed,
                  "Compare the TLS versions and ciphers of both sides (ssl_min_protocol_version)."},
    client_remedy{errc::tls_truncated, "The encrypted stream was cut: look for a proxy that ends it."},
    client_remedy{errc::tls_file,
                  "Check that the file exists, is what it should be, and is yours alone (chmod 600)."},
    client_remedy{errc::certificate_untrusted,
                  "Point sslrootcert at the certificate of the authority that signed the server's, or use "
                  "sslrootcert=system for a public one."},
    client_remedy{errc::certificate_expired, "Renew the certificate, or set the clock."},
    client_remedy{errc::certificate_revoked, "The server needs a new certificate: this one was withdrawn."},
    client_remedy{errc::certificate_name_mismatch,
                  "Use a host name that the certificate lists; hostaddr can still say where to connect."},
    client_remedy{errc::channel_binding_required,
                  "Use TLS and a server that offers SCRAM-SHA-256-PLUS, or channel_binding=prefer."},
    client_remedy{
        errc::session_attributes,
        "None of these servers is of the kind that target_session_attrs asks for: check which one is "
        "the primary."},
    client_remedy{errc::peer_mismatch,
                  "Another user runs the server behind this socket: check the directory, or requirepeer."},
    client_remedy{errc::gssapi_failed, "Get a ticket (kinit), and check krbsrvname and the host's name."},
};

struct server_remedy {
    std::string_view state;
    std::string_view what;
};

constexpr std::array server_remedies{
    server_remedy{"28P01",
                  "The password is wrong for this user, or the user does not exist. Check which password "
                  "counts in the list of parameters above."},
    server_remedy{"28000",
                  "No line of pg_hba.conf lets this user in from here, or the role does not exist: add one, "
                  "or use another way (TLS, unix socket)."},
    server_remedy{"3D000", "Create the database, or give dbname; without it, it is the user's name."},
    server_remedy{"53300", "The server is full: close connections, use a pool, or raise max_connections."},
    server_remedy{"57P03", "The server is starting up or in recovery: try again in a moment."},
    server_remedy{"57P01", "The server is shutting down."},
    server_remedy{"42501", "The role lacks the privilege: grant CONNECT on the database."},
    server_remedy{"55000", "The database does not take connections (datallowconn)."},
};

std::string system_remedy(std::error_code ec)
{
    if (ec == std::error_condition(std::errc::connection_refused) || ec.value() == ECONNREFUSED)
        return "Nothing listens there: start the server, or check host, port and listen_addresses.";
    if (ec.value() == ENOENT)
        return "There is no such unix socket: start the server, or check its unix_socket_directories and the "
               "port.";
    if (ec.value() == EACCES) return "The unix socket's permissions do not let you in.";
    if (ec.value() == ENETUNREACH || ec.value() == EHOSTUNREACH)
        return "There is no way to that address: check the network.";
    if (std::string_view(ec.category().name()).find("netdb") != std::string_view::npos)
        return "The name cannot be found: check its spelling and the name server.";
    return {};
}

[[nodiscard]] bool failed(const tusk::connect_event& e)
{
    return e.step == tusk::connect_event::step::failed;
}

void add(std::vector<std::string>& list, std::string sentence)
{
    if (!sentence.empty() && std::ranges::find(list, sentence) == list.end())
        list.push_back(std::move(sentence));
}

/// A session that works, and could be safer.
void improve(const examination& seen, std::vector<std::string>& list)
{
    const bool unix_socket = seen.session.address.find('/') != std::string::npos;
    if (!unix_socket && !seen.tls)
        add(list, "Nothing is encrypted: over a network use sslmode=verify-full.");
    else if (seen.tls && seen.tls.verification != tusk::tls_verification::host)
        add(list, "It is not checked whose certificate this is: use sslmode=verify-full, with sslrootcert.");
    if (seen.session.authentication == "md5" || seen.session.authentication == "password")
        add(list, "The login is by " + seen.session.authentication +
                      ": let the server store and ask for scram-sha-256 (password_encryption, pg_hba.conf).");
    for (const auto& p : seen.parameters)
        if (p.keyword == "password" && (p.source == explicit_ || p.source == environment))
            add(list, "The password is in the connection string or the environment, where others may see it: "
                      "~/.pgpass keeps it better.");
}

} // namespace

std::string remedy(std::error_code ec)
{
    if (ec.category() == tusk::client_category()) {
        for (const auto& r : client_remedies)
            if (ec == r.code) return std::string(r.what);
        return {};
    }
    const std::string state = tusk::sqlstate_string(ec);
    for (const auto& r : server_remedies)
        if (state == r.state) return std::string(r.what);
    return state.empty() ? system_remedy(ec) : std::string();
}

std::vector<std::string> advice(const examination& seen)
{
    std::vector<std::string> list;
    for (const auto& step : seen.steps)
        if (failed(step)) add(list, remedy(step.ec));
    if (seen.ec) add(list, remedy(seen.ec));
    if (seen.connected) improve(seen, list);
    return list;
}

} // namespace doctor
