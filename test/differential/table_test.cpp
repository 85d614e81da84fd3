// Distributed under the Boost Software License, Version 1.0.
// Every parameter with good, bad and odd values, in both syntaxes and from the environment; then the files.
#include "stage.hpp"

#include "conninfo/parameters.hpp"

#include <gtest/gtest.h>

#include <string_view>

namespace tusk::test {
namespace {

/// The two agree, or differ as the documentation says.
void expect_alike(const std::string& text)
{
    const verdict theirs = libpq::loaded().ask(text), ours = ask_tusk(text);
    const std::string d = difference(theirs, ours);
    if (!d.empty() && !different_on_purpose(theirs, ours)) ADD_FAILURE() << text << "\n" << d;
}

constexpr std::string_view common_values[] = {
    "",        "x",        "0",       "1",       "-1",          " 5 ",    "99999999999", "1x",
    "0x1",     "a,b",      ",",       "1,2,3",   "true",        "on",     "yes",         "database",
    "disable", "allow",    "prefer",  "require", "verify-full", "system", "direct",      "postgres",
    "random",  "any",      "standby", "3.0",     "3.1",         "3.2",    "latest",      "TLSv1.1",
    "tlsv1.3", "SSLv3",    "auto",    "utf-8",   "md5",         "!md5",   "md5,!none",   "md5,md5",
    "md5,",    "none,gss", "/tmp",    "@x",      "127.0.0.1",   "::1",    "it's \\ so",  "\xc3\xa4",
    "Prefer",  "https://a"};

std::string quoted(std::string_view value)
{
    std::string out = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') out += '\\';
        out += c;
    }
    return out + '\'';
}

std::string encoded(std::string_view value)
{
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    for (const char c : value) {
        const auto b = static_cast<unsigned char>(c);
        out.append(1, '%').append(1, digits[b / 16]).append(1, digits[b % 16]);
    }
    return out;
}

TEST(conninfo_differential, every_parameter_in_both_syntaxes_and_from_the_environment)
{
    stage s;
    for (const conn::parameter& row : conn::parameters) {
        if (row.keyword == "service") continue; // below
        const std::string keyword(row.keyword);
        for (const std::string_view value : common_values) {
            expect_alike(keyword + "=" + quoted(value));
            expect_alike("host=127.0.0.1 " + keyword + " = " + quoted(value));
            expect_alike("postgresql://ada@127.0.0.1/shop?" + keyword + "=" + encoded(value));
            if (row.variable.empty()) continue;
            s.clear();
            s.variable(std::string(row.variable), std::string(value));
            expect_alike("");
            expect_alike(keyword + "=''");
            s.clear();
        }
    }
}

TEST(conninfo_differential, syntax)
{
    stage s;
    for (const char* text : {"",
                             " ",
                             "user",
                             "user=",
                             "user =ada",
                             "user= ada",
                             "user\t=\nada",
                             "user=a\\",
                             "user=a\\ b",
                             "user='a",
                             "user='a'b",
                             "user='a'dbname=b",
                             "user='a\\'b'",
                             "user=a'b'",
                             "=x",
                             "us er=a",
                             "USER=ada",
                             "user=a user=b",
                             "user=a user=''",
                             "uzer=a",
                             "user==a",
                             "user=a=b",
                             "user=a,b",
                             "postgres:",
                             "postgres:/",
                             "postgres://",
                             "postgresql://",
                             "POSTGRES://h",
                             " postgres://h",
                             "postgres://h",
                             "postgres://h:",
                             "postgres://h:1",
                             "postgres://:1",
                             "postgres://h:x",
                             "postgres://h/",
                             "postgres://h/d",
                             "postgres://h/d/e",
                             "postgres:///d",
                             "postgres://u@h",
                             "postgres://u:p@h",
                             "postgres://u:@h",
                             "postgres://:p@h",
                             "postgres://@h",
                             "postgres://u@",
                             "postgres://u:p:q@h",
                             "postgres://u:p%40@h",
                             "postgres://u:p%@h",
                             "postgres://u:p%4@h",
                             "postgres://u:p%00@h",
                             "postgres://u%zz@h",
                             "postgres://h1,h2",
                             "postgres://h1:1,h2:2",
                             "postgres://h1,h2:2",
                             "postgres://h1:1,h2",
                             "postgres://,",
                             "postgres://h1,,h2",
                             "postgres://[::1]",
                             "postgres://[::1]:1",
                             "postgres://[::1",
                             "postgres://[]",
                             "postgres://[::1]x",
                             "postgres://::1",
                             "postgres://[::1],[::1]:2/d",
                             "postgres://%2Ftmp/d",
                             "postgres://%2Ftmp:1/d",
                             "postgres://h?",
                             "postgres://h?&",
                             "postgres://h?a",
                             "postgres://h?user",
                             "postgres://h?user=",
                             "postgres://h?user=a&",
                             "postgres://h?user=a&&dbname=b",
                             "postgres://h?user=a=b",
                             "postgres://h?user=a%3Db",
                             "postgres://h?%75ser=a",
                             "postgres://h?uzer=a",
                             "postgres://h?ssl=true",
                             "postgres://h?ssl=false",
                             "postgres://h?ssl=1",
                             "postgres://h?user=a+b",
                             "postgres://h?user=a#b",
                             "postgres://h?user=a b",
                             "postgres://h?user= a ",
                             "postgres://h?host=i",
                             "postgres://h/d?dbname=e",
                             "postgres://h/d%20e",
                             "postgres://h/d e",
                             "postgres://h?sslmode=require&sslmode=disable",
                             "host=h1,h2 port=1",
                             "host=h1,h2 port=1,2",
                             "host=h1,h2 port=1,2,3",
                             "host=h1,h2 port=,",
                             "host=h port=1,2",
                             "host=h1,h2 hostaddr=127.0.0.1",
                             "host=h1,h2 hostaddr=127.0.0.1,",
                             "hostaddr=127.0.0.1,::1 port=1,2",
                             "hostaddr=name",
                             "host=h port=0",
                             "host=h port=65535",
                             "host=h port=65536",
                             "host=h port=-1",
                             "host=h port=' 1 '",
                             "host=h port=+1",
                             "sslmode=prefer sslnegotiation=direct",
                             "sslmode=require sslnegotiation=direct",
                             "sslrootcert=system",
                             "sslrootcert=system sslmode=verify-ca",
                             "sslrootcert=system sslmode=verify-full",
                             "channel_binding=require sslmode=disable",
                             "sslcertmode=require sslmode=disable",
                             "ssl_min_protocol_version=TLSv1.3 ssl_max_protocol_version=TLSv1.2",
                             "ssl_min_protocol_version='' ssl_max_protocol_version=TLSv1",
                             "ssl_max_protocol_version=TLSv1",
                             "min_protocol_version=3.2 max_protocol_version=3.0",
                             "min_protocol_version=latest max_protocol_version=3.2",
                             "max_protocol_version=3.0",
                             "user='' dbname=''",
                             "dbname=postgres://h/d",
                             "dbname='host=h'"})
        expect_alike(text);
}

TEST(conninfo_differential, service_files)
{
    stage s;
    for (const char* file : {"",
                             "[s]",
                             "[s]\n",
                             "[t]\nhost=t\n",
                             "[s]\nhost=h\nport=1\n",
                             "[s]\r\nhost=h\r\nport=1\r\n",
                             "[s]\nhost=h\n[t]\nhost=t\n",
                             "[t]\nhost=t\n[s]\nhost=h\n",
                             "[s]\nhost=h\nhost=i\n",
                             "[s]\nhost=h\n[s]\nport=1\n",
                             "[s]\nservice=t\n",
                             "[t]\nservice=s\n[s]\nhost=h\n",
                             "[s]\nuzer=a\n",
                             "[t]\nuzer=a\n[s]\nhost=h\n",
                             "[s]\nhost\n",
                             "[s]\nhost =h\n",
                             "[s]\nhost= h\n",
                             "[s]\n  host=h  \n",
                             "# c\n[s]\n# c\nhost=h\n",
                             "[s]\n;host=h\n",
                             "[s] x\nhost=h\n",
                             " [s]\nhost=h\n",
                             "[s\nhost=h\n",
                             "[s]\nuser='a b'\n",
                             "[s]\nuser=a b\n",
                             "[s]\nuser=\n",
                             "host=x\n[s]\nhost=h\n",
                             "[s]\nsslmode=nonsense\n",
                             "[s]\npassword=sesame\n",
                             "[s]\nuser=a=b\n",
                             "[S]\nhost=h\n"})
        for (const char* text :
             {"service=s", "service=s user=given", "postgres:///?service=s", "service=''", "service=none"}) {
            s.clear();
            s.file(".pg_service.conf", file);
            expect_alike(text);
            s.variable("PGUSER", "environment");
            s.variable("PGSERVICE", "s");
            expect_alike(text);
            expect_alike("");
            s.clear();
            s.file("pg_service.conf", file); // of PGSYSCONFDIR
            expect_alike(text);
            s.file("named", file);
            s.variable("PGSERVICEFILE", s.path("named"));
            expect_alike(text);
            s.variable("PGSERVICEFILE", s.path("missing"));
            expect_alike(text);
        }
}

TEST(conninfo_differential, password_files)
{
    stage s;
    for (const unsigned mode : {0600U, 0400U, 0640U, 0604U, 0700U})
        for (const char* file : {"",
                                 "h:5432:d:u:p",
                                 "h:5432:d:u:p\r\n",
                                 "*:*:*:*:p\n",
                                 "*:*:*:*:p\\:q\\\\r\n",
                                 "*:*:*:*:p:q\n",
                                 "*:*:*:*:\n*:*:*:*:p\n",
                                 "#*:*:*:*:x\n*:*:*:*:p\n",
                                 "h:5433:d:u:x\nh:*:d:u:p\n",
                                 "i:*:*:*:second\nh:*:*:*:first\n",
                                 "localhost:*:*:*:local\n",
                                 "127.0.0.1:*:*:*:address\n",
                                 "/tmp:*:*:*:socket\n",
                                 "a\\:b:*:*:*:escaped\n",
                                 "*:*:*:*:p\\\n",
                                 "h:5432:d\n",
                                 "\n\n*:*:*:*:p",
                                 "*:*:d*:*:p\n",
                                 "h:*:\\d:u:p\n",
                                 " h:*:*:*:p\n",
                                 "*:*:*:*: p \n"})
            for (const char* text :
                 {"host=h dbname=d user=u", "host=h,i dbname=d user=u", "host=i,h dbname=d user=u", "user=u",
                  "host=/tmp user=u", "hostaddr=127.0.0.1 user=u", "host=h hostaddr=127.0.0.1 user=u",
                  "host=h user=u password=given", "host=h user=u password=''", "host=h user=a:b",
                  "host=h port=5433 dbname=d user=u"}) {
                s.clear();
                s.file(".pgpass", file, mode);
                expect_alike(text);
                s.clear();
                s.file("named", file, mode);
                s.variable("PGPASSFILE", s.path("named"));
                expect_alike(text);
            }
}

} // namespace
} // namespace tusk::test
