// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <stdexcept>
#include <utility>

namespace tusk::detail {

/// Bytes of a COPY. Grows without initialising what it adds, and keeps its memory when cleared.
class copy_buffer {
public:
    copy_buffer() noexcept = default;
    copy_buffer(copy_buffer&& other) noexcept { swap(other); }
    copy_buffer& operator=(copy_buffer&& other) noexcept
    {
        copy_buffer taken(std::move(other));
        swap(taken);
        return *this;
    }
    ~copy_buffer() = default;

    /// Adds `n` bytes, uninitialised, and gives the first of them. Throws std::bad_alloc, std::length_error.
    std::byte* extend(std::size_t n)
    {
        if (n > capacity_ - size_) [[unlikely]]
            grow(n);
        return data_.get() + std::exchange(size_, size_ + n);
    }
    void append(std::span<const std::byte> bytes)
    {
        if (!bytes.empty()) std::memcpy(extend(bytes.size()), bytes.data(), bytes.size());
    }
    void truncate(std::size_t n) noexcept { size_ = std::min(n, size_); }
    void clear() noexcept { size_ = 0; }
    /// Drops the first `n` bytes.
    void drop_front(std::size_t n) noexcept
    {
        if (n < size_) std::memmove(data_.get(), data_.get() + n, size_ - n);
        size_ -= std::min(n, size_);
    }
    /// Gives the memory of a huge piece back.
    void release_above(std::size_t capacity) noexcept
    {
        if (size_ == 0 && capacity_ > capacity) *this = copy_buffer();
    }

    [[nodiscard]] std::byte* data() noexcept { return data_.get(); }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return {data_.get(), size_}; }

    void swap(copy_buffer& other) noexcept { exchange(other.data_, other.size_, other.capacity_); }
    /// The same with the parts of a buffer of another kind.
    void exchange(std::unique_ptr<std::byte[]>& data, std::size_t& size, std::size_t& capacity) noexcept
    {
        data_.swap(data);
        std::swap(size_, size);
        std::swap(capacity_, capacity);
    }

private:
    void grow(std::size_t n);

    std::unique_ptr<std::byte[]> data_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

inline void copy_buffer::grow(std::size_t n)
{
    constexpr std::size_t least = 1024;
    if (n > (~std::size_t{0} >> 1) - size_) throw std::length_error("tusk: the data of a COPY are too large");
    const std::size_t capacity = std::max({size_ + n, capacity_ * 2, least});
    std::unique_ptr<std::byte[]> larger(new std::byte[capacity]);
    if (size_ != 0) std::memcpy(larger.get(), data_.get(), size_);
    data_ = std::move(larger);
    capacity_ = capacity;
}

} // namespace tusk::detail
