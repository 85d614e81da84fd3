// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include "compare/arm.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

/// Bind and Execute of the workload's statement, with the parameters of statement number `i`.
void append_execution(std::vector<char>& to, const job& j, std::uint64_t i);
void append_sync(std::vector<char>& to);

/// A socket to the server, past login by trust, with the workload's statement prepared.
class wire_link {
public:
    explicit wire_link(const job& j);
    ~wire_link();
    wire_link(const wire_link&) = delete;
    wire_link& operator=(const wire_link&) = delete;

    [[nodiscard]] int fd() const noexcept { return fd_; }
    void write(const char* bytes, std::size_t n);
    /// One read; gives how many ReadyForQuery have come.
    [[nodiscard]] std::uint64_t read();

private:
    void await_ready();

    int fd_ = -1;
    std::vector<char> room_;
    std::size_t kept_ = 0; ///< bytes of a header that is not complete, at the room's begin
    std::size_t skip_ = 0; ///< bytes of a message's body that have not come yet
};

} // namespace bench
