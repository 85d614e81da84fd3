// Distributed under the Boost Software License, Version 1.0.
#include "async/process.hpp"

#include "common/process.hpp"

#include <tusk/conninfo.hpp>

#include <array>
#include <cerrno>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace async_bench {

namespace {

constexpr const char* this_program = "/proc/self/exe";

template <class T>
[[nodiscard]] std::string text(const T& value)
{
    std::ostringstream s;
    s.precision(17);
    s << value;
    return s.str();
}

/// The words that start a measurement.
[[nodiscard]] std::vector<std::string> cell_words(const cell& c)
{
    std::vector<std::string> words{this_program, "cell", c.uri};
    const auto add = [&](const char* option, const auto& value) {
        words.emplace_back(option);
        words.push_back(text(value));
    };
    add("--experiment", c.experiment);
    add("--arm", to_string(c.who));
    add("--port", c.port);
    add("--connections", c.connections);
    add("--in-flight", c.in_flight);
    add("--wait", c.wait_ms);
    add("--slow-share", c.slow_share);
    add("--rate", c.rate);
    add("--seconds", c.seconds);
    add("--seed", c.seed);
    return words;
}

/// The words that start a proxy in front of the server.
[[nodiscard]] std::vector<std::string> proxy_words(const std::string& uri, double round_trip_ms)
{
    const tusk::conninfo info = tusk::conninfo::parse(uri);
    const std::string host(info.get("host"));
    const std::string port(info.get("port"));
    if (host.empty() || host.front() == '/' || host.front() == '@')
        throw std::runtime_error("the delaying proxy needs a server that is named by a TCP host");
    return {
        this_program,       "proxy", "--host", host, "--port", port.empty() ? "5432" : port, "--round-trip",
        text(round_trip_ms)};
}

struct spawned {
    pid_t pid;
    int in;  ///< what is written here, it reads
    int out; ///< what it prints, is read here
};

[[nodiscard]] spawned spawn(std::vector<std::string> words)
{
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0)
        throw std::system_error(errno, std::generic_category(), "pipe");
    std::vector<char*> argv;
    for (std::string& w : words) argv.push_back(w.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    pid_t pid = -1;
    const int failed = ::posix_spawn(&pid, this_program, &actions, nullptr, argv.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::close(in[0]);
    ::close(out[1]);
    if (failed != 0) throw std::system_error(failed, std::generic_category(), "posix_spawn");
    return {pid, in[1], out[0]};
}

[[nodiscard]] std::string read_line(int fd)
{
    std::string line;
    for (char c = 0; ::read(fd, &c, 1) == 1 && c != '\n';) line += c;
    return line;
}

} // namespace

metrics run_cell(const cell& c)
{
    const bench::outcome o = bench::run_process(cell_words(c), c.cpu);
    if (o.status != 0)
        throw std::runtime_error(o.err.empty() ? "exit status " + text(o.status)
                                               : o.err.substr(0, o.err.find('\n')));
    std::istringstream in(o.out);
    metrics m;
    for (metric one; in >> one.name >> one.unit >> one.value;) m.push_back(one);
    return m;
}

proxy_process::proxy_process(const std::string& uri, double round_trip_ms)
{
    const spawned proxy = spawn(proxy_words(uri, round_trip_ms));
    pid_ = proxy.pid;
    control_ = proxy.in;
    const std::string line = read_line(proxy.out);
    ::close(proxy.out);
    port_ = std::atoi(line.c_str());
    if (port_ != 0) return;
    stop();
    throw std::runtime_error("the delaying proxy does not start");
}

proxy_process::~proxy_process() { stop(); }

void proxy_process::stop() const
{
    ::close(control_);
    ::waitpid(pid_, nullptr, 0);
}

} // namespace async_bench
