// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/request.hpp>

#include <chrono>
#include <cstddef>
#include <vector>

namespace tusk::session {

/// Requests with a time limit, the earliest first: a heap whose places the requests know, so that one that is answered
/// leaves it.
class deadlines {
public:
    using time_point = std::chrono::steady_clock::time_point;

    [[nodiscard]] bool empty() const noexcept { return heap_.empty(); }
    [[nodiscard]] std::size_t size() const noexcept { return heap_.size(); }
    /// The earliest. There must be one.
    [[nodiscard]] detail::request& front() const noexcept { return *heap_.front(); }

    /// Adds a request that is not there.
    void add(detail::request& r, time_point when);
    /// Takes it out, if it is there.
    void remove(detail::request& r) noexcept;
    /// Forgets them all.
    void clear() noexcept { heap_.clear(); }

private:
    void put(std::size_t place, detail::request& r) noexcept;
    void move_up(std::size_t place) noexcept;
    void move_down(std::size_t place) noexcept;

    std::vector<detail::request*> heap_; // no request is later than the two that hang on it
};

} // namespace tusk::session
