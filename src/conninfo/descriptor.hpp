// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <unistd.h>

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

private:
    int fd_;
};

} // namespace tusk::conn
