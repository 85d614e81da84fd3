// Distributed under the Boost Software License, Version 1.0.
#include "conninfo/environment.hpp"

#include "conninfo/descriptor.hpp"
#include "conninfo/secret.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <vector>

namespace tusk::conn {
namespace {

constexpr std::size_t largest_file = std::size_t{16} << 20; // far above any real one; an end for a wrong path

/// Appends the whole file; false when reading fails or the file is too large.
file_content::state read_all(int fd, std::string& text)
{
    std::array<char, 4096> chunk;
    auto state = file_content::state::read;
    for (;;) {
        const ssize_t n = ::read(fd, chunk.data(), chunk.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) state = file_content::state::unreadable;
        if (n <= 0) break;
        if (text.size() + static_cast<std::size_t>(n) >
            text.capacity()) { // by hand: what is left behind is wiped
            std::string larger;
            larger.reserve(text.capacity() * 2 + chunk.size());
            larger = text;
            wipe(text);
            text.swap(larger);
        }
        text.append(chunk.data(), static_cast<std::size_t>(n));
        if (text.size() > largest_file) {
            state = file_content::state::too_large;
            break;
        }
    }
    volatile char* to = chunk.data();
    for (std::size_t i = 0; i != chunk.size(); ++i) to[i] = '\0';
    if (state != file_content::state::read) wipe(text);
    return state;
}

file_content read_file(const std::string& path)
{
    file_content out;
    // O_NONBLOCK: opening a pipe that nobody writes to must not hang; regular files do not care
    const descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    struct stat info {};
    if (file.get() < 0) {
        const bool absent = errno == ENOENT || errno == ENOTDIR;
        out.status = absent ? file_content::state::missing : file_content::state::unreadable;
    } else if (::fstat(file.get(), &info) != 0) {
        out.status = file_content::state::unreadable;
    } else if (!S_ISREG(info.st_mode)) {
        out.status = file_content::state::not_regular;
    } else {
        out.mode = static_cast<unsigned>(info.st_mode) & 07777U;
        out.status = read_all(file.get(), out.text);
    }
    return out;
}

/// The entry of the user database, which `pick` reads; empty when there is none.
template <class Pick>
std::string from_user_database(Pick pick)
{
    std::vector<char> room(1024);
    passwd entry{};
    passwd* found = nullptr;
    int rc = 0;
    while ((rc = ::getpwuid_r(::geteuid(), &entry, room.data(), room.size(), &found)) == ERANGE &&
           room.size() < (std::size_t{1} << 20))
        room.resize(room.size() * 2);
    const char* text = rc == 0 && found != nullptr ? pick(*found) : nullptr;
    return text != nullptr ? std::string(text) : std::string();
}

std::string home_directory()
{
    if (const char* home = std::getenv("HOME"); home != nullptr && *home != '\0') return home;
    return from_user_database([](const passwd& entry) { return entry.pw_dir; });
}

bool is_directory(const std::string& path)
{
    struct stat info {};
    return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

} // namespace

environment process_environment()
{
    environment env;
    env.variable = [](const std::string& name) -> std::optional<std::string> {
        const char* value = std::getenv(name.c_str());
        return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
    };
    env.home_directory = home_directory;
    env.user_name = [] { return from_user_database([](const passwd& entry) { return entry.pw_name; }); };
    env.read_file = read_file;
    env.is_directory = is_directory;
    return env;
}

} // namespace tusk::conn
