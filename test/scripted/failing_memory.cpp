// Distributed under the Boost Software License, Version 1.0.
#include "scripted/failing_memory.hpp"

#include <cstddef>
#include <cstdlib>
#include <utility>

namespace {

thread_local bool fails_next = false;

} // namespace

void scripted::fail_next_operation() noexcept { fails_next = true; }
bool scripted::take_back_failure() noexcept { return std::exchange(fails_next, false); }

extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept
{
    void* memory = nullptr;
    if (std::exchange(fails_next, false) || posix_memalign(&memory, alignment, size) != 0) return nullptr;
    return memory;
}
