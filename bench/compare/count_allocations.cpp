// Distributed under the Boost Software License, Version 1.0.
// Preloaded into an arm's program: counts what is asked of the heap, by malloc and all that stands on it.
#include <atomic>
#include <cstddef>
#include <cstdint>

extern "C" {

void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

namespace {
std::atomic<std::uint64_t> count{0};
void one() noexcept { count.fetch_add(1, std::memory_order_relaxed); }
} // namespace

std::uint64_t tusk_bench_allocations() { return count.load(std::memory_order_relaxed); }

void* malloc(std::size_t n) { return one(), __libc_malloc(n); }
void* calloc(std::size_t n, std::size_t size) { return one(), __libc_calloc(n, size); }
void* realloc(void* p, std::size_t n) { return one(), __libc_realloc(p, n); }
void* memalign(std::size_t alignment, std::size_t n) { return one(), __libc_memalign(alignment, n); }
void* aligned_alloc(std::size_t alignment, std::size_t n) { return one(), __libc_memalign(alignment, n); }
int posix_memalign(void** out, std::size_t alignment, std::size_t n)
{
    one();
    *out = __libc_memalign(alignment, n);
    return *out ? 0 : 12; // ENOMEM
}

} // extern "C"
