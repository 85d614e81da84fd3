// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <tusk/detail/copy_buffer.hpp>

#include <cstddef>
#include <cstring>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace tusk::wire {

/// Bytes on their way out. Grows without initialising what it adds, and keeps its memory when cleared.
///
/// Pointers and spans into it are valid until it grows, shrinks its memory or dies.
class buffer {
public:
    buffer() noexcept = default;
    buffer(buffer&& other) noexcept { swap(other); }
    buffer& operator=(buffer&& other) noexcept
    {
        buffer taken(std::move(other));
        swap(taken);
        return *this;
    }
    ~buffer() = default;

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
    void append(std::string_view text) { append(std::as_bytes(std::span(text))); }

    /// Drops all but the first `n` bytes; nothing when there are fewer.
    void truncate(std::size_t n) noexcept
    {
        if (n < size_) size_ = n;
    }
    void clear() noexcept { size_ = 0; }
    /// Clears, and overwrites all of its memory: for messages that hold a secret.
    void wipe() noexcept;
    /// Gives memory above `capacity` back, once after a huge message; the bytes held stay.
    void release_above(std::size_t capacity);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] const std::byte* data() const noexcept { return data_.get(); }
    [[nodiscard]] std::byte* data() noexcept { return data_.get(); }
    [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return {data_.get(), size_}; }

    void swap(buffer& other) noexcept
    {
        data_.swap(other.data_);
        std::swap(size_, other.size_);
        std::swap(capacity_, other.capacity_);
    }

    /// The same with a buffer of a COPY.
    void swap(detail::copy_buffer& other) noexcept { other.exchange(data_, size_, capacity_); }

private:
    void grow(std::size_t n);
    void reallocate(std::size_t capacity);

    std::unique_ptr<std::byte[]> data_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

} // namespace tusk::wire
