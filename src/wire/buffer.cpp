// Distributed under the Boost Software License, Version 1.0.
#include "wire/buffer.hpp"

#include <algorithm>
#include <cstdint>
#include <stdexcept>

namespace tusk::wire {
namespace {

constexpr std::size_t first_capacity = 512;
constexpr std::size_t most = static_cast<std::size_t>(PTRDIFF_MAX);

} // namespace

void buffer::reallocate(std::size_t capacity)
{
    auto larger = std::make_unique_for_overwrite<std::byte[]>(capacity);
    if (size_ != 0) std::memcpy(larger.get(), data_.get(), size_);
    data_ = std::move(larger);
    capacity_ = capacity;
}

void buffer::grow(std::size_t n)
{
    if (n > most - size_) throw std::length_error("tusk::wire::buffer");
    const std::size_t doubled = capacity_ > most / 2 ? most : capacity_ * 2;
    reallocate(std::max({size_ + n, doubled, first_capacity}));
}

void buffer::wipe() noexcept
{
    if (data_) std::memset(data_.get(), 0, capacity_);
    // The compiler must assume that the zeros are read, or it may leave them out.
    asm volatile("" : : "r"(data_.get()) : "memory");
    size_ = 0;
}

void buffer::release_above(std::size_t capacity)
{
    if (capacity_ <= capacity || size_ > capacity) return;
    if (size_ == 0) {
        data_.reset();
        capacity_ = 0;
    } else {
        reallocate(capacity);
    }
}

} // namespace tusk::wire
