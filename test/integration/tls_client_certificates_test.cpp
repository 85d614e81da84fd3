// Distributed under the Boost Software License, Version 1.0.
#include "integration/tls_support.hpp"

#include <asio/ssl/context.hpp>

#include <fstream>
#include <sys/stat.h>

namespace tusk_test {
namespace {

using tusk::errc;

std::string with(std::string_view certificate, std::string_view key, std::string_view more = {})
{
    return "sslmode=require sslcert=" + quote(tls_file(certificate)) + " sslkey=" + quote(tls_file(key)) +
           " " + std::string(more);
}

TEST(tls_client_certificates, accepted)
{
    const tls_server lock;
    EXPECT_EQ(way_of(try_login("tusk_cert", with("client.crt", "client.key"))), "tls");
    EXPECT_EQ(way_of(try_login("tusk_cert", with("client.crt", "client.der"))), "tls");
    EXPECT_EQ(way_of(try_login("tusk_cert", with("client.crt", "client-enc.key", "sslpassword=sesame"))),
              "tls");
    EXPECT_EQ(way_of(try_login("tusk_cert", with("client.crt", "client-enc.der", "sslpassword=sesame"))),
              "tls");
}

TEST(tls_client_certificates, missing_or_wrong)
{
    const tls_server lock;
    const auto invalid = make_error_code(tusk::sqlstate::invalid_authorization_specification);
    expect_refusal(try_login("tusk_cert", "sslmode=require"), invalid, "");
    expect_refusal(try_login("tusk_cert", "sslmode=require sslcert=/no/such"), invalid, ""); // as libpq
    expect_refusal(try_login("tusk_cert", with("client.crt", "client.key", "sslcertmode=disable")), invalid,
                   "");
    // TLS 1.3 tells of it behind the handshake, TLS 1.2 within
    for (const char* version : {"TLSv1.3", "TLSv1.2"})
        expect_refusal(try_login("tusk_cert", with("client-strange.crt", "client-strange.key",
                                                   std::string("ssl_max_protocol_version=") + version)),
                       make_error_code(errc::tls_failed), "unknown ca");
}

TEST(tls_client_certificates, unusable_files)
{
    const tls_server lock;
    const std::error_code file = errc::tls_file;
    expect_refusal(try_login("tusk", with("client.crt", "no-such.key")), file, "no-such.key");
    expect_refusal(try_login("tusk", with("client.crt", "server.key")), file, "does not match");
    expect_refusal(try_login("tusk", with("client.crt", "client.crt")), file, "client.crt");
    expect_refusal(try_login("tusk", with("client.key", "client.key")), file, "client.key");
    expect_refusal(try_login("tusk", with("client.crt", "crls")), file, "not a regular file");
    expect_refusal(try_login("tusk", with("client.crt", "client-enc.key")), file, "sslpassword is missing");
    expect_refusal(try_login("tusk", with("client.crt", "client-enc.der")), file, "sslpassword is missing");
    for (const char* key : {"client-enc.key", "client-enc.der"})
        expect_refusal(try_login("tusk", with("client.crt", key, "sslpassword=sesame2")), file,
                       "sslpassword is wrong");
    expect_refusal(
        try_login("tusk", "sslmode=require sslcert=" + quote(tls_file("client.crt")) + " sslkey=pkcs11:one"),
        errc::unsupported_parameter, "engine");
}

TEST(tls_client_certificates, key_permissions)
{
    const tls_server lock;
    const std::string key = tls_file("client.key");
    for (const mode_t mode : {0644, 0604, 0660, 0620, 0601}) {
        ::chmod(key.c_str(), mode);
        expect_refusal(try_login("tusk", with("client.crt", "client.key")), make_error_code(errc::tls_file),
                       "0600");
    }
    struct stat about {};
    ASSERT_EQ(::stat(key.c_str(), &about), 0);
    ::chmod(key.c_str(), 0640);
    if (about.st_uid == 0) EXPECT_EQ(way_of(try_login("tusk", with("client.crt", "client.key"))), "tls");
    ::chmod(key.c_str(), 0400);
    EXPECT_EQ(way_of(try_login("tusk", with("client.crt", "client.key"))), "tls");
    ::chmod(key.c_str(), 0600);
}

TEST(tls_client_certificates, required)
{
    tls_server server;
    EXPECT_EQ(way_of(try_login("tusk", with("client.crt", "client.key", "sslcertmode=require"))), "tls");
    expect_refusal(try_login("tusk", "sslmode=require sslcertmode=require"),
                   make_error_code(errc::authentication_refused), "without a certificate");
    server.set("ssl_ca_file", "");
    expect_refusal(try_login("tusk", with("client.crt", "client.key", "sslcertmode=require")),
                   make_error_code(errc::authentication_refused), "did not request");
}

TEST(tls_client_certificates, context_of_the_user)
{
    const tls_server lock;
    asio::ssl::context own(asio::ssl::context::tls_client);
    own.load_verify_file(tls_file("root.crt"));
    own.use_certificate_chain_file(tls_file("client.crt"));
    own.use_private_key_file(tls_file("client.key"), asio::ssl::context::pem);
    tusk::connection_options options;
    options.tls = tusk::tls_context(own);
    const login_outcome o = try_login("tusk_cert", "sslmode=verify-full sslrootcert=/no/such", options);
    EXPECT_EQ(way_of(o), "tls") << o.text;
    EXPECT_EQ(o.tls.verification, tusk::tls_verification::host);
    // the host is checked all the same
    EXPECT_EQ(try_login("tusk_cert", "sslmode=verify-full host=other.example", options).ec,
              errc::certificate_name_mismatch);
    EXPECT_EQ(
        try_login("tusk_cert", "sslmode=require ssl_max_protocol_version=TLSv1.2", options).tls.protocol,
        "TLSv1.2");
    // whom the context does not trust is not let pass from verify-ca on, whatever the context says of that
    asio::ssl::context trusts_nobody(asio::ssl::context::tls_client);
    options.tls = tusk::tls_context(trusts_nobody);
    EXPECT_EQ(try_login("tusk", "sslmode=verify-ca", options).ec, errc::certificate_untrusted);
    EXPECT_EQ(way_of(try_login("tusk", "sslmode=require", options)), "tls");
}

} // namespace
} // namespace tusk_test
