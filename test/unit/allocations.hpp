// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>

namespace tusk::test {

/// What this thread did with `operator new` and `operator delete`, which allocations.cpp replaces in this
/// program.
struct allocations {
    std::size_t count = 0; ///< of allocations
    std::size_t bytes = 0; ///< allocated, whether freed since or not
    std::size_t live = 0; ///< bytes allocated and not yet freed; wraps where memory of other threads is freed
};

[[nodiscard]] allocations allocations_now() noexcept;

/// What happened since this object was made.
class allocation_watch {
public:
    [[nodiscard]] std::size_t count() const noexcept { return allocations_now().count - start_.count; }
    [[nodiscard]] std::size_t bytes() const noexcept { return allocations_now().bytes - start_.bytes; }
    [[nodiscard]] std::size_t live() const noexcept { return allocations_now().live - start_.live; }

private:
    allocations start_ = allocations_now();
};

} // namespace tusk::test
