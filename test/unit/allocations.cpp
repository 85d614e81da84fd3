// Distributed under the Boost Software License, Version 1.0.
#include "allocations.hpp"

#include <cstdlib>
#include <new>

#include <malloc.h>

namespace {

thread_local tusk::test::allocations counted;

void* counted_new(std::size_t n)
{
    void* memory = std::malloc(n ? n : 1);
    if (!memory) throw std::bad_alloc();
    ++counted.count;
    counted.bytes += n;
    counted.live += malloc_usable_size(memory);
    return memory;
}

void counted_delete(void* memory) noexcept
{
    if (!memory) return;
    counted.live -= malloc_usable_size(memory);
    std::free(memory);
}

} // namespace

tusk::test::allocations tusk::test::allocations_now() noexcept { return counted; }

void* operator new(std::size_t n) { return counted_new(n); }
void* operator new[](std::size_t n) { return counted_new(n); }
void* operator new(std::size_t n, const std::nothrow_t&) noexcept // std::stable_sort asks so
{
    try {
        return counted_new(n);
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}
void operator delete(void* memory) noexcept { counted_delete(memory); }
void operator delete[](void* memory) noexcept { counted_delete(memory); }
void operator delete(void* memory, std::size_t) noexcept { counted_delete(memory); }
void operator delete[](void* memory, std::size_t) noexcept { counted_delete(memory); }
