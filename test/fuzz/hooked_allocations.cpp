// Distributed under the Boost Software License, Version 1.0.
// test/unit/allocations.hpp by the sanitizer's hooks, which leave its own operator new and all that it checks in place.
#include "../unit/allocations.hpp"

#include <sanitizer/allocator_interface.h>

namespace {

thread_local tusk::test::allocations counted;

void on_malloc(const volatile void*, std::size_t n)
{
    ++counted.count;
    counted.bytes += n;
    counted.live += n;
}

void on_free(const volatile void* memory)
{
    if (memory) counted.live -= __sanitizer_get_allocated_size(memory);
}

[[maybe_unused]] const int installed = __sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);

} // namespace

tusk::test::allocations tusk::test::allocations_now() noexcept { return counted; }
