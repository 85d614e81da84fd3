// Distributed under the Boost Software License, Version 1.0.
// From parameters to settings: hosts, numbers, choices, require_auth.
#include "conninfo_world.hpp"

#include "auth/gss_client.hpp"

#include <gtest/gtest.h>

namespace tusk {
namespace {

using namespace std::chrono_literals;
using conn::auth_method;
using conn::session_kind;
using conn::tls_mode;
using conn::tls_settings;
using conn::wish;
using test::resolve;
using test::resolved;
using test::world;

/// "ok", "invalid: why" or "unsupported: why".
std::string verdict(const std::string& text, const world& w = {})
{
    const resolved r = resolve(text, w);
    if (!r.ec) return r.diag.empty() ? "ok" : "diagnostics without error";
    EXPECT_TRUE(r.diag.safe_to_retry());
    EXPECT_TRUE(r.settings.hosts.empty()) << "changed on failure";
    if (r.ec == errc::invalid_conninfo) return "invalid: " + r.why();
    if (r.ec == errc::unsupported_parameter) return "unsupported: " + r.why();
    return r.ec.message();
}

bool starts(const std::string& text, std::string_view with) { return text.starts_with(with); }

std::string shown_hosts(const std::string& text, const world& w = {})
{
    const resolved r = resolve(text, w);
    if (r.ec) return r.why();
    std::string out;
    for (const auto& target : r.settings.hosts) out += (out.empty() ? "" : " | ") + target.display();
    return out;
}

TEST(conninfo_resolve, nothing_given)
{
    const resolved r = resolve("");
    ASSERT_FALSE(r.ec) << r.why();
    const conn::settings& s = r.settings;
    ASSERT_EQ(s.hosts.size(), 1U);
    EXPECT_TRUE(s.hosts[0].unix_socket);
    EXPECT_EQ(s.hosts[0].path, "/var/run/postgresql/.s.PGSQL.5432");
    EXPECT_EQ(s.user, "ada");
    EXPECT_EQ(s.dbname, "ada");
    EXPECT_TRUE(s.password.empty());
    EXPECT_EQ(s.application_name, "");
    EXPECT_EQ(s.client_encoding, "UTF8");
    EXPECT_EQ(s.connect_timeout, 0ms);
    EXPECT_TRUE(s.keepalives);
    EXPECT_EQ(s.tls.mode, tls_mode::prefer);
    EXPECT_EQ(s.min_protocol, 3U << 16);
    EXPECT_EQ(s.max_protocol, 3U << 16);
    EXPECT_FALSE(s.require_auth.given());
    EXPECT_FALSE(s.load_balance_random);
    EXPECT_TRUE(s.startup_gucs.empty());
}

TEST(conninfo_resolve, host_lists)
{
    EXPECT_EQ(shown_hosts("host=db"), "db:5432");
    EXPECT_EQ(shown_hosts("host=a,b"), "a:5432 | b:5432");
    EXPECT_EQ(shown_hosts("host=a,b port=1"), "a:1 | b:1");
    EXPECT_EQ(shown_hosts("host=a,b port=1,2"), "a:1 | b:2");
    EXPECT_EQ(shown_hosts("host=a,b port=,2"), "a:5432 | b:2");
    EXPECT_EQ(shown_hosts("host=a,,/srv port=1,2,3"),
              "a:1 | /var/run/postgresql/.s.PGSQL.2 | /srv/.s.PGSQL.3");
    EXPECT_EQ(shown_hosts("host=@name"), "@name/.s.PGSQL.5432");
    EXPECT_EQ(shown_hosts("hostaddr=127.0.0.1,::1"), "127.0.0.1:5432 | [::1]:5432");
    EXPECT_EQ(shown_hosts("host=a,b hostaddr=10.0.0.1,"), "a (10.0.0.1):5432 | b:5432");
    EXPECT_EQ(shown_hosts("host=/srv hostaddr=10.0.0.1"), "/srv (10.0.0.1):5432");
    EXPECT_EQ(shown_hosts("host='' hostaddr=10.0.0.1,10.0.0.2"), "10.0.0.1:5432 | 10.0.0.2:5432");
    EXPECT_EQ(shown_hosts("hostaddr=fe80::1%eth0 port=' 7 '"), "[fe80::1%eth0]:7");
    EXPECT_FALSE(resolve("host=/srv hostaddr=10.0.0.1").settings.hosts[0].unix_socket);
}

TEST(conninfo_resolve, hosts_that_do_not_fit)
{
    EXPECT_EQ(verdict("host=a,b port=1,2,3"), "invalid: 3 ports for 2 hosts");
    EXPECT_EQ(verdict("host=a port=1,2"), "invalid: 2 ports for 1 hosts");
    EXPECT_EQ(verdict("host=a,b hostaddr=10.0.0.1"), "invalid: 2 hosts for 1 values of hostaddr");
    for (const char* text : {"port=0", "port=65536", "port=x", "port=5432x", "port=-1", "port=99999999999",
                             "port='5 4'", "port=' '", "port=0x10", "host=a,b port=1,x"})
        EXPECT_EQ(verdict(text), "invalid: port is not a number from 1 to 65535") << text;
    for (const char* text : {"hostaddr=db", "hostaddr=300.1.1.1", "hostaddr=[::1]", "hostaddr=/tmp",
                             "hostaddr=::1%", "hostaddr=' 10.0.0.1'", "hostaddr=127.0.0.1:5432"})
        EXPECT_TRUE(starts(verdict(text), "invalid: hostaddr: ")) << text;
    world w;
    w.variables["PGPORT"] = "x";
    EXPECT_EQ(verdict("", w), "invalid: port (from PGPORT) is not a number from 1 to 65535");
}

TEST(conninfo_resolve, a_socket_path_must_fit_its_address)
{
    const std::string fits = "/" + std::string(107 - 1 - std::string("/.s.PGSQL.5432").size(), 'x');
    EXPECT_EQ(resolve("host=" + fits).settings.hosts.at(0).path.size(), 107U);
    EXPECT_TRUE(starts(verdict("host=" + fits + "x"), "invalid: the path of the unix socket"));
    EXPECT_EQ(verdict("host=" + std::string(300, 'h')), "ok"); // the look-up decides
}

TEST(conninfo_resolve, connect_timeout)
{
    const auto ms = [](const std::string& v) {
        const resolved r = resolve("connect_timeout='" + v + "'");
        return r.ec ? std::chrono::milliseconds(-1) : r.settings.connect_timeout;
    };
    EXPECT_EQ(ms("3"), 3000ms);
    EXPECT_EQ(ms("1"), 1000ms);
    EXPECT_EQ(ms("0"), 0ms);
    EXPECT_EQ(ms("-5"), 0ms);
    EXPECT_EQ(ms(" +10\t"), 10'000ms);
    EXPECT_EQ(ms("2147483647"), 2'147'483'647'000ms);
    for (const char* bad : {"", " ", "x", "1x", "1.5", "2147483648", "+-1", "+", "--1", "0x1", "1 2"})
        EXPECT_EQ(ms(bad), -1ms) << bad;
    EXPECT_EQ(verdict("connect_timeout=1x"), "invalid: connect_timeout: \"1x\" is not an integer");
}

TEST(conninfo_resolve, keepalives)
{
    const auto s = resolve("keepalives=0 keepalives_idle=10 keepalives_interval=-1 keepalives_count=3 "
                           "tcp_user_timeout=5000")
                       .settings;
    EXPECT_FALSE(s.keepalives);
    EXPECT_EQ(s.keepalives_idle, 10);
    EXPECT_EQ(s.keepalives_interval, 0);
    EXPECT_EQ(s.keepalives_count, 3);
    EXPECT_EQ(s.tcp_user_timeout, 5000);
    for (const char* keyword : {"keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count",
                                "tcp_user_timeout", "connect_timeout"})
        EXPECT_EQ(verdict(std::string(keyword) + "=yes"),
                  std::string("invalid: ") + keyword + ": \"yes\" is not an integer");
}

TEST(conninfo_resolve, texts_of_the_startup_message)
{
    auto s = resolve("user=u dbname=d options='-c a=b' fallback_application_name=psql password=p").settings;
    EXPECT_EQ(s.user, "u");
    EXPECT_EQ(s.dbname, "d");
    EXPECT_EQ(s.options, "-c a=b");
    EXPECT_EQ(s.application_name, "psql");
    EXPECT_EQ(s.password.view(), "p");
    s = resolve("application_name=shop fallback_application_name=psql").settings;
    EXPECT_EQ(s.application_name, "shop");
}

TEST(conninfo_resolve, startup_gucs_from_the_environment)
{
    world w;
    w.variables = {{"PGDATESTYLE", "ISO, DMY"}, {"PGTZ", "Europe/Berlin"}, {"PGGEQO", "DEFAULT"}};
    const std::vector<std::pair<std::string, std::string>> expected{{"datestyle", "ISO, DMY"},
                                                                    {"timezone", "Europe/Berlin"}};
    EXPECT_EQ(resolve("", w).settings.startup_gucs, expected);
}

TEST(conninfo_resolve, a_user_is_needed)
{
    world w;
    w.user.clear();
    EXPECT_TRUE(starts(verdict("", w), "invalid: no user is given"));
    EXPECT_EQ(verdict("user=x", w), "ok");
}

TEST(conninfo_resolve, client_encoding_is_utf8)
{
    for (const char* good : {"UTF8", "utf8", "UTF-8", "utf_8", "Unicode", "auto", ""})
        EXPECT_EQ(verdict(std::string("client_encoding='") + good + "'"), "ok") << good;
    world w;
    w.variables["PGCLIENTENCODING"] = "LATIN1";
    EXPECT_EQ(verdict("", w),
              "unsupported: client_encoding (from PGCLIENTENCODING): \"LATIN1\" is not supported; "
              "tusk always speaks UTF8");
}

TEST(conninfo_resolve, values_that_work)
{
    for (const char* text : {"sslmode=disable",
                             "sslmode=allow",
                             "sslmode=prefer",
                             "sslmode=require",
                             "sslmode=verify-ca",
                             "sslmode=verify-full",
                             "channel_binding=disable",
                             "channel_binding=require",
                             "sslnegotiation=direct sslmode=require",
                             "sslrootcert=system",
                             "sslcertmode=require",
                             "gssencmode=prefer",
                             "target_session_attrs=any",
                             "target_session_attrs=read-write",
                             "target_session_attrs=prefer-standby",
                             "load_balance_hosts=random",
                             "replication=database",
                             "replication=''",
                             "min_protocol_version=3.0",
                             "max_protocol_version=latest",
                             "sslcertmode=disable",
                             "sslrootcert=/x",
                             "ssl_min_protocol_version=tlsv1.3",
                             "ssl_max_protocol_version=''",
                             "oauth_issuer=''",
                             "sslsni=0",
                             "requirepeer=postgres",
                             "sslkeylogfile=/x",
                             "krbsrvname=x",
                             "gssdelegation=1",
                             "sslcompression=1"})
        EXPECT_EQ(verdict(std::string("host=h ") + text), "ok") << text;
    EXPECT_TRUE(resolve("load_balance_hosts=random").settings.load_balance_random);
    EXPECT_EQ(resolve("replication=database").settings.replication, "database");
    EXPECT_EQ(resolve("").settings.target, session_kind::any);
    EXPECT_EQ(resolve("target_session_attrs=read-write").settings.target, session_kind::read_write);
    EXPECT_EQ(resolve("target_session_attrs=read-only").settings.target, session_kind::read_only);
    EXPECT_EQ(resolve("target_session_attrs=primary").settings.target, session_kind::primary);
    EXPECT_EQ(resolve("target_session_attrs=standby").settings.target, session_kind::standby);
    EXPECT_EQ(resolve("target_session_attrs=prefer-standby").settings.target, session_kind::prefer_standby);
    EXPECT_EQ(resolve("max_protocol_version=3.2").settings.max_protocol, (3U << 16) + 2);
    EXPECT_EQ(resolve("max_protocol_version=3.0").settings.max_protocol, 3U << 16);
}

TEST(conninfo_resolve, what_this_build_lacks)
{
    EXPECT_EQ(verdict("host=h gssencmode=require"),
              tusk::auth::gss_client::built()
                  ? "ok"
                  : "unsupported: gssencmode: \"require\" needs GSSAPI, which this build of tusk does not "
                    "have; the build option is TUSK_GSSAPI");
}

TEST(conninfo_resolve, protocol_versions)
{
    constexpr std::uint32_t first = 0x00030000, latest = 0x00030002;
    struct {
        const char* text;
        std::uint32_t oldest, newest;
    } const rows[] = {
        {"", first, first},
        {"min_protocol_version=3.0", first, first},
        {"max_protocol_version=3.2", first, latest},
        {"min_protocol_version=3.0 max_protocol_version=latest", first, latest},
        {"min_protocol_version=3.2", latest, latest}, // raises the upper bound that is not given
        {"min_protocol_version=latest", latest, latest},
        {"min_protocol_version=latest max_protocol_version=3.2", latest, latest},
    };
    for (const auto& row : rows) {
        const auto r = resolve(row.text);
        EXPECT_EQ(r.settings.min_protocol, row.oldest) << row.text;
        EXPECT_EQ(r.settings.max_protocol, row.newest) << row.text;
    }
}

TEST(conninfo_resolve, scram_keys)
{
    const std::string client = "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI="; // 32 times 'B'
    const std::string server = "Y2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2M="; // 32 times 'c'
    const auto r = resolve("scram_client_key=" + client + " scram_server_key=" + server);
    EXPECT_EQ(r.settings.scram_keys.client.view(), std::string(32, 'B'));
    EXPECT_EQ(r.settings.scram_keys.server.view(), std::string(32, 'c'));
    EXPECT_FALSE(resolve("scram_client_key=''").settings.scram_keys.given());
    for (const std::string& wrong :
         {std::string("sesame"), client.substr(0, 40), client + "QkJC", client + ' '}) {
        EXPECT_EQ(verdict("scram_client_key='" + wrong + "'"),
                  "invalid: scram_client_key is not base64 of 32 bytes");
        EXPECT_EQ(verdict("scram_server_key='" + wrong + "'"),
                  "invalid: scram_server_key is not base64 of 32 bytes");
    }
}

TEST(conninfo_resolve, oauth)
{
    const auto usual = resolve("oauth_issuer=https://id.example/a oauth_client_id=till oauth_client_secret=s "
                               "oauth_scope='openid db'")
                           .settings.oauth;
    EXPECT_EQ(usual.issuer, "https://id.example/a");
    EXPECT_EQ(usual.discovery_url, "https://id.example/a/.well-known/openid-configuration");
    EXPECT_EQ(usual.client_id, "till");
    EXPECT_EQ(usual.client_secret.view(), "s");
    EXPECT_EQ(usual.scope, "openid db");
    const auto whole =
        resolve("oauth_issuer=https://id.example/a/.well-known/oauth-authorization-server").settings.oauth;
    EXPECT_EQ(whole.issuer, "https://id.example/a");
    EXPECT_EQ(whole.discovery_url, "https://id.example/a/.well-known/oauth-authorization-server");
    EXPECT_TRUE(resolve("").settings.oauth.discovery_url.empty());
}

TEST(conninfo_resolve, tls)
{
    const auto tls = [](const std::string& text) { return resolve(text).settings.tls; };
    const tls_settings usual = tls("host=h");
    EXPECT_EQ(usual.root.path, "/home/ada/.postgresql/root.crt");
    EXPECT_FALSE(usual.root.named);
    EXPECT_EQ(usual.crl.path, "/home/ada/.postgresql/root.crl");
    EXPECT_EQ(usual.certificate.path, "/home/ada/.postgresql/postgresql.crt");
    EXPECT_EQ(usual.key.path, "/home/ada/.postgresql/postgresql.key");
    EXPECT_EQ(usual.lowest_version, "TLSv1.2");
    EXPECT_EQ(usual.client_certificate, wish::allow);
    EXPECT_TRUE(usual.server_name);
    EXPECT_FALSE(usual.direct);

    const tls_settings given =
        tls("host=h sslmode=verify-ca sslnegotiation=direct sslrootcert=/r sslcrl=/l sslcrldir=/d "
            "sslcert=/c sslkey=/k sslpassword=p sslcertmode=require sslsni=0 sslkeylogfile=/g "
            "ssl_max_protocol_version=TLSv1.3");
    EXPECT_EQ(given.mode, tls_mode::verify_ca);
    EXPECT_TRUE(given.direct);
    EXPECT_EQ(given.root.path, "/r");
    EXPECT_TRUE(given.root.named);
    EXPECT_EQ(given.crl.path, "/l");
    EXPECT_EQ(given.crl_directory, "/d");
    EXPECT_EQ(given.certificate.path, "/c");
    EXPECT_EQ(given.key.path, "/k");
    EXPECT_EQ(given.key_password.view(), "p");
    EXPECT_EQ(given.client_certificate, wish::require);
    EXPECT_FALSE(given.server_name);
    EXPECT_EQ(given.key_log, "/g");
    EXPECT_EQ(given.highest_version, "TLSv1.3");

    EXPECT_TRUE(
        tls("host=h sslcrldir=/d").crl.path.empty()); // the directory takes the place of the usual file
    EXPECT_TRUE(tls("host=h sslrootcert=system").system_roots);
    EXPECT_EQ(tls("host=h sslrootcert=system").mode, tls_mode::verify_full);
    EXPECT_EQ(resolve("host=h channel_binding=require").settings.channel_binding, wish::require);
}

TEST(conninfo_resolve, unix_sockets_never_use_tls)
{
    EXPECT_EQ(verdict("host=/srv sslmode=verify-full"), "ok");
    EXPECT_EQ(resolve("host=/srv requirepeer=postgres").settings.require_peer, "postgres");
    EXPECT_TRUE(starts(verdict("host=/srv sslmode=nonsense"), "invalid: sslmode"));
}

TEST(conninfo_resolve, values_that_are_wrong)
{
    EXPECT_EQ(verdict("sslmode=Prefer"),
              "invalid: sslmode: \"Prefer\" is not one of disable, allow, prefer, require, "
              "verify-ca, verify-full");
    for (const char* text : {"sslmode=''",
                             "sslmode=verify",
                             "sslmode='allow prefer'",
                             "channel_binding=x",
                             "gssencmode=x",
                             "sslnegotiation=x",
                             "sslcertmode=x",
                             "target_session_attrs=x",
                             "load_balance_hosts=yes",
                             "min_protocol_version=3.1",
                             "max_protocol_version=3.1",
                             "max_protocol_version=LATEST",
                             "ssl_min_protocol_version=SSLv3",
                             "ssl_max_protocol_version=1.2",
                             "ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2",
                             "min_protocol_version=3.2 max_protocol_version=3.0",
                             "sslnegotiation=direct",
                             "sslnegotiation=direct host=h",
                             "sslrootcert=system sslmode=require",
                             "sslmode=require channel_binding=x host=h"})
        EXPECT_TRUE(starts(verdict(text), "invalid: ")) << text << " is " << verdict(text);
}

TEST(conninfo_resolve, require_auth)
{
    const auto policy = [](const std::string& v) {
        return resolve("require_auth=" + v).settings.require_auth;
    };
    const auto any = policy("''");
    EXPECT_FALSE(any.given());
    EXPECT_TRUE(any.allows(auth_method::none));
    EXPECT_TRUE(any.allows(auth_method::password));
    EXPECT_FALSE(any.explicit_(auth_method::password));

    const auto some = policy("scram-sha-256,md5");
    EXPECT_TRUE(some.given());
    EXPECT_TRUE(some.allows(auth_method::scram_sha_256));
    EXPECT_TRUE(some.explicit_(auth_method::md5));
    for (const auto m :
         {auth_method::none, auth_method::password, auth_method::gss, auth_method::sspi, auth_method::oauth})
        EXPECT_FALSE(some.allows(m));

    const auto but = policy("!password,!none");
    EXPECT_TRUE(but.given());
    EXPECT_FALSE(but.allows(auth_method::password));
    EXPECT_FALSE(but.allows(auth_method::none));
    EXPECT_TRUE(but.allows(auth_method::md5));
    EXPECT_FALSE(but.explicit_(auth_method::md5));

    EXPECT_TRUE(policy("none").allows(auth_method::none));
    EXPECT_FALSE(policy("none").allows(auth_method::md5));
    EXPECT_TRUE(policy("gss,sspi,oauth,password,md5,scram-sha-256,none").allows(auth_method::oauth));
    EXPECT_TRUE(policy("password").explicit_(auth_method::password));
}

TEST(conninfo_resolve, require_auth_errors)
{
    for (const char* value : {"foo", "md5,", ",", "md5,!password", "!md5,password", "md5,md5", "!md5,!md5",
                              "MD5", "'md5, password'", "!", "!!md5", "scram-sha-256-plus"})
        EXPECT_TRUE(starts(verdict(std::string("require_auth=") + value), "invalid: require_auth: "))
            << value;
    EXPECT_EQ(verdict("require_auth=md5,md5"), "invalid: require_auth: \"md5\" is given twice");
}

TEST(conninfo_resolve, a_service_is_named_in_errors)
{
    world w;
    w.file("/home/ada/.pg_service.conf", "[s]\nsslmode=x\n");
    EXPECT_TRUE(starts(verdict("service=s", w), "invalid: sslmode (from the service file): \"x\""));
    EXPECT_EQ(verdict("service=t", w), "invalid: no service file defines the service \"t\"");
}

TEST(conninfo_resolve, no_message_holds_a_password)
{
    for (const char* text :
         {"password=sesame port=x", "password=sesame sslmode=x", "postgres://u:sesame@h?port=0",
          "sslpassword=sesame require_auth=x", "postgres://u:123456/sesame@h"}) {
        const std::string v = verdict(text);
        EXPECT_TRUE(starts(v, "invalid")) << v;
        EXPECT_EQ(v.find("sesame"), std::string::npos);
        EXPECT_EQ(v.find("123456"), std::string::npos);
    }
}

} // namespace
} // namespace tusk
