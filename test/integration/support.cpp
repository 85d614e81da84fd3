// Distributed under the Boost Software License, Version 1.0.
#include "integration/support.hpp"

#include "integration/env_file.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

namespace tusk_test {

const server& the_server()
{
    static const server the_one = [] {
        auto v = read_env_file();
        server s;
        s.host = v["TUSK_HOST"];
        s.host6 = v["TUSK_HOST6"];
        s.port = v["TUSK_PORT"];
        s.socket_dir = v["TUSK_SOCKET_DIR"];
        s.user = v["TUSK_USER"];
        s.database = v["TUSK_DATABASE"];
        s.password = v["TUSK_PASSWORD"];
        s.uri = v["TUSK_URI"];
        s.data = v["TUSK_DATA"];
        s.bin = v["TUSK_BIN"];
        s.tls = v["TUSK_TLS"];
        s.server_tls = v["TUSK_SERVER_TLS"];
        s.bouncer_port = v["TUSK_BOUNCER_PORT"];
        s.version = std::stoi(v["TUSK_VERSION"]);
        return s;
    }();
    return the_one;
}

std::string quote(std::string_view value)
{
    std::string text = "'";
    for (const char c : value) {
        if (c == '\'' || c == '\\') text += '\\';
        text += c;
    }
    return text + "'";
}

std::string where(std::string_view user, std::string_view password, via route, std::string_view extra)
{
    const server& s = the_server();
    const std::string& host = route == via::tcp ? s.host : route == via::tcp6 ? s.host6 : s.socket_dir;
    std::string text = "host=" + quote(host) + " port=" + s.port + " dbname=" + quote(s.database) +
                       " user=" + quote(user) + " passfile=/dev/null sslmode=";
    const char* mode = std::getenv("TUSK_TEST_SSLMODE"); // "require" runs all tests over TLS
    text += mode ? mode : "disable";
    if (!password.empty()) text += " password=" + quote(password);
    if (!extra.empty()) text += " " + std::string(extra);
    return text;
}

std::string unique_name(std::string_view prefix)
{
    static std::atomic<int> counter{0};
    return std::string(prefix) + '_' + std::to_string(::getpid()) + '_' + std::to_string(++counter);
}

environment_variable::environment_variable(std::string name, std::string_view value)
    : name_(std::move(name))
{
    if (const char* old = std::getenv(name_.c_str())) before_ = old;
    ::setenv(name_.c_str(), std::string(value).c_str(), 1);
}

environment_variable::~environment_variable()
{
    if (before_)
        ::setenv(name_.c_str(), before_->c_str(), 1);
    else
        ::unsetenv(name_.c_str());
}

temporary_file::temporary_file(std::string_view content)
    : path_("/tmp/tusk-test-XXXXXX")
{
    const int fd = ::mkstemp(path_.data()); // made with mode 0600
    if (fd < 0 || ::write(fd, content.data(), content.size()) != static_cast<ssize_t>(content.size()))
        throw std::runtime_error("no temporary file");
    ::close(fd);
}

temporary_file::~temporary_file() { ::unlink(path_.c_str()); }

asio::awaitable<void> expect_usable(tusk::connection& db)
{
    const auto answer = co_await db.async_query_one<int>(tusk::sql("select $1::int4 * 2", 21));
    EXPECT_EQ(answer, 42);
}

void require(bool condition, std::string_view what)
{
    if (!condition) throw std::runtime_error("required: " + std::string(what));
}

asio::awaitable<std::int64_t> count(tusk::connection& db, std::string table)
{
    const auto n = co_await db.async_query_one<std::int64_t>("select count(*) from " + table);
    co_return n;
}

asio::awaitable<void> expect_count(tusk::connection& db, std::string table, std::int64_t expected)
{
    const auto n = co_await count(db, std::move(table));
    EXPECT_EQ(n, expected);
}

asio::awaitable<void> notify(tusk::connection& db, std::string channel, std::string payload)
{
    co_await db.async_execute(tusk::sql("select pg_notify($1, $2)", channel, payload));
}

long peak()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return 0; // they keep what was freed
#else
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss;
#endif
}

int wanted(const char* variable, int usual)
{
    const char* text = std::getenv(variable);
    return text ? std::stoi(text) : usual;
}

} // namespace tusk_test
