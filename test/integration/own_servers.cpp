// Distributed under the Boost Software License, Version 1.0.
#include "integration/own_servers.hpp"

#include "integration/env_file.hpp"
#include "integration/support.hpp"

#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

namespace tusk_test {

namespace {

/// A script of test/support.
bool run(const std::string& script, const std::string& arguments)
{
    const std::string command = "'" TUSK_ROOT "/test/support/" + script + "' " + arguments + " >&2";
    return std::system(command.c_str()) == 0; // NOLINT(cert-env33-c): the shell is what is wanted
}

} // namespace

own_servers::own_servers()
    : dir_("/tmp/tusk-own-XXXXXX")
{
    require(::mkdtemp(dir_.data()) != nullptr, "a folder");
    if (!run("pg_server.sh", "start " + dir_ + ' ' + std::to_string(the_server().version))) {
        remove();
        throw std::runtime_error("the primary does not start");
    }
    auto values = read_env_file(dir_ + "/env");
    primary_ = values["TUSK_PORT"];
    pid_ = std::stoi(values["TUSK_PID"]);
}

own_servers::~own_servers() { remove(); }

void own_servers::remove() noexcept
{
    EXPECT_TRUE(run("standby.sh", "stop " + dir_));
    EXPECT_TRUE(run("pg_server.sh", "stop " + dir_));
    std::error_code ignored;
    std::filesystem::remove_all(dir_, ignored);
}

void own_servers::start_standby(const std::string& options)
{
    require(run("standby.sh", "start " + dir_ + ' ' + options), "a standby");
    standby_ = read_env_file(dir_ + "/env")["TUSK_STANDBY_PORT"];
}

void own_servers::restart_primary()
{
    require(run("pg_server.sh", "restart " + dir_), "the primary again");
    pid_ = std::stoi(read_env_file(dir_ + "/env")["TUSK_PID"]);
}

void own_servers::stop_primary()
{
    const int process = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
    require(process >= 0 && ::kill(pid_, SIGINT) == 0, "a primary that can be stopped");
    pollfd end{process, POLLIN, 0};
    const int ended = ::poll(&end, 1, 60'000);
    ::close(process);
    require(ended == 1, "the end of the primary");
}

} // namespace tusk_test
