// Distributed under the Boost Software License, Version 1.0.
#include "integration/tls_support.hpp"

#include <cstdlib>
#include <fstream>
#include <sys/stat.h>

namespace tusk_test {
namespace {

using tusk::errc;

std::string trusting(std::string_view root, std::string_view more = {})
{
    return "sslmode=verify-full sslrootcert=" + quote(tls_file(root)) + " " + std::string(more);
}

TEST(tls_certificates, host_names)
{
    const tls_server lock;
    for (const char* host : {"localhost", "LOCALHOST", "db.tusk.example", "127.0.0.1"})
        EXPECT_EQ(way_of(try_login("tusk", trusting("root.crt", std::string("host=") + host))), "tls")
            << host;
    for (const char* host : {"tusk.example", "a.db.tusk.example", "other.example", "127.0.0.2"}) {
        const login_outcome o = try_login("tusk", trusting("root.crt", std::string("host=") + host));
        expect_refusal(o, errc::certificate_name_mismatch, "*.tusk.example");
        EXPECT_NE(o.text.find("127.0.0.1"), std::string::npos) << o.text;
    }
    if (!the_server().host6.empty())
        EXPECT_EQ(way_of(try_login("tusk", trusting("root.crt", "host=::1 hostaddr=::1"))), "tls");
    expect_refusal(try_login("tusk", trusting("root.crt", "host=''")), errc::certificate_name_mismatch,
                   "host must");
    EXPECT_EQ(way_of(try_login("tusk", trusting("root.crt", "host=other.example sslmode=verify-ca"))), "tls");
}

TEST(tls_certificates, wrong_host)
{
    tls_server server;
    server.present("other");
    expect_refusal(try_login("tusk", trusting("root.crt")), errc::certificate_name_mismatch, "other.example");
    EXPECT_EQ(way_of(try_login("tusk", trusting("root.crt", "host=other.example"))), "tls");
    EXPECT_EQ(way_of(try_login("tusk", trusting("root.crt", "sslmode=verify-ca"))), "tls");
}

TEST(tls_certificates, common_name)
{
    tls_server server;
    server.present("cn");
    EXPECT_EQ(way_of(try_login("tusk", trusting("root.crt"))), "tls");
    expect_refusal(try_login("tusk", trusting("root.crt", "host=127.0.0.1")), errc::certificate_name_mismatch,
                   "localhost");
}

TEST(tls_certificates, unknown_authority)
{
    const tls_server lock;
    for (const char* mode : {"sslmode=require", "sslmode=verify-ca", "sslmode=verify-full"})
        expect_refusal(try_login("tusk", trusting("stranger.crt", mode)), errc::certificate_untrusted,
                       "tusk test intermediate");
    // no security is asked for: as libpq, the next way is taken
    EXPECT_EQ(way_of(try_login("tusk", trusting("stranger.crt", "sslmode=prefer"))), "plain");
    expect_refusal(try_login("tusk_tls", trusting("stranger.crt", "sslmode=prefer")),
                   errc::certificate_untrusted, "certificate");
}

TEST(tls_certificates, from_a_stranger)
{
    tls_server server;
    server.present("strange");
    expect_refusal(try_login("tusk", trusting("root.crt")), errc::certificate_untrusted,
                   "tusk test stranger");
    EXPECT_EQ(way_of(try_login("tusk", "sslmode=require")), "tls");
}

TEST(tls_certificates, expired)
{
    tls_server server;
    server.present("expired");
    expect_refusal(try_login("tusk", trusting("root.crt")), errc::certificate_expired, "expired");
    EXPECT_EQ(way_of(try_login("tusk", "sslmode=require")), "tls");
}

TEST(tls_certificates, revoked)
{
    tls_server server;
    const std::string file = "sslcrl=" + quote(tls_file("root.crl"));
    const std::string directory = "sslcrldir=" + quote(tls_file("crls"));
    EXPECT_EQ(way_of(try_login("tusk", trusting("root.crt", file))), "tls");
    EXPECT_EQ(way_of(try_login("tusk", trusting("root.crt", directory))), "tls");
    server.present("revoked");
    expect_refusal(try_login("tusk", trusting("root.crt", file)), errc::certificate_revoked, "revoked");
    expect_refusal(try_login("tusk", trusting("root.crt", directory)), errc::certificate_revoked, "revoked");
    EXPECT_EQ(way_of(try_login("tusk", trusting("root.crt"))), "tls"); // nobody has told
    expect_refusal(try_login("tusk", trusting("root.crt", "sslcrl=/no/such")), errc::tls_file, "/no/such");
    // the list of another authority says nothing of this one
    expect_refusal(try_login("tusk", trusting("root.crt", "sslcrldir=/tmp")), errc::certificate_untrusted,
                   "CRL");
}

TEST(tls_certificates, missing_root)
{
    const tls_server lock;
    for (const char* mode : {"verify-ca", "verify-full"})
        expect_refusal(try_login("tusk", std::string("sslrootcert=/no/such sslmode=") + mode), errc::tls_file,
                       "\"/no/such\" does not exist");
    EXPECT_EQ(way_of(try_login("tusk", "sslrootcert=/no/such sslmode=require")), "tls"); // as libpq
    const temporary_file rubbish("no certificate\n");
    expect_refusal(try_login("tusk", "sslmode=require sslrootcert=" + quote(rubbish.path())), errc::tls_file,
                   rubbish.path());
}

TEST(tls_certificates, system_roots)
{
    const tls_server lock;
    expect_refusal(try_login("tusk", "sslmode=verify-full sslrootcert=system"), errc::certificate_untrusted,
                   "");
    EXPECT_EQ(try_login("tusk", "sslrootcert=system sslmode=require").ec, errc::invalid_conninfo);
    const environment_variable trust("SSL_CERT_FILE",
                                     tls_file("root.crt")); // of OpenSSL: who is trusted by default
    EXPECT_EQ(way_of(try_login("tusk", "sslmode=verify-full sslrootcert=system")), "tls");
}

TEST(tls_certificates, usual_files)
{
    const tls_server lock;
    const std::string home = "/tmp/" + unique_name("tusk-home");
    const std::string folder = home + "/.postgresql";
    ASSERT_EQ(::mkdir(home.c_str(), 0700), 0);
    ASSERT_EQ(::mkdir(folder.c_str(), 0700), 0);
    const environment_variable at_home("HOME", home);
    const auto copy = [&](const char* from, const char* to) {
        std::ofstream(folder + "/" + to) << std::ifstream(tls_file(from)).rdbuf();
    };
    expect_refusal(try_login("tusk", "sslmode=verify-full"), errc::tls_file, folder + "/root.crt");
    copy("stranger.crt", "root.crt");
    expect_refusal(try_login("tusk", "sslmode=require"), errc::certificate_untrusted,
                   ""); // becomes verify-ca
    copy("root.crt", "root.crt");
    EXPECT_EQ(way_of(try_login("tusk", "sslmode=verify-full")), "tls");
    copy("root.crl", "root.crl");
    EXPECT_EQ(way_of(try_login("tusk", "sslmode=verify-full")), "tls");
    copy("client.crt", "postgresql.crt");
    expect_refusal(try_login("tusk_cert", "sslmode=verify-full"), errc::tls_file, "postgresql.key");
    copy("client.key", "postgresql.key");
    ::chmod((folder + "/postgresql.key").c_str(), 0600);
    EXPECT_EQ(way_of(try_login("tusk_cert", "sslmode=verify-full")), "tls");
    for (const char* file : {"root.crt", "root.crl", "postgresql.crt", "postgresql.key"})
        ::unlink((folder + "/" + file).c_str());
    ::rmdir(folder.c_str());
    ::rmdir(home.c_str());
}

TEST(tls_certificates, key_log)
{
    const tls_server lock;
    const temporary_file log("");
    EXPECT_EQ(way_of(try_login("tusk", "sslmode=require sslkeylogfile=" + quote(log.path()))), "tls");
    std::string line;
    std::ifstream in(log.path());
    ASSERT_TRUE(std::getline(in, line));
    EXPECT_NE(line.find("_TRAFFIC_SECRET"), std::string::npos) << line;
}

} // namespace
} // namespace tusk_test
