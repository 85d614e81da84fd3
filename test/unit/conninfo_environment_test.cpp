// Distributed under the Boost Software License, Version 1.0.
// The real environment: files with permissions, variables.
#include "conninfo/environment.hpp"

#include <tusk/conninfo.hpp>
#include <tusk/error.hpp>

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

namespace tusk {
namespace {

namespace fs = std::filesystem;
using state = conn::file_content::state;

/// Each test has an empty directory as its home, and none of the user's PG variables.
class conninfo_environment : public testing::Test {
protected:
    void SetUp() override
    {
        std::string pattern = (fs::temp_directory_path() / "tusk-conninfo-XXXXXX").string();
        ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
        home_ = pattern;
        for (const char* name : {"PGHOST", "PGPORT", "PGUSER", "PGPASSWORD", "PGPASSFILE", "PGSERVICE",
                                 "PGSERVICEFILE", "PGDATABASE", "PGHOSTADDR", "PGSYSCONFDIR", "HOME"}) {
            const char* value = std::getenv(name);
            saved_.emplace_back(name, value ? std::optional<std::string>(value) : std::nullopt);
            ::unsetenv(name);
        }
        ::setenv("HOME", home_.c_str(), 1);
    }

    void TearDown() override
    {
        for (const auto& [name, value] : saved_)
            value ? ::setenv(name.c_str(), value->c_str(), 1) : ::unsetenv(name.c_str());
        fs::remove_all(home_);
    }

    std::string write(const std::string& name, const std::string& text, mode_t mode)
    {
        const std::string path = (home_ / name).string();
        std::ofstream(path, std::ios::binary) << text;
        EXPECT_EQ(::chmod(path.c_str(), mode), 0);
        return path;
    }

    fs::path home_;
    conn::environment env_ = conn::process_environment();

private:
    std::vector<std::pair<std::string, std::optional<std::string>>> saved_;
};

TEST_F(conninfo_environment, reads_files_whole)
{
    std::string text;
    for (int i = 0; i != 5000; ++i) text += "line " + std::to_string(i) + '\n';
    text += '\0';
    const auto file = env_.read_file(write("f", text, 0640));
    EXPECT_EQ(file.status, state::read);
    EXPECT_EQ(file.mode, 0640U);
    EXPECT_EQ(file.text, text);
    EXPECT_EQ(env_.read_file(write("empty", "", 0600)).status, state::read);
}

TEST_F(conninfo_environment, says_why_a_file_cannot_be_read)
{
    EXPECT_EQ(env_.read_file((home_ / "missing").string()).status, state::missing);
    EXPECT_EQ(env_.read_file((home_ / "missing/below").string()).status, state::missing);
    EXPECT_EQ(env_.read_file(write("f", "x", 0600) + "/below").status, state::missing);
    EXPECT_EQ(env_.read_file(home_.string()).status, state::not_regular);
    EXPECT_EQ(env_.read_file("/dev/null").status, state::not_regular);
    EXPECT_EQ(env_.read_file("/dev/zero").status, state::not_regular);
    const std::string pipe = (home_ / "pipe").string();
    ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
    EXPECT_EQ(env_.read_file(pipe).status, state::not_regular); // and does not wait for a writer
    fs::create_symlink(home_ / "loop", home_ / "loop");
    EXPECT_EQ(env_.read_file((home_ / "loop").string()).status, state::unreadable);
}

TEST_F(conninfo_environment, refuses_huge_files)
{
    const std::string path = write("huge", "", 0600);
    fs::resize_file(path, (std::uintmax_t{16} << 20) + 1); // sparse
    const auto file = env_.read_file(path);
    EXPECT_EQ(file.status, state::too_large);
    EXPECT_TRUE(file.text.empty());
}

TEST_F(conninfo_environment, variables_user_and_home)
{
    EXPECT_EQ(env_.variable("PGHOST"), std::nullopt);
    ::setenv("PGHOST", "", 1);
    EXPECT_EQ(env_.variable("PGHOST"), "");
    EXPECT_EQ(env_.home_directory(), home_.string());
    EXPECT_TRUE(env_.is_directory(home_.string()));
    EXPECT_FALSE(env_.is_directory((home_ / "missing").string()));
    ::unsetenv("HOME");
    EXPECT_NE(env_.home_directory(), home_.string()); // the user database's
}

TEST_F(conninfo_environment, effective_shows_where_each_value_comes_from)
{
    write(".pg_service.conf", "[shop]\ndbname=shop\nhost=db\n", 0644);
    write(".pgpass", "db:5433:shop:ada:sesame\n", 0600);
    ::setenv("PGPORT", "5433", 1);
    const conninfo merged = conninfo::parse("service=shop user=ada").effective();
    EXPECT_EQ(merged.get("password"), "sesame");
    using source = conninfo::source;
    std::size_t seen = 0;
    for (const auto& e : merged.list()) {
        const std::pair<const char*, source> expected[] = {
            {"user", source::explicit_},   {"dbname", source::service},    {"host", source::service},
            {"port", source::environment}, {"password", source::passfile}, {"sslsni", source::default_}};
        for (const auto& [keyword, from] : expected)
            if (e.keyword == keyword) {
                EXPECT_EQ(e.source, from) << keyword;
                ++seen;
            }
        EXPECT_EQ(e.value.find("sesame"), std::string::npos);
    }
    EXPECT_EQ(seen, 6U);

    EXPECT_EQ(::chmod((home_ / ".pgpass").c_str(), 0644), 0);
    EXPECT_FALSE(conninfo::parse("service=shop user=ada").effective().has("password"));
}

TEST_F(conninfo_environment, effective_reports_a_missing_service)
{
    ::setenv("PGSERVICEFILE", (home_ / "none").c_str(), 1);
    EXPECT_THROW((void)conninfo::parse("service=x").effective(), error);
    std::error_code ec;
    diagnostics diag;
    EXPECT_TRUE(conninfo::parse("service=x").effective(ec, diag).empty());
    EXPECT_EQ(ec, errc::invalid_conninfo);
    EXPECT_FALSE(diag.message().empty());
}

} // namespace
} // namespace tusk
