// Distributed under the Boost Software License, Version 1.0.
// Precedence, defaults and the service file.
#include "conninfo/merge.hpp"
#include "conninfo/service_file.hpp"
#include "conninfo_world.hpp"

#include <gtest/gtest.h>

namespace tusk {
namespace {

using source = conninfo::source;
using test::world;

/// "value source" of a parameter after merging; "unset" when it is.
std::string merged(const std::string& text, const world& w, std::string_view keyword)
{
    conninfo out;
    if (const conn::failure why = conn::merge(conninfo::parse(text), w.environment(), out))
        return why.message();
    for (const auto& e : out.list()) {
        if (e.keyword != keyword) continue;
        const char* const names[] = {"explicit", "service", "environment", "passfile", "default"};
        return std::string(out.get(keyword)) + ' ' + names[static_cast<int>(e.source)];
    }
    return "unset";
}

TEST(conninfo_merge, explicit_over_service_over_environment_over_default)
{
    world w;
    EXPECT_EQ(merged("", w, "port"), "5432 default");
    w.variables["PGPORT"] = "1";
    EXPECT_EQ(merged("", w, "port"), "1 environment");
    w.file("/home/ada/.pg_service.conf", "[s]\nport=2\n");
    EXPECT_EQ(merged("", w, "port"), "1 environment");
    EXPECT_EQ(merged("service=s", w, "port"), "2 service");
    EXPECT_EQ(merged("service=s port=3", w, "port"), "3 explicit");
    w.variables["PGSERVICE"] = "s";
    EXPECT_EQ(merged("", w, "port"), "2 service");
    EXPECT_EQ(merged("service=''", w, "port"), "1 environment");
}

TEST(conninfo_merge, every_variable_is_read)
{
    const std::pair<const char*, const char*> all[] = {
        {"user", "PGUSER"},
        {"password", "PGPASSWORD"},
        {"passfile", "PGPASSFILE"},
        {"channel_binding", "PGCHANNELBINDING"},
        {"connect_timeout", "PGCONNECT_TIMEOUT"},
        {"dbname", "PGDATABASE"},
        {"host", "PGHOST"},
        {"hostaddr", "PGHOSTADDR"},
        {"port", "PGPORT"},
        {"client_encoding", "PGCLIENTENCODING"},
        {"options", "PGOPTIONS"},
        {"application_name", "PGAPPNAME"},
        {"sslmode", "PGSSLMODE"},
        {"sslnegotiation", "PGSSLNEGOTIATION"},
        {"sslcompression", "PGSSLCOMPRESSION"},
        {"sslcert", "PGSSLCERT"},
        {"sslkey", "PGSSLKEY"},
        {"sslcertmode", "PGSSLCERTMODE"},
        {"sslrootcert", "PGSSLROOTCERT"},
        {"sslcrl", "PGSSLCRL"},
        {"sslcrldir", "PGSSLCRLDIR"},
        {"sslsni", "PGSSLSNI"},
        {"requirepeer", "PGREQUIREPEER"},
        {"require_auth", "PGREQUIREAUTH"},
        {"min_protocol_version", "PGMINPROTOCOLVERSION"},
        {"max_protocol_version", "PGMAXPROTOCOLVERSION"},
        {"ssl_min_protocol_version", "PGSSLMINPROTOCOLVERSION"},
        {"ssl_max_protocol_version", "PGSSLMAXPROTOCOLVERSION"},
        {"gssencmode", "PGGSSENCMODE"},
        {"krbsrvname", "PGKRBSRVNAME"},
        {"gsslib", "PGGSSLIB"},
        {"gssdelegation", "PGGSSDELEGATION"},
        {"target_session_attrs", "PGTARGETSESSIONATTRS"},
        {"load_balance_hosts", "PGLOADBALANCEHOSTS"}};
    world w;
    for (const auto& [keyword, variable] : all) w.variables[variable] = std::string("v") + keyword;
    for (const auto& [keyword, variable] : all)
        EXPECT_EQ(merged("", w, keyword), std::string("v") + keyword + " environment");
}

TEST(conninfo_merge, an_empty_value_keeps_the_environment_out)
{
    world w;
    w.variables = {{"PGHOST", "elsewhere"}, {"PGAPPNAME", ""}};
    EXPECT_EQ(merged("host=''", w, "host"), " explicit");
    EXPECT_EQ(merged("", w, "application_name"), " environment");
}

TEST(conninfo_merge, user_and_database_follow_each_other)
{
    world w;
    EXPECT_EQ(merged("", w, "user"), "ada default");
    EXPECT_EQ(merged("", w, "dbname"), "ada default");
    EXPECT_EQ(merged("user=grace", w, "dbname"), "grace default");
    EXPECT_EQ(merged("user='' dbname=''", w, "user"), "ada default");
    EXPECT_EQ(merged("user='' dbname=''", w, "dbname"), "ada default");
    w.user.clear();
    EXPECT_EQ(merged("", w, "user"), "unset");
}

TEST(conninfo_merge, the_default_host_is_a_socket_directory)
{
    world w;
    EXPECT_EQ(merged("", w, "host"), "/var/run/postgresql default");
    EXPECT_EQ(merged("hostaddr=::1", w, "host"), "unset");
    w.directory = "/elsewhere";
    EXPECT_EQ(merged("", w, "host"), "/tmp default");
}

TEST(conninfo_merge, the_systems_certificates_force_verify_full)
{
    world w;
    EXPECT_EQ(merged("", w, "sslmode"), "prefer default");
    EXPECT_EQ(merged("sslrootcert=system", w, "sslmode"), "verify-full default");
    w.variables["PGSSLMODE"] = "allow";
    EXPECT_EQ(merged("sslrootcert=system", w, "sslmode"), "allow environment");
}

TEST(conninfo_merge, without_any_world)
{
    conninfo out;
    EXPECT_FALSE(conn::merge(conninfo::parse("user=a"), conn::environment(), out));
    EXPECT_EQ(out.get("port"), "5432");
    EXPECT_TRUE(conn::merge(conninfo::parse("service=s"), conn::environment(), out));
}

TEST(conninfo_service, files_in_order)
{
    world w;
    w.variables["PGSYSCONFDIR"] = "/sys";
    w.file("/sys/pg_service.conf", "[s]\nport=1\n[t]\nport=9\n");
    EXPECT_EQ(merged("service=s", w, "port"), "1 service");
    w.file("/home/ada/.pg_service.conf", "[s]\nport=2\n");
    EXPECT_EQ(merged("service=s", w, "port"), "2 service");
    EXPECT_EQ(merged("service=t", w, "port"), "9 service"); // not in the first file
    w.file("/named", "[s]\nport=3\n");
    w.variables["PGSERVICEFILE"] = "/named";
    EXPECT_EQ(merged("service=s", w, "port"), "3 service");
    EXPECT_EQ(merged("service=t", w, "port"), "9 service"); // the home directory's is passed over
    EXPECT_EQ(merged("service=u", w, "port"), "no service file defines the service \"u\"");

    world debian;
    debian.file("/etc/postgresql-common/pg_service.conf", "[s]\nport=4\n");
    EXPECT_EQ(merged("service=s", debian, "port"), "4 service");
}

TEST(conninfo_service, files_that_cannot_be_read)
{
    world w;
    w.variables["PGSERVICEFILE"] = "/named";
    EXPECT_EQ(merged("service=s", w, "port"), "service file \"/named\" does not exist");
    using state = conn::file_content::state;
    w.files["/named"] = {state::not_regular, 0, {}};
    EXPECT_EQ(merged("service=s", w, "port"), "service file \"/named\" is not a regular file");
    w.files["/named"] = {state::unreadable, 0, {}};
    EXPECT_EQ(merged("service=s", w, "port"), "service file \"/named\" cannot be read");
    w.files["/named"] = {state::too_large, 0, {}};
    EXPECT_EQ(merged("service=s", w, "port"), "service file \"/named\" is too large");
}

TEST(conninfo_service, sections)
{
    world w;
    w.file("/home/ada/.pg_service.conf",
           "# a comment\r\n"
           "port=7\r\n" // before any section: nobody's
           "\r\n"
           "[ss]\r\nport=8\r\n"
           "  [s] \r\n"
           "  host=a b \r\n"
           "\t# another\r\n"
           "dbname=x=y\r\n"
           "user=\r\n"
           "user=second\r\n"
           "[other]\r\n"
           "port=9\r\n"
           "[s]\r\n"
           "port=10\r\n");
    EXPECT_EQ(merged("service=s", w, "host"), "a b service");
    EXPECT_EQ(merged("service=s", w, "dbname"), "x=y service");
    EXPECT_EQ(merged("service=s", w, "user"), "ada default");  // the first line counts, and it is empty
    EXPECT_EQ(merged("service=s", w, "port"), "5432 default"); // only the first section of a name
    EXPECT_EQ(merged("service=ss", w, "port"), "8 service");
}

TEST(conninfo_service, malformed_files)
{
    const auto why = [](std::string text) {
        world w;
        w.file("/home/ada/.pg_service.conf", std::move(text));
        return merged("service=s", w, "nothing");
    };
    const std::string where = "service file \"/home/ada/.pg_service.conf\", line ";
    EXPECT_EQ(why("[s]\n\nsesame"), "missing \"=\" in " + where + "3");
    EXPECT_EQ(why("[s]\nsesame=1"), "unknown connection parameter in " + where + "2");
    EXPECT_EQ(why("[s]\nport =1"), "unknown connection parameter in " + where + "2"); // as libpq
    EXPECT_EQ(why("[s]\nservice=t"), "a service cannot refer to another service, in " + where + "2");
    EXPECT_EQ(why(std::string("[s]\nport=\0", 10)), "NUL byte in " + where + "2");
    EXPECT_EQ(why("[t]\nnonsense\n[s]\nport=1"), "unset"); // other sections are not looked at
    EXPECT_EQ(why("[s"), "no service file defines the service \"s\"");
    EXPECT_EQ(why("[s] # no\n"), "unset");
}

} // namespace
} // namespace tusk
