// Distributed under the Boost Software License, Version 1.0.
// The password file.
#include "conninfo/merge.hpp"
#include "conninfo/passfile.hpp"
#include "conninfo_world.hpp"

#include <gtest/gtest.h>

namespace tusk {
namespace {

using test::resolve;
using test::world;

std::string found(std::string_view file)
{
    return conn::find_password(file, {"db", "5432", "shop", "ada"}).str();
}

TEST(conninfo_passfile, lines)
{
    EXPECT_EQ(found("db:5432:shop:ada:sesame"), "sesame");
    EXPECT_EQ(found("db:5432:shop:ada:sesame\n"), "sesame");
    EXPECT_EQ(found("db:5432:shop:ada:sesame\r\n"), "sesame");
    EXPECT_EQ(found("\n\n# x\nother:5432:shop:ada:no\ndb:5432:shop:ada:yes\n*:*:*:*:late\n"), "yes");
    EXPECT_EQ(found("*:*:*:*:any"), "any");
    EXPECT_EQ(found("db:*:shop:*:p"), "p");
    EXPECT_EQ(found(""), "");
    EXPECT_EQ(found("\n"), "");
}

TEST(conninfo_passfile, lines_that_do_not_match)
{
    for (const char* line :
         {"d:5432:shop:ada:p", "dbb:5432:shop:ada:p", "db:5433:shop:ada:p", "db:5432:*x:ada:p", "DB:*:*:*:p",
          "db:5432:shop:ad", "db:5432:shop:ada", "db", "db:", ":::::", "#db:5432:shop:ada:p",
          " db:5432:shop:ada:p", "db:5432:shop:ada\\", "**:*:*:*:p"})
        EXPECT_EQ(found(line), "") << line;
}

TEST(conninfo_passfile, escapes)
{
    EXPECT_EQ(found(R"(d\b:5432:shop:ada:a\:b\\c\d)"), R"(a:b\cd)");
    EXPECT_EQ(found(R"(db:5432:shop:ada:a:b)"), "a"); // a bare ':' ends the password
    EXPECT_EQ(found(R"(db:5432:shop:ada:a\)"), R"(a\)");
    EXPECT_EQ(conn::find_password(R"(\:\:1:1:a\\b:*:p)", {"::1", "1", R"(a\b)", "x"}).view(), "p");
    EXPECT_EQ(conn::find_password("*:1:*:*:p", {"*", "1", "", ""}).view(), "p");
    EXPECT_EQ(conn::find_password(R"(\*:1:*:*:p)", {"other", "1", "", ""}).view(), "");
}

TEST(conninfo_passfile, one_password_for_each_host)
{
    world w;
    w.file("/home/ada/.pgpass", "a:1:shop:ada:pa\n10.0.0.1:2:*:*:pb\n*:3:*:*:pc\n");
    const auto r = resolve("host=a,,b,c hostaddr=,10.0.0.1,, port=1,2,3,4 dbname=shop", w);
    ASSERT_FALSE(r.ec) << r.why();
    ASSERT_EQ(r.settings.hosts.size(), 4U);
    EXPECT_EQ(r.settings.password_for(r.settings.hosts[0]).view(), "pa");
    EXPECT_EQ(r.settings.password_for(r.settings.hosts[1]).view(), "pb"); // no name: by its address
    EXPECT_EQ(r.settings.password_for(r.settings.hosts[2]).view(), "pc");
    EXPECT_EQ(r.settings.password_for(r.settings.hosts[3]).view(), "");
    EXPECT_TRUE(r.settings.warnings.empty());
}

TEST(conninfo_passfile, a_given_password_counts_and_an_empty_one_does_not)
{
    world w;
    w.file("/home/ada/.pgpass", "*:*:*:*:from file\n");
    auto r = resolve("host=h password=given", w);
    EXPECT_EQ(r.settings.password_for(r.settings.hosts[0]).view(), "given");
    r = resolve("host=h password=''", w);
    EXPECT_EQ(r.settings.password_for(r.settings.hosts[0]).view(), "from file");
    w.variables["PGPASSWORD"] = "from environment";
    r = resolve("host=h", w);
    EXPECT_EQ(r.settings.password_for(r.settings.hosts[0]).view(), "from environment");
}

TEST(conninfo_passfile, the_default_socket_directory_is_localhost)
{
    world w;
    w.file("/home/ada/.pgpass", "localhost:*:*:*:local\n/srv/pg:*:*:*:dir\n");
    for (const char* text : {"", "host=''", "host=/tmp", "host=/var/run/postgresql", "host=localhost"}) {
        const auto r = resolve(text, w);
        ASSERT_EQ(r.settings.hosts.size(), 1U);
        EXPECT_EQ(r.settings.hosts[0].password.view(), "local") << text;
    }
    EXPECT_EQ(resolve("host=/srv/pg", w).settings.hosts[0].password.view(), "dir");
    EXPECT_EQ(resolve("host=127.0.0.1", w).settings.hosts[0].password.view(), "");
}

TEST(conninfo_passfile, which_file)
{
    world w;
    w.file("/home/ada/.pgpass", "*:*:*:*:home").file("/env", "*:*:*:*:env").file("/given", "*:*:*:*:given");
    EXPECT_EQ(resolve("", w).settings.hosts[0].password.view(), "home");
    w.variables["PGPASSFILE"] = "/env";
    EXPECT_EQ(resolve("", w).settings.hosts[0].password.view(), "env");
    EXPECT_EQ(resolve("passfile=/given", w).settings.hosts[0].password.view(), "given");
    EXPECT_EQ(resolve("passfile=''", w).settings.hosts[0].password.view(), "home");
    const auto missing = resolve("passfile=/missing", w);
    EXPECT_FALSE(missing.ec);
    EXPECT_TRUE(missing.settings.warnings.empty());
    w.home.clear();
    EXPECT_EQ(resolve("passfile=''", w).settings.hosts[0].password.view(), "");
}

TEST(conninfo_passfile, a_file_that_others_may_use_is_ignored)
{
    for (const unsigned mode : {0640U, 0604U, 0620U, 0602U, 0610U, 0601U, 0777U}) {
        world w;
        w.file("/home/ada/.pgpass", "*:*:*:*:sesame", mode);
        const auto r = resolve("", w);
        EXPECT_FALSE(r.ec);
        EXPECT_EQ(r.settings.hosts[0].password.view(), "") << mode;
        ASSERT_EQ(r.settings.warnings.size(), 1U);
        EXPECT_EQ(r.settings.warnings[0],
                  "password file \"/home/ada/.pgpass\" was ignored: group or others may use "
                  "it; its permissions must be 0600 or less");
    }
    for (const unsigned mode : {0600U, 0400U, 0700U, 04600U}) {
        world w;
        w.file("/home/ada/.pgpass", "*:*:*:*:sesame", mode);
        EXPECT_EQ(resolve("", w).settings.hosts[0].password.view(), "sesame") << mode;
    }
}

TEST(conninfo_passfile, files_that_cannot_be_used)
{
    using state = conn::file_content::state;
    for (const state s : {state::not_regular, state::unreadable, state::too_large}) {
        world w;
        w.files["/home/ada/.pgpass"] = {s, 0600, {}};
        const auto r = resolve("", w);
        EXPECT_FALSE(r.ec);
        EXPECT_EQ(r.settings.warnings.size(), 1U);
    }
}

TEST(conninfo_passfile, merging_shows_a_password_that_all_hosts_share)
{
    world w;
    w.file("/home/ada/.pgpass", "a:*:*:*:p\nb:*:*:*:p\nc:*:*:*:q\n");
    conninfo out;
    ASSERT_FALSE(conn::merge_with_passfile(conninfo::parse("host=a,b"), w.environment(), out));
    EXPECT_EQ(out.get("password"), "p");
    for (const auto& e : out.list())
        EXPECT_TRUE(e.keyword != "password" || e.source == conninfo::source::passfile);
    ASSERT_FALSE(conn::merge_with_passfile(conninfo::parse("host=a,c"), w.environment(), out));
    EXPECT_FALSE(out.has("password"));
    ASSERT_FALSE(conn::merge_with_passfile(conninfo::parse("host=a,d"), w.environment(), out));
    EXPECT_FALSE(out.has("password"));
    ASSERT_FALSE(conn::merge_with_passfile(conninfo::parse("host=a password=x"), w.environment(), out));
    EXPECT_EQ(out.get("password"), "x");
}

} // namespace
} // namespace tusk
