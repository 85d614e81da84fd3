// Distributed under the Boost Software License, Version 1.0.
#include "common/process.hpp"

#include <dirent.h>
#include <poll.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string_view>

namespace bench {
namespace {

std::size_t status_value(std::string_view key)
{
    std::ifstream file("/proc/self/status");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(key)) return std::strtoul(line.c_str() + key.size(), nullptr, 10);
    return 0;
}

/// The numbers among the names in a folder of /proc.
std::vector<int> numbers_in(const std::string& folder)
{
    std::vector<int> found;
    DIR* dir = ::opendir(folder.c_str());
    if (!dir) return found;
    while (const dirent* entry = ::readdir(dir))
        if (const int n = std::atoi(entry->d_name); n > 0) found.push_back(n);
    ::closedir(dir);
    return found;
}

int parent_of(int pid)
{
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string all;
    std::getline(file, all);
    const auto behind_name = all.rfind(')'); // the name may hold spaces
    if (behind_name == std::string::npos) return 0;
    std::istringstream rest(all.substr(behind_name + 1));
    char state = 0;
    int parent = 0;
    rest >> state >> parent;
    return parent;
}

[[noreturn]] void exec_child(const std::vector<std::string>& command, int core,
                             const std::vector<std::pair<std::string, std::string>>& environment)
{
    if (core >= 0) pin_process(0, core);
    for (const auto& [name, value] : environment) ::setenv(name.c_str(), value.c_str(), 1);
    std::vector<char*> argv;
    for (const auto& word : command) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    ::execvp(argv[0], argv.data());
    const std::string why = command[0] + ": " + std::strerror(errno) + "\n";
    [[maybe_unused]] const auto n = ::write(2, why.data(), why.size());
    ::_exit(127);
}

/// Reads both pipes to their ends.
void drain(std::array<int, 2> pipes, outcome& into)
{
    std::array<std::string*, 2> texts{&into.out, &into.err};
    std::array<pollfd, 2> polls{pollfd{pipes[0], POLLIN, 0}, pollfd{pipes[1], POLLIN, 0}};
    char room[4096];
    for (int open = 2; open > 0;) {
        if (::poll(polls.data(), polls.size(), -1) < 0) continue;
        for (std::size_t i = 0; i < 2; ++i) {
            if (polls[i].fd < 0 || polls[i].revents == 0) continue;
            const auto n = ::read(polls[i].fd, room, sizeof room);
            if (n > 0) {
                texts[i]->append(room, static_cast<std::size_t>(n));
            } else {
                ::close(polls[i].fd);
                polls[i].fd = -1;
                --open;
            }
        }
    }
}

} // namespace

double processor_time()
{
    rusage u{};
    ::getrusage(RUSAGE_SELF, &u);
    return static_cast<double>(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           static_cast<double>(u.ru_utime.tv_usec + u.ru_stime.tv_usec) * 1e-6;
}

std::size_t memory_now() { return status_value("VmRSS:"); }
std::size_t memory_peak() { return status_value("VmHWM:"); }

bool pin_process(int pid, int core)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<unsigned>(core), &set);
    return ::sched_setaffinity(pid, sizeof set, &set) == 0;
}

int pin_tree(int pid, int core)
{
    int pinned = 0;
    for (const int thread : numbers_in("/proc/" + std::to_string(pid) + "/task"))
        if (pin_process(thread, core)) pinned = 1;
    for (const int child : numbers_in("/proc"))
        if (parent_of(child) == pid) pinned += pin_tree(child, core);
    return pinned;
}

std::vector<int> usable_cores()
{
    cpu_set_t set;
    CPU_ZERO(&set);
    std::vector<int> cores;
    if (::sched_getaffinity(0, sizeof set, &set) != 0) return cores;
    for (unsigned i = 0; i < CPU_SETSIZE; ++i)
        if (CPU_ISSET(i, &set)) cores.push_back(static_cast<int>(i));
    return cores;
}

outcome run_process(const std::vector<std::string>& command, int core,
                    const std::vector<std::pair<std::string, std::string>>& environment)
{
    outcome result;
    int out[2], err[2];
    if (::pipe(out) != 0) return result;
    if (::pipe(err) != 0) return ::close(out[0]), ::close(out[1]), result;
    const pid_t child = ::fork();
    if (child == 0) {
        ::dup2(out[1], 1);
        ::dup2(err[1], 2);
        for (const int fd : {out[0], out[1], err[0], err[1]}) ::close(fd);
        exec_child(command, core, environment);
    }
    ::close(out[1]);
    ::close(err[1]);
    drain({out[0], err[0]}, result);
    int status = 0;
    if (child < 0 || ::waitpid(child, &status, 0) != child) return result;
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result;
}

bool has_program(const std::string& name)
{
    const char* path = std::getenv("PATH");
    std::istringstream folders(path ? path : "");
    for (std::string folder; std::getline(folders, folder, ':');)
        if (::access((folder + "/" + name).c_str(), X_OK) == 0) return true;
    return false;
}

} // namespace bench
