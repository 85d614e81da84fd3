// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <stdexcept>
#include <type_traits>

namespace tusk::detail {

/// A vector of plain values whose first N live inside the object: what is small never touches the heap.
///
/// Moving copies the used elements only, or takes the heap memory over; the source is empty afterwards.
template <class T, std::size_t N>
class small_vector {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>,
                  "elements are moved with memcpy");
    static_assert(N > 0 && N <= std::numeric_limits<std::uint32_t>::max());

public:
    using value_type = T;
    using iterator = T*;
    using const_iterator = const T*;

    // The user-provided body keeps the inline elements uninitialised.
    small_vector() noexcept
        : data_(inline_data())
    {
    }
    explicit small_vector(std::span<const T> from)
        : small_vector()
    {
        append(from);
    }
    small_vector(const small_vector& other)
        : small_vector()
    {
        append(other.span());
    }
    small_vector(small_vector&& other) noexcept
        : small_vector()
    {
        take(other);
    }
    small_vector& operator=(const small_vector& other)
    {
        if (this != &other) {
            clear();
            append(other.span());
        }
        return *this;
    }
    small_vector& operator=(small_vector&& other) noexcept
    {
        if (this != &other) {
            release();
            take(other);
        }
        return *this;
    }
    ~small_vector() { free_heap(); }

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    [[nodiscard]] std::size_t capacity() const noexcept { return capacity_; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] bool full() const noexcept { return size_ == capacity_; }
    [[nodiscard]] bool on_heap() const noexcept { return data_ != inline_data(); }

    [[nodiscard]] T* data() noexcept { return data_; }
    [[nodiscard]] const T* data() const noexcept { return data_; }
    [[nodiscard]] std::span<const T> span() const noexcept { return {data_, size_}; }
    [[nodiscard]] T& operator[](std::size_t i) noexcept { return data_[i]; }
    [[nodiscard]] const T& operator[](std::size_t i) const noexcept { return data_[i]; }
    [[nodiscard]] T* begin() noexcept { return data_; }
    [[nodiscard]] T* end() noexcept { return data_ + size_; }
    [[nodiscard]] const T* begin() const noexcept { return data_; }
    [[nodiscard]] const T* end() const noexcept { return data_ + size_; }

    /// Room for `n` more elements, uninitialised; returns the first of them.
    /// Throws std::length_error beyond 2^32 - 1 elements, and std::bad_alloc.
    T* extend(std::size_t n)
    {
        if (n > capacity_ - size_) grow(n);
        T* first = data_ + size_;
        size_ += static_cast<std::uint32_t>(n);
        return first;
    }

    void push_back(const T& value)
    {
        const T copy = value; // it may be one of our own elements
        *extend(1) = copy;
    }

    /// `from` must not be a part of this vector.
    void append(std::span<const T> from)
    {
        if (from.empty()) return;
        std::memcpy(extend(from.size()), from.data(), from.size_bytes());
    }

    /// Makes room for `n` elements in all.
    void reserve(std::size_t n)
    {
        if (n > capacity_) grow(n - size_);
    }

    /// Drops all elements from index `n` on.
    void truncate(std::size_t n) noexcept
    {
        if (n < size_) size_ = static_cast<std::uint32_t>(n);
    }

    /// Drops all elements; the memory stays.
    void clear() noexcept { size_ = 0; }

private:
    [[nodiscard]] T* inline_data() noexcept { return reinterpret_cast<T*>(room_); }
    [[nodiscard]] const T* inline_data() const noexcept { return reinterpret_cast<const T*>(room_); }

    void grow(std::size_t more)
    {
        constexpr std::size_t limit = std::numeric_limits<std::uint32_t>::max();
        if (more > limit - size_) throw std::length_error("tusk: a value is too large");
        std::size_t wanted = capacity_ + std::size_t{capacity_}; // cannot wrap: capacity_ is 32 bits wide
        if (wanted < size_ + more) wanted = size_ + more;
        if (wanted > limit) wanted = limit;
        T* memory = std::allocator<T>().allocate(wanted);
        if (size_ != 0) std::memcpy(memory, data_, size_ * sizeof(T));
        free_heap();
        data_ = memory;
        capacity_ = static_cast<std::uint32_t>(wanted);
    }

    void free_heap() noexcept
    {
        if (on_heap()) std::allocator<T>().deallocate(data_, capacity_);
    }

    void release() noexcept
    {
        free_heap();
        data_ = inline_data();
        size_ = 0;
        capacity_ = static_cast<std::uint32_t>(N);
    }

    /// A size that is known when compiling makes this a few moves instead of a call.
    void copy_inline(const small_vector& other) noexcept
    {
        if constexpr (sizeof(room_) <= 128) {
            if (other.size_ != 0) std::memcpy(room_, other.room_, sizeof(room_));
        } else if (other.size_ != 0) {
            std::memcpy(room_, other.room_, other.size_ * sizeof(T));
        }
    }

    /// Takes the elements of `other`; this one is empty and not on the heap.
    void take(small_vector& other) noexcept
    {
        if (other.on_heap()) {
            data_ = other.data_;
            capacity_ = other.capacity_;
            size_ = other.size_;
            other.data_ = other.inline_data();
            other.capacity_ = static_cast<std::uint32_t>(N);
        } else {
            copy_inline(other);
            size_ = other.size_;
        }
        other.size_ = 0;
    }

    T* data_;
    std::uint32_t size_ = 0;
    std::uint32_t capacity_ = static_cast<std::uint32_t>(N);
    alignas(T) std::byte room_[N * sizeof(T)];
};

/// The bytes of a request's parameters, in Bind's layout; what an `encoder` writes to.
using param_bytes = small_vector<std::byte, 72>;

} // namespace tusk::detail
