// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

namespace tusk::auth {

/// Overwrites memory in a way that the compiler may not leave out.
void wipe(void* memory, std::size_t size) noexcept;

/// Text that is overwritten before its memory is given back. It never lives inside the object itself, so a
/// move leaves nothing behind. A NUL follows the text.
class secret_string {
public:
    secret_string() noexcept = default;
    explicit secret_string(std::string_view text);
    secret_string(const secret_string& other)
        : secret_string(other.view())
    {
    }
    secret_string(secret_string&& other) noexcept
        : text_(std::move(other.text_))
        , size_(std::exchange(other.size_, 0))
    {
    }
    secret_string& operator=(secret_string other) noexcept
    {
        std::swap(text_, other.text_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~secret_string() { clear(); }

    [[nodiscard]] std::string_view view() const noexcept { return {text_.get(), size_}; }
    [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    void clear() noexcept;

private:
    std::unique_ptr<char[]> text_;
    std::size_t size_ = 0;
};

/// Overwrites an ordinary object or array when the scope ends.
class wipe_guard {
public:
    wipe_guard(void* memory, std::size_t size) noexcept
        : memory_(memory)
        , size_(size)
    {
    }
    wipe_guard(const wipe_guard&) = delete;
    wipe_guard& operator=(const wipe_guard&) = delete;
    ~wipe_guard() { wipe(memory_, size_); }

private:
    void* memory_;
    std::size_t size_;
};

} // namespace tusk::auth
