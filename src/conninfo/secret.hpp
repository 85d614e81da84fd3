// Distributed under the Boost Software License, Version 1.0.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace tusk::conn {

/// Overwrites all that the string's memory holds, spare capacity included, and empties it.
inline void wipe(std::string& text) noexcept
{
    text.resize(text.capacity()); // never reallocates; what lies behind the end may be secret too
    volatile char* to = text.data();
    for (std::size_t i = 0; i != text.size(); ++i) to[i] = '\0'; // volatile: the stores may not be dropped
    text.clear();
}

/// A text whose memory is wiped on release and when it is moved from.
class secret {
public:
    secret() noexcept = default;
    explicit secret(std::string_view text)
        : text_(text)
    {
    }
    secret(const secret& other) = default;
    secret(secret&& other) noexcept
        : text_(std::move(other.text_))
    {
        wipe(other.text_);
    }
    secret& operator=(const secret& other)
    {
        if (this != &other) *this = secret(other);
        return *this;
    }
    secret& operator=(secret&& other) noexcept
    {
        if (this == &other) return *this;
        wipe(text_);
        text_.swap(other.text_);
        wipe(other.text_); // swapping short texts leaves bytes behind
        return *this;
    }
    ~secret() { wipe(text_); }

    [[nodiscard]] std::string_view view() const noexcept { return text_; }
    [[nodiscard]] const std::string& str() const noexcept { return text_; }
    [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
    operator std::string_view() const noexcept { return text_; }

    friend bool operator==(const secret& a, std::string_view b) noexcept { return a.view() == b; }

private:
    std::string text_;
};

} // namespace tusk::conn
