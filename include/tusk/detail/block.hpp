// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <new>
#include <utility>

namespace tusk::detail {

/// A piece of memory for received bytes, shared by the reader and the results that look into it.
class block {
public:
    [[nodiscard]] std::byte* data() noexcept { return reinterpret_cast<std::byte*>(this + 1); }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }

private:
    friend class block_ptr;
    explicit block(std::size_t capacity) noexcept
        : capacity_(capacity)
    {
    }

    std::atomic<std::size_t> references_{1};
    std::size_t capacity_;
};

/// An intrusive reference to a block.
class block_ptr {
public:
    block_ptr() noexcept = default;
    block_ptr(const block_ptr& other) noexcept
        : block_(other.block_)
    {
        if (block_) block_->references_.fetch_add(1, std::memory_order_relaxed);
    }
    block_ptr(block_ptr&& other) noexcept
        : block_(std::exchange(other.block_, nullptr))
    {
    }
    block_ptr& operator=(block_ptr other) noexcept
    {
        std::swap(block_, other.block_);
        return *this;
    }
    ~block_ptr()
    {
        if (block_ && block_->references_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
            block_->~block();
            ::operator delete(block_);
        }
    }

    [[nodiscard]] static block_ptr make(std::size_t capacity)
    {
        void* memory = ::operator new(sizeof(block) + capacity);
        block_ptr result;
        result.block_ = ::new (memory) block(capacity);
        return result;
    }

    [[nodiscard]] explicit operator bool() const noexcept { return block_ != nullptr; }
    [[nodiscard]] block* operator->() const noexcept { return block_; }
    [[nodiscard]] block* get() const noexcept { return block_; }
    /// True when nobody else looks into the block, so that its memory may be written over.
    [[nodiscard]] bool unique() const noexcept
    {
        return block_ && block_->references_.load(std::memory_order_acquire) == 1;
    }

    friend bool operator==(const block_ptr&, const block_ptr&) = default;

private:
    block* block_ = nullptr;
};

} // namespace tusk::detail
