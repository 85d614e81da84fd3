// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <new>

namespace tusk::detail {

/// Memory for what is allocated and freed again and again, one at a time: it is here already. A second, or what is larger,
/// comes from the heap. Asio recycles by itself, but only while its event loop runs.
class one_block {
public:
    one_block() noexcept = default;
    one_block(const one_block&) = delete;
    one_block& operator=(const one_block&) = delete;
    ~one_block() = default;

    [[nodiscard]] void* allocate(std::size_t size)
    {
        if (used_ || size > sizeof(bytes_)) return ::operator new(size);
        used_ = true;
        return bytes_;
    }
    void deallocate(void* p) noexcept
    {
        if (p == bytes_)
            used_ = false;
        else
            ::operator delete(p);
    }

private:
    alignas(std::max_align_t) std::byte bytes_[1024];
    bool used_ = false;
};

/// The block must outlive what is allocated from it.
template <class T = void>
class one_block_allocator {
public:
    using value_type = T;

    explicit one_block_allocator(one_block& from) noexcept
        : from_(&from)
    {
    }
    template <class U>
    one_block_allocator(const one_block_allocator<U>& other) noexcept
        : from_(other.from_)
    {
    }

    [[nodiscard]] T* allocate(std::size_t n)
    {
        static_assert(alignof(T) <= alignof(std::max_align_t));
        return static_cast<T*>(from_->allocate(n * sizeof(T)));
    }
    void deallocate(T* p, std::size_t) noexcept { from_->deallocate(p); }

    template <class U>
    [[nodiscard]] bool operator==(const one_block_allocator<U>& other) const noexcept
    {
        return from_ == other.from_;
    }

private:
    template <class U>
    friend class one_block_allocator;

    one_block* from_;
};

} // namespace tusk::detail
