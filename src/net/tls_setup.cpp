// Distributed under the Boost Software License, Version 1.0.
#include "net/tls_setup.hpp"

#include "auth/certificate.hpp"
#include "conninfo/descriptor.hpp"
#include "net/tls_files.hpp"

#include <tusk/error.hpp>

#include <new>
#include <string_view>

#include <fcntl.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <unistd.h>

namespace tusk {

tls_context::tls_context(ssl_ctx_st* context)
{
    if (!context) return;
    SSL_CTX_up_ref(context);
    context_ = std::shared_ptr<ssl_ctx_st>(context, [](ssl_ctx_st* c) { SSL_CTX_free(c); });
}

} // namespace tusk

namespace tusk::net {

namespace {

[[nodiscard]] tls_notes& notes_of(const SSL* ssl) noexcept { return tls_stream::of(ssl).notes(); }

/// Remembers which certificate is refused; decides nothing.
int note_refusal(int accepted, X509_STORE_CTX* about)
{
    if (accepted) return accepted;
    const auto* ssl =
        static_cast<const SSL*>(X509_STORE_CTX_get_ex_data(about, SSL_get_ex_data_X509_STORE_CTX_idx()));
    const X509* certificate = X509_STORE_CTX_get_current_cert(about);
    if (ssl && certificate && notes_of(ssl).rejected.empty())
        notes_of(ssl).rejected =
            "subject " + auth::subject_of(certificate) + ", issuer " + auth::issuer_of(certificate);
    return accepted;
}

int note_request(SSL* ssl, void*)
{
    notes_of(ssl).certificate_asked = true;
    notes_of(ssl).certificate_sent = SSL_get_certificate(ssl) != nullptr;
    return 1;
}

/// One line of the format that Wireshark reads; whoever has the file can read the session.
void append_keys(const SSL* ssl, const char* line)
{
    const tls_notes& notes = notes_of(ssl);
    if (notes.key_log.empty()) return;
    const std::string text = std::string(line) + '\n';
    const conn::descriptor file(::open(
        notes.key_log.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0600));
    if (file.get() < 0) return; // as with libpq, that is no reason not to connect
    [[maybe_unused]] const ssize_t ignored = ::write(file.get(), text.data(), text.size());
}

[[nodiscard]] tls_failure bound_versions(SSL* ssl, const conn::tls_settings& tls, bool only_narrower)
{
    const int lowest = tls_version(tls.lowest_version);
    const int highest = tls_version(tls.highest_version);
    const auto present_lowest = SSL_get_min_proto_version(ssl);
    const auto present_highest = SSL_get_max_proto_version(ssl);
    const bool set_lowest = lowest != 0 && (!only_narrower || lowest > present_lowest);
    const bool set_highest =
        highest != 0 && (!only_narrower || present_highest == 0 || highest < present_highest);
    const bool ok = (!set_lowest || SSL_set_min_proto_version(ssl, lowest) == 1) &&
                    (!set_highest || SSL_set_max_proto_version(ssl, highest) == 1);
    if (ok) return {};
    return {errc::tls_failed, "OpenSSL does not have the TLS versions that are asked for"};
}

} // namespace

tls_failure tls_setup::prepare()
{
    if (own_ || made_) return {};
    std::shared_ptr<ssl_ctx_st> context(SSL_CTX_new(TLS_client_method()),
                                        [](ssl_ctx_st* c) { SSL_CTX_free(c); });
    if (!context) throw std::bad_alloc();
    if (tls_failure f = load_client_certificate(context.get(), settings_)) return f;
    if (tls_failure f = load_roots(context.get(), settings_, checks_)) return f;
    if (!settings_.key_log.empty()) SSL_CTX_set_keylog_callback(context.get(), &append_keys);
    made_ = std::move(context);
    return {};
}

tls_failure tls_setup::make_stream(const std::string& host, std::unique_ptr<tls_stream>& out)
{
    if (tls_failure f = prepare()) return f;
    const bool named = settings_.server_name && !host.empty() &&
                       host.find_first_not_of("0123456789.") != std::string::npos &&
                       host.find(':') == std::string::npos; // names only, as libpq tells them from addresses
    out = std::make_unique<tls_stream>((own_ ? own_ : made_).get(), named ? host : std::string());
    return adapt(*out);
}

/// What sslmode and its kin say, whoever made the context.
tls_failure tls_setup::adapt(tls_stream& stream) const
{
    SSL* ssl = stream.native();
    stream.notes().key_log = settings_.key_log;
    if (tls_failure f = bound_versions(ssl, settings_, own_ != nullptr)) return f;
    const bool must_check = settings_.mode >= conn::tls_mode::verify_ca;
    if (!own_)
        SSL_set_verify(ssl, checks_ ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, &note_refusal);
    else if (must_check)
        SSL_set_verify(ssl, SSL_VERIFY_PEER, SSL_get_verify_callback(ssl));
    if (!own_ || settings_.client_certificate == conn::wish::require)
        SSL_set_cert_cb(ssl, &note_request, nullptr);
    if (settings_.client_certificate == conn::wish::disable) SSL_certs_clear(ssl);
    return {};
}

tls_failure tls_setup::check_peer(tls_stream& stream, const std::string& host) const
{
    const std::string_view alpn = stream.alpn();
    if (settings_.direct && alpn.empty())
        return {errc::tls_negotiation,
                "the server took TLS at once without naming the protocol \"postgresql\" (ALPN), "
                "which sslnegotiation=direct needs"};
    if (!alpn.empty() && alpn != "postgresql")
        return {errc::tls_negotiation,
                "the server chose another protocol for TLS than \"postgresql\" (ALPN)"};
    X509* certificate = stream.peer();
    const bool checked = (SSL_get_verify_mode(stream.native()) & SSL_VERIFY_PEER) != 0 && certificate;
    if (settings_.mode >= conn::tls_mode::verify_ca && !checked)
        return {errc::certificate_untrusted, "the server has no certificate that can be checked"};
    const bool vouched_for = checked && SSL_get_verify_result(stream.native()) == X509_V_OK;
    if (vouched_for) stream.set_verification(tls_verification::chain);
    if (settings_.mode != conn::tls_mode::verify_full) return {};
    if (host.empty()) return {errc::certificate_name_mismatch, "host must be given for sslmode=verify-full"};
    const auth::host_match match = auth::match_host(certificate, host);
    if (!match.matches)
        return {errc::certificate_name_mismatch,
                "the server's certificate is for " + match.names + ", not for \"" + host + '"'};
    if (vouched_for) stream.set_verification(tls_verification::host);
    return {};
}

std::string tls_setup::certificate_lack(const tls_stream& stream) const
{
    if (settings_.client_certificate != conn::wish::require) return {};
    if (!stream.notes().certificate_asked)
        return "sslcertmode=require, but the server did not request a certificate";
    if (!stream.notes().certificate_sent)
        return "sslcertmode=require, but the server accepted the connection without a certificate of the "
               "client";
    return {};
}

} // namespace tusk::net
