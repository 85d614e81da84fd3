// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <unistd.h>

#include <utility>

namespace tusk::conn {

/// An open file; negative: none.
class descriptor {
public:
    explicit descriptor(int fd) noexcept
        : fd_(fd)
    {
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor()
    {
        if (fd_ >= 0) ::close(fd_);
    }
    [[nodiscard]] int get() const noexcept { return fd_; }
    /// Lets go of it, for who wants to know how closing it ends.
    [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

private:
    int fd_;
};

} // namespace tusk::conn
